package dev.freehold.services.dynamodb.item;

import dev.freehold.api.dynamodb.AttributeValue;
import dev.freehold.protocol.Blob;
import dev.freehold.services.dynamodb.expression.KeyPredicate;
import dev.freehold.services.dynamodb.table.DynamodbTables;
import dev.freehold.services.dynamodb.table.IndexKey;
import dev.freehold.services.dynamodb.table.ItemKey;
import dev.freehold.services.dynamodb.table.TableSchema;
import dev.freehold.services.dynamodb.table.TableSchema.Index;
import dev.freehold.services.dynamodb.table.TableSchema.KeyAttribute;
import dev.freehold.services.dynamodb.value.KeyBytes;
import dev.freehold.storage.KeyRange;
import dev.freehold.storage.KeyWriter;
import dev.freehold.storage.Transaction.Direction;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The parts of tables and indexes that queries and scans walk.
record Ranges(TableSchema table, @Nullable Index index) {
    /// Places are divided into so many for scans of up to as many segments, as AWS does.
    private static final int COARSE = 4096;

    private static final int PLACES = 1 << 8 * KeyBytes.PLACE_BYTES;

    TableSchema.Key key() {
        return index == null ? table.own() : index.key();
    }

    private void writePartition(KeyWriter out, List<Blob> hash) {
        if (index == null) {
            ItemKey.writePartition(out, table.number(), hash.getFirst());
        } else {
            int ranges = index.key().range().size();
            IndexKey.writePartition(out, table.number(), index.number(), hash, ranges);
        }
    }

    /// What a query's predicates leave, which fit the key.
    KeyRange query(Map<String, KeyPredicate> predicates) {
        List<Blob> hash =
                key().hash().stream().map(attribute -> equal(predicates, attribute)).toList();
        Consumer<KeyWriter> prefix = out -> writePartition(out, hash);
        for (KeyAttribute attribute : key().range()) {
            KeyPredicate predicate = predicates.get(attribute.name());
            if (predicate == null) {
                break;
            }
            if (!predicate.operator().equals("EQ")) {
                return sorted(prefix, predicate);
            }
            Consumer<KeyWriter> before = prefix;
            Blob value = KeyBytes.of(predicate.values().getFirst());
            prefix =
                    out -> {
                        before.accept(out);
                        out.bytes(value.bytes());
                    };
        }
        return KeyRange.prefix(prefix);
    }

    private static Blob equal(Map<String, KeyPredicate> predicates, KeyAttribute attribute) {
        KeyPredicate predicate = predicates.get(attribute.name());
        if (predicate == null) {
            throw new IllegalStateException("a partition key without a value");
        }
        return KeyBytes.of(predicate.values().getFirst());
    }

    private static KeyRange sorted(Consumer<KeyWriter> prefix, KeyPredicate predicate) {
        KeyRange all = KeyRange.prefix(prefix);
        byte[] first = KeyBytes.of(predicate.values().getFirst()).bytes();
        byte[] last = KeyBytes.of(predicate.values().getLast()).bytes();
        Consumer<KeyWriter> at = out -> then(out, prefix).bytes(first);
        return switch (predicate.operator()) {
            case "LT" -> all.endingBefore(at);
            case "LE" -> all.endingBefore(after(prefix, first));
            case "GT" -> all.startingAfter(at);
            case "GE" -> all.startingAt(at);
            case "BETWEEN" -> all.startingAt(at).endingBefore(after(prefix, last));
            case "BEGINS_WITH" -> KeyRange.prefix(out -> then(out, prefix).bytesPrefix(first));
            default -> throw new IllegalStateException(predicate.operator());
        };
    }

    private static KeyWriter then(KeyWriter out, Consumer<KeyWriter> prefix) {
        prefix.accept(out);
        return out;
    }

    /// After all keys with that component and before all with a greater one: a component ends with
    /// 00 01, and a 00 in it is followed by FF.
    private static Consumer<KeyWriter> after(Consumer<KeyWriter> prefix, byte[] component) {
        return out -> then(out, prefix).bytesPrefix(component).uint8(0).uint8(2);
    }

    /// All, or one of several segments.
    KeyRange scan(@Nullable Integer segment, @Nullable Integer total) {
        KeyRange all = KeyRange.prefix(this::writeHead);
        if (segment == null || total == null || total == 1) {
            return all;
        }
        int first = firstPlace(segment, total);
        int next = firstPlace(segment + 1, total);
        KeyRange from = all.startingAt(out -> writePlace(out, first));
        return next >= PLACES ? from : from.endingBefore(out -> writePlace(out, next));
    }

    /// Whether an item with that partition key is in the segment.
    boolean inSegment(List<Blob> hash, int segment, int total) {
        byte[] bytes = KeyBytes.place(hash);
        int place = (bytes[0] & 0xFF) << 16 | (bytes[1] & 0xFF) << 8 | bytes[2] & 0xFF;
        return place >= firstPlace(segment, total) && place < firstPlace(segment + 1, total);
    }

    private static int firstPlace(int segment, int total) {
        int units = total <= COARSE ? COARSE : PLACES;
        long first = ((long) units * segment + total - 1) / total;
        return (int) (first * (PLACES / units));
    }

    private void writeHead(KeyWriter out) {
        out.int64(table.number());
        if (index != null) {
            out.int32(index.number())
                    .uint8(index.key().hash().size())
                    .uint8(index.key().range().size());
        }
    }

    private void writePlace(KeyWriter out, int place) {
        writeHead(out);
        out.uint8(place >>> 16).uint8(place >>> 8 & 0xFF).uint8(place & 0xFF);
    }

    /// What of a range comes after a key that was checked.
    KeyRange after(KeyRange range, Map<String, AttributeValue> start, Direction direction) {
        ItemKey item = table.at(start);
        Consumer<KeyWriter> last;
        if (index == null) {
            last = out -> DynamodbTables.ITEMS.keys().write(item, out);
        } else {
            IndexKey entry = index.entry(item, start);
            if (entry == null) {
                throw new IllegalStateException("a start key was not checked");
            }
            last = out -> DynamodbTables.INDEXES.keys().write(entry, out);
        }
        return direction == Direction.FORWARD
                ? range.startingAfter(last)
                : range.endingBefore(last);
    }
}
