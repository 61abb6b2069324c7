package dev.freehold.services.dynamodb;

import dev.freehold.api.dynamodb.AttributeDefinition;
import dev.freehold.api.dynamodb.AttributeValue;
import dev.freehold.api.dynamodb.KeySchemaElement;
import dev.freehold.api.dynamodb.TableDescription;
import dev.freehold.protocol.Blob;
import dev.freehold.services.dynamodb.DynamodbTables.ItemKey;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The keys of a table and of its indexes.
///
/// @param id the table's id, which a table of the same name that is made later does not have
/// @param own the table's own key
/// @param indexes by name
record TableKeys(String id, Key own, Map<String, Key> indexes) {
    /// @param hash the partition key's name
    /// @param range the sort key's name, or null
    record Key(String hash, String hashType, @Nullable String range, @Nullable String rangeType) {
        List<String> names() {
            return range == null ? List.of(hash) : List.of(hash, range);
        }
    }

    static TableKeys of(TableDescription table) {
        Map<String, String> types = new LinkedHashMap<>();
        for (AttributeDefinition d : orEmpty(table.attributeDefinitions())) {
            types.put(d.attributeName(), d.attributeType());
        }
        Map<String, Key> indexes = new LinkedHashMap<>();
        for (var index : orEmpty(table.globalSecondaryIndexes())) {
            indexes.put(String.valueOf(index.indexName()), key(orEmpty(index.keySchema()), types));
        }
        for (var index : orEmpty(table.localSecondaryIndexes())) {
            indexes.put(String.valueOf(index.indexName()), key(orEmpty(index.keySchema()), types));
        }
        return new TableKeys(
                String.valueOf(table.tableId()), key(orEmpty(table.keySchema()), types), indexes);
    }

    static <T> List<T> orEmpty(@Nullable List<T> list) {
        return list == null ? List.of() : list;
    }

    static Key key(List<KeySchemaElement> schema, Map<String, String> types) {
        String hash = schema.getFirst().attributeName();
        String range = schema.size() > 1 ? schema.get(1).attributeName() : null;
        return new Key(
                hash,
                types.getOrDefault(hash, "S"),
                range,
                range == null ? null : types.getOrDefault(range, "S"));
    }

    /// Where an item is.
    ///
    /// @throws dev.freehold.protocol.CommonError when it lacks its key
    ItemKey itemKey(Map<String, AttributeValue> item) {
        Blob hash = part(item, own.hash, own.hashType);
        Blob range =
                own.range == null
                        ? Blob.EMPTY
                        : part(item, own.range, String.valueOf(own.rangeType));
        return new ItemKey(id, hash, range);
    }

    private static Blob part(Map<String, AttributeValue> item, String name, String type) {
        AttributeValue value = item.get(name);
        if (value == null) {
            throw Values.invalid(
                    "One or more parameter values were invalid: Missing the key "
                            + name
                            + " in the item");
        }
        if (!Values.type(value).equals(type)) {
            throw Values.invalid(
                    "One or more parameter values were invalid: Type mismatch for key "
                            + name
                            + " expected: "
                            + type
                            + " actual: "
                            + Values.type(value));
        }
        Blob bytes = Blob.wrap(KeyBytes.of(value));
        if (bytes.length() == 0) {
            throw Values.invalid(
                    "One or more parameter values are not valid. The AttributeValue for a key attribute"
                            + " cannot contain an empty string value. Key: "
                            + name);
        }
        return bytes;
    }

    /// A request's key must have the key's attributes and nothing else.
    ItemKey exactKey(Map<String, AttributeValue> key) {
        if (key.size() != own.names().size() || !key.keySet().containsAll(own.names())) {
            throw Values.invalid("The provided key element does not match the schema");
        }
        for (String name : own.names()) {
            String wanted = name.equals(own.hash) ? own.hashType : String.valueOf(own.rangeType);
            AttributeValue value = key.get(name);
            if (value == null || !Values.type(value).equals(wanted)) {
                throw Values.invalid("The provided key element does not match the schema");
            }
        }
        return itemKey(key);
    }

    /// The entry of an item in an index, or null when it has none there.
    DynamodbTables.@Nullable IndexKey entry(
            String index, ItemKey at, Map<String, AttributeValue> item) {
        Key key = indexes.get(index);
        AttributeValue hash = key == null ? null : item.get(key.hash);
        if (key == null || hash == null) {
            return null;
        }
        Blob range = Blob.EMPTY;
        if (key.range != null) {
            AttributeValue value = item.get(key.range);
            if (value == null) {
                return null;
            }
            range = checked(key.range, String.valueOf(key.rangeType), index, value);
        }
        Blob hashBytes = checked(key.hash, key.hashType, index, hash);
        return new DynamodbTables.IndexKey(id, index, hashBytes, range, at.hash(), at.range());
    }

    private static Blob checked(String name, String type, String index, AttributeValue value) {
        if (!Values.type(value).equals(type)) {
            throw Values.invalid(
                    "One or more parameter values were invalid: Type mismatch for Index Key "
                            + name
                            + " Expected: "
                            + type
                            + " Actual: "
                            + Values.type(value)
                            + " IndexName: "
                            + index);
        }
        return Blob.wrap(KeyBytes.of(value));
    }
}
