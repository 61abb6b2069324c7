package dev.freehold.services.sqs;

import dev.freehold.api.sqs.MessageNotInflight;
import dev.freehold.api.sqs.ReceiptHandleIsInvalid;
import dev.freehold.protocol.Arn;
import dev.freehold.services.sqs.SqsTables.Attribute;
import dev.freehold.services.sqs.SqsTables.Message;
import dev.freehold.services.sqs.SqsTables.MessageKey;
import dev.freehold.services.sqs.SqsTables.PartKey;
import dev.freehold.services.sqs.SqsTables.PlaceKey;
import dev.freehold.services.sqs.SqsTables.Queue;
import dev.freehold.services.sqs.SqsTables.QueueKey;
import dev.freehold.storage.Cursor;
import dev.freehold.storage.Store;
import dev.freehold.storage.Transaction;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Sends, receives and deletes messages.
final class Messages {
    private static final int PART = 15_000;

    /// How many locks there are for the receivers of all queues.
    private static final int STRIPES = 64;

    /// How long a receiver that waits may miss a message that becomes visible by time alone.
    private static final long LOOK_AGAIN_MILLIS = 250;

    private final Store store;
    private final InstantSource clock;
    private final Supplier<String> ids;
    private final Stripe[] stripes = new Stripe[STRIPES];

    /// Receivers of a queue in this process take turns: they would all want the same messages.
    private static final class Stripe {
        final ReentrantLock lock = new ReentrantLock();
        final Condition arrived = lock.newCondition();
        long arrivals;
    }

    Messages(Store store, InstantSource clock, Supplier<String> ids) {
        this.store = store;
        this.clock = clock;
        this.ids = ids;
        for (int i = 0; i < STRIPES; i++) {
            stripes[i] = new Stripe();
        }
    }

    private Stripe stripe(String queue) {
        return stripes[Math.floorMod(queue.hashCode(), STRIPES)];
    }

    /// What is to be sent.
    record Outgoing(
            String body,
            Map<String, Attribute> attributes,
            Map<String, String> system,
            int delay) {}

    /// Sends; on return the messages are durable.
    ///
    /// @return their ids
    List<String> send(Queue queue, List<Outgoing> all) {
        long now = clock.millis();
        List<String> sent = new ArrayList<>();
        all.forEach(one -> sent.add(ids.get()));
        store.updateOnly(tx -> {
            for (int i = 0; i < all.size(); i++) {
                write(tx, queue.id(), sent.get(i), all.get(i), now);
            }
        });
        announce(queue.id());
        return sent;
    }

    private void announce(String queue) {
        Stripe stripe = stripe(queue);
        stripe.lock.lock();
        try {
            stripe.arrivals++;
            stripe.arrived.signalAll();
        } finally {
            stripe.lock.unlock();
        }
    }

    private static void write(Transaction tx, String queue, String id, Outgoing one, long now) {
        String body = one.body;
        int parts = body.length() <= PART ? 0 : (body.length() - 1) / PART;
        for (int i = 1; i <= parts; i++) {
            String part = body.substring(i * PART, Math.min(body.length(), (i + 1) * PART));
            tx.put(SqsTables.PARTS, new PartKey(queue, id, i), part);
        }
        long visibleAt = now + one.delay * 1000L;
        String first = parts == 0 ? body : body.substring(0, PART);
        Message message =
                new Message(first, one.attributes, one.system, now, 0, 0, "", visibleAt, parts);
        tx.put(SqsTables.MESSAGES, new MessageKey(queue, id), message);
        tx.put(SqsTables.PLACES, new PlaceKey(queue, visibleAt, id), false);
    }

    /// A message that was received.
    record Received(String id, String handle, String body, Message message) {}

