package dev.freehold.services.sns;

import dev.freehold.api.lambda.InvokeRequest;
import dev.freehold.api.lambda.LambdaApi;
import dev.freehold.api.sqs.MessageAttributeValue;
import dev.freehold.api.sqs.MessageSystemAttributeValue;
import dev.freehold.api.sqs.SendMessageRequest;
import dev.freehold.api.sqs.SqsApi;
import dev.freehold.protocol.Arn;
import dev.freehold.protocol.Blob;
import dev.freehold.protocol.Caller;
import dev.freehold.protocol.ServiceError;
import dev.freehold.services.access.Callers;
import dev.freehold.services.deliveries.Deliveries;
import dev.freehold.services.deliveries.Delivery;
import dev.freehold.services.deliveries.DeliveryHandler;
import dev.freehold.services.sns.DeliveryPolicies.Schedule;
import dev.freehold.services.sns.SnsTables.Subscription;
import dev.freehold.services.sns.SnsTables.SubscriptionKey;
import dev.freehold.services.sns.SnsTables.Topic;
import dev.freehold.services.sns.SnsTables.TopicKey;
import dev.freehold.storage.Store;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Performs SNS's deliveries: to queues, functions and HTTP endpoints, and to the next page of a
/// topic's subscriptions.
///
/// As on AWS, what the endpoint's side refuses for good (a queue that is gone, a policy that
/// forbids, a 4xx) is not tried again; what may pass is, by the subscription's schedule.
public final class SnsDeliveries {
    private final Store store;
    private final SqsApi sqs;
    private final LambdaApi lambda;
    private final Envelopes envelopes;
    private final HttpEndpoint http = new HttpEndpoint();
    private final Fanout fanout;

    /// @param sqs as services see it: authorised
    /// @param lambda the same
    /// @param endpoint what the links in messages begin with
    public SnsDeliveries(
            Store store,
            Deliveries deliveries,
            Signer signer,
            SqsApi sqs,
            LambdaApi lambda,
            String endpoint) {
        this.store = store;
        this.sqs = sqs;
        this.lambda = lambda;
        this.envelopes = new Envelopes(signer, endpoint);
        this.fanout = new Fanout(deliveries);
    }

    /// The handlers by the kinds of their deliveries.
    public Map<String, DeliveryHandler> handlers() {
        DeliveryHandler subscriptions =
                new DeliveryHandler() {
                    @Override
                    public Outcome perform(Delivery delivery) {
                        return tell(delivery);
                    }

                    @Override
                    public boolean buried(Delivery delivery, String reason) {
                        bury(delivery);
                        return true;
                    }
                };
        return Map.of(
                Fanout.SUBSCRIPTION,
                subscriptions,
                Fanout.HTTP,
                subscriptions,
                Fanout.PAGE,
                page());
    }

    private DeliveryHandler page() {
        return delivery -> {
            Fanout.Message message = Fanout.message(delivery);
            Arn arn = Arn.parse(delivery.target());
            String after = delivery.attributes().getOrDefault("after", "");
            if (arn != null) {
                TopicKey key = TopicKey.of(arn);
                store.updateOnly(tx -> {
                    Topic topic = tx.get(SnsTables.TOPICS, key);
                    if (topic != null) {
                        fanout.page(tx, key, topic, message, after);
                    }
                });
                fanout.wake();
            }
            return new DeliveryHandler.Outcome.Done();
        };
    }

    private DeliveryHandler.Outcome tell(Delivery delivery) {
        Notification told = Notification.of(delivery.payload());
        String failure;
        boolean passing;
        try {
            switch (delivery.attributes().getOrDefault("protocol", "")) {
                case "sqs" -> toQueue(delivery, told, delivery.target(), raw(delivery));
                case "lambda" -> toFunction(delivery, told);
                case "http", "https" -> {
                    return http(delivery, told);
                }
                default -> {
                    return new DeliveryHandler.Outcome.Dead("there is no such protocol");
                }
            }
            return new DeliveryHandler.Outcome.Done();
        } catch (ServiceError e) {
            failure = e.shape().code() + ": " + e.getMessage();
            passing = e.shape().status() == 429 || !e.shape().senderFault();
        }
        return passing
                ? new DeliveryHandler.Outcome.Retry(failure, pause(delivery))
                : new DeliveryHandler.Outcome.Dead(failure);
    }

    private static boolean raw(Delivery delivery) {
        return "true".equals(delivery.attributes().get("raw"));
    }

    private static String subscription(Delivery delivery) {
        return delivery.attributes().getOrDefault("subscription", "");
    }

    private static String version(Delivery delivery) {
        return delivery.attributes().getOrDefault("signatureVersion", "1");
    }

