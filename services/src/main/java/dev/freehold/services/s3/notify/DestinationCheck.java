package dev.freehold.services.s3.notify;

import dev.freehold.api.lambda.InvokeRequest;
import dev.freehold.api.lambda.LambdaApi;
import dev.freehold.api.sns.GetTopicAttributesRequest;
import dev.freehold.api.sns.PublishRequest;
import dev.freehold.api.sns.SnsApi;
import dev.freehold.api.sqs.GetQueueUrlRequest;
import dev.freehold.api.sqs.SendMessageRequest;
import dev.freehold.api.sqs.SqsApi;
import dev.freehold.protocol.Arn;
import dev.freehold.protocol.Caller;
import dev.freehold.protocol.Principal;
import dev.freehold.protocol.ServiceError;
import dev.freehold.protocol.Usage;
import dev.freehold.services.access.Callers;
import dev.freehold.services.s3.state.Bucket;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Asks the destinations themselves. That one exists is asked in its own account's name, that S3
/// may tell it in S3's.
public final class DestinationCheck implements Destinations {
    private final SqsApi sqs;
    private final SnsApi sns;
    private final Supplier<LambdaApi> lambda;

    /// All three as services see them: authorised.
    public DestinationCheck(SqsApi sqs, SnsApi sns, Supplier<LambdaApi> lambda) {
        this.sqs = sqs;
        this.sns = sns;
        this.lambda = lambda;
    }

    @Override
    public @Nullable String refusal(
            Rule rule, Bucket bucket, String testMessage, String requestId) {
        Arn arn = Arn.parse(rule.arn());
        if (arn == null || !arn.region().equals(bucket.region())) {
            return "The notification destination service region is not valid for the bucket location"
                    + " constraint";
        }
        Caller s3 =
                Callers.service(
                        arn.account(),
                        arn.region(),
                        "s3.amazonaws.com",
                        Notifications.arn(bucket),
                        bucket.account(),
                        requestId);
        Caller owner =
                new Caller(
                        arn.account(),
                        arn.region(),
                        new Principal.Root(arn.account()),
                        requestId,
                        Map.of(),
                        new Usage());
        return switch (rule.target()) {
            case QUEUE -> queue(arn, testMessage, s3, owner);
            case TOPIC -> topic(arn, testMessage, s3, owner);
            case FUNCTION -> function(arn, s3);
        };
    }

    private @Nullable String queue(Arn arn, String message, Caller s3, Caller owner) {
        if (arn.resource().endsWith(".fifo")) {
            return "FIFO queues are not supported as notification destinations";
        }
        String url;
        try {
            url =
                    sqs.getQueueUrl(
                                    GetQueueUrlRequest.builder()
                                            .queueName(arn.resource())
                                            .queueOwnerAWSAccountId(arn.account())
                                            .build(),
                                    owner)
                            .queueUrl();
        } catch (ServiceError e) {
            return "The destination queue does not exist";
        }
        try {
            sqs.sendMessage(
                    SendMessageRequest.builder().queueUrl(url).messageBody(message).build(), s3);
            return null;
        } catch (ServiceError e) {
            return "Permissions on the destination queue do not allow S3 to publish notifications"
                    + " from this bucket";
        }
    }

    private @Nullable String topic(Arn arn, String message, Caller s3, Caller owner) {
        try {
            sns.getTopicAttributes(
                    GetTopicAttributesRequest.builder().topicArn(arn.toString()).build(), owner);
        } catch (ServiceError e) {
            return "The destination topic does not exist";
        }
        try {
            sns.publish(
                    PublishRequest.builder()
                            .topicArn(arn.toString())
                            .subject(Notifications.SUBJECT)
                            .message(message)
                            .build(),
                    s3);
            return null;
        } catch (ServiceError e) {
            return "Permissions on the destination topic do not allow S3 to publish notifications"
                    + " from this bucket";
        }
    }

    /// AWS: whether there is such a function is not told. Functions get no test.
    private @Nullable String function(Arn arn, Caller s3) {
        try {
            lambda.get()
                    .invoke(
                            InvokeRequest.builder()
                                    .functionName(arn.toString())
                                    .invocationType("DryRun")
                                    .build(),
                            s3);
            return null;
        } catch (ServiceError e) {
            return "Not authorized to invoke function [" + arn + "]";
        }
    }
}
