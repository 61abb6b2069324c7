package dev.freehold.services.sns;

import dev.freehold.api.sns.InvalidParameterException;
import dev.freehold.api.sns.SubscribeRequest;
import dev.freehold.api.sns.SubscriptionLimitExceededException;
import dev.freehold.protocol.Arn;
import dev.freehold.protocol.Caller;
import dev.freehold.protocol.NotImplementedError;
import dev.freehold.services.deliveries.Deliveries;
import dev.freehold.services.sns.SnsTables.CountKey;
import dev.freehold.services.sns.SnsTables.EndpointKey;
import dev.freehold.services.sns.SnsTables.Subscription;
import dev.freehold.services.sns.SnsTables.SubscriptionKey;
import dev.freehold.services.sns.SnsTables.Token;
import dev.freehold.services.sns.SnsTables.Topic;
import dev.freehold.services.sns.SnsTables.TopicKey;
import dev.freehold.storage.Store;
import dev.freehold.storage.Transaction;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Subscribes and unsubscribes. HTTP endpoints confirm with a token that is sent to them; queues
/// and functions are the caller's to subscribe, and are confirmed at once.
final class Subscriptions {
    /// How long a token is good.
    private static final Duration TOKEN_AGE = Duration.ofDays(3);

    /// The most subscriptions of a FIFO topic.
    private static final int MAX_FIFO = 100;

    private final Store store;
    private final InstantSource clock;
    private final Supplier<String> ids;
    private final Deliveries deliveries;

    Subscriptions(Store store, InstantSource clock, Supplier<String> ids, Deliveries deliveries) {
        this.store = store;
        this.clock = clock;
        this.ids = ids;
        this.deliveries = deliveries;
    }

    /// @return the subscription's key, and whether it is confirmed
    Map.Entry<SubscriptionKey, Boolean> subscribe(SubscribeRequest in, Caller caller) {
        TopicKey topicKey = Invalid.topic(in.topicArn(), caller);
        String protocol = in.protocol();
        Map<String, String> attributes = attributes(in.attributes(), topicKey);
        String endpoint = endpoint(topicKey, protocol, in.endpoint());
        String principal = caller.principal().arn();
        boolean confirmed = protocol.equals("sqs") || protocol.equals("lambda");
        Subscription wanted =
                new Subscription(
                        protocol,
                        endpoint,
                        caller.account(),
                        principal,
                        confirmed,
                        confirmed,
                        attributes);
        SubscriptionKey fresh = new SubscriptionKey(topicKey, ids.get());
        Note note = note();
        Map.Entry<SubscriptionKey, Boolean> done =
                store.update(tx -> subscribe(tx, fresh, wanted, note));
        deliveries.wake();
        return done;
    }

    /// What a confirmation needs that may not be made in a transaction.
    private record Note(String token, String messageId, Instant now) {}

    /// Tokens are 288 hexadecimal digits, as AWS's.
    private Note note() {
        StringBuilder token = new StringBuilder();
        while (token.length() < 288) {
            token.append(ids.get().replace("-", ""));
        }
        return new Note(token.substring(0, 288), ids.get(), clock.instant());
    }

    private Map.Entry<SubscriptionKey, Boolean> subscribe(
            Transaction tx, SubscriptionKey fresh, Subscription wanted, Note note) {
        Topic topic = tx.get(SnsTables.TOPICS, fresh.topic());
        if (topic == null) {
            throw Invalid.noTopic();
        }
        EndpointKey at = new EndpointKey(fresh.topic(), wanted.protocol(), wanted.endpoint());
        String known = tx.get(SnsTables.ENDPOINTS, at);
        SubscriptionKey key = known == null ? fresh : new SubscriptionKey(fresh.topic(), known);
        Subscription row = known == null ? wanted : again(tx, key, wanted);
        if (known == null) {
            count(tx, key.topic(), row, 1);
            tx.put(SnsTables.SUBSCRIPTIONS, key, row);
            tx.put(SnsTables.ENDPOINTS, at, key.id());
        }
        if (!row.confirmed()) {
            ask(tx, key, topic, row, "SubscriptionConfirmation", note);
        }
        return Map.entry(key, row.confirmed());
    }

