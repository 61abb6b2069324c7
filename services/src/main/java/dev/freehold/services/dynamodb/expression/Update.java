package dev.freehold.services.dynamodb.expression;

import dev.freehold.api.dynamodb.AttributeValue;
import dev.freehold.protocol.Blob;
import dev.freehold.protocol.CommonError;
import dev.freehold.services.dynamodb.value.Numbers;
import dev.freehold.services.dynamodb.value.Values;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Changes to an item, which all read the item as it was before any of them.
public record Update(List<Action> actions) {
    /// No changes.
    public static final Update NONE = new Update(List.of());

    /// One change.
    public sealed interface Action {
        /// What it changes.
        Path path();
    }

    /// Sets a value.
    public record Set(Path path, Term term) implements Action {}

    /// Removes a value.
    public record Remove(Path path) implements Action {}

    /// Adds to a number, or elements to a set.
    public record Add(Path path, AttributeValue value) implements Action {}

    /// Removes elements of a set.
    public record Delete(Path path, AttributeValue value) implements Action {}

    /// ADD as the older AttributeUpdates have it, which also appends to lists.
    record LegacyAdd(Path path, AttributeValue value) implements Action {}

    /// DELETE as the older AttributeUpdates have it.
    record LegacyDelete(Path path, AttributeValue value) implements Action {}

    /// What is set.
    public sealed interface Term {}

    /// A value of the request.
    public record Value(AttributeValue literal) implements Term {}

    /// What a path leads to.
    public record At(Path path) implements Term {}

    /// A sum or a difference.
    public record Sum(Term left, Term right, boolean minus) implements Term {}

    /// What a path leads to or, when it leads to nothing, another.
    public record IfNotExists(Path path, Term other) implements Term {}

    /// A list after a list.
    public record ListAppend(Term first, Term second) implements Term {}

    /// The paths that it changes.
    public List<Path> paths() {
        return actions.stream().map(Action::path).toList();
    }

    /// Whether it only takes away, as the older DELETE does: of an item that isn't there it makes
    /// none.
    public boolean onlyRemoves() {
        return !actions.isEmpty() && actions.stream().allMatch(LegacyDelete.class::isInstance);
    }

    /// The type that the first action on an attribute gives it, or null when the action doesn't
    /// tell.
    public @Nullable String typeGiven(String attribute) {
        for (Action action : actions) {
            if (!action.path().isNested() && action.path().first().equals(attribute)) {
                return switch (action) {
                    case Set(Path _, Term term) -> type(term);
                    case Remove _ -> null;
                    case Add(Path _, AttributeValue value) -> Values.type(value);
                    case Delete(Path _, AttributeValue value) -> Values.type(value);
                    case LegacyAdd(Path _, AttributeValue value) -> Values.type(value);
                    case LegacyDelete(Path _, AttributeValue value) -> Values.type(value);
                };
            }
        }
        return null;
    }

    private static @Nullable String type(Term term) {
        return switch (term) {
            case Value(AttributeValue literal) -> Values.type(literal);
            case At _ -> null;
            case Sum _ -> "N";
            case IfNotExists(Path _, Term other) -> type(other);
            case ListAppend _ -> "L";
        };
    }

    /// The item after all actions.
    ///
    /// @throws CommonError when they don't fit the item
    public Map<String, AttributeValue> apply(Map<String, AttributeValue> before) {
        Map<String, AttributeValue> after = new LinkedHashMap<>(before);
        List<Set> sets = new ArrayList<>();
        List<Remove> removals = new ArrayList<>();
        for (Action action : actions) {
            AttributeValue there = action.path().find(before);
            switch (action) {
                case Set(Path path, Term term) ->
                        sets.add(new Set(path, new Value(value(term, before))));
                case Remove remove -> removals.add(remove);
                case Add(Path path, AttributeValue value) ->
                        path.set(after, there == null ? value : added(there, value));
                case LegacyAdd(Path path, AttributeValue value) ->
                        path.set(after, there == null ? value : legacyAdded(there, value));
                case Delete(Path path, AttributeValue value) -> {
                    if (there != null) {
                        path.set(after, without(there, value, wrongType()));
                    }
                }
                case LegacyDelete(Path path, AttributeValue value) -> {
                    if (there != null) {
                        path.set(after, without(there, value, mismatch()));
                    }
                }
            }
        }
        // Elements go to lists by rising index, so that those behind the end keep their order, and
        // leave them by falling index, so that indexes stay what they were.
        sets.sort((a, b) -> Integer.compare(lastIndex(a.path), lastIndex(b.path)));
        sets.forEach(set -> set.path.set(after, value(set.term, before)));
        removals.sort((a, b) -> Integer.compare(lastIndex(b.path), lastIndex(a.path)));
        removals.forEach(remove -> remove.path.set(after, null));
        return after;
    }

