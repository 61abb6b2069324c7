package dev.freehold.services.s3.ops;

import dev.freehold.api.s3.RestoreObjectRequest;
import dev.freehold.api.s3.RestoreObjectResponse;
import dev.freehold.api.s3.RestoreRequest;
import dev.freehold.protocol.Caller;
import dev.freehold.services.s3.access.Context;
import dev.freehold.services.s3.error.S3Error;
import dev.freehold.services.s3.error.S3Errors;
import dev.freehold.services.s3.notify.Event.Cause;
import dev.freehold.services.s3.notify.Event.Restored;
import dev.freehold.services.s3.notify.Notifications;
import dev.freehold.services.s3.notify.Notifications.Act;
import dev.freehold.services.s3.notify.Notifications.Told;
import dev.freehold.services.s3.ops.ObjectSettings.Found;
import dev.freehold.services.s3.ops.ObjectSettings.Target;
import dev.freehold.services.s3.state.ObjectName;
import dev.freehold.services.s3.state.S3Tables;
import dev.freehold.services.s3.state.S3Tables.OlderKey;
import dev.freehold.services.s3.state.Version;
import dev.freehold.storage.Transaction;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Objects in the archives: they can't be read until they are restored, and then for some days.
///
/// The archives' bytes lie where all others do, so a restoration is done when it is asked for.
public final class ObjectRestores {
    private static final Set<String> ARCHIVES = Set.of("GLACIER", "DEEP_ARCHIVE");
    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH)
                    .withZone(ZoneOffset.UTC);

    private final Context context;
    private final Notifications notifications;

    public ObjectRestores(Context context, Notifications notifications) {
        this.context = context;
        this.notifications = notifications;
    }

    public RestoreObjectResponse restore(RestoreObjectRequest request, Caller caller) {
        Target target =
                new Target(
                        request.bucket(),
                        request.key(),
                        request.versionId(),
                        request.expectedBucketOwner(),
                        "POST");
        int days = days(request.restoreRequest());
        Act act = Act.of(caller, context.ids().get(), context.clock().instant());
        Instant until = act.now().plus(days + 1L, ChronoUnit.DAYS).truncatedTo(ChronoUnit.DAYS);
        context.store()
                .updateOnly(tx -> {
                    Found found = ObjectSettings.find(tx, target);
                    restore(tx, target.name(), found, until, act);
                });
        notifications.wake();
        return RestoreObjectResponse.builder().build();
    }

    private static int days(@Nullable RestoreRequest asked) {
        if (asked == null) {
            throw S3Errors.malformedXml();
        }
        if (asked.type() != null
                || asked.selectParameters() != null
                || asked.outputLocation() != null) {
            throw S3Errors.notImplemented("A restoration that selects");
        }
        Integer days = asked.days();
        if (days == null || days < 1) {
            throw S3Errors.malformedXml();
        }
        return days;
    }

    private void restore(Transaction tx, ObjectName name, Found found, Instant until, Act act) {
        Version version = found.version();
        String storageClass = version.properties().storageClass();
        if (!ARCHIVES.contains(storageClass)) {
            throw S3Error.of(
                            403,
                            "InvalidObjectState",
                            "Restore is not allowed for the object's current storage class")
                    .with("StorageClass", storageClass);
        }
        OlderKey key = new OlderKey(name, version.sequence());
        boolean again = restoredUntil(tx, name, version, act.now()) != null;
        tx.put(S3Tables.RESTORED, key, until);
        if (again) {
            // AWS: only the time changes until when it can be read.
            return;
        }
        notifications.changed(
                tx, found.bucket(), name, version, new Told("ObjectRestore:Post", act));
        Cause service =
                new Cause(
                        "AmazonCustomer:" + Notifications.principalId(found.bucket()),
                        "s3.amazonaws.com",
                        act.cause().requestId());
        // deliveries of one moment go side by side: this one comes after the request's
        Act done = new Act(service, act.unique() + "-done", act.now().plusSeconds(1));
        Told told = new Told("ObjectRestore:Completed", done, new Restored(until, storageClass));
        notifications.changed(tx, found.bucket(), name, version, told);
    }

    /// Until when a version can be read that is in the archives, or null when it can't.
    static @Nullable Instant restoredUntil(
            Transaction tx, ObjectName name, Version version, Instant now) {
        if (!isArchived(version)) {
            return null;
        }
        Instant until = tx.get(S3Tables.RESTORED, new OlderKey(name, version.sequence()));
        return until != null && now.isBefore(until) ? until : null;
    }

    static boolean isArchived(Version version) {
        return ARCHIVES.contains(version.properties().storageClass());
    }

    /// As the header `x-amz-restore` says it.
    static String header(Instant until) {
        return "ongoing-request=\"false\", expiry-date=\"" + DATE.format(until) + "\"";
    }
}
