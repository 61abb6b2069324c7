package dev.freehold.services.dynamodb.item;

import dev.freehold.api.dynamodb.AttributeValue;
import dev.freehold.api.dynamodb.Capacity;
import dev.freehold.api.dynamodb.ConsumedCapacity;
import dev.freehold.services.dynamodb.table.IndexKey;
import dev.freehold.services.dynamodb.table.ItemKey;
import dev.freehold.services.dynamodb.table.TableSchema;
import dev.freehold.services.dynamodb.table.TableSchema.Index;
import dev.freehold.services.dynamodb.value.Sizes;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The capacity units that requests take of one table and its indexes.
///
/// See
/// <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html>.
final class Consumption {
    private static final int WRITE_UNIT = 1024;
    private static final int READ_UNIT = 4096;

    private double table;
    private final Map<String, Double> local = new LinkedHashMap<>();
    private final Map<String, Double> global = new LinkedHashMap<>();

    /// Units of the table.
    void addTable(double units) {
        table += units;
    }

    /// Units of an index.
    void addIndex(Index index, double units) {
        (index.global() ? global : local).merge(index.name(), units, Double::sum);
    }

    void add(Consumption other, double factor) {
        table += other.table * factor;
        other.local.forEach((name, units) -> local.merge(name, units * factor, Double::sum));
        other.global.forEach((name, units) -> global.merge(name, units * factor, Double::sum));
    }

    /// All units.
    double total() {
        double total = table;
        for (double units : local.values()) {
            total += units;
        }
        for (double units : global.values()) {
            total += units;
        }
        return total;
    }

    /// What a write of an item takes.
    static Consumption ofWrite(TableSchema schema, ItemKey at, Items.Versions versions) {
        Consumption consumption = new Consumption();
        Map<String, AttributeValue> before = versions.before();
        Map<String, AttributeValue> after = versions.after();
        consumption.addTable(writeUnits(Math.max(Sizes.of(before), Sizes.of(after))));
        for (Index index : schema.indexes().values()) {
            double units = indexUnits(index, at, before, after);
            if (units > 0) {
                consumption.addIndex(index, units);
            }
        }
        return consumption;
    }

    private static double indexUnits(
            Index index,
            ItemKey at,
            @Nullable Map<String, AttributeValue> before,
            @Nullable Map<String, AttributeValue> after) {
        IndexKey old = before == null ? null : index.entry(at, before);
        IndexKey next = after == null ? null : index.entry(at, after);
        Map<String, AttributeValue> oldPart =
                old == null || before == null ? null : index.project(before);
        Map<String, AttributeValue> newPart =
                next == null || after == null ? null : index.project(after);
        if (oldPart != null && newPart != null && old != null && old.equals(next)) {
            return oldPart.equals(newPart)
                    ? 0
                    : writeUnits(Math.max(Sizes.of(oldPart), Sizes.of(newPart)));
        }
        return (oldPart == null ? 0 : writeUnits(Sizes.of(oldPart)))
                + (newPart == null ? 0 : writeUnits(Sizes.of(newPart)));
    }

    private static double writeUnits(int bytes) {
        return Math.max(1, (bytes + WRITE_UNIT - 1) / WRITE_UNIT);
    }

    /// What reading that many bytes takes.
    ///
    /// @param consistent eventually consistent reads take half
    static double readUnits(int bytes, boolean consistent) {
        double units = (bytes + READ_UNIT - 1) / READ_UNIT;
        return consistent ? units : units / 2;
    }

    /// What reading one item takes, which is at least the least.
    static double itemReadUnits(int bytes, boolean consistent) {
        return readUnits(Math.max(1, bytes), consistent);
    }

    /// As an answer shows it, or null when nobody asked.
    ///
    /// @param wanted `ReturnConsumedCapacity`
    /// @param name the table as the request named it
    @Nullable ConsumedCapacity shown(@Nullable String wanted, String name) {
        return shown(wanted, name, Kind.PLAIN);
    }

    /// Whether answers tell reads from writes, as those of transactions do.
    enum Kind {
        PLAIN,
        READ,
        WRITE
    }

    @Nullable ConsumedCapacity shown(@Nullable String wanted, String name, Kind kind) {
        if (wanted == null || wanted.equals("NONE")) {
            return null;
        }
        ConsumedCapacity.Builder out =
                ConsumedCapacity.builder().tableName(name).capacityUnits(total());
        if (kind == Kind.READ) {
            out.readCapacityUnits(total());
        } else if (kind == Kind.WRITE) {
            out.writeCapacityUnits(total());
        }
        if (wanted.equals("INDEXES")) {
            out.table(capacity(table, kind))
                    .localSecondaryIndexes(capacities(local, kind))
                    .globalSecondaryIndexes(capacities(global, kind));
        }
        return out.build();
    }

    private static Capacity capacity(double units, Kind kind) {
        return Capacity.builder()
                .capacityUnits(units)
                .readCapacityUnits(kind == Kind.READ ? units : null)
                .writeCapacityUnits(kind == Kind.WRITE ? units : null)
                .build();
    }

    private static @Nullable Map<String, Capacity> capacities(
            Map<String, Double> indexes, Kind kind) {
        if (indexes.isEmpty()) {
            return null;
        }
        Map<String, Capacity> out = new LinkedHashMap<>();
        indexes.forEach((name, units) -> out.put(name, capacity(units, kind)));
        return out;
    }
}