    /// Receives, waiting until there is a message or the wait is over.
    List<Received> receive(
            QueueKey key, Queue queue, int max, int visibilitySeconds, int waitSeconds) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(waitSeconds);
        Stripe stripe = stripe(queue.id());
        while (true) {
            long seen;
            List<Received> found;
            stripe.lock.lock();
            try {
                seen = stripe.arrivals;
                found = take(key, queue, max, visibilitySeconds);
                long left = end - System.nanoTime();
                if (!found.isEmpty() || left <= 0) {
                    return found;
                }
                long pause = Math.min(left, TimeUnit.MILLISECONDS.toNanos(LOOK_AGAIN_MILLIS));
                while (stripe.arrivals == seen && pause > 0) {
                    pause = stripe.arrived.awaitNanos(pause);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return List.of();
            } finally {
                stripe.lock.unlock();
            }
        }
    }

    private List<Received> take(QueueKey key, Queue queue, int max, int visibilitySeconds) {
        long now = clock.millis();
        if (store.read(tx -> places(tx, queue.id(), now, 1)).isEmpty()) {
            return List.of();
        }
        List<String> nonces = new ArrayList<>();
        for (int i = 0; i < max; i++) {
            nonces.add(ids.get());
        }
        long visibleAt = now + visibilitySeconds * 1000L;
        return store.update(tx -> take(tx, key, queue, nonces, now, visibleAt));
    }

    private static List<PlaceKey> places(Transaction tx, String queue, long now, int limit) {
        List<PlaceKey> places = new ArrayList<>();
        try (Cursor<PlaceKey, Boolean> cursor =
                tx.scan(SqsTables.PLACES, SqsTables.visible(queue, now), limit)) {
            while (cursor.next()) {
                places.add(cursor.key());
            }
        }
        return places;
    }

    private List<Received> take(
            Transaction tx,
            QueueKey key,
            Queue queue,
            List<String> nonces,
            long now,
            long visibleAt) {
        List<Received> received = new ArrayList<>();
        Attributes.Redrive redrive = Attributes.redrive(queue);
        long oldest = now - Attributes.number(queue, "MessageRetentionPeriod") * 1000L;
        for (PlaceKey place : places(tx, queue.id(), now, nonces.size())) {
            MessageKey at = new MessageKey(queue.id(), place.message());
            Message message = tx.get(SqsTables.MESSAGES, at);
            tx.delete(SqsTables.PLACES, place);
            if (message == null) {
                continue;
            }
            if (message.sent() < oldest) {
                remove(tx, at, message);
            } else if (redrive != null && message.receives() >= redrive.maxReceives()) {
                bury(tx, key, at, message, redrive.target(), now);
            } else {
                String nonce = nonces.get(received.size());
                Message next = message.received(now, nonce, visibleAt);
                tx.put(SqsTables.MESSAGES, at, next);
                tx.put(
                        SqsTables.PLACES,
                        new PlaceKey(queue.id(), visibleAt, place.message()),
                        true);
                String handle = handle(queue.id(), place.message(), nonce);
                received.add(new Received(place.message(), handle, body(tx, at, message), next));
            }
        }
        return received;
    }

    private static String body(Transaction tx, MessageKey at, Message message) {
        StringBuilder body = new StringBuilder(message.body());
        for (int i = 1; i <= message.parts(); i++) {
            body.append(tx.get(SqsTables.PARTS, new PartKey(at.queue(), at.message(), i)));
        }
        return body.toString();
    }

    private static void remove(Transaction tx, MessageKey at, Message message) {
        tx.delete(SqsTables.MESSAGES, at);
        for (int i = 1; i <= message.parts(); i++) {
            tx.delete(SqsTables.PARTS, new PartKey(at.queue(), at.message(), i));
        }
    }

