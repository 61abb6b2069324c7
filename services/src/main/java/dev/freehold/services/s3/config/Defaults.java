package dev.freehold.services.s3.config;

import dev.freehold.services.s3.access.Context;
import dev.freehold.api.s3.GetBucketAccelerateConfigurationRequest;
import dev.freehold.api.s3.GetBucketAccelerateConfigurationResponse;
import dev.freehold.api.s3.GetBucketLoggingRequest;
import dev.freehold.api.s3.GetBucketLoggingResponse;
import dev.freehold.api.s3.GetBucketReplicationRequest;
import dev.freehold.api.s3.GetBucketReplicationResponse;
import dev.freehold.api.s3.GetBucketRequestPaymentRequest;
import dev.freehold.api.s3.GetBucketRequestPaymentResponse;
import dev.freehold.api.s3.GetBucketWebsiteRequest;
import dev.freehold.api.s3.GetBucketWebsiteResponse;
import dev.freehold.api.s3.PutBucketRequestPaymentRequest;
import dev.freehold.services.s3.error.S3Error;
import dev.freehold.services.s3.error.S3Errors;

/// Features that can't be switched on yet: what is answered to those who ask whether they are, as
/// Terraform asks of each bucket.
public final class Defaults {
    private final Settings settings;

    public Defaults(Context context) {
        this.settings = new Settings(context.store());
    }

    public GetBucketAccelerateConfigurationResponse accelerate(
            GetBucketAccelerateConfigurationRequest request) {
        settings.bucket(request.bucket(), request.expectedBucketOwner());
        return GetBucketAccelerateConfigurationResponse.builder().build();
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

    public GetBucketWebsiteResponse website(GetBucketWebsiteRequest request) {
        settings.bucket(request.bucket(), request.expectedBucketOwner());
        throw notSet(
                "NoSuchWebsiteConfiguration",
                "The specified bucket does not have a website configuration",
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
