package dev.freehold.services.dynamodb.table;

import dev.freehold.api.dynamodb.AttributeDefinition;
import dev.freehold.api.dynamodb.CreateTableRequest;
import dev.freehold.api.dynamodb.GlobalSecondaryIndex;
import dev.freehold.api.dynamodb.KeySchemaElement;
import dev.freehold.api.dynamodb.LocalSecondaryIndex;
import dev.freehold.api.dynamodb.Projection;
import dev.freehold.api.dynamodb.ProvisionedThroughput;
import dev.freehold.protocol.NotImplementedError;
import dev.freehold.services.dynamodb.value.Values;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a table's definition must be, in the order in which AWS says so.
final class Definitions {
    private static final long MAX_UNITS = 1_000_000_000_000L;
    private static final int MAX_LOCAL = 5;
    private static final int MAX_GLOBAL = 20;
    private static final int MAX_PROJECTED = 100;

    /// How many attributes one half of a global index's key may have.
    private static final int MAX_KEY_PARTS = 4;

    private static final String ON_DEMAND = "PAY_PER_REQUEST";

    private Definitions() {}

    /// @throws dev.freehold.protocol.CommonError what is wrong with it
    static void check(CreateTableRequest in) {
        refuse(in);
        boolean onDemand = ON_DEMAND.equals(in.billingMode());
        checkThroughput(onDemand, in.provisionedThroughput());
        List<AttributeDefinition> definitions = TableSchema.orEmpty(in.attributeDefinitions());
        List<KeySchemaElement> keys = TableSchema.orEmpty(in.keySchema());
        if (keys.size() > definitions.size()) {
            throw Values.invalid("Invalid KeySchema: Some index key attribute have no definition");
        }
        Set<String> used = new LinkedHashSet<>();
        checkKeys(keys, definitions, used);
        List<LocalSecondaryIndex> local = in.localSecondaryIndexes();
        List<GlobalSecondaryIndex> global = in.globalSecondaryIndexes();
        if (local == null && global == null && keys.size() != definitions.size()) {
            throw Values.invalidParameter(
                    "Number of attributes in KeySchema does not exactly match number of attributes"
                            + " defined in AttributeDefinitions");
        }
        Set<String> names = new HashSet<>();
        if (local != null) {
            checkLocal(local, keys, definitions, used, names);
        }
        if (global != null) {
            checkGlobal(global, onDemand, definitions, used, names);
        }
        checkProjected(local, global);
        checkUsed(definitions, used);
    }

    private static void refuse(CreateTableRequest in) {
        refuse("Vector indexes", in.vectorIndexes() != null && !in.vectorIndexes().isEmpty());
        refuse(
                "Global tables",
                in.globalTableSourceArn() != null
                        || in.globalTableSettingsReplicationMode() != null);
    }

    static void refuse(String what, boolean used) {
        if (used) {
            throw new NotImplementedError(what + " of DynamoDB");
        }
    }

    private static void checkThroughput(
            boolean onDemand, @Nullable ProvisionedThroughput throughput) {
        if (onDemand) {
            if (throughput != null) {
                throw Values.invalidParameter(
                        "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when"
                                + " BillingMode is PAY_PER_REQUEST");
            }
            return;
        }
        if (throughput == null) {
            throw Values.invalidParameter(
                    "ReadCapacityUnits and WriteCapacityUnits must both be specified when"
                            + " BillingMode is PROVISIONED");
        }
        checkBounds(throughput);
    }

    static void checkBounds(ProvisionedThroughput throughput) {
        checkBound("ReadCapacityUnits", throughput.readCapacityUnits());
        checkBound("WriteCapacityUnits", throughput.writeCapacityUnits());
    }

    private static void checkBound(String name, long units) {
        if (units > MAX_UNITS) {
            throw Values.invalid("Given value " + units + " for " + name + " is out of bounds");
        }
    }

    static boolean inBounds(ProvisionedThroughput throughput) {
        return throughput.readCapacityUnits() <= MAX_UNITS
                && throughput.writeCapacityUnits() <= MAX_UNITS;
    }

    private static List<String> names(List<KeySchemaElement> keys) {
        return keys.stream().map(KeySchemaElement::attributeName).toList();
    }

