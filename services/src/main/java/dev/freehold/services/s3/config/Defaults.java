package dev.freehold.services.s3.config;

import dev.freehold.services.s3.access.Context;
import dev.freehold.api.s3.AccelerateConfiguration;
import dev.freehold.api.s3.GetBucketAccelerateConfigurationRequest;
import dev.freehold.api.s3.PutBucketAccelerateConfigurationRequest;
import dev.freehold.protocol.Structure;
import dev.freehold.services.s3.config.Settings.Kind;
import dev.freehold.api.s3.GetBucketAccelerateConfigurationResponse;
import dev.freehold.api.s3.GetBucketLoggingRequest;
import dev.freehold.api.s3.GetBucketLoggingResponse;
import dev.freehold.api.s3.GetBucketReplicationRequest;
import dev.freehold.api.s3.GetBucketReplicationResponse;
import dev.freehold.api.s3.GetBucketRequestPaymentRequest;
import dev.freehold.api.s3.GetBucketRequestPaymentResponse;
import dev.freehold.api.s3.PutBucketRequestPaymentRequest;
import dev.freehold.services.s3.error.S3Error;
import dev.freehold.services.s3.error.S3Errors;

/// Features that can't be switched on yet: what is answered to those who ask whether they are, as
/// Terraform asks of each bucket.
public final class Defaults {
    private static final Kind ACCELERATE =
            new Kind("accelerate", AccelerateConfiguration.SCHEMA, "", "");

    private final Settings settings;

    public Defaults(Context context) {
        this.settings = new Settings(context.store());
    }

    public GetBucketAccelerateConfigurationResponse accelerate(
            GetBucketAccelerateConfigurationRequest request) {
        Structure set = settings.find(request.bucket(), request.expectedBucketOwner(), ACCELERATE);
        String status = set instanceof AccelerateConfiguration found ? found.status() : null;
        return GetBucketAccelerateConfigurationResponse.builder().status(status).build();
    }

    /// Acceleration is a nearer way to the same bucket. Here all ways are equally near: the
    /// accelerated host is answered like any other.
    public void putAccelerate(PutBucketAccelerateConfigurationRequest request) {
        if (request.bucket().contains(".")) {
            throw S3Errors.invalidRequest(
                    "S3 Transfer Acceleration is not supported for buckets with periods (.) in their"
                            + " names");
        }
        String status = request.accelerateConfiguration().status();
        if (!"Enabled".equals(status) && !"Suspended".equals(status)) {
            throw S3Errors.malformedXml();
        }
        settings.put(
                request.bucket(),
                request.expectedBucketOwner(),
                ACCELERATE,
                request.accelerateConfiguration());
    }

    public GetBucketLoggingResponse logging(GetBucketLoggingRequest request) {
        settings.bucket(request.bucket(), request.expectedBucketOwner());
        return GetBucketLoggingResponse.builder().build();
    }

    public GetBucketReplicationResponse replication(GetBucketReplicationRequest request) {
        settings.bucket(request.bucket(), request.expectedBucketOwner());
        throw notSet(
                "ReplicationConfigurationNotFoundError",
                "The replication configuration was not found",
                request.bucket());
    }

    private static S3Error notSet(String code, String message, String bucket) {
        return S3Errors.notConfigured(code, message, bucket);
    }

    public GetBucketRequestPaymentResponse payer(GetBucketRequestPaymentRequest request) {
        settings.bucket(request.bucket(), request.expectedBucketOwner());
        return GetBucketRequestPaymentResponse.builder().payer("BucketOwner").build();
    }

    public void putPayer(PutBucketRequestPaymentRequest request) {
        settings.bucket(request.bucket(), request.expectedBucketOwner());
        switch (request.requestPaymentConfiguration().payer()) {
            case "BucketOwner" -> {}
            case "Requester" -> throw S3Errors.notImplemented("A bucket whose requesters pay");
            default -> throw S3Errors.malformedXml();
        }
    }
}
