package dev.freehold.services.dynamodb.item;

import dev.freehold.api.dynamodb.AttributeValue;
import dev.freehold.services.dynamodb.expression.Condition;
import dev.freehold.services.dynamodb.expression.ConditionParser;
import dev.freehold.services.dynamodb.expression.Path;
import dev.freehold.services.dynamodb.expression.Update;
import dev.freehold.services.dynamodb.table.TableKey;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// One change that somebody asks for.
///
/// @param condition what must hold of the item that is there, or null
/// @param nested the attributes that the condition's paths lead into
/// @param showsOld whether the item is shown when the condition doesn't hold
public record ItemWrite(
        TableKey table,
        Action action,
        @Nullable Condition condition,
        Set<String> nested,
        boolean showsOld) {
    /// What is done.
    public sealed interface Action {
        /// The item's key, or all of the item.
        Map<String, AttributeValue> key();
    }

    /// Puts an item.
    public record Put(Map<String, AttributeValue> item) implements Action {
        @Override
        public Map<String, AttributeValue> key() {
            return item;
        }
    }

    /// Deletes an item, if it is there.
    public record Delete(Map<String, AttributeValue> key) implements Action {}

    /// Changes an item, or makes it.
    public record Change(Map<String, AttributeValue> key, Update update) implements Action {}

    /// Changes nothing: only the condition counts.
    public record Check(Map<String, AttributeValue> key) implements Action {}

    /// A write on a condition that was parsed.
    public static ItemWrite of(
            TableKey table,
            Action action,
            ConditionParser.@Nullable Parsed parsed,
            @Nullable String onFailure) {
        Set<String> nested =
                parsed == null || parsed.paths().isEmpty() ? Set.of() : nested(parsed.paths());
        return new ItemWrite(
                table,
                action,
                parsed == null ? null : parsed.condition(),
                nested,
                "ALL_OLD".equals(onFailure));
    }

    static Set<String> nested(java.util.Collection<Path> paths) {
        return paths.stream().filter(Path::isNested).map(Path::first).collect(Collectors.toSet());
    }
}
