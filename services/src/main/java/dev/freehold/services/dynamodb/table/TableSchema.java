package dev.freehold.services.dynamodb.table;

import dev.freehold.api.dynamodb.AttributeDefinition;
import dev.freehold.api.dynamodb.AttributeValue;
import dev.freehold.api.dynamodb.KeySchemaElement;
import dev.freehold.api.dynamodb.Projection;
import dev.freehold.api.dynamodb.TableDescription;
import dev.freehold.protocol.Blob;
import dev.freehold.services.dynamodb.value.KeyBytes;
import dev.freehold.services.dynamodb.value.Values;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A table as requests use it.
///
/// @param own the table's own key
/// @param indexes by name, in the order in which AWS checks them: global ones first
public record TableSchema(TableKey key, TableRow row, Key own, Map<String, Index> indexes) {
    /// An attribute of a key.
    ///
    /// @param type `S`, `N` or `B`
    public record KeyAttribute(String name, String type) {}

    /// A key: of tables and local indexes, one attribute each at most.
    public record Key(List<KeyAttribute> hash, List<KeyAttribute> range) {
        /// All attributes, the partition's first.
        public List<KeyAttribute> all() {
            List<KeyAttribute> all = new ArrayList<>(hash);
            all.addAll(range);
            return all;
        }

        /// Their names.
        public List<String> names() {
            return all().stream().map(KeyAttribute::name).toList();
        }
    }

    /// An index.
    ///
    /// @param number its number in the table
    /// @param projected the attributes that it has, or null when it has all
    public record Index(
            String name,
            int number,
            boolean global,
            boolean active,
            Key key,
            @Nullable Set<String> projected) {
        /// The entry of an item, or null when it has none: it lacks a key attribute.
        public @Nullable IndexKey entry(ItemKey at, Map<String, AttributeValue> item) {
            List<Blob> hash = parts(key.hash, item);
            List<Blob> range = hash == null ? null : parts(key.range, item);
            return hash == null || range == null
                    ? null
                    : new IndexKey(at.table(), number, hash, range, at);
        }

        private static @Nullable List<Blob> parts(
                List<KeyAttribute> attributes, Map<String, AttributeValue> item) {
            List<Blob> parts = new ArrayList<>(attributes.size());
            for (KeyAttribute attribute : attributes) {
                AttributeValue value = item.get(attribute.name);
                if (value == null || !Values.type(value).equals(attribute.type)) {
                    return null;
                }
                parts.add(KeyBytes.of(value));
            }
            return parts;
        }

        /// The item as the index has it.
        public Map<String, AttributeValue> project(Map<String, AttributeValue> item) {
            if (projected == null) {
                return item;
            }
            Map<String, AttributeValue> shown = new LinkedHashMap<>();
            item.forEach((name, value) -> {
                if (projected.contains(name)) {
                    shown.put(name, value);
                }
            });
            return shown;
        }
    }

    static TableSchema of(TableKey key, TableRow row) {
        TableDescription table = row.description();
        Map<String, String> types = new LinkedHashMap<>();
        for (AttributeDefinition d : orEmpty(table.attributeDefinitions())) {
            types.put(d.attributeName(), d.attributeType());
        }
        Key own = key(orEmpty(table.keySchema()), types);
        Map<String, Index> indexes = new LinkedHashMap<>();
        for (var index : orEmpty(table.globalSecondaryIndexes())) {
            String name = String.valueOf(index.indexName());
            Key indexKey = key(orEmpty(index.keySchema()), types);
            boolean active = !"CREATING".equals(index.indexStatus());
            Set<String> projected = projected(index.projection(), own, indexKey);
            indexes.put(
                    name, new Index(name, number(row, name), true, active, indexKey, projected));
        }
        for (var index : orEmpty(table.localSecondaryIndexes())) {
            String name = String.valueOf(index.indexName());
            Key indexKey = key(orEmpty(index.keySchema()), types);
            Set<String> projected = projected(index.projection(), own, indexKey);
            indexes.put(name, new Index(name, number(row, name), false, true, indexKey, projected));
        }
        return new TableSchema(key, row, own, indexes);
    }

    private static int number(TableRow row, String index) {
        Integer number = row.indexes().get(index);
        if (number == null) {
            throw new IllegalStateException("an index without a number: " + index);
        }
        return number;
    }

    static <T> List<T> orEmpty(@Nullable List<T> list) {
        return list == null ? List.of() : list;
    }

    private static Key key(List<KeySchemaElement> schema, Map<String, String> types) {
        List<KeyAttribute> hash = new ArrayList<>();
        List<KeyAttribute> range = new ArrayList<>();
        for (KeySchemaElement element : schema) {
            String name = element.attributeName();
            KeyAttribute attribute = new KeyAttribute(name, types.getOrDefault(name, "S"));
            (element.keyType().equals("HASH") ? hash : range).add(attribute);
        }
        return new Key(hash, range);
    }

    private static @Nullable Set<String> projected(
            @Nullable Projection projection, Key own, Key index) {
        if (projection == null || "ALL".equals(projection.projectionType())) {
            return null;
        }
        Set<String> names = new LinkedHashSet<>(own.names());
        names.addAll(index.names());
        names.addAll(orEmpty(projection.nonKeyAttributes()));
        return names;
    }

    /// The table's number.
    public long number() {
        return row.number();
    }

    /// The table's name.
    public String name() {
        return key.name();
    }

    /// The sort key's name, or null.
    public @Nullable String sortKey() {
        return own.range.isEmpty() ? null : own.range.getFirst().name();
    }

    /// Where an item is, whose key was checked.
    public ItemKey at(Map<String, AttributeValue> item) {
        Blob hash = part(own.hash.getFirst(), item);
        Blob range = own.range.isEmpty() ? Blob.EMPTY : part(own.range.getFirst(), item);
        return new ItemKey(number(), hash, range);
    }

    private static Blob part(KeyAttribute attribute, Map<String, AttributeValue> item) {
        AttributeValue value = item.get(attribute.name());
        if (value == null) {
            throw new IllegalStateException("a key was not checked");
        }
        return KeyBytes.of(value);
    }

    /// The attributes of the key, of an item.
    public Map<String, AttributeValue> keyOf(Map<String, AttributeValue> item) {
        Map<String, AttributeValue> shown = new LinkedHashMap<>();
        for (KeyAttribute attribute : own.all()) {
            AttributeValue value = item.get(attribute.name());
            if (value != null) {
                shown.put(attribute.name(), value);
            }
        }
        return shown;
    }
}
