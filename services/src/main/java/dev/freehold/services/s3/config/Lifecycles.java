package dev.freehold.services.s3.config;

import dev.freehold.services.s3.access.Context;
import dev.freehold.api.s3.BucketLifecycleConfiguration;
import dev.freehold.api.s3.GetBucketLifecycleConfigurationRequest;
import dev.freehold.api.s3.GetBucketLifecycleConfigurationResponse;
import dev.freehold.api.s3.PutBucketLifecycleConfigurationRequest;
import dev.freehold.api.s3.PutBucketLifecycleConfigurationResponse;
import dev.freehold.services.s3.error.S3Errors;
import dev.freehold.services.s3.config.Settings.Kind;
import org.jspecify.annotations.Nullable;

/// Lifecycle configurations.
public final class Lifecycles {
    static final Kind KIND =
            new Kind(
                    "lifecycle",
                    BucketLifecycleConfiguration.SCHEMA,
                    "NoSuchLifecycleConfiguration",
                    "The lifecycle configuration does not exist");

    private final Settings settings;

    public Lifecycles(Context context) {
        this.settings = new Settings(context.store());
    }

    public GetBucketLifecycleConfigurationResponse get(
            GetBucketLifecycleConfigurationRequest request) {
        settings.bucket(request.bucket(), request.expectedBucketOwner());
        throw S3Errors.notConfigured(KIND.missingCode(), KIND.missingText(), request.bucket());
    }

    public PutBucketLifecycleConfigurationResponse put(
            PutBucketLifecycleConfigurationRequest request) {
        settings.bucket(request.bucket(), request.expectedBucketOwner());
        throw S3Errors.notImplemented("Lifecycle configuration");
    }

    public void delete(String name, @Nullable String owner) {
        settings.delete(name, owner, KIND);
    }
}
