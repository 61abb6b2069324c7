package dev.freehold.services.s3.ops;

import dev.freehold.protocol.Caller;
import dev.freehold.services.s3.access.Access;
import dev.freehold.services.s3.acl.Acl;
import dev.freehold.services.s3.acl.CanonicalId;
import dev.freehold.services.s3.acl.GrantHeaders;
import dev.freehold.services.s3.config.LockDefaults;
import dev.freehold.services.s3.config.PublicAccess;
import dev.freehold.services.s3.error.S3Error;
import dev.freehold.services.s3.error.S3Errors;
import dev.freehold.services.s3.rules.Tags;
import dev.freehold.services.s3.state.Bucket;
import dev.freehold.services.s3.state.Content;
import dev.freehold.services.s3.state.Lock;
import dev.freehold.services.s3.state.Properties;
import dev.freehold.services.s3.state.Version;
import dev.freehold.services.s3.wire.Input;
import dev.freehold.storage.Transaction;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a writer says of an object before its bytes are there.
///
/// @param account who writes; empty when that is not signed
/// @param properties what it is told to be
/// @param tags its tags
/// @param grants its list, as the headers spell it
/// @param lock the lock that it asks for
public record Draft(
        String account,
        Properties properties,
        Map<String, String> tags,
        GrantHeaders grants,
        Lock lock) {

    /// What a request's headers say.
    static Draft of(Input input, LockRequest lock, Caller caller) {
        String tagging = input.text("Tagging");
        return new Draft(
                Access.account(caller),
                input.properties(),
                tagging == null ? Map.of() : Tags.ofHeader(tagging),
                input.grants(),
                lock.lock());
    }

    /// The lock that a request's headers ask for.
    record LockRequest(@Nullable String mode, @Nullable Instant until, @Nullable String hold) {
        Lock lock() {
            if ((mode == null) != (until == null)) {
                throw S3Errors.invalidArgument(
                        "x-amz-object-lock-retain-until-date and x-amz-object-lock-mode must both"
                                + " be supplied",
                        mode == null
                                ? "x-amz-object-lock-mode"
                                : "x-amz-object-lock-retain-until-date",
                        null);
            }
            if (mode != null && !mode.equals("GOVERNANCE") && !mode.equals("COMPLIANCE")) {
                throw S3Errors.invalidArgument(
                        "Unknown wormMode directive.", "x-amz-object-lock-mode", mode);
            }
            if (hold != null && !hold.equals("ON") && !hold.equals("OFF")) {
                throw S3Errors.malformedXml();
            }
            return new Lock(mode, until, hold == null ? null : hold.equals("ON"));
        }
    }

    /// The version that these and its bytes are in a bucket.
    Version version(Transaction tx, Bucket bucket, Content content, Instant now) {
        String owner = owner(bucket);
        return new Version(
                "",
                0,
                now,
                owner,
                content,
                properties,
                tags,
                acl(tx, bucket),
                effectiveLock(tx, bucket, now));
    }

    /// Who will own the object: its writer, unless the bucket says otherwise.
    private String owner(Bucket bucket) {
        boolean handed =
                "BucketOwnerPreferred".equals(bucket.ownership())
                        && "bucket-owner-full-control".equals(grants.canned());
        return handed || bucket.aclsDisabled() ? bucket.account() : account;
    }

    /// The list that the headers spell, if the bucket takes it.
    @Nullable Acl acl(Transaction tx, Bucket bucket) {
        String owner = owner(bucket);
        Acl acl = grants.acl(CanonicalId.of(owner), bucket.ownerId());
        requireAllowed(tx, bucket, grants, acl);
        return bucket.aclsDisabled() ? null : acl;
    }

    /// Refuses a list where lists are disabled, or public ones are blocked.
    static void requireAllowed(
            Transaction tx, Bucket bucket, GrantHeaders grants, @Nullable Acl acl) {
        if (acl == null) {
            return;
        }
        boolean harmless = "bucket-owner-full-control".equals(grants.canned());
        if (bucket.aclsDisabled() && !harmless) {
            throw S3Error.of(
                    400, "AccessControlListNotSupported", "The bucket does not allow ACLs");
        }
        if (acl.isPublic() && PublicAccess.of(tx, bucket.name()).blockPublicAcls()) {
            throw S3Errors.accessDenied();
        }
    }

    private Lock effectiveLock(Transaction tx, Bucket bucket, Instant now) {
        if (lock.equals(Lock.NONE)) {
            return bucket.objectLock() ? LockDefaults.of(tx, bucket.name(), now) : Lock.NONE;
        }
        if (!bucket.objectLock()) {
            throw S3Errors.invalidRequest("Bucket is missing Object Lock Configuration");
        }
        if (lock.until() != null && !lock.until().isAfter(now)) {
            throw S3Errors.invalidArgument(
                    "The retain until date must be in the future!",
                    "x-amz-object-lock-retain-until-date",
                    lock.until().toString());
        }
        return lock;
    }
}