    private static void checkDefined(
            List<KeySchemaElement> keys, List<AttributeDefinition> definitions, Set<String> used) {
        List<String> defined =
                definitions.stream().map(AttributeDefinition::attributeName).toList();
        List<String> names = names(keys);
        if (!defined.containsAll(names)) {
            throw Values.invalidParameter(
                    "Some index key attributes are not defined in AttributeDefinitions. Keys: "
                            + names
                            + ", AttributeDefinitions: "
                            + defined);
        }
        used.addAll(names);
    }

    /// The keys of a table or a local index: a HASH, and perhaps a RANGE.
    private static void checkKeys(
            List<KeySchemaElement> keys, List<AttributeDefinition> definitions, Set<String> used) {
        checkDefined(keys, definitions, used);
        if (keys.size() > 1 && keys.get(0).attributeName().equals(keys.get(1).attributeName())) {
            throw Values.invalid(
                    "Both the Hash Key and the Range Key element in the KeySchema have the same"
                            + " name");
        }
        if (!keys.getFirst().keyType().equals("HASH")) {
            throw Values.invalid(
                    "Invalid KeySchema: The first KeySchemaElement is not a HASH key type");
        }
        if (keys.size() > 1 && !keys.get(1).keyType().equals("RANGE")) {
            throw Values.invalid(
                    "Invalid KeySchema: The second KeySchemaElement is not a RANGE key type");
        }
        if (keys.size() > 2) {
            throw Values.invalidParameter(
                    "Number of attributes in KeySchema exceeds the limit of 2");
        }
    }

    private static void checkLocal(
            List<LocalSecondaryIndex> indexes,
            List<KeySchemaElement> table,
            List<AttributeDefinition> definitions,
            Set<String> used,
            Set<String> names) {
        if (indexes.isEmpty()) {
            throw Values.invalidParameter("List of LocalSecondaryIndexes is empty");
        }
        if (table.size() != 2) {
            throw Values.invalidParameter(
                    "Table KeySchema does not have a range key, which is required when specifying a"
                            + " LocalSecondaryIndex");
        }
        String hash = table.getFirst().attributeName();
        for (LocalSecondaryIndex index : indexes) {
            List<KeySchemaElement> keys = index.keySchema();
            checkKeys(keys, definitions, used);
            if (keys.size() != 2) {
                throw Values.invalidParameter(
                        "Index KeySchema does not have a range key for index: "
                                + index.indexName());
            }
            String indexHash = keys.getFirst().attributeName();
            if (!indexHash.equals(hash)) {
                throw Values.invalidParameter(
                        "Index KeySchema does not have the same leading hash key as table"
                                + " KeySchema for index: "
                                + index.indexName()
                                + ". index hash key: "
                                + indexHash
                                + ", table hash key: "
                                + hash);
            }
            checkProjection(index.projection());
            checkName(index.indexName(), names);
        }
        if (indexes.size() > MAX_LOCAL) {
            throw Values.invalidParameter(
                    "Number of LocalSecondaryIndexes exceeds per-table limit of " + MAX_LOCAL);
        }
    }

    private static void checkGlobal(
            List<GlobalSecondaryIndex> indexes,
            boolean onDemand,
            List<AttributeDefinition> definitions,
            Set<String> used,
            Set<String> names) {
        if (indexes.isEmpty()) {
            throw Values.invalidParameter("List of GlobalSecondaryIndexes is empty");
        }
        for (GlobalSecondaryIndex index : indexes) {
            checkGlobalKeys(index.keySchema(), definitions, used);
            checkProjection(index.projection());
            checkIndexThroughput(index.indexName(), onDemand, index.provisionedThroughput());
            checkName(index.indexName(), names);
        }
        if (indexes.size() > MAX_GLOBAL) {
            throw Values.invalidParameter(
                    "GlobalSecondaryIndex count exceeds the per-table limit of " + MAX_GLOBAL);
        }
    }

