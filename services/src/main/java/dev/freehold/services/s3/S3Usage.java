package dev.freehold.services.s3;

import dev.freehold.protocol.Usage;

/// What S3 meters.
///
/// See <https://aws.amazon.com/s3/pricing/>.
final class S3Usage {
    private static final String TIER_1 = "s3.tier1-requests";
    private static final String TIER_2 = "s3.tier2-requests";
    private static final String SENT = "s3.transfer-out-bytes";

    private S3Usage() {}

    /// A request that writes or lists.
    static void tier1(Usage usage) {
        usage.add(TIER_1, 1);
    }

    /// A request that reads. Deletions cost nothing.
    static void tier2(Usage usage) {
        usage.add(TIER_2, 1);
    }

    /// Bytes that an answer carries.
    static void sent(Usage usage, long bytes) {
        usage.add(SENT, bytes);
    }
}
