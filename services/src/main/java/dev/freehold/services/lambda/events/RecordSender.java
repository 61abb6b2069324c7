package dev.freehold.services.lambda.events;

import dev.freehold.api.lambda.InvokeRequest;
import dev.freehold.api.lambda.LambdaApi;
import dev.freehold.api.s3.PutObjectRequest;
import dev.freehold.api.s3.S3Api;
import dev.freehold.api.sns.PublishRequest;
import dev.freehold.api.sns.SnsApi;
import dev.freehold.api.sqs.MessageAttributeValue;
import dev.freehold.api.sqs.SendMessageRequest;
import dev.freehold.api.sqs.SqsApi;
import dev.freehold.protocol.Arn;
import dev.freehold.protocol.ByteStream;
import dev.freehold.protocol.Caller;
import dev.freehold.services.deliveries.Delivery;
import dev.freehold.services.deliveries.DeliveryHandler;
import dev.freehold.services.lambda.run.RoleCallers;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiFunction;

/// Sends records to destinations and dead letters to their targets, with the rights of the
/// function's execution role.
public final class RecordSender implements DeliveryHandler {
    private static final DateTimeFormatter DAY =
            DateTimeFormatter.ofPattern("yyyy/MM/dd").withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter SECOND =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH.mm.ss").withZone(ZoneOffset.UTC);

    private final Targets targets;
    private final RoleCallers roles;
    private final InstantSource clock;

    /// The services it sends to, as they are seen from outside: authorised.
    public record Targets(SqsApi sqs, SnsApi sns, S3Api s3, LambdaApi lambda) {}

    public RecordSender(Targets targets, RoleCallers roles, InstantSource clock) {
        this.targets = targets;
        this.roles = roles;
        this.clock = clock;
    }

    @Override
    public Outcome perform(Delivery delivery) {
        Arn target = Arn.parse(delivery.target());
        if (target == null) {
            return new Outcome.Dead("not an ARN: " + delivery.target());
        }
        Caller caller =
                roles.of(
                        String.valueOf(delivery.attributes().get("role")),
                        String.valueOf(delivery.attributes().get("function")),
                        delivery.region(),
                        delivery.id());
        switch (target.service()) {
            case "sqs" -> queue(target, delivery, caller);
            case "sns" -> topic(target, delivery, caller);
            case "lambda" ->
                    targets.lambda.invoke(
                            InvokeRequest.builder()
                                    .functionName(target.toString())
                                    .invocationType("Event")
                                    .payload(delivery.payload())
                                    .build(),
                            caller);
            case "s3" -> object(target, delivery, caller);
            default -> {
                return new Outcome.Dead("no such destination: " + target);
            }
        }
        return new Outcome.Done();
    }

    private void queue(Arn target, Delivery delivery, Caller caller) {
        Map<String, MessageAttributeValue> attributes =
                letter(
                        delivery,
                        (type, value) ->
                                MessageAttributeValue.builder()
                                        .dataType(type)
                                        .stringValue(value)
                                        .build());
        targets.sqs.sendMessage(
                SendMessageRequest.builder()
                        .queueUrl("http://localhost/" + target.account() + "/" + target.resource())
                        .messageBody(delivery.payload().utf8())
                        .messageAttributes(attributes.isEmpty() ? null : attributes)
                        .build(),
                caller);
    }

    private void topic(Arn target, Delivery delivery, Caller caller) {
        Map<String, dev.freehold.api.sns.MessageAttributeValue> attributes =
                letter(
                        delivery,
                        (type, value) ->
                                dev.freehold.api.sns.MessageAttributeValue.builder()
                                        .dataType(type)
                                        .stringValue(value)
                                        .build());
        targets.sns.publish(
                PublishRequest.builder()
                        .topicArn(target.toString())
                        .message(delivery.payload().utf8())
                        .messageAttributes(attributes.isEmpty() ? null : attributes)
                        .build(),
                caller);
    }

    /// What a dead letter says beside the event.
    private static <T> Map<String, T> letter(
            Delivery delivery, BiFunction<String, String, T> attribute) {
        Map<String, T> attributes = new LinkedHashMap<>();
        for (String name : new String[] {"RequestID", "ErrorCode", "ErrorMessage"}) {
            String value = delivery.attributes().get(name);
            if (value != null && !value.isEmpty()) {
                String type = name.equals("ErrorCode") ? "Number" : "String";
                attributes.put(name, attribute.apply(type, value));
            }
        }
        return attributes;
    }

    private void object(Arn target, Delivery delivery, Caller caller) {
        Instant now = clock.instant();
        String key =
                "aws/lambda/async/"
                        + delivery.attributes().get("function")
                        + "/"
                        + DAY.format(now)
                        + "/"
                        + SECOND.format(now)
                        + "-"
                        + delivery.id();
        targets.s3.putObject(
                PutObjectRequest.builder()
                        .bucket(target.resource())
                        .key(key)
                        .bodyValue(ByteStream.of(delivery.payload()))
                        .build(),
                caller);
    }
}
