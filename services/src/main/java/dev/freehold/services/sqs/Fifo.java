package dev.freehold.services.sqs;

import dev.freehold.services.sqs.SqsTables.DuplicateKey;
import dev.freehold.services.sqs.SqsTables.ExpiryKey;
import dev.freehold.services.sqs.SqsTables.GroupKey;
import dev.freehold.services.sqs.SqsTables.Message;
import dev.freehold.services.sqs.SqsTables.MessageKey;
import dev.freehold.services.sqs.SqsTables.OrderKey;
import dev.freehold.services.sqs.SqsTables.Queue;
import dev.freehold.services.sqs.SqsTables.Sent;
import dev.freehold.services.sqs.SqsTables.TurnKey;
import dev.freehold.storage.Cursor;
import dev.freehold.storage.KeyRange;
import dev.freehold.storage.Transaction;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The order of FIFO queues.
///
/// A group's turn comes when its first message can be seen: while that is in flight, nothing of the
/// group is. So one row for each group, moved whenever its first message changes or moves, is all
/// that a receive has to look at.
final class Fifo {
    private static final long DEDUPLICATION_MILLIS = 5 * 60_000L;

    /// How many forgotten deduplication ids each send removes.
    private static final int SWEPT = 4;

    private static final long FIRST = 8_388_608_123_456_789_000L;

    private Fifo() {}

    /// What was sent before under a deduplication id, or null.
    static @Nullable Sent duplicate(
            Transaction tx, Queue queue, Map<String, String> system, long now) {
        Sent before = tx.get(SqsTables.DUPLICATES, duplicateKey(queue, system));
        return before != null && before.expires() > now ? before : null;
    }

    private static DuplicateKey duplicateKey(Queue queue, Map<String, String> system) {
        boolean ofGroup = "messageGroup".equals(queue.attributes().get("DeduplicationScope"));
        return new DuplicateKey(
                queue.id(),
                ofGroup ? system.getOrDefault("MessageGroupId", "") : "",
                system.getOrDefault("MessageDeduplicationId", ""));
    }

    /// The next sequence number of a queue.
    static long number(Transaction tx, Queue queue) {
        Long last = tx.get(SqsTables.SEQUENCES, queue.id());
        long next = last == null ? 1 : last + 1;
        tx.put(SqsTables.SEQUENCES, queue.id(), next);
        return next;
    }

    /// Remembers what was sent, for the time of deduplication.
    static void remember(
            Transaction tx, Queue queue, Map<String, String> system, String id, long now) {
        KeyRange over =
                SqsTables.ofQueue(queue.id())
                        .endingBefore(out -> out.string(queue.id()).int64(now + 1));
        try (Cursor<ExpiryKey, Boolean> cursor = tx.scan(SqsTables.EXPIRIES, over, SWEPT)) {
            while (cursor.next()) {
                ExpiryKey old = cursor.key();
                tx.delete(SqsTables.EXPIRIES, old);
                tx.delete(
                        SqsTables.DUPLICATES, new DuplicateKey(old.queue(), old.scope(), old.id()));
            }
        }
        DuplicateKey key = duplicateKey(queue, system);
        long expires = now + DEDUPLICATION_MILLIS;
        long sequence = number(system.getOrDefault("SequenceNumber", digits(0)));
        tx.put(SqsTables.DUPLICATES, key, new Sent(id, sequence, expires));
        tx.put(
                SqsTables.EXPIRIES,
                new ExpiryKey(key.queue(), expires, key.scope(), key.id()),
                true);
    }

    /// The text of a sequence number: 20 digits that begin anywhere, as AWS's do.
    static String digits(long sequence) {
        return String.format(java.util.Locale.ROOT, "1%019d", FIRST + sequence);
    }

    /// The number of such a text.
    static long number(String digits) {
        return Long.parseLong(digits.substring(1)) - FIRST;
    }

    /// Notes a new message in its group.
    static void add(Transaction tx, String queue, String id, Message message) {
        GroupKey group = new GroupKey(queue, message.group());
        tx.put(SqsTables.ORDER, new OrderKey(queue, message.group(), message.sequence()), id);
        settle(tx, group);
    }

    /// Forgets a message that is gone.
    static void remove(Transaction tx, String queue, Message message) {
        tx.delete(SqsTables.ORDER, new OrderKey(queue, message.group(), message.sequence()));
        settle(tx, new GroupKey(queue, message.group()));
    }

    /// Moves a group's turn to when its first message can be seen.
    static void settle(Transaction tx, GroupKey group) {
        TurnKey before = tx.get(SqsTables.GROUPS, group);
        TurnKey after = turn(tx, group);
        if (before != null && !before.equals(after)) {
            tx.delete(SqsTables.TURNS, before);
        }
        if (after == null) {
            tx.delete(SqsTables.GROUPS, group);
        } else if (!after.equals(before)) {
            tx.put(SqsTables.GROUPS, group, after);
            tx.put(SqsTables.TURNS, after, true);
        }
    }

    private static @Nullable TurnKey turn(Transaction tx, GroupKey group) {
        try (Cursor<OrderKey, String> cursor =
                tx.scan(SqsTables.ORDER, SqsTables.ofGroup(group), 1)) {
            if (!cursor.next()) {
                return null;
            }
            Message first =
                    tx.get(SqsTables.MESSAGES, new MessageKey(group.queue(), cursor.value()));
            long visibleAt = first == null ? 0 : first.visibleAt();
            return new TurnKey(group.queue(), visibleAt, cursor.key().sequence(), group.group());
        }
    }

    /// The ids of messages that can be received now: as many as can be of one group, in order, then
    /// of the next.
    static List<String> visible(Transaction tx, String queue, long now, int max) {
        List<String> ids = new ArrayList<>();
        for (TurnKey turn : turns(tx, queue, now, max)) {
            GroupKey group = new GroupKey(queue, turn.group());
            try (Cursor<OrderKey, String> cursor =
                    tx.scan(SqsTables.ORDER, SqsTables.ofGroup(group), max)) {
                while (ids.size() < max && cursor.next()) {
                    Message message =
                            tx.get(SqsTables.MESSAGES, new MessageKey(queue, cursor.value()));
                    if (message == null || message.visibleAt() > now) {
                        break;
                    }
                    ids.add(cursor.value());
                }
            }
        }
        return ids;
    }

    private static List<TurnKey> turns(Transaction tx, String queue, long now, int max) {
        List<TurnKey> turns = new ArrayList<>();
        try (Cursor<TurnKey, Boolean> cursor =
                tx.scan(SqsTables.TURNS, SqsTables.turns(queue, now), max)) {
            while (cursor.next()) {
                turns.add(cursor.key());
            }
        }
        return turns;
    }
}
