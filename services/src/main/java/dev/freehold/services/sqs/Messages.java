package dev.freehold.services.sqs;

import dev.freehold.api.sqs.MessageNotInflight;
import dev.freehold.api.sqs.ReceiptHandleIsInvalid;
import dev.freehold.services.sqs.SqsTables.Attempt;
import dev.freehold.services.sqs.SqsTables.AttemptKey;
import dev.freehold.services.sqs.SqsTables.GroupKey;
import dev.freehold.services.sqs.SqsTables.Message;
import dev.freehold.services.sqs.SqsTables.MessageKey;
import dev.freehold.services.sqs.SqsTables.PartKey;
import dev.freehold.services.sqs.SqsTables.PlaceKey;
import dev.freehold.services.sqs.SqsTables.Queue;
import dev.freehold.services.sqs.SqsTables.QueueKey;
import dev.freehold.services.sqs.SqsTables.Sent;
import dev.freehold.storage.Cursor;
import dev.freehold.storage.KeyRange;
import dev.freehold.storage.Store;
import dev.freehold.storage.Transaction;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Sends, receives and deletes messages.
final class Messages {
    /// The first part of a message is in its row, the others in rows of their own.
    private static final int PART = 32 * 1024;

    /// The most messages that may be in flight.
    private static final int MAX_IN_FLIGHT = 120_000;

    private static final long ATTEMPT_MILLIS = 5 * 60_000L;

    /// How long a message waits that has no dead-letter queue to go to.
    private static final long NO_TARGET_MILLIS = 30_000;

    /// How many locks there are for the receivers of all queues.
    private static final int STRIPES = 64;

    /// How long a receiver that waits may miss a message that becomes visible by time alone.
    private static final long LOOK_AGAIN_MILLIS = 250;

