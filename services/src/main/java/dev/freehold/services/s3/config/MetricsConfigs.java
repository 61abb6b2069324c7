package dev.freehold.services.s3.config;

import dev.freehold.api.s3.GetBucketMetricsConfigurationResponse;
import dev.freehold.api.s3.ListBucketMetricsConfigurationsRequest;
import dev.freehold.api.s3.ListBucketMetricsConfigurationsResponse;
import dev.freehold.api.s3.MetricsConfiguration;
import dev.freehold.api.s3.PutBucketMetricsConfigurationRequest;
import dev.freehold.services.s3.access.Context;
import dev.freehold.services.s3.error.S3Error;
import dev.freehold.services.s3.error.S3Errors;
import dev.freehold.services.s3.state.S3Tables;
import dev.freehold.services.s3.state.S3Tables.SettingKey;
import dev.freehold.services.s3.state.Shapes;
import dev.freehold.services.s3.wire.Output;
import dev.freehold.storage.Cursor;
import dev.freehold.storage.KeyRange;
import dev.freehold.storage.Transaction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Which of a bucket's requests are counted for CloudWatch. They are kept for it: without it there
/// is nobody to ask for the counts.
public final class MetricsConfigs {
    private static final String PREFIX = "metrics:";
    private static final int PAGE = 100;
    private static final int MOST = 1000;
    private static final int LONGEST_ID = 64;

    private final Settings settings;

    public MetricsConfigs(Context context) {
        this.settings = new Settings(context.store());
    }

    private static SettingKey key(String bucket, String id) {
        return new SettingKey(bucket, PREFIX + id);
    }

    private static S3Error missing() {
        return S3Error.of(
                404, "NoSuchConfiguration", "The specified configuration does not exist.");
    }

    private static MetricsConfiguration read(byte[] bytes) {
        return (MetricsConfiguration) Shapes.fromBytes(MetricsConfiguration.SCHEMA, bytes);
    }

    public void put(PutBucketMetricsConfigurationRequest request) {
        MetricsConfiguration asked = request.metricsConfiguration();
        String id = request.id();
        if (!id.equals(asked.id()) || id.isEmpty() || id.length() > LONGEST_ID) {
            throw S3Errors.malformedXml();
        }
        settings.within(
                request.bucket(),
                request.expectedBucketOwner(),
                (tx, bucket) -> {
                    SettingKey key = key(bucket.name(), id);
                    boolean isNew = tx.get(S3Tables.SETTINGS, key) == null;
                    if (isNew && page(tx, bucket.name(), "", MOST).size() == MOST) {
                        throw S3Error.of(
                                400,
                                "TooManyConfigurations",
                                "You are attempting to create a new configuration but have already"
                                        + " reached the 1,000-configuration limit.");
                    }
                    tx.put(S3Tables.SETTINGS, key, Shapes.toBytes(asked));
                });
    }

    public GetBucketMetricsConfigurationResponse get(
            String bucket, String id, @Nullable String owner) {
        byte[] bytes =
                settings.reading(bucket, owner, tx -> tx.get(S3Tables.SETTINGS, key(bucket, id)));
        if (bytes == null) {
            throw missing();
        }
        return GetBucketMetricsConfigurationResponse.builder()
                .metricsConfiguration(read(bytes))
                .build();
    }

    public void delete(String bucket, String id, @Nullable String owner) {
        settings.within(
                bucket,
                owner,
                (tx, _) -> {
                    if (tx.get(S3Tables.SETTINGS, key(bucket, id)) == null) {
                        throw missing();
                    }
                    tx.delete(S3Tables.SETTINGS, key(bucket, id));
                });
    }

    public ListBucketMetricsConfigurationsResponse list(
            ListBucketMetricsConfigurationsRequest request) {
        String after = after(request.continuationToken());
        List<MetricsConfiguration> found =
                settings.reading(
                        request.bucket(),
                        request.expectedBucketOwner(),
                        tx -> page(tx, request.bucket(), after, PAGE + 1));
        boolean more = found.size() > PAGE;
        List<MetricsConfiguration> page = more ? found.subList(0, PAGE) : found;
        return ListBucketMetricsConfigurationsResponse.builder()
                .isTruncated(more)
                .continuationToken(request.continuationToken())
                .nextContinuationToken(more ? token(page.getLast().id()) : null)
                .metricsConfigurationList(Output.nullIfEmpty(page))
                .build();
    }

    private static List<MetricsConfiguration> page(
            Transaction tx, String bucket, String after, int most) {
        KeyRange all = KeyRange.prefix(out -> out.string(bucket).stringPrefix(PREFIX));
        KeyRange range =
                after.isEmpty()
                        ? all
                        : all.startingAfter(out -> out.string(bucket).string(PREFIX + after));
        List<MetricsConfiguration> page = new ArrayList<>();
        try (Cursor<SettingKey, byte[]> rows = tx.scan(S3Tables.SETTINGS, range, most)) {
            while (rows.next()) {
                page.add(read(rows.value()));
            }
        }
        return page;
    }

    private static String token(String id) {
        return Base64.getUrlEncoder().encodeToString(id.getBytes(StandardCharsets.UTF_8));
    }

    private static String after(@Nullable String token) {
        try {
            return token == null
                    ? ""
                    : new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw S3Errors.invalidArgument(
                    "The continuation token provided is incorrect", "continuation-token", token);
        }
    }
}
