package dev.freehold.services.s3.lifecycle;

import dev.freehold.services.s3.notify.Event.Cause;
import dev.freehold.services.s3.notify.Notifications;
import dev.freehold.services.s3.notify.Notifications.Act;
import dev.freehold.services.s3.notify.Notifications.Told;
import dev.freehold.services.s3.state.Bucket;
import dev.freehold.services.s3.state.Bucket.Versioning;
import dev.freehold.services.s3.state.Garbage;
import dev.freehold.services.s3.state.ObjectName;
import dev.freehold.services.s3.state.S3Tables;
import dev.freehold.services.s3.state.S3Tables.OlderKey;
import dev.freehold.services.s3.state.S3Tables.SettingKey;
import dev.freehold.services.s3.state.S3Tables.UploadKey;
import dev.freehold.services.s3.state.Upload;
import dev.freehold.services.s3.state.Version;
import dev.freehold.services.s3.state.Versions;
import dev.freehold.storage.Cursor;
import dev.freehold.storage.KeyRange;
import dev.freehold.storage.Store;
import dev.freehold.storage.Transaction;
import dev.freehold.storage.ValueReader;
import dev.freehold.storage.ValueWriter;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Does what the rules say. It reads a page of keys in a transaction of its own, and acts on each
/// key that needs it in another, which looks again: a key may have been written meanwhile.
public final class Sweep {
    /// The day until which a bucket is swept: the setting goes when the configuration changes.
    public static final String SWEPT = "lifecycle-swept";

    private static final int PAGE = 500;

    /// The most older versions of a key that one visit looks at.
    private static final int MOST_VERSIONS = 1000;

    private final Store store;
    private final Notifications notifications;
    private final Supplier<String> ids;

    public Sweep(Store store, Notifications notifications, Supplier<String> ids) {
        this.store = store;
        this.notifications = notifications;
        this.ids = ids;
    }

    /// Sweeps all buckets that have not been swept today. Called from time to time.
    public void sweep(Instant now) {
        String after = "";
        List<Bucket> page;
        do {
            String from = after;
            page = store.read(tx -> buckets(tx, from));
            for (Bucket bucket : page) {
                sweep(bucket, now);
                after = bucket.name();
            }
        } while (page.size() == PAGE);
    }

    private static List<Bucket> buckets(Transaction tx, String after) {
        KeyRange range = KeyRange.ALL.startingAfter(out -> out.string(after));
        List<Bucket> page = new ArrayList<>();
        try (Cursor<String, Bucket> rows = tx.scan(S3Tables.BUCKETS, range, PAGE)) {
            while (rows.next()) {
                page.add(rows.value());
            }
        }
        return page;
    }

    private void sweep(Bucket bucket, Instant now) {
        long today = now.truncatedTo(ChronoUnit.DAYS).getEpochSecond();
        boolean due =
                store.read(tx -> {
                    byte[] swept = S3Tables.setting(tx, bucket.name(), SWEPT);
                    return S3Tables.setting(tx, bucket.name(), Rules.SETTING) != null
                            && (swept == null || new ValueReader(swept).int64() < today);
                });
        if (!due) {
            return;
        }
        objects(bucket.name(), now);
        uploads(bucket.name(), now);
        store.updateOnly(tx -> {
            if (tx.get(S3Tables.BUCKETS, bucket.name()) != null) {
                SettingKey key = new SettingKey(bucket.name(), SWEPT);
                tx.put(S3Tables.SETTINGS, key, new ValueWriter().int64(today).toBytes());
            }
        });
        notifications.wake();
    }

    private void objects(String bucket, Instant now) {
        ObjectName after = null;
        List<ObjectName> page;
        do {
            ObjectName from = after;
            page = store.read(tx -> objects(tx, bucket, from));
            for (ObjectName name : page) {
                boolean needed = store.read(tx -> visit(tx, name, now, null));
                if (needed) {
                    Act act = act(now);
                    store.update(tx -> visit(tx, name, now, act));
                }
                after = name;
            }
        } while (page.size() == PAGE);
    }

    private static List<ObjectName> objects(
            Transaction tx, String bucket, @Nullable ObjectName after) {
        KeyRange all = S3Tables.ofBucket(bucket);
        KeyRange range = after == null ? all : all.startingAfter(S3Tables.key(after));
        List<ObjectName> page = new ArrayList<>();
        try (Cursor<ObjectName, Version> rows = tx.scan(S3Tables.CURRENT, range, PAGE)) {
            while (rows.next()) {
                page.add(rows.key());
            }
        }
        return page;
    }

    private Act act(Instant now) {
        // AWS: what lifecycle does is done by S3.
        String id = ids.get();
        return new Act(new Cause("s3.amazonaws.com", "s3.amazonaws.com", id), id, now);
    }

