package dev.freehold.services.s3.state;

import dev.freehold.services.s3.acl.Acl;
import dev.freehold.services.s3.acl.CanonicalId;
import dev.freehold.storage.Codec;
import dev.freehold.storage.Codecs;
import dev.freehold.storage.ValueReader;
import dev.freehold.storage.ValueWriter;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A bucket. Its name is unique in the whole installation, as on AWS.
///
/// @param name its name
/// @param account who owns it
/// @param region where it was created
/// @param created when
/// @param versioning whether it keeps versions
/// @param objectLock whether versions can be locked; never taken back
/// @param ownership `BucketOwnerEnforced`, ..., or null when that was never set
/// @param acl its list, or null for the default one
public record Bucket(
        String name,
        String account,
        String region,
        Instant created,
        Versioning versioning,
        boolean objectLock,
        @Nullable String ownership,
        @Nullable Acl acl) {
    static final Codec<Bucket> CODEC = Codecs.of(Bucket::write, Bucket::read);

    /// Whether versions are kept. The order is permanent: rows hold ordinals.
    public enum Versioning {
        NEVER,
        ENABLED,
        SUSPENDED
    }

    public String ownerId() {
        return CanonicalId.of(account);
    }

    /// Its list, the default one included.
    public Acl effectiveAcl() {
        return acl == null ? Acl.ofOwner(ownerId()) : acl;
    }

    public boolean aclsDisabled() {
        return "BucketOwnerEnforced".equals(ownership);
    }

    public Bucket withVersioning(Versioning next) {
        return new Bucket(name, account, region, created, next, objectLock, ownership, acl);
    }

    public Bucket withObjectLock() {
        return new Bucket(name, account, region, created, versioning, true, ownership, acl);
    }

    public Bucket withOwnership(@Nullable String next) {
        return new Bucket(name, account, region, created, versioning, objectLock, next, acl);
    }

    public Bucket withAcl(Acl next) {
        return new Bucket(name, account, region, created, versioning, objectLock, ownership, next);
    }

    private static void write(ValueWriter out, Bucket bucket) {
        out.string(bucket.name)
                .string(bucket.account)
                .string(bucket.region)
                .instant(bucket.created)
                .uint8(bucket.versioning.ordinal())
                .bool(bucket.objectLock)
                .optionalString(bucket.ownership)
                .optional(bucket.acl, Grants::write);
    }

    private static Bucket read(ValueReader in) {
        return new Bucket(
                in.string(),
                in.string(),
                in.string(),
                in.instant(),
                Versioning.values()[in.uint8()],
                in.bool(),
                in.optionalString(),
                in.optional(Grants::read));
    }
}