    private static Subscription again(Transaction tx, SubscriptionKey key, Subscription wanted) {
        Subscription before = tx.get(SnsTables.SUBSCRIPTIONS, key);
        if (before == null) {
            throw new IllegalStateException("endpoint without subscription " + key.arn());
        }
        wanted.attributes()
                .forEach((name, value) -> {
                    String old = before.attributes().get(name);
                    String fallback = name.equals("RawMessageDelivery") ? "false" : null;
                    if (!value.equals(old == null ? fallback : old)) {
                        throw Invalid.parameter(
                                "Attributes Reason: Subscription already exists with different"
                                        + " attributes");
                    }
                });
        return before;
    }

    private static Map<String, String> attributes(
            @Nullable Map<String, String> given, TopicKey topic) {
        Map<String, String> attributes = given == null ? Map.of() : given;
        attributes
                .keySet()
                .forEach(name ->
                        SubscriptionAttributes.check(
                                name, attributes, topic.fifo(), "Attributes Reason: "));
        Map<String, String> kept = new LinkedHashMap<>(attributes);
        kept.values().removeIf(String::isEmpty);
        kept.computeIfPresent(
                "RawMessageDelivery", (_, value) -> value.toLowerCase(java.util.Locale.ROOT));
        return kept;
    }

    private static String endpoint(TopicKey topic, String protocol, @Nullable String given) {
        String endpoint = given == null ? "" : given;
        switch (protocol) {
            case "sqs" -> checkQueue(topic, endpoint);
            case "lambda" -> {
                Arn arn = Arn.parse(endpoint);
                if (arn == null || !arn.service().equals("lambda")) {
                    throw Invalid.parameter("Lambda endpoint ARN");
                }
                notForFifo(topic, protocol);
            }
            case "http", "https" -> {
                checkUrl(protocol, endpoint);
                notForFifo(topic, protocol);
            }
            case "email", "email-json" -> {
                if (!endpoint.matches("[^@\\s]+@[^@\\s]+")) {
                    throw Invalid.parameter("Email address");
                }
                notForFifo(topic, protocol);
            }
            case "sms" -> {
                if (!endpoint.matches("\\+?[0-9]+([-. /]?[0-9]+)*")) {
                    throw new InvalidParameterException("Invalid SMS endpoint: " + endpoint);
                }
                throw new NotImplementedError("Subscribing phone numbers (sms)");
            }
            case "application", "firehose" ->
                    throw new NotImplementedError("Subscribing by the protocol " + protocol);
            default ->
                    throw Invalid.parameter(
                            "Amazon SNS does not support this protocol string: " + protocol);
        }
        return endpoint;
    }

    private static void checkQueue(TopicKey topic, String endpoint) {
        Arn arn = Arn.parse(endpoint);
        if (arn == null || !arn.service().equals("sqs")) {
            throw Invalid.parameter("SQS endpoint ARN");
        }
        if (arn.resource().endsWith(".fifo") && !topic.fifo()) {
            throw Invalid.parameter(
                    "Invalid parameter: Endpoint Reason: FIFO SQS Queues can not be subscribed to"
                            + " standard SNS topics");
        }
    }

    private static void notForFifo(TopicKey topic, String protocol) {
        if (topic.fifo()) {
            throw Invalid.parameter(
                    "Endpoint Reason: Protocol "
                            + protocol
                            + " can not be subscribed to FIFO SNS topics");
        }
    }

    private static void checkUrl(String protocol, String endpoint) {
        if (!endpoint.startsWith(protocol + "://")) {
            throw Invalid.parameter("Endpoint must match the specified protocol");
        }
        try {
            if (URI.create(endpoint).getHost() != null) {
                return;
            }
        } catch (IllegalArgumentException e) {
            // refused below
        }
        throw Invalid.parameter("Endpoint");
    }

    private static void count(Transaction tx, TopicKey topic, Subscription row, long delta) {
        tx.add(
                SnsTables.COUNTS,
                new CountKey(topic, row.confirmed() ? "confirmed" : "pending"),
                delta);
        if (topic.fifo() && delta > 0) {
            Long confirmed = tx.get(SnsTables.COUNTS, new CountKey(topic, "confirmed"));
            if (confirmed != null && confirmed > MAX_FIFO) {
                throw new SubscriptionLimitExceededException(
                        "Subscription limit exceeded for topic");
            }
        }
    }

