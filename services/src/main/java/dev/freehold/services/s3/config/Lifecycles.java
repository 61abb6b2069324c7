package dev.freehold.services.s3.config;

import dev.freehold.api.s3.BucketLifecycleConfiguration;
import dev.freehold.api.s3.GetBucketLifecycleConfigurationRequest;
import dev.freehold.api.s3.GetBucketLifecycleConfigurationResponse;
import dev.freehold.api.s3.LifecycleRule;
import dev.freehold.api.s3.PutBucketLifecycleConfigurationRequest;
import dev.freehold.api.s3.PutBucketLifecycleConfigurationResponse;
import dev.freehold.services.s3.access.Access;
import dev.freehold.services.s3.access.Context;
import dev.freehold.services.s3.error.S3Errors;
import dev.freehold.services.s3.lifecycle.Rules;
import dev.freehold.services.s3.lifecycle.Sweep;
import dev.freehold.services.s3.state.S3Tables;
import dev.freehold.services.s3.state.S3Tables.SettingKey;
import dev.freehold.services.s3.state.Shapes;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Lifecycle configurations.
public final class Lifecycles {
    private static final String ALL_CLASSES = "all_storage_classes_128K";

    private final Context context;
    private final Settings settings;

    public Lifecycles(Context context) {
        this.context = context;
        this.settings = new Settings(context.store());
    }

    public GetBucketLifecycleConfigurationResponse get(
            GetBucketLifecycleConfigurationRequest request) {
        String name = request.bucket();
        return context.store()
                .read(tx -> {
                    Access.bucket(tx, name, request.expectedBucketOwner());
                    byte[] bytes = S3Tables.setting(tx, name, Rules.SETTING);
                    if (bytes == null) {
                        throw S3Errors.notConfigured(
                                "NoSuchLifecycleConfiguration",
                                "The lifecycle configuration does not exist",
                                name);
                    }
                    BucketLifecycleConfiguration configuration =
                            (BucketLifecycleConfiguration)
                                    Shapes.fromBytes(BucketLifecycleConfiguration.SCHEMA, bytes);
                    byte[] size = S3Tables.setting(tx, name, Rules.SIZE_SETTING);
                    return GetBucketLifecycleConfigurationResponse.builder()
                            .rules(configuration.rules())
                            .transitionDefaultMinimumObjectSize(
                                    size == null
                                            ? ALL_CLASSES
                                            : new String(size, StandardCharsets.UTF_8))
                            .build();
                });
    }

    public PutBucketLifecycleConfigurationResponse put(
            PutBucketLifecycleConfigurationRequest request) {
        String size =
                request.transitionDefaultMinimumObjectSize() == null
                        ? ALL_CLASSES
                        : request.transitionDefaultMinimumObjectSize();
        if (!size.equals(ALL_CLASSES) && !size.equals(Rules.BY_CLASS)) {
            throw S3Errors.invalidRequest(
                    "Invalid TransitionDefaultMinimumObjectSize found: " + size);
        }
        BucketLifecycleConfiguration asked = request.lifecycleConfiguration();
        if (asked == null) {
            throw S3Errors.malformedXml();
        }
        LifecycleRules.requireValid(asked.rules());
        byte[] bytes =
                Shapes.toBytes(
                        BucketLifecycleConfiguration.builder().rules(named(asked.rules())).build());
        settings.within(
                request.bucket(),
                request.expectedBucketOwner(),
                (tx, bucket) -> {
                    String name = bucket.name();
                    tx.put(S3Tables.SETTINGS, new SettingKey(name, Rules.SETTING), bytes);
                    tx.put(
                            S3Tables.SETTINGS,
                            new SettingKey(name, Rules.SIZE_SETTING),
                            size.getBytes(StandardCharsets.UTF_8));
                    tx.delete(S3Tables.SETTINGS, new SettingKey(name, Sweep.SWEPT));
                });
        return PutBucketLifecycleConfigurationResponse.builder()
                .transitionDefaultMinimumObjectSize(size)
                .build();
    }

    /// The rules, each with a name.
    private List<LifecycleRule> named(List<LifecycleRule> rules) {
        List<LifecycleRule> named = new ArrayList<>();
        for (LifecycleRule rule : rules) {
            boolean nameless = rule.id() == null || rule.id().isEmpty();
            named.add(nameless ? rule.toBuilder().id(context.ids().get()).build() : rule);
        }
        return named;
    }

    public void delete(String name, @Nullable String owner) {
        settings.within(
                name,
                owner,
                (tx, _) -> {
                    tx.delete(S3Tables.SETTINGS, new SettingKey(name, Rules.SETTING));
                    tx.delete(S3Tables.SETTINGS, new SettingKey(name, Rules.SIZE_SETTING));
                    tx.delete(S3Tables.SETTINGS, new SettingKey(name, Sweep.SWEPT));
                });
    }
}