    /// Looks at one key, and acts.
    ///
    /// @param act null to find out only whether there is something to do
    private boolean visit(Transaction tx, ObjectName name, Instant now, @Nullable Act act) {
        Bucket bucket = tx.get(S3Tables.BUCKETS, name.bucket());
        Version current = Versions.current(tx, name);
        if (bucket == null || current == null) {
            return false;
        }
        Rules rules = Rules.of(tx, name.bucket());
        boolean done = older(tx, new Key(bucket, name, rules), current, now, act);
        done |= current(tx, new Key(bucket, name, rules), current, now, act);
        return done;
    }

    /// A key with what its bucket says.
    private record Key(Bucket bucket, ObjectName name, Rules rules) {}

    private boolean current(
            Transaction tx, Key key, Version current, Instant now, @Nullable Act act) {
        String text = key.name().key();
        if (current.isMarker()) {
            boolean lonely = older(tx, key.name()).isEmpty();
            if (!lonely || !key.rules().removesMarker(text, current, now)) {
                return false;
            }
            remove(tx, key, current, act);
            return true;
        }
        Rules.Expiry expiry = key.rules().expiry(text, current);
        if (expiry != null && !now.isBefore(expiry.at())) {
            return expire(tx, key, current, act);
        }
        return moved(tx, key, current, key.rules().move(text, current, now), act);
    }

    private boolean expire(Transaction tx, Key key, Version current, @Nullable Act act) {
        if (key.bucket().versioning() == Versioning.NEVER) {
            remove(tx, key, current, act);
            return true;
        }
        if (act != null) {
            Version marker = Version.marker(key.bucket().account(), act.now());
            Version placed = Versions.add(tx, key.bucket(), key.name(), marker, act.unique());
            Told told = new Told("LifecycleExpiration:DeleteMarkerCreated", act);
            notifications.changed(tx, key.bucket(), key.name(), placed, told);
        }
        return true;
    }

    private boolean older(
            Transaction tx, Key key, Version current, Instant now, @Nullable Act act) {
        Instant since = current.modified();
        String text = key.name().key();
        Rules rules = key.rules();
        boolean done = false;
        int newer = 0;
        for (Version version : older(tx, key.name())) {
            boolean held = version.lock().holds(now, false);
            if (!held && rules.removesOlder(text, version, since, newer, now)) {
                remove(tx, key, version, act);
                done = true;
            } else {
                newer++;
                String storageClass =
                        version.isMarker() ? null : rules.moveOlder(text, version, since, now);
                done |= moved(tx, key, version, storageClass, act);
            }
            since = version.modified();
        }
        return done;
    }

    private static List<Version> older(Transaction tx, ObjectName name) {
        List<Version> versions = new ArrayList<>();
        try (Cursor<OlderKey, Version> rows =
                tx.scan(S3Tables.OLDER, S3Tables.ofKey(name), MOST_VERSIONS)) {
            while (rows.next()) {
                versions.add(rows.value());
            }
        }
        return versions;
    }

    private void remove(Transaction tx, Key key, Version version, @Nullable Act act) {
        if (act != null) {
            Versions.remove(tx, key.name(), version, act.now());
            Told told = new Told("LifecycleExpiration:Delete", act);
            notifications.changed(tx, key.bucket(), key.name(), version, told);
        }
    }

    private boolean moved(
            Transaction tx,
            Key key,
            Version version,
            @Nullable String storageClass,
            @Nullable Act act) {
        if (storageClass == null) {
            return false;
        }
        if (act != null) {
            Version next =
                    version.withProperties(version.properties().withStorageClass(storageClass));
            Versions.update(tx, key.name(), next);
            Told told = new Told("LifecycleTransition", act);
            notifications.changed(tx, key.bucket(), key.name(), next, told);
        }
        return true;
    }

    private void uploads(String bucket, Instant now) {
        UploadKey after = null;
        List<UploadKey> page;
        do {
            UploadKey from = after;
            page = store.read(tx -> uploads(tx, bucket, from));
            for (UploadKey key : page) {
                store.updateOnly(tx -> abort(tx, key, now));
                after = key;
            }
        } while (page.size() == PAGE);
    }

    private static List<UploadKey> uploads(
            Transaction tx, String bucket, @Nullable UploadKey after) {
        KeyRange all = S3Tables.ofBucket(bucket);
        KeyRange range =
                after == null
                        ? all
                        : all.startingAfter(
                                S3Tables.key(after.name()).andThen(out -> out.string(after.id())));
        List<UploadKey> page = new ArrayList<>();
        try (Cursor<UploadKey, Upload> rows = tx.scan(S3Tables.UPLOADS, range, PAGE)) {
            while (rows.next()) {
                page.add(rows.key());
            }
        }
        return page;
    }

    private static void abort(Transaction tx, UploadKey key, Instant now) {
        Upload upload = tx.get(S3Tables.UPLOADS, key);
        Rules rules = Rules.of(tx, key.name().bucket());
        if (upload == null) {
            return;
        }
        Rules.Expiry due = rules.abort(key.name().key(), upload.initiated());
        if (due != null && !now.isBefore(due.at())) {
            tx.delete(S3Tables.UPLOADS, key);
            Garbage.add(tx, key.id(), true, now);
        }
    }
}
