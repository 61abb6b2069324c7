package dev.freehold.services.deliveries;

import dev.freehold.api.lambda.InvokeRequest;
import dev.freehold.api.lambda.LambdaApi;
import dev.freehold.api.sns.PublishRequest;
import dev.freehold.api.sns.SnsApi;
import dev.freehold.api.sqs.SendMessageRequest;
import dev.freehold.api.sqs.SqsApi;
import dev.freehold.protocol.Arn;
import dev.freehold.protocol.Caller;
import dev.freehold.services.access.Callers;
import java.util.Map;

/// Hands payloads to the queue, topic or function that a delivery's target names, in the name of
/// the service that wrote the delivery. Also where the dead of all kinds are buried.
///
/// A delivery's attributes say who tells: `principal` (`s3.amazonaws.com`), `sourceArn`,
/// `sourceAccount`, `subject` for topics, and [#TRACE].
public final class Targets implements DeliveryHandler, Burial {
    /// The attribute that holds the trace header of what caused the delivery, by which loops of
    /// functions are known. It may be missing.
    public static final String TRACE = "trace";

    private final SqsApi sqs;
    private final SnsApi sns;
    private final LambdaApi lambda;

    /// All three as services see them: authorised.
    public Targets(SqsApi sqs, SnsApi sns, LambdaApi lambda) {
        this.sqs = sqs;
        this.sns = sns;
        this.lambda = lambda;
    }

    @Override
    public Outcome perform(Delivery delivery) {
        Arn target = Arn.parse(delivery.target());
        if (target == null) {
            return new Outcome.Dead("not an ARN: " + delivery.target());
        }
        Map<String, String> attributes = delivery.attributes();
        Caller caller =
                Callers.service(
                        target.account(),
                        target.region(),
                        attributes.getOrDefault("principal", "events.amazonaws.com"),
                        attributes.getOrDefault("sourceArn", ""),
                        attributes.getOrDefault("sourceAccount", delivery.account()),
                        delivery.id());
        String trace = attributes.get(TRACE);
        return send(
                target,
                delivery,
                trace == null ? caller : caller.withFact(Caller.TRACE_HEADER, trace));
    }

    private Outcome send(Arn target, Delivery delivery, Caller caller) {
        switch (target.service()) {
            case "sqs" ->
                    sqs.sendMessage(
                            SendMessageRequest.builder()
                                    .queueUrl(
                                            "http://localhost/"
                                                    + target.account()
                                                    + "/"
                                                    + target.resource())
                                    .messageBody(delivery.payload().utf8())
                                    .build(),
                            caller);
            case "sns" ->
                    sns.publish(
                            PublishRequest.builder()
                                    .topicArn(target.toString())
                                    .subject(delivery.attributes().get("subject"))
                                    .message(delivery.payload().utf8())
                                    .build(),
                            caller);
            case "lambda" ->
                    lambda.invoke(
                            InvokeRequest.builder()
                                    .functionName(target.toString())
                                    .invocationType("Event")
                                    .payload(delivery.payload())
                                    .build(),
                            caller);
            default -> {
                return new Outcome.Dead("no such target: " + target);
            }
        }
        return new Outcome.Done();
    }

    /// The payload goes to the dead-letter queue or topic as it is, as AWS does.
    @Override
    public void bury(Delivery delivery, String reason) {
        String arn = delivery.retry().deadLetterArn();
        Arn target = arn == null ? null : Arn.parse(arn);
        if (target == null) {
            return;
        }
        Caller caller =
                Callers.service(
                        target.account(),
                        target.region(),
                        delivery.attributes().getOrDefault("principal", "lambda.amazonaws.com"),
                        delivery.target(),
                        delivery.account(),
                        delivery.id());
        send(target, delivery, caller);
    }
}
