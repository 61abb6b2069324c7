package dev.freehold.services.iam;

import dev.freehold.api.iam.AccessKey;
import dev.freehold.api.iam.AccessKeyMetadata;
import dev.freehold.api.iam.DeleteConflictException;
import dev.freehold.api.iam.LimitExceededException;
import dev.freehold.api.iam.NoSuchEntityException;
import dev.freehold.api.iam.UpdateAccessKeyRequest;
import dev.freehold.protocol.Caller;
import dev.freehold.services.iam.IamTables.OwnedKey;
import dev.freehold.storage.Codec;
import dev.freehold.storage.Codecs;
import dev.freehold.storage.Cursor;
import dev.freehold.storage.KeyRange;
import dev.freehold.storage.Transaction;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/// Users' access keys.
final class AccessKeys {
    private static final int MAX_PER_USER = 2;

    /// A user's access key.
    record Row(String account, String user, String secret, boolean active, Instant created) {
        static final Codec<Row> CODEC =
                Codecs.of(
                        (out, k) ->
                                out.string(k.account)
                                        .string(k.user)
                                        .string(k.secret)
                                        .bool(k.active)
                                        .instant(k.created),
                        in ->
                                new Row(
                                        in.string(),
                                        in.string(),
                                        in.string(),
                                        in.bool(),
                                        in.instant()));

        Row withUser(String name) {
            return new Row(account, name, secret, active, created);
        }

        Row withActive(boolean now) {
            return new Row(account, user, secret, now, created);
        }

        @Override
        public String toString() {
            return "AccessKey[" + account + "/" + user + "]";
        }
    }

    private final InstantSource clock;
    private final Supplier<String> ids;

    AccessKeys(InstantSource clock, Supplier<String> ids) {
        this.clock = clock;
        this.ids = ids;
    }

    AccessKey create(Transaction tx, Caller caller, String user) {
        if (list(tx, caller, user).size() >= MAX_PER_USER) {
            throw new LimitExceededException(
                    "Cannot exceed quota for AccessKeysPerUser: " + MAX_PER_USER);
        }
        String id = "AKIA" + ids.get().substring(0, 16);
        String secret = (ids.get() + ids.get() + ids.get()).substring(0, 40);
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        Row row = new Row(caller.account(), user, secret, true, now);
        tx.put(IamTables.KEYS, id, row);
        tx.put(IamTables.KEYS_BY_USER, OwnedKey.of(caller.account(), user, id), true);
        return AccessKey.builder()
                .userName(user)
                .accessKeyId(id)
                .status("Active")
                .secretAccessKey(secret)
                .createDate(row.created())
                .build();
    }

    List<AccessKeyMetadata> list(Transaction tx, Caller caller, String user) {
        List<AccessKeyMetadata> found = new ArrayList<>();
        for (String id : ids(tx, caller, user)) {
            Row row = tx.get(IamTables.KEYS, id);
            if (row != null) {
                found.add(
                        AccessKeyMetadata.builder()
                                .userName(row.user())
                                .accessKeyId(id)
                                .status(row.active() ? "Active" : "Inactive")
                                .createDate(row.created())
                                .build());
            }
        }
        return found;
    }

    private static List<String> ids(Transaction tx, Caller caller, String user) {
        List<String> found = new ArrayList<>();
        OwnedKey first = OwnedKey.of(caller.account(), user, "");
        KeyRange range =
                KeyRange.prefix(out -> out.string(first.account()).string(first.lowerUser()));
        try (Cursor<OwnedKey, Boolean> cursor =
                tx.scan(IamTables.KEYS_BY_USER, range, MAX_PER_USER + 1)) {
            while (cursor.next()) {
                found.add(cursor.key().id());
            }
        }
        return found;
    }

    private static Row get(Transaction tx, Caller caller, String user, String id) {
        Row row = tx.get(IamTables.KEYS, id);
        if (row == null
                || !row.account().equals(caller.account())
                || !row.user().equalsIgnoreCase(user)) {
            throw new NoSuchEntityException("The Access Key with id " + id + " cannot be found.");
        }
        return row;
    }

    void setActive(Transaction tx, Caller caller, UpdateAccessKeyRequest in, String user) {
        Row row = get(tx, caller, user, in.accessKeyId());
        tx.put(IamTables.KEYS, in.accessKeyId(), row.withActive(in.status().equals("Active")));
    }

    void delete(Transaction tx, Caller caller, String user, String id) {
        get(tx, caller, user, id);
        tx.delete(IamTables.KEYS, id);
        tx.delete(IamTables.KEYS_BY_USER, OwnedKey.of(caller.account(), user, id));
    }

    /// Whose key it is, to anybody of its account.
    String owner(Transaction tx, Caller caller, String id) {
        Row row = tx.get(IamTables.KEYS, id);
        if (row == null || !row.account().equals(caller.account())) {
            throw new NoSuchEntityException("The Access Key with id " + id + " cannot be found.");
        }
        return row.user();
    }

    void rename(Transaction tx, Caller caller, String before, String after) {
        for (String id : ids(tx, caller, before)) {
            Row row = get(tx, caller, before, id);
            tx.put(IamTables.KEYS, id, row.withUser(after));
            tx.delete(IamTables.KEYS_BY_USER, OwnedKey.of(caller.account(), before, id));
            tx.put(IamTables.KEYS_BY_USER, OwnedKey.of(caller.account(), after, id), true);
        }
    }

    void refuseIfAny(Transaction tx, Caller caller, String user) {
        if (!ids(tx, caller, user).isEmpty()) {
            throw new DeleteConflictException(
                    "Cannot delete entity, must delete access keys first.");
        }
    }
}