    private static int lastIndex(Path path) {
        return path.steps().getLast() instanceof Integer index ? index : -1;
    }

    private static AttributeValue value(Term term, Map<String, AttributeValue> item) {
        return switch (term) {
            case Value(AttributeValue literal) -> literal;
            case At(Path path) -> {
                AttributeValue value = path.find(item);
                if (value == null) {
                    throw Values.invalid(
                            "The provided expression refers to an attribute that does not exist in"
                                    + " the item");
                }
                yield value;
            }
            case IfNotExists(Path path, Term other) -> {
                AttributeValue there = path.find(item);
                yield there == null ? value(other, item) : there;
            }
            case Sum(Term left, Term right, boolean minus) -> {
                if (value(left, item) instanceof AttributeValue.OfN(String a)
                        && value(right, item) instanceof AttributeValue.OfN(String b)) {
                    yield new AttributeValue.OfN(Numbers.sum(a, b, minus));
                }
                throw wrongType();
            }
            case ListAppend(Term first, Term second) -> {
                if (value(first, item) instanceof AttributeValue.OfL(var a)
                        && value(second, item) instanceof AttributeValue.OfL(var b)) {
                    yield new AttributeValue.OfL(joined(a, b));
                }
                throw wrongType();
            }
        };
    }

    private static <T> List<T> joined(List<T> a, List<T> b) {
        List<T> all = new ArrayList<>(a.size() + b.size());
        all.addAll(a);
        all.addAll(b);
        return all;
    }

    private static CommonError wrongType() {
        return Values.invalid("An operand in the update expression has an incorrect data type");
    }

    private static CommonError mismatch() {
        return Values.invalid("Type mismatch for attribute to update");
    }

    private static AttributeValue legacyAdded(AttributeValue there, AttributeValue value) {
        if (there.getClass() != value.getClass()) {
            throw mismatch();
        }
        if (there instanceof AttributeValue.OfL(var a)
                && value instanceof AttributeValue.OfL(var b)) {
            return new AttributeValue.OfL(joined(a, b));
        }
        return added(there, value);
    }

    private static AttributeValue added(AttributeValue there, AttributeValue value) {
        if (there instanceof AttributeValue.OfN(String a)
                && value instanceof AttributeValue.OfN(String b)) {
            return new AttributeValue.OfN(Numbers.sum(a, b, false));
        }
        if (there instanceof AttributeValue.OfSS(var a)
                && value instanceof AttributeValue.OfSS(var b)) {
            return new AttributeValue.OfSS(union(a, b));
        }
        if (there instanceof AttributeValue.OfNS(var a)
                && value instanceof AttributeValue.OfNS(var b)) {
            return new AttributeValue.OfNS(union(a, b));
        }
        if (there instanceof AttributeValue.OfBS(var a)
                && value instanceof AttributeValue.OfBS(var b)) {
            return new AttributeValue.OfBS(union(a, b));
        }
        throw wrongType();
    }

    private static <T> List<T> union(List<T> a, List<T> b) {
        LinkedHashSet<T> all = new LinkedHashSet<>(a);
        all.addAll(b);
        return List.copyOf(all);
    }

    private static @Nullable AttributeValue without(
            AttributeValue set, AttributeValue value, CommonError otherwise) {
        if (set instanceof AttributeValue.OfSS(var a)
                && value instanceof AttributeValue.OfSS(var b)) {
            List<String> rest = rest(a, b);
            return rest.isEmpty() ? null : new AttributeValue.OfSS(rest);
        }
        if (set instanceof AttributeValue.OfNS(var a)
                && value instanceof AttributeValue.OfNS(var b)) {
            List<String> rest = rest(a, b);
            return rest.isEmpty() ? null : new AttributeValue.OfNS(rest);
        }
        if (set instanceof AttributeValue.OfBS(var a)
                && value instanceof AttributeValue.OfBS(var b)) {
            List<Blob> rest = rest(a, b);
            return rest.isEmpty() ? null : new AttributeValue.OfBS(rest);
        }
        throw otherwise;
    }

    private static <T> List<T> rest(List<T> a, List<T> b) {
        java.util.Set<T> gone = new java.util.HashSet<>(b);
        return a.stream().filter(element -> !gone.contains(element)).toList();
    }
}