    private final Store store;
    private final InstantSource clock;
    private final Supplier<String> ids;
    private final Stripe[] stripes = new Stripe[STRIPES];
    private final Heads heads;

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
        this.heads = new Heads(clock);
        for (int i = 0; i < STRIPES; i++) {
            stripes[i] = new Stripe();
        }
    }

    private Stripe stripe(String queue) {
        return stripes[Math.floorMod(queue.hashCode(), STRIPES)];
    }

    /// What is to be sent.
    record Outgoing(Content content, Map<String, String> system, int delay) {}

    /// What was sent.
    ///
    /// @param sequence the number in a FIFO queue, or null
    record Sending(String id, @Nullable String sequence) {}

    /// Sends; on return the messages are durable.
    List<Sending> send(Queue queue, List<Outgoing> all) {
        long now = heads.begin();
        try {
            return send(queue, all, now);
        } finally {
            heads.end(now);
        }
    }

    private List<Sending> send(Queue queue, List<Outgoing> all, long now) {
        List<String> fresh = new ArrayList<>();
        all.forEach(one -> fresh.add(ids.get()));
        List<Sending> sent =
                store.update(tx -> {
                    List<Sending> done = new ArrayList<>();
                    for (int i = 0; i < all.size(); i++) {
                        done.add(send(tx, queue, fresh.get(i), all.get(i), now));
                    }
                    return done;
                });
        announce(queue.id());
        return sent;
    }

    private static Sending send(Transaction tx, Queue queue, String id, Outgoing one, long now) {
        if (!queue.fifo()) {
            write(tx, queue, id, one, fresh(one, now));
            return new Sending(id, null);
        }
        Sent before = Fifo.duplicate(tx, queue, one.system, now);
        if (before != null) {
            return new Sending(before.message(), Fifo.digits(before.sequence()));
        }
        Outgoing numbered = numbered(tx, queue, one);
        write(tx, queue, id, numbered, fresh(numbered, now));
        Fifo.remember(tx, queue, numbered.system, id, now);
        return new Sending(id, numbered.system.get("SequenceNumber"));
    }

    private static Outgoing numbered(Transaction tx, Queue queue, Outgoing one) {
        Map<String, String> system = new LinkedHashMap<>(one.system);
        system.put("SequenceNumber", Fifo.digits(Fifo.number(tx, queue)));
        return new Outgoing(one.content, system, one.delay);
    }

    private static Message fresh(Outgoing one, long now) {
        return new Message(new byte[0], 0, one.system, now, 0, 0, "", now + one.delay * 1000L);
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

    /// Writes a message that is new in its queue.
    ///
    /// @param like the message as it was elsewhere: its age and receives stay
    private static void write(Transaction tx, Queue queue, String id, Outgoing one, Message like) {
        byte[] bytes = one.content.toBytes();
        int parts = (Math.max(bytes.length, 1) - 1) / PART;
        for (int i = 1; i <= parts; i++) {
            int end = Math.min(bytes.length, (i + 1) * PART);
            byte[] part = Arrays.copyOfRange(bytes, i * PART, end);
            tx.put(SqsTables.PARTS, new PartKey(queue.id(), id, i), part);
        }
        Message message =
                new Message(
                        parts == 0 ? bytes : Arrays.copyOf(bytes, PART),
                        parts,
                        one.system,
                        like.sent(),
                        like.firstReceived(),
                        like.receives(),
                        "",
                        like.visibleAt());
        tx.put(SqsTables.MESSAGES, new MessageKey(queue.id(), id), message);
        tx.put(SqsTables.PLACES, new PlaceKey(queue.id(), message.visibleAt(), id), false);
        if (queue.fifo()) {
            Fifo.add(tx, queue.id(), id, message);
        }
    }

    /// A message that was received.
    record Received(String id, String handle, Content content, Message message) {}

    /// How a receive is to be done.
    ///
    /// @param attempt the id by which a FIFO queue's receive may be repeated, or null
    record Receiving(int max, int visibilitySeconds, int waitSeconds, @Nullable String attempt) {}

    /// Receives, waiting until there is a message or the wait is over.
    List<Received> receive(QueueKey key, Queue queue, Receiving how) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(how.waitSeconds);
        Stripe stripe = stripe(queue.id());
        while (true) {
            stripe.lock.lock();
            try {
                long seen = stripe.arrivals;
                List<Received> found = take(key, queue, how);
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

    private List<Received> take(QueueKey key, Queue queue, Receiving how) {
        long now = heads.begin();
        try {
            return take(key, queue, how, now);
        } finally {
            heads.end(now);
        }
    }

    private List<Received> take(QueueKey key, Queue queue, Receiving how, long now) {
        AttemptKey attempt =
                how.attempt == null || !queue.fifo()
                        ? null
                        : new AttemptKey(queue.id(), how.attempt);
        if (attempt == null && !any(queue, now)) {
            return List.of();
        }
        long from = heads.of(queue.id());
        List<String> nonces = new ArrayList<>();
        for (int i = 0; i < how.max; i++) {
            nonces.add(ids.get());
        }
        Times times = new Times(now, now + how.visibilitySeconds * 1000L, from);
        return store.update(tx -> {
            List<Received> again = attempt == null ? List.of() : again(tx, attempt, queue, times);
            if (!again.isEmpty()) {
                return again;
            }
            List<Received> taken = take(tx, key, queue, nonces, times);
            if (attempt != null && !taken.isEmpty()) {
                Map<String, String> got = new LinkedHashMap<>();
                taken.forEach(one -> got.put(one.id, one.message.nonce()));
                tx.put(SqsTables.ATTEMPTS, attempt, new Attempt(got, now + ATTEMPT_MILLIS));
            }
            return taken;
        });
    }

    /// When a receive takes place.
    ///
    /// @param head nothing of the queue stands before it
    private record Times(long now, long visibleAt, long head) {}

    /// Whether there is a message to receive.
    private boolean any(Queue queue, long now) {
        if (queue.fifo()) {
            return !store.read(tx -> Fifo.visible(tx, queue.id(), now, 1)).isEmpty();
        }
        long oldest = heads.oldestWriter();
        long from = heads.of(queue.id());
        List<PlaceKey> first =
                store.read(tx -> places(tx, SqsTables.visible(queue.id(), from, now), 1));
        heads.learn(
                queue.id(), Math.min(oldest, first.isEmpty() ? now : first.getFirst().visibleAt()));
        return !first.isEmpty();
    }

    /// What the same attempt got before, if it is all still there, and out of sight for as long
    /// again.
    private static List<Received> again(Transaction tx, AttemptKey key, Queue queue, Times times) {
        Attempt before = tx.get(SqsTables.ATTEMPTS, key);
        if (before == null || before.expires() < times.now) {
            return List.of();
        }
        List<Received> got = new ArrayList<>();
        for (Map.Entry<String, String> one : before.nonces().entrySet()) {
            MessageKey at = new MessageKey(queue.id(), one.getKey());
            Message message = tx.get(SqsTables.MESSAGES, at);
            if (message == null
                    || !message.nonce().equals(one.getValue())
                    || message.visibleAt() <= times.now) {
                return List.of();
            }
            Message next = message.visibleAt(times.visibleAt);
            place(tx, queue, at, message, next);
            String handle = handle(queue.id(), at.message(), next.nonce());
            got.add(new Received(at.message(), handle, SqsTables.content(tx, at, next), next));
        }
        return got;
    }

    /// Writes a message with another time.
    private static void place(
            Transaction tx, Queue queue, MessageKey at, Message before, Message after) {
        tx.delete(SqsTables.PLACES, new PlaceKey(queue.id(), before.visibleAt(), at.message()));
        tx.put(SqsTables.PLACES, new PlaceKey(queue.id(), after.visibleAt(), at.message()), true);
        tx.put(SqsTables.MESSAGES, at, after);
        if (queue.fifo()) {
            Fifo.settle(tx, new GroupKey(queue.id(), after.group()));
        }
    }

    /// @param from nothing of the queue stands before this time
    private static List<String> visible(Transaction tx, Queue queue, long from, long now, int max) {
        if (queue.fifo()) {
            return Fifo.visible(tx, queue.id(), now, max);
        }
        KeyRange range = SqsTables.visible(queue.id(), from, now);
        return places(tx, range, max).stream().map(PlaceKey::message).toList();
    }

    private static List<PlaceKey> places(Transaction tx, KeyRange range, int limit) {
        List<PlaceKey> places = new ArrayList<>();
        try (Cursor<PlaceKey, Boolean> cursor = tx.scan(SqsTables.PLACES, range, limit)) {
            while (cursor.next()) {
                places.add(cursor.key());
            }
        }
        return places;
    }

    private static List<Received> take(
            Transaction tx, QueueKey key, Queue queue, List<String> nonces, Times times) {
        List<Received> received = new ArrayList<>();
        Attributes.Redrive redrive = Attributes.redrive(queue);
        long oldest = times.now - Attributes.number(queue, "MessageRetentionPeriod") * 1000L;
        for (String id : visible(tx, queue, times.head, times.now, nonces.size())) {
            MessageKey at = new MessageKey(queue.id(), id);
            Message message = tx.get(SqsTables.MESSAGES, at);
            if (message == null) {
                throw new IllegalStateException("place without message " + id);
            }
            if (message.sent() < oldest) {
                delete(tx, queue, at, message);
            } else if (redrive != null && message.receives() >= redrive.maxReceives()) {
                bury(tx, key, queue, at, redrive.target(), times.now);
            } else {
                Message next =
                        message.received(times.now, nonces.get(received.size()), times.visibleAt);
                place(tx, queue, at, message, next);
                String handle = handle(queue.id(), id, next.nonce());
                received.add(new Received(id, handle, SqsTables.content(tx, at, next), next));
            }
        }
        return received;
    }

    private static void delete(Transaction tx, Queue queue, MessageKey at, Message message) {
        SqsTables.remove(tx, at, message);
        tx.delete(SqsTables.PLACES, new PlaceKey(queue.id(), message.visibleAt(), at.message()));
        if (queue.fifo()) {
            Fifo.remove(tx, queue.id(), message);
        }
    }

    /// Moves a message to the dead-letter queue, in the same transaction. When there is none, it
    /// waits for one.
    private static void bury(
            Transaction tx, QueueKey key, Queue queue, MessageKey at, String target, long now) {
        Message message = tx.get(SqsTables.MESSAGES, at);
        QueueKey deadKey = QueueKey.ofArn(target);
        Queue dead = deadKey == null ? null : tx.get(SqsTables.QUEUES, deadKey);
        if (message == null || dead == null || dead.fifo() != queue.fifo()) {
            if (message != null) {
                place(tx, queue, at, message, message.visibleAt(now + NO_TARGET_MILLIS));
            }
            return;
        }
        Map<String, String> system = new LinkedHashMap<>(message.system());
        system.put("DeadLetterQueueSourceArn", key.arn());
        move(tx, queue, at, dead, system, now);
    }

    /// Moves a message to another queue, with its age and its receives.
    private static void move(
            Transaction tx,
            Queue from,
            MessageKey at,
            Queue to,
            Map<String, String> system,
            long now) {
        Message message = tx.get(SqsTables.MESSAGES, at);
        if (message == null) {
            return;
        }
        Outgoing one = new Outgoing(SqsTables.content(tx, at, message), system, 0);
        delete(tx, from, at, message);
        Outgoing moved = to.fifo() ? numbered(tx, to, one) : one;
        write(tx, to, at.message(), moved, message.visibleAt(now));
    }

    /// Sends a message of one queue to another as a new one, as redriving does.
    static void resend(
            Transaction tx,
            Queue from,
            MessageKey at,
            Queue to,
            Outgoing one,
            String id,
            long now) {
        Message message = tx.get(SqsTables.MESSAGES, at);
        if (message != null) {
            delete(tx, from, at, message);
            Outgoing moved = to.fifo() ? numbered(tx, to, one) : one;
            write(tx, to, id, moved, fresh(moved, now));
        }
    }

    /// The ids of messages that can be seen now, at most `max`.
    static List<String> seen(Transaction tx, Queue queue, long now, int max) {
        return visible(tx, queue, Long.MIN_VALUE, now, max);
    }

    /// Where the visible messages of queues begin: who writes messages tells it.
    Heads heads() {
        return heads;
    }

    /// Tells those who wait at a queue that there are messages.
    void arrived(Queue queue) {
        announce(queue.id());
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

    /// Deletes a message; one that is gone stays so. Of a standard queue any handle will do that
    /// the message ever had; of a FIFO queue the last, while the message is in flight.
    void delete(Queue queue, String handle) {
        Handle parsed = parse(queue.id(), handle);
        long now = clock.millis();
        boolean more =
                store.update(tx -> {
                    MessageKey at = new MessageKey(queue.id(), parsed.message);
                    Message message = tx.get(SqsTables.MESSAGES, at);
                    if (message == null) {
                        return false;
                    }
                    boolean current =
                            message.nonce().equals(parsed.nonce) && message.visibleAt() > now;
                    if (queue.fifo() && !current) {
                        throw Refused.value(
                                handle, "ReceiptHandle", "The receipt handle has expired.");
                    }
                    delete(tx, queue, at, message);
                    return queue.fifo();
                });
        if (more) {
            announce(queue.id());
        }
    }

    void changeVisibility(Queue queue, String handle, int seconds) {
        long now = heads.begin();
        try {
            changeVisibility(queue, handle, seconds, now);
        } finally {
            heads.end(now);
        }
    }

    private void changeVisibility(Queue queue, String handle, int seconds, long now) {
        Handle parsed = parse(queue.id(), handle);
        store.updateOnly(tx -> {
            MessageKey at = new MessageKey(queue.id(), parsed.message);
            Message message = tx.get(SqsTables.MESSAGES, at);
            if (message == null) {
                throw Refused.value(
                        handle,
                        "ReceiptHandle",
                        "Message does not exist or is not available for visibility timeout"
                                + " change.");
            }
            if (message.visibleAt() <= now || message.nonce().isEmpty()) {
                throw new MessageNotInflight(null);
            }
            place(tx, queue, at, message, message.visibleAt(now + seconds * 1000L));
        });
        if (seconds == 0) {
            announce(queue.id());
        }
    }

    /// How many messages there are.
    record Counts(int visible, int inFlight, int delayed) {}

    Counts counts(Queue queue) {
        long now = clock.millis();
        long from = heads.of(queue.id());
        return store.read(tx -> {
            KeyRange seen = SqsTables.visible(queue.id(), from, now);
            int visible = places(tx, seen, MAX_IN_FLIGHT).size();
            int inFlight = 0;
            int delayed = 0;
            try (Cursor<PlaceKey, Boolean> cursor =
                    tx.scan(SqsTables.PLACES, SqsTables.hidden(queue.id(), now), MAX_IN_FLIGHT)) {
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
}