    private Duration pause(Delivery delivery) {
        int retry = delivery.attempt() + 1;
        SubscriptionKey key = SubscriptionKey.parse(subscription(delivery));
        if (!delivery.kind().equals(Fanout.HTTP) || key == null) {
            return Schedule.MANAGED.pause(retry);
        }
        Schedule schedule =
                store.read(tx -> {
                    Topic topic = tx.get(SnsTables.TOPICS, key.topic());
                    Subscription row = tx.get(SnsTables.SUBSCRIPTIONS, key);
                    return topic == null || row == null ? null : DeliveryPolicies.http(topic, row);
                });
        return schedule == null ? delivery.retry().backoff(retry) : schedule.pause(retry);
    }

    private Caller caller(Delivery delivery, Arn target, String topic) {
        return Callers.service(
                target.account(),
                target.region(),
                "sns.amazonaws.com",
                topic,
                delivery.account(),
                delivery.id());
    }

    private void toQueue(Delivery delivery, Notification told, String queue, boolean raw) {
        Arn target = Arn.parse(queue);
        if (target == null) {
            throw Invalid.parameter("SQS endpoint ARN");
        }
        String body =
                raw
                        ? told.message()
                        : envelopes.json(told, subscription(delivery), version(delivery));
        Notification.Fifo fifo = told.fifo();
        boolean fifoQueue = target.resource().endsWith(".fifo");
        sqs.sendMessage(
                SendMessageRequest.builder()
                        .queueUrl("http://localhost/" + target.account() + "/" + target.resource())
                        .messageBody(body)
                        .messageAttributes(raw ? queueAttributes(told) : null)
                        .messageSystemAttributes(trace(told))
                        .messageGroupId(told.groupId())
                        .messageDeduplicationId(
                                fifoQueue && fifo != null ? fifo.deduplicationId() : null)
                        .build(),
                caller(delivery, target, told.topicArn()));
    }

    private static @Nullable Map<String, MessageSystemAttributeValue> trace(Notification told) {
        return told.trace() == null
                ? null
                : Map.of(
                        "AWSTraceHeader",
                        MessageSystemAttributeValue.builder()
                                .dataType("String")
                                .stringValue(told.trace())
                                .build());
    }

    private static Map<String, MessageAttributeValue> queueAttributes(Notification told) {
        Map<String, MessageAttributeValue> converted = new LinkedHashMap<>();
        told.attributes()
                .forEach((name, value) ->
                        converted.put(
                                name,
                                MessageAttributeValue.builder()
                                        .dataType(value.type())
                                        .stringValue(value.text())
                                        .binaryValue(value.bytes())
                                        .build()));
        return converted;
    }

    private void toFunction(Delivery delivery, Notification told) {
        Arn target = Arn.parse(delivery.target());
        if (target == null) {
            throw Invalid.parameter("Lambda endpoint ARN");
        }
        String event = envelopes.event(told, subscription(delivery), version(delivery));
        Caller caller = caller(delivery, target, told.topicArn());
        lambda.invoke(
                InvokeRequest.builder()
                        .functionName(delivery.target())
                        .invocationType("Event")
                        .payload(Blob.ofUtf8(event))
                        .build(),
                told.trace() == null ? caller : caller.withFact(Caller.TRACE_HEADER, told.trace()));
    }

    private DeliveryHandler.Outcome http(Delivery delivery, Notification told) {
        boolean raw = raw(delivery) && told.isMessage();
        String body =
                raw
                        ? told.message()
                        : envelopes.json(told, subscription(delivery), version(delivery));
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("x-amz-sns-message-type", told.type());
        headers.put("x-amz-sns-message-id", told.messageId());
        headers.put("x-amz-sns-topic-arn", told.topicArn());
        if (told.isMessage()) {
            headers.put("x-amz-sns-subscription-arn", subscription(delivery));
        }
        if (raw) {
            headers.put("x-amz-sns-rawdelivery", "true");
        }
        boolean typed = told.isMessage();
        headers.put(
                "Content-Type",
                typed
                        ? delivery.attributes()
                                .getOrDefault("contentType", DeliveryPolicies.DEFAULT_CONTENT_TYPE)
                        : DeliveryPolicies.DEFAULT_CONTENT_TYPE);
        HttpEndpoint.Answer answer = http.post(delivery.target(), headers, body);
        if (answer.good()) {
            return new DeliveryHandler.Outcome.Done();
        }
        return answer.mayPass()
                ? new DeliveryHandler.Outcome.Retry(answer.what(), pause(delivery))
                : new DeliveryHandler.Outcome.Dead(answer.what());
    }

    /// What could not be delivered goes to the subscription's dead-letter queue as the subscriber
    /// would have had it.
    private void bury(Delivery delivery) {
        String queue = delivery.retry().deadLetterArn();
        Notification told = Notification.of(delivery.payload());
        if (queue == null || !told.isMessage()) {
            return;
        }
        if (delivery.attributes().getOrDefault("protocol", "").equals("lambda")) {
            toQueue(delivery, told, queue, false);
        } else {
            toQueue(delivery, told, queue, raw(delivery));
        }
    }
}
