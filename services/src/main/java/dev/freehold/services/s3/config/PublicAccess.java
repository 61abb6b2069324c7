package dev.freehold.services.s3.config;

import dev.freehold.api.s3.PublicAccessBlockConfiguration;
import dev.freehold.services.s3.state.S3Tables;
import dev.freehold.services.s3.state.Shapes;
import dev.freehold.storage.Transaction;

/// A bucket's public access block.
///
/// @param blockPublicAcls public lists can't be set
/// @param ignorePublicAcls public lists grant nothing
/// @param blockPublicPolicy public policies can't be set
/// @param restrictPublicBuckets public policies grant nothing to other accounts
public record PublicAccess(
        boolean blockPublicAcls,
        boolean ignorePublicAcls,
        boolean blockPublicPolicy,
        boolean restrictPublicBuckets) {
    static final String SETTING = "public-access-block";

    private static final PublicAccess OPEN = new PublicAccess(false, false, false, false);

    /// The block of a bucket; where none is set, nothing is blocked.
    public static PublicAccess of(Transaction tx, String bucket) {
        byte[] bytes = S3Tables.setting(tx, bucket, SETTING);
        if (bytes == null) {
            return OPEN;
        }
        PublicAccessBlockConfiguration set =
                (PublicAccessBlockConfiguration)
                        Shapes.fromBytes(PublicAccessBlockConfiguration.SCHEMA, bytes);
        return new PublicAccess(
                Boolean.TRUE.equals(set.blockPublicAcls()),
                Boolean.TRUE.equals(set.ignorePublicAcls()),
                Boolean.TRUE.equals(set.blockPublicPolicy()),
                Boolean.TRUE.equals(set.restrictPublicBuckets()));
    }
}
