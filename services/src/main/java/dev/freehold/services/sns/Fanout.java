package dev.freehold.services.sns;

import dev.freehold.protocol.Blob;
import dev.freehold.services.deliveries.Deliveries;
import dev.freehold.services.deliveries.Delivery;
import dev.freehold.services.deliveries.RetryPolicy;
import dev.freehold.services.sns.DeliveryPolicies.Schedule;
import dev.freehold.services.sns.SnsTables.Subscription;
import dev.freehold.services.sns.SnsTables.SubscriptionKey;
import dev.freehold.services.sns.SnsTables.Topic;
import dev.freehold.services.sns.SnsTables.TopicKey;
import dev.freehold.storage.Cursor;
import dev.freehold.storage.KeyRange;
import dev.freehold.storage.Transaction;
import dev.freehold.storage.ValueReader;
import dev.freehold.storage.ValueWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/// Writes a delivery for each subscription that wants a message, in the transaction that publishes
/// it. A topic with very many subscriptions has the rest of them told by deliveries to itself, a
/// page each, so that no transaction is too large.
final class Fanout {
    /// The kind of a delivery to a subscription.
    static final String SUBSCRIPTION = "sns.subscription";

    /// The kind of a delivery to HTTP endpoints: others wait for them the least.
    static final String HTTP = "sns.http";

    /// The kind of a delivery to the subscriptions that follow.
    static final String PAGE = "sns.page";

    /// Subscriptions of one page, and the bytes that their deliveries may have together.
    private static final int MAX_PAGE = 200;

    private static final int MAX_BYTES = 2 * 1024 * 1024;
    private static final Duration MANAGED_AGE = Duration.ofDays(23);

    private final Deliveries deliveries;

    Fanout(Deliveries deliveries) {
        this.deliveries = deliveries;
    }

    /// A published message.
    ///
    /// @param texts the message's text by protocol; the one under `default` for the others
    /// @param unique an id that no other message has
    record Message(Notification told, Map<String, String> texts, String unique, Instant now) {
        Notification toldTo(String protocol) {
            String text = texts.get(protocol);
            return told.withMessage(text == null ? told.message() : text);
        }
    }

    void wake() {
        deliveries.wake();
    }

    /// Writes the deliveries of the subscriptions after that id.
    void page(Transaction tx, TopicKey key, Topic topic, Message message, String after) {
        KeyRange range = SnsTables.ofTopic(key);
        if (!after.isEmpty()) {
            range = range.startingAfter(new SubscriptionKey(key, after)::write);
        }
        int bytes = 0;
        int seen = 0;
        try (Cursor<SubscriptionKey, Subscription> cursor =
                tx.scan(SnsTables.SUBSCRIPTIONS, range, MAX_PAGE + 1)) {
            while (cursor.next()) {
                bytes += tell(tx, cursor.key(), topic, cursor.value(), message);
                seen++;
                if (seen == MAX_PAGE || bytes > MAX_BYTES) {
                    rest(tx, cursor.key(), message);
                    return;
                }
            }
        }
    }

    private int tell(
            Transaction tx,
            SubscriptionKey key,
            Topic topic,
            Subscription subscription,
            Message message) {
        if (!subscription.confirmed()) {
            return 0;
        }
        Notification told = message.toldTo(subscription.protocol());
        if (!SubscriptionAttributes.wants(subscription, told)) {
            return 0;
        }
        Blob payload = told.toBlob();
        String id = message.unique() + "-" + key.id();
        Delivery delivery = delivery(id, key, topic, subscription, payload, message.now());
        deliveries.enqueue(tx, lane(delivery, told), message.now());
        return payload.length();
    }

    /// What a FIFO topic tells a queue of a group goes in order.
    private static Delivery lane(Delivery delivery, Notification told) {
        return told.fifo() == null
                ? delivery
                : delivery.inLane(delivery.attributes().get("subscription") + "/" + told.groupId());
    }

    /// A delivery to one subscription.
    static Delivery delivery(
            String id,
            SubscriptionKey key,
            Topic topic,
            Subscription subscription,
            Blob payload,
            Instant now) {
        boolean http = subscription.protocol().startsWith("http");
        Schedule schedule = http ? DeliveryPolicies.http(topic, subscription) : Schedule.MANAGED;
        Map<String, String> attributes = new LinkedHashMap<>();
        attributes.put("subscription", key.arn());
        attributes.put("protocol", subscription.protocol());
        attributes.put("raw", String.valueOf(subscription.raw()));
        attributes.put(
                "signatureVersion", topic.attributes().getOrDefault("SignatureVersion", "1"));
        if (http) {
            attributes.put("contentType", DeliveryPolicies.contentType(topic, subscription));
        }
        RetryPolicy retry =
                new RetryPolicy(
                        schedule.retries() + 1,
                        MANAGED_AGE,
                        schedule.min(),
                        schedule.max(),
                        SubscriptionAttributes.deadLetterArn(subscription));
        return new Delivery(
                id,
                http ? HTTP : SUBSCRIPTION,
                key.topic().account(),
                key.topic().region(),
                subscription.endpoint(),
                attributes,
                payload,
                now,
                0,
                retry);
    }

    private void rest(Transaction tx, SubscriptionKey last, Message message) {
        Map<String, String> attributes = new LinkedHashMap<>();
        attributes.put("after", last.id());
        attributes.put("unique", message.unique());
        Delivery delivery =
                new Delivery(
                        message.unique() + "-after-" + last.id(),
                        PAGE,
                        last.topic().account(),
                        last.topic().region(),
                        last.topic().arn(),
                        attributes,
                        payload(message),
                        message.now(),
                        0,
                        new RetryPolicy(
                                100,
                                Duration.ofDays(1),
                                Duration.ofSeconds(1),
                                Duration.ofMinutes(5),
                                null));
        deliveries.enqueue(tx, delivery, message.now());
    }

    private static Blob payload(Message message) {
        ValueWriter out = new ValueWriter();
        out.bytes(message.told().toBlob().bytes()).strings(message.texts());
        return Blob.wrap(out.toBytes());
    }

    /// The message of a page's delivery.
    static Message message(Delivery page) {
        ValueReader in = new ValueReader(page.payload().bytes());
        Notification told = Notification.of(Blob.wrap(in.bytes()));
        String unique = page.attributes().getOrDefault("unique", page.id());
        return new Message(told, in.strings(), unique, page.created());
    }
}