    static void checkIndexThroughput(
            String index, boolean onDemand, @Nullable ProvisionedThroughput throughput) {
        if (onDemand && throughput != null) {
            throw Values.invalidParameter(
                    "ProvisionedThroughput should not be specified for index: "
                            + index
                            + " when BillingMode is PAY_PER_REQUEST");
        }
        if (!onDemand && throughput == null) {
            throw Values.invalidParameter(
                    "ProvisionedThroughput must be specified for index: " + index);
        }
    }

    /// The keys of a global index: up to four of each kind, all HASH before all RANGE.
    static void checkGlobalKeys(
            List<KeySchemaElement> keys, List<AttributeDefinition> definitions, Set<String> used) {
        if (keys.size() <= 2 && keys.stream().filter(k -> k.keyType().equals("HASH")).count() < 2) {
            checkKeys(keys, definitions, used);
            return;
        }
        checkDefined(keys, definitions, used);
        if (new HashSet<>(names(keys)).size() != keys.size()) {
            throw Values.invalid(
                    "Both the Hash Key and the Range Key element in the KeySchema have the same"
                            + " name");
        }
        if (!keys.getFirst().keyType().equals("HASH")) {
            throw Values.invalid(
                    "Invalid KeySchema: The first KeySchemaElement is not a HASH key type");
        }
        int hashes = 0;
        boolean ranges = false;
        for (KeySchemaElement key : keys) {
            boolean hash = key.keyType().equals("HASH");
            if (hash && ranges) {
                throw Values.invalid(
                        "Invalid KeySchema: All HASH key types must come before RANGE key types");
            }
            hashes += hash ? 1 : 0;
            ranges |= !hash;
        }
        if (hashes > MAX_KEY_PARTS || keys.size() - hashes > MAX_KEY_PARTS) {
            throw Values.invalidParameter(
                    "Number of attributes in KeySchema exceeds the limit of "
                            + MAX_KEY_PARTS
                            + " HASH and "
                            + MAX_KEY_PARTS
                            + " RANGE attributes");
        }
    }

    static void checkProjection(Projection projection) {
        String type = projection.projectionType();
        List<String> attributes = projection.nonKeyAttributes();
        if (type == null) {
            throw Values.invalidParameter("Unknown ProjectionType: null");
        }
        if (attributes != null && !type.equals("INCLUDE")) {
            throw Values.invalidParameter(
                    "ProjectionType is " + type + ", but NonKeyAttributes is specified");
        }
        if (attributes == null && type.equals("INCLUDE")) {
            throw Values.invalidParameter(
                    "ProjectionType is INCLUDE, but NonKeyAttributes is not specified");
        }
        if (attributes != null && new HashSet<>(attributes).size() != attributes.size()) {
            throw Values.invalidParameter(
                    "Duplicate NonKeyAttributes in Projection: " + attributes);
        }
    }

    private static void checkName(String index, Set<String> names) {
        if (!names.add(index)) {
            throw Values.invalidParameter("Duplicate index name: " + index);
        }
    }

    private static void checkProjected(
            @Nullable List<LocalSecondaryIndex> local,
            @Nullable List<GlobalSecondaryIndex> global) {
        List<Projection> projections = new ArrayList<>();
        TableSchema.orEmpty(local).forEach(index -> projections.add(index.projection()));
        TableSchema.orEmpty(global).forEach(index -> projections.add(index.projection()));
        int projected =
                projections.stream()
                        .mapToInt(p -> TableSchema.orEmpty(p.nonKeyAttributes()).size())
                        .sum();
        if (projected > MAX_PROJECTED) {
            throw Values.invalidParameter(
                    "Number of projected attributes exceeds the per-table limit of "
                            + MAX_PROJECTED);
        }
    }

    private static void checkUsed(List<AttributeDefinition> definitions, Set<String> used) {
        Set<String> seen = new HashSet<>();
        for (AttributeDefinition definition : definitions) {
            if (!seen.add(definition.attributeName())) {
                throw Values.invalidParameter(
                        "Duplicate AttributeName in AttributeDefinitions: "
                                + definition.attributeName());
            }
        }
        if (!used.containsAll(seen)) {
            throw Values.invalidParameter(
                    "Some AttributeDefinitions are not used. AttributeDefinitions: "
                            + List.copyOf(seen)
                            + ", keys used: "
                            + List.copyOf(used));
        }
    }
}
