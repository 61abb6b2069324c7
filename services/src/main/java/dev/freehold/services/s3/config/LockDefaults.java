package dev.freehold.services.s3.config;

import dev.freehold.api.s3.DefaultRetention;
import dev.freehold.api.s3.ObjectLockConfiguration;
import dev.freehold.services.s3.state.Lock;
import dev.freehold.services.s3.state.S3Tables;
import dev.freehold.services.s3.state.Shapes;
import dev.freehold.storage.Transaction;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// The lock that a bucket gives to objects that ask for none.
public final class LockDefaults {
    static final String SETTING = "object-lock";

    private static final int DAYS_OF_A_YEAR = 365;

    private LockDefaults() {}

    public static Lock of(Transaction tx, String bucket, Instant now) {
        ObjectLockConfiguration configuration = configuration(tx, bucket);
        DefaultRetention retention =
                configuration == null || configuration.rule() == null
                        ? null
                        : configuration.rule().defaultRetention();
        if (retention == null) {
            return Lock.NONE;
        }
        int years = retention.years() == null ? 0 : retention.years();
        int days = retention.days() == null ? years * DAYS_OF_A_YEAR : retention.days();
        return new Lock(retention.mode(), now.plus(Duration.ofDays(days)), null);
    }

    static @Nullable ObjectLockConfiguration configuration(Transaction tx, String bucket) {
        byte[] bytes = S3Tables.setting(tx, bucket, SETTING);
        return bytes == null
                ? null
                : (ObjectLockConfiguration) Shapes.fromBytes(ObjectLockConfiguration.SCHEMA, bytes);
    }
}