    /// Sends a token to an endpoint that can confirm with it.
    private void ask(
            Transaction tx,
            SubscriptionKey key,
            Topic topic,
            Subscription row,
            String type,
            Note note) {
        if (!row.protocol().startsWith("http")) {
            return;
        }
        boolean ended = type.equals("UnsubscribeConfirmation");
        tx.put(
                SnsTables.TOKENS,
                note.token(),
                new Token(key, note.now().plus(TOKEN_AGE), ended ? row : null));
        String message =
                ended
                        ? "You have chosen to deactivate subscription "
                                + key.arn()
                                + ".\nTo cancel this operation and restore the subscription, visit"
                                + " the SubscribeURL included in this message."
                        : "You have chosen to subscribe to the topic "
                                + key.topic().arn()
                                + ".\nTo confirm the subscription, visit the SubscribeURL included"
                                + " in this message.";
        Notification told =
                new Notification(
                        type,
                        note.messageId(),
                        key.topic().arn(),
                        null,
                        message,
                        Publishing.time(note.now()),
                        Map.of(),
                        note.token(),
                        null,
                        null,
                        null);
        deliveries.enqueue(
                tx,
                Fanout.delivery(note.messageId(), key, topic, row, told.toBlob(), note.now()),
                note.now());
    }

    /// @param authenticate whether only the owner may unsubscribe from now on; null: as it was
    SubscriptionKey confirm(String topicArn, String token, @Nullable Boolean authenticate) {
        Arn arn = Arn.parse(topicArn);
        if (arn == null) {
            throw Invalid.parameter("Topic");
        }
        if (!token.matches("[0-9a-f]+")) {
            throw new InvalidParameterException("Invalid token");
        }
        Instant now = clock.instant();
        return store.update(tx -> {
            Token found = tx.get(SnsTables.TOKENS, token);
            if (found == null || found.expires().isBefore(now)) {
                throw Invalid.parameter("Token");
            }
            SubscriptionKey key = found.subscription();
            // AWS: any topic of the region will do, the token says which.
            if (!arn.region().equals(key.topic().region())) {
                throw Invalid.parameter("Topic");
            }
            confirm(tx, found, authenticate);
            return key;
        });
    }

    private static void confirm(Transaction tx, Token token, @Nullable Boolean authenticate) {
        SubscriptionKey key = token.subscription();
        Subscription row = tx.get(SnsTables.SUBSCRIPTIONS, key);
        Subscription ended = token.ended();
        if (row == null && ended != null && tx.get(SnsTables.TOPICS, key.topic()) != null) {
            EndpointKey at = new EndpointKey(key.topic(), ended.protocol(), ended.endpoint());
            if (tx.get(SnsTables.ENDPOINTS, at) == null) {
                tx.put(SnsTables.ENDPOINTS, at, key.id());
                tx.put(SnsTables.SUBSCRIPTIONS, key, ended);
                count(tx, key.topic(), ended, 1);
            }
            return;
        }
        if (row == null) {
            throw Invalid.parameter("Token");
        }
        if (!row.confirmed()) {
            count(tx, key.topic(), row, -1);
            Subscription next = row.withConfirmed(authenticate == null ? false : authenticate);
            tx.put(SnsTables.SUBSCRIPTIONS, key, next);
            count(tx, key.topic(), next, 1);
        }
    }

    /// Ends a subscription; one that is gone stays so.
    void unsubscribe(SubscriptionKey key) {
        Note note = note();
        store.updateOnly(tx -> {
            Subscription row = tx.get(SnsTables.SUBSCRIPTIONS, key);
            Topic topic = tx.get(SnsTables.TOPICS, key.topic());
            if (row == null || topic == null) {
                return;
            }
            tx.delete(SnsTables.SUBSCRIPTIONS, key);
            tx.delete(
                    SnsTables.ENDPOINTS,
                    new EndpointKey(key.topic(), row.protocol(), row.endpoint()));
            count(tx, key.topic(), row, -1);
            if (row.confirmed()) {
                tx.add(SnsTables.COUNTS, new CountKey(key.topic(), "deleted"), 1);
                ask(tx, key, topic, row, "UnsubscribeConfirmation", note);
            }
        });
        deliveries.wake();
    }

    /// Sets an attribute.
    void set(SubscriptionKey key, String name, String value) {
        store.updateOnly(tx -> {
            Subscription row = tx.get(SnsTables.SUBSCRIPTIONS, key);
            if (row == null) {
                throw Invalid.noSubscription();
            }
            Map<String, String> all = new LinkedHashMap<>(row.attributes());
            all.put(name, value);
            SubscriptionAttributes.check(name, all, key.topic().fifo(), "");
            boolean flag = name.equals("RawMessageDelivery");
            String kept = flag ? value.toLowerCase(java.util.Locale.ROOT) : value;
            tx.put(SnsTables.SUBSCRIPTIONS, key, row.with(name, kept));
        });
    }
}
