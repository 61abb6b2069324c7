package dev.freehold.services.dynamodb.item;

import dev.freehold.services.dynamodb.item.ItemOperations.Shown;
import dev.freehold.services.dynamodb.table.TableSchema;
import dev.freehold.services.dynamodb.table.TableSchema.Index;
import dev.freehold.services.dynamodb.value.Values;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What of items a query or scan answers.
///
/// @param select `Select`, or null
/// @param projecting the parameter that names attributes, or null
record Selection(@Nullable String select, Shown shown, @Nullable String projecting) {
    boolean counts() {
        return "COUNT".equals(select);
    }

    /// Whether the parameters agree, which is said before the table is looked for.
    void check(@Nullable String indexName, String doing) {
        if (projecting != null && select != null && !select.equals("SPECIFIC_ATTRIBUTES")) {
            String choice =
                    switch (select) {
                        case "COUNT" -> "only the Count";
                        case "ALL_ATTRIBUTES" -> "ALL_ATTRIBUTES";
                        default -> "ALL_PROJECTED_ATTRIBUTES";
                    };
            throw Values.invalid(
                    "Cannot specify the " + projecting + " when choosing to get " + choice);
        }
        if (projecting == null && "SPECIFIC_ATTRIBUTES".equals(select)) {
            throw Values.invalid(
                    "Must specify the AttributesToGet or ProjectionExpression when choosing to get"
                            + " SPECIFIC_ATTRIBUTES");
        }
        if (indexName == null && "ALL_PROJECTED_ATTRIBUTES".equals(select)) {
            throw Values.invalidParameter(
                    "ALL_PROJECTED_ATTRIBUTES can be used only when "
                            + doing
                            + " using an IndexName");
        }
    }

    /// Whether an index's entries are not enough, and the items themselves are read.
    boolean whole(@Nullable Index index) {
        Set<String> projected = index == null ? null : index.projected();
        if (index == null || projected == null || index.global()) {
            return false;
        }
        return "ALL_ATTRIBUTES".equals(select)
                || shown.projection() != null
                        && !projected.containsAll(shown.projection().attributes());
    }

    /// Global indexes answer only what they have.
    void checkProjected(@Nullable Index index) {
        Set<String> projected = index == null ? null : index.projected();
        if (index == null || projected == null || !index.global()) {
            return;
        }
        if ("ALL_ATTRIBUTES".equals(select)) {
            throw Values.invalidParameter(
                    "Select type ALL_ATTRIBUTES is not supported for global secondary index "
                            + index.name()
                            + " because its projection type is not ALL");
        }
        if (shown.projection() != null && !projected.containsAll(shown.projection().attributes())) {
            throw Values.invalidParameter(
                    "Global secondary index "
                            + index.name()
                            + " does not project "
                            + shown.projection().attributes().stream()
                                    .filter(name -> !projected.contains(name))
                                    .toList());
        }
    }

    /// The index of that name, or null when none is asked for.
    static @Nullable Index index(
            TableSchema table, @Nullable String name, @Nullable Boolean consistentRead) {
        if (name == null) {
            return null;
        }
        Index index = table.indexes().get(name);
        if (index == null) {
            throw Values.invalid("The table does not have the specified index: " + name);
        }
        if (!index.active()) {
            throw Values.invalid("Cannot read from backfilling global secondary index: " + name);
        }
        if (index.global() && Boolean.TRUE.equals(consistentRead)) {
            throw Values.invalid("Consistent reads are not supported on global secondary indexes");
        }
        return index;
    }
}
