package dev.freehold.services.dynamodb.value;

import dev.freehold.api.dynamodb.AttributeValue;
import dev.freehold.protocol.Blob;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// How many bytes items have, for limits and for capacity.
///
/// See
/// <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html>.
public final class Sizes {
    /// The largest item: names and values.
    public static final int MAX_ITEM = 400 * 1024;

    private Sizes() {}

    /// The size of an item; 0 of none.
    public static int of(@Nullable Map<String, AttributeValue> item) {
        if (item == null) {
            return 0;
        }
        int size = 0;
        for (Map.Entry<String, AttributeValue> entry : item.entrySet()) {
            size += utf8(entry.getKey()) + of(entry.getValue());
        }
        return size;
    }

    /// The size of a value.
    public static int of(AttributeValue value) {
        return switch (value) {
            case AttributeValue.OfS(String text) -> utf8(text);
            case AttributeValue.OfN(String number) -> Numbers.size(number);
            case AttributeValue.OfB(Blob blob) -> blob.length();
            case AttributeValue.OfSS(List<String> set) -> set.stream().mapToInt(Sizes::utf8).sum();
            case AttributeValue.OfNS(List<String> set) ->
                    set.stream().mapToInt(Numbers::size).sum();
            case AttributeValue.OfBS(List<Blob> set) -> set.stream().mapToInt(Blob::length).sum();
            case AttributeValue.OfL(List<AttributeValue> list) ->
                    3 + list.stream().mapToInt(v -> 1 + of(v)).sum();
            case AttributeValue.OfM(Map<String, AttributeValue> map) -> 3 + map.size() + of(map);
            default -> 1;
        };
    }

    /// The bytes of a text in UTF-8.
    public static int utf8(String text) {
        int size = text.length();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= 0x800 && !Character.isSurrogate(c)) {
                size += 2;
            } else if (c >= 0x80) {
                size++;
            }
        }
        return size;
    }

    /// What an item counts for against the 1 MB of a page: AWS counts it as it stores it, where a
    /// name takes a byte, a value's length one to three, and each 3 KB carry the sort key again.
    public static int stored(Map<String, AttributeValue> item, @Nullable String sortKey) {
        int size = 0;
        int sortSize = 0;
        for (Map.Entry<String, AttributeValue> entry : item.entrySet()) {
            if (entry.getKey().equals(sortKey)) {
                sortSize = of(entry.getValue());
            } else {
                size += 1 + stored(entry.getValue());
            }
        }
        return 2 + size + (1 + (1 + size) / 3072) * (18 + sortSize);
    }

    private static int stored(AttributeValue value) {
        return switch (value) {
            case AttributeValue.OfS(String text) -> {
                int size = utf8(text);
                yield size + (size < 128 ? 1 : size < 16384 ? 2 : 3);
            }
            case AttributeValue.OfN n -> of(n) + 1;
            case AttributeValue.OfB b -> of(b) + 1;
            case AttributeValue.OfSS(List<String> set) -> of(value) + set.size() + 1;
            case AttributeValue.OfNS(List<String> set) -> of(value) + set.size() + 1;
            case AttributeValue.OfBS(List<Blob> set) -> of(value) + set.size() + 1;
            case AttributeValue.OfNULL n -> 0;
            case AttributeValue.OfBOOL b -> 1;
            case AttributeValue.OfL(List<AttributeValue> list) ->
                    3 + list.stream().mapToInt(v -> 1 + stored(v)).sum();
            case AttributeValue.OfM(Map<String, AttributeValue> map) ->
                    3 + 2 * map.size() + map.values().stream().mapToInt(Sizes::stored).sum();
            default -> 0;
        };
    }
}
