package dev.freehold.services.s3.config;

import dev.freehold.api.s3.AccelerateConfiguration;
import dev.freehold.api.s3.GetBucketAccelerateConfigurationRequest;
import dev.freehold.api.s3.GetBucketAccelerateConfigurationResponse;
import dev.freehold.api.s3.GetBucketLoggingRequest;
import dev.freehold.api.s3.GetBucketLoggingResponse;
import dev.freehold.api.s3.GetBucketReplicationRequest;
import dev.freehold.api.s3.GetBucketReplicationResponse;
import dev.freehold.api.s3.GetBucketRequestPaymentRequest;
import dev.freehold.api.s3.GetBucketRequestPaymentResponse;
import dev.freehold.api.s3.LoggingEnabled;
import dev.freehold.api.s3.PutBucketAccelerateConfigurationRequest;
import dev.freehold.api.s3.PutBucketLoggingRequest;
import dev.freehold.api.s3.PutBucketRequestPaymentRequest;
import dev.freehold.protocol.Structure;
import dev.freehold.services.s3.access.Context;
import dev.freehold.services.s3.config.Settings.Kind;
import dev.freehold.services.s3.error.S3Error;
import dev.freehold.services.s3.error.S3Errors;
import dev.freehold.services.s3.state.Bucket;
import dev.freehold.services.s3.state.S3Tables;
import dev.freehold.services.s3.state.S3Tables.SettingKey;
import dev.freehold.storage.Transaction;
import java.nio.charset.StandardCharsets;

/// Features that can't be switched on yet: what is answered to those who ask whether they are, as
/// Terraform asks of each bucket.
public final class Defaults {
    private static final String PAYMENT = "request-payment";
    private static final String REQUESTER = "Requester";
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
        boolean requester =
                settings.reading(
                        request.bucket(),
                        request.expectedBucketOwner(),
                        tx -> requesterPays(tx, request.bucket()));
        return GetBucketRequestPaymentResponse.builder()
                .payer(requester ? REQUESTER : "BucketOwner")
                .build();
    }

    /// Whether those pay who use a bucket that is another account's.
    public static boolean requesterPays(Transaction tx, String bucket) {
        return S3Tables.setting(tx, bucket, PAYMENT) != null;
    }

    public void putPayer(PutBucketRequestPaymentRequest request) {
        String payer = request.requestPaymentConfiguration().payer();
        if (!REQUESTER.equals(payer) && !"BucketOwner".equals(payer)) {
            throw S3Errors.malformedXml();
        }
        settings.within(
                request.bucket(),
                request.expectedBucketOwner(),
                (tx, bucket) -> {
                    SettingKey key = new SettingKey(bucket.name(), PAYMENT);
                    if (payer.equals(REQUESTER)) {
                        tx.put(S3Tables.SETTINGS, key, payer.getBytes(StandardCharsets.UTF_8));
                    } else {
                        tx.delete(S3Tables.SETTINGS, key);
                    }
                });
    }

    /// Access logs are not written: they can be switched off, and a wrong target is named as AWS
    /// names it.
    public void putLogging(PutBucketLoggingRequest request) {
        LoggingEnabled asked = request.bucketLoggingStatus().loggingEnabled();
        Bucket source = settings.bucket(request.bucket(), request.expectedBucketOwner());
        if (asked == null) {
            return;
        }
        Bucket target =
                settings.reading(
                        request.bucket(),
                        null,
                        tx -> tx.get(S3Tables.BUCKETS, asked.targetBucket()));
        if (target == null || !target.account().equals(source.account())) {
            throw S3Error.of(
                            400,
                            "InvalidTargetBucketForLogging",
                            "The target bucket for logging does not exist")
                    .with("TargetBucket", asked.targetBucket());
        }
        if (!target.region().equals(source.region())) {
            S3Error error =
                    S3Error.of(
                            403,
                            "CrossLocationLoggingProhibitted",
                            "Cross S3 location logging not allowed. ");
            boolean home = source.region().equals("us-east-1");
            throw error.with("SourceBucketLocation", home ? null : source.region())
                    .with("TargetBucketLocation", target.region());
        }
        throw S3Errors.notImplemented("Server access logging");
    }
}
