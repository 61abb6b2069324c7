package dev.freehold.services.dynamodb.partiql;

import dev.freehold.api.dynamodb.AttributeValue;
import dev.freehold.services.dynamodb.expression.Condition;
import dev.freehold.services.dynamodb.expression.Path;
import dev.freehold.services.dynamodb.expression.Update;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A statement, as it was read.
sealed interface Statement {
    /// The table that it is on.
    String table();

    /// Reads items.
    ///
    /// @param paths what of them, or null for all
    /// @param descending whether the sort key falls
    record Select(
            String table,
            @Nullable String index,
            @Nullable List<Path> paths,
            @Nullable Condition where,
            boolean descending)
            implements Statement {}

    /// Only in transactions: an item must be there.
    record Exists(Select select) implements Statement {
        @Override
        public String table() {
            return select.table();
        }
    }

    /// Makes an item.
    record Insert(String table, Map<String, AttributeValue> item) implements Statement {}

    /// Changes an item.
    ///
    /// @param returning `ALL_OLD` and so on, or null
    record Change(
            String table, Update update, @Nullable Condition where, @Nullable String returning)
            implements Statement {}

    /// Deletes an item.
    record Delete(String table, @Nullable Condition where, @Nullable String returning)
            implements Statement {}
}