    /// Moves a message to the dead-letter queue, in the same transaction.
    private static void bury(
            Transaction tx, QueueKey key, MessageKey at, Message message, String target, long now) {
        Arn arn = Arn.parse(target);
        Queue dead =
                arn == null
                        ? null
                        : tx.get(
                                SqsTables.QUEUES,
                                new QueueKey(arn.account(), arn.region(), arn.resource()));
        if (dead == null) {
            tx.put(SqsTables.PLACES, new PlaceKey(at.queue(), now + 30_000, at.message()), true);
            tx.put(SqsTables.MESSAGES, at, message.visibleAt(now + 30_000));
            return;
        }
        String body = body(tx, at, message);
        remove(tx, at, message);
        Map<String, String> system = new java.util.LinkedHashMap<>(message.system());
        system.put("DeadLetterQueueSourceArn", key.arn());
        write(
                tx,
                dead.id(),
                at.message(),
                new Outgoing(body, message.attributes(), system, 0),
                now);
    }

    private static String handle(String queue, String message, String nonce) {
        String text = queue + " " + message + " " + nonce;
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private record Handle(String message, String nonce) {}

    private static Handle parse(String queue, String handle) {
        try {
            String text = new String(Base64.getDecoder().decode(handle), StandardCharsets.UTF_8);
            String[] parts = text.split(" ", -1);
            if (parts.length == 3 && parts[0].equals(queue)) {
                return new Handle(parts[1], parts[2]);
            }
        } catch (IllegalArgumentException e) {
            // refused below
        }
        throw new ReceiptHandleIsInvalid(
                "The input receipt handle \"" + handle + "\" is not a valid receipt handle.");
    }

    /// Deletes a message; one that was received again since, or is gone, stays as it is.
    void delete(Queue queue, String handle) {
        Handle parsed = parse(queue.id(), handle);
        store.updateOnly(tx -> {
            MessageKey at = new MessageKey(queue.id(), parsed.message);
            Message message = tx.get(SqsTables.MESSAGES, at);
            if (message != null && message.nonce().equals(parsed.nonce)) {
                remove(tx, at, message);
                tx.delete(
                        SqsTables.PLACES,
                        new PlaceKey(queue.id(), message.visibleAt(), parsed.message));
            }
        });
    }

    void changeVisibility(Queue queue, String handle, int seconds) {
        Handle parsed = parse(queue.id(), handle);
        long now = clock.millis();
        store.updateOnly(tx -> {
            MessageKey at = new MessageKey(queue.id(), parsed.message);
            Message message = tx.get(SqsTables.MESSAGES, at);
            if (message == null
                    || !message.nonce().equals(parsed.nonce)
                    || message.visibleAt() <= now) {
                throw new MessageNotInflight(
                        "Value "
                                + handle
                                + " for parameter ReceiptHandle is invalid. Reason:"
                                + " Message does not exist or is not available for visibility"
                                + " timeout change.");
            }
            long next = now + seconds * 1000L;
            tx.delete(
                    SqsTables.PLACES,
                    new PlaceKey(queue.id(), message.visibleAt(), parsed.message));
            tx.put(SqsTables.PLACES, new PlaceKey(queue.id(), next, parsed.message), true);
            tx.put(SqsTables.MESSAGES, at, message.visibleAt(next));
        });
        if (seconds == 0) {
            announce(queue.id());
        }
    }

    /// How many messages there are.
    record Counts(int visible, int inFlight, int delayed) {}

    Counts counts(Queue queue) {
        long now = clock.millis();
        return store.read(tx -> {
            int visible = places(tx, queue.id(), now, 120_000).size();
            int inFlight = 0;
            int delayed = 0;
            try (Cursor<PlaceKey, Boolean> cursor =
                    tx.scan(SqsTables.PLACES, SqsTables.hidden(queue.id(), now), 120_000)) {
                while (cursor.next()) {
                    if (cursor.value()) {
                        inFlight++;
                    } else {
                        delayed++;
                    }
                }
            }
            return new Counts(visible, inFlight, delayed);
        });
    }

    static void removeAll(Transaction tx, @Nullable Queue queue) {
        if (queue != null) {
            tx.deleteRange(SqsTables.PLACES, SqsTables.ofQueue(queue.id()));
            tx.deleteRange(SqsTables.MESSAGES, SqsTables.ofQueue(queue.id()));
            tx.deleteRange(SqsTables.PARTS, SqsTables.ofQueue(queue.id()));
        }
    }
}
