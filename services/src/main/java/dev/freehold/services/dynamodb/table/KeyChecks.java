package dev.freehold.services.dynamodb.table;

import dev.freehold.api.dynamodb.AttributeValue;
import dev.freehold.protocol.Blob;
import dev.freehold.protocol.CommonError;
import dev.freehold.services.dynamodb.table.TableSchema.Index;
import dev.freehold.services.dynamodb.table.TableSchema.KeyAttribute;
import dev.freehold.services.dynamodb.value.Sizes;
import dev.freehold.services.dynamodb.value.Values;
import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Whether items and keys fit a table.
public final class KeyChecks {
    private static final int MAX_HASH = 2048;
    private static final int MAX_RANGE = 1024;

    private KeyChecks() {}

    /// A whole item must have the table's key, and attributes that indexes have as keys must have
    /// their types.
    public static void item(TableSchema table, Map<String, AttributeValue> item) {
        for (KeyAttribute attribute : table.own().all()) {
            AttributeValue value = item.get(attribute.name());
            if (value == null) {
                throw Values.invalidParameter(
                        "Missing the key " + attribute.name() + " in the item");
            }
            if (!Values.type(value).equals(attribute.type())) {
                throw Values.invalidParameter(
                        "Type mismatch for key "
                                + attribute.name()
                                + " expected: "
                                + attribute.type()
                                + " actual: "
                                + Values.type(value));
            }
            String empty = empty(value);
            if (empty != null) {
                throw Values.invalid(
                        "One or more parameter values are not valid. The AttributeValue for a key"
                                + " attribute cannot contain an empty "
                                + empty
                                + " value. Key: "
                                + attribute.name());
            }
            checkSize(value, isHash(table, attribute));
        }
        indexKeys(table, item);
    }

    private static boolean isHash(TableSchema table, KeyAttribute attribute) {
        return table.own().hash().contains(attribute);
    }

    /// What kind of emptiness a key can't have, or null.
    private static @Nullable String empty(AttributeValue value) {
        return switch (value) {
            case AttributeValue.OfS(String text) when text.isEmpty() -> "string";
            case AttributeValue.OfB(Blob blob) when blob.length() == 0 -> "binary";
            default -> null;
        };
    }

    private static void checkSize(AttributeValue value, boolean hash) {
        int size = value instanceof AttributeValue.OfN ? 0 : Sizes.of(value);
        if (hash && size > MAX_HASH) {
            throw Values.invalidParameter(
                    "Size of hashkey has exceeded the maximum size limit of2048 bytes");
        }
        if (!hash && size > MAX_RANGE) {
            throw Values.invalidParameter(
                    "Aggregated size of all range keys has exceeded the size limit of 1024 bytes");
        }
    }

    private static void indexKeys(TableSchema table, Map<String, AttributeValue> item) {
        for (Index index : table.indexes().values()) {
            for (KeyAttribute attribute : index.key().all()) {
                AttributeValue value = item.get(attribute.name());
                if (value != null) {
                    indexKey(index, attribute, value);
                }
            }
        }
    }

    private static void indexKey(Index index, KeyAttribute attribute, AttributeValue value) {
        checkIndexType(index, attribute, Values.type(value));
        String empty = empty(value);
        if (empty != null) {
            throw Values.invalid(
                    "One or more parameter values are not valid. A value specified for a secondary"
                            + " index key is not supported. The AttributeValue for a key attribute"
                            + " cannot contain an empty "
                            + empty
                            + " value. IndexName: "
                            + index.name()
                            + ", IndexKey: "
                            + attribute.name());
        }
        checkSize(value, index.key().hash().contains(attribute));
    }

    /// Whether an index can have the item, which was there before the index.
    public static boolean fits(Index index, Map<String, AttributeValue> item) {
        for (KeyAttribute attribute : index.key().all()) {
            AttributeValue value = item.get(attribute.name());
            boolean hash = index.key().hash().contains(attribute);
            int max = hash ? MAX_HASH : MAX_RANGE;
            if (value == null || empty(value) != null || Sizes.of(value) > max) {
                return false;
            }
        }
        return true;
    }

    /// @throws CommonError when an index's key attribute would get another type
    public static void checkIndexType(Index index, KeyAttribute attribute, String type) {
        if (!type.equals(attribute.type())) {
            throw Values.invalidParameter(
                    "Type mismatch for Index Key "
                            + attribute.name()
                            + " Expected: "
                            + attribute.type()
                            + " Actual: "
                            + type
                            + " IndexName: "
                            + index.name());
        }
    }

    /// What an update made of an item must still fit the indexes.
    public static void updated(TableSchema table, Map<String, AttributeValue> item) {
        for (Index index : table.indexes().values()) {
            for (KeyAttribute attribute : index.key().all()) {
                AttributeValue value = item.get(attribute.name());
                if (value == null) {
                    continue;
                }
                if (!Values.type(value).equals(attribute.type())) {
                    throw Values.invalid(
                            "The update expression attempted to update the secondary index key to"
                                    + " unsupported type");
                }
                if (empty(value) != null) {
                    throw Values.invalid(
                            "The update expression attempted to update the secondary index key to a"
                                    + " value that is not supported. The AttributeValue for a key"
                                    + " attribute cannot contain an empty "
                                    + empty(value)
                                    + " value.");
                }
                checkSize(value, index.key().hash().contains(attribute));
            }
        }
    }

    /// A request's key must have the key's attributes and nothing else.
    public static void key(TableSchema table, Map<String, AttributeValue> key) {
        if (key.size() != table.own().all().size()) {
            throw mismatch();
        }
        for (KeyAttribute attribute : table.own().all()) {
            keyPart(key, attribute, isHash(table, attribute));
        }
    }

    /// One attribute of a key.
    public static void keyPart(
            Map<String, AttributeValue> key, KeyAttribute attribute, boolean hash) {
        AttributeValue value = key.get(attribute.name());
        if (value == null || !Values.type(value).equals(attribute.type())) {
            throw mismatch();
        }
        String empty = empty(value);
        if (empty != null) {
            throw Values.invalid(
                    "One or more parameter values were invalid: The AttributeValue for a key"
                            + " attribute cannot contain an empty "
                            + empty
                            + " value. Key: "
                            + attribute.name());
        }
        checkSize(value, hash);
    }

    private static CommonError mismatch() {
        return Values.invalid("The provided key element does not match the schema");
    }

    /// Paths must not lead into key attributes, which are scalars.
    public static void checkPaths(TableSchema table, Collection<String> nested) {
        if (nested.isEmpty()) {
            return;
        }
        for (String name : table.own().names()) {
            if (nested.contains(name)) {
                throw scalar("Key: " + name);
            }
        }
        for (Index index : table.indexes().values()) {
            for (String name : index.key().names()) {
                if (nested.contains(name)) {
                    throw scalar("IndexKey: " + name);
                }
            }
        }
    }

    private static CommonError scalar(String which) {
        return Values.invalid(
                "Key attributes must be scalars; list random access '[]' and map lookup '.' are not"
                        + " allowed: "
                        + which);
    }
}
