package dev.freehold.services.dynamodb;

import dev.freehold.api.dynamodb.AttributeValue;
import dev.freehold.protocol.Blob;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What an update expression does.
final class Update {
    private Update() {}

    /// One change.
    sealed interface Action {
        Path path();
    }

    record Set(Path path, Term term) implements Action {}

    record Remove(Path path) implements Action {}

    record Add(Path path, AttributeValue value) implements Action {}

    record Delete(Path path, AttributeValue value) implements Action {}

    /// What is set.
    sealed interface Term {}

    record Plain(Conditions.Operand operand) implements Term {}

    record Sum(Term left, Term right, boolean minus) implements Term {}

    record IfNotExists(Path path, Term other) implements Term {}

    record ListAppend(Term first, Term second) implements Term {}

    /// The item after all actions, which all read the item as it was.
    static Map<String, AttributeValue> apply(
            Map<String, AttributeValue> before, List<Action> actions) {
        Map<String, AttributeValue> after = new LinkedHashMap<>(before);
        List<Remove> removals = new ArrayList<>();
        for (Action action : actions) {
            switch (action) {
                case Set(Path path, Term term) -> path.set(after, value(term, before));
                case Remove remove -> removals.add(remove);
                case Add(Path path, AttributeValue value) ->
                        path.set(after, added(path.find(before), value));
                case Delete(Path path, AttributeValue value) -> {
                    AttributeValue set = path.find(before);
                    if (set != null) {
                        path.set(after, without(set, value));
                    }
                }
            }
        }
        removals.sort((a, b) -> lastIndex(b) - lastIndex(a));
        removals.forEach(remove -> remove.path.set(after, null));
        return after;
    }

    /// Elements of a list go from the end, so that their indexes stay what they were.
    private static int lastIndex(Remove remove) {
        return remove.path.steps().getLast() instanceof Integer index ? index : -1;
    }

    private static AttributeValue value(Term term, Map<String, AttributeValue> item) {
        return switch (term) {
            case Plain(Conditions.Operand operand) -> {
                AttributeValue value = operand.value(item);
                if (value == null) {
                    throw Values.invalid(
                            "The provided expression refers to an attribute that does not exist in the item");
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
                    yield new AttributeValue.OfN(Values.plain(Values.sum(a, b, minus)));
                }
                throw wrongType();
            }
            case ListAppend(Term first, Term second) -> {
                if (value(first, item) instanceof AttributeValue.OfL(var a)
                        && value(second, item) instanceof AttributeValue.OfL(var b)) {
                    List<AttributeValue> all = new ArrayList<>(a);
                    all.addAll(b);
                    yield new AttributeValue.OfL(all);
                }
                throw wrongType();
            }
        };
    }

    private static dev.freehold.protocol.CommonError wrongType() {
        return Values.invalid("An operand in the update expression has an incorrect data type");
    }

    private static AttributeValue added(@Nullable AttributeValue there, AttributeValue value) {
        boolean addable = value instanceof AttributeValue.OfN || Values.setOf(value) != null;
        if (!addable) {
            throw Values.invalid(
                    "Invalid UpdateExpression: Incorrect operand type for operator or function; operator:"
                            + " ADD, operand type: "
                            + Values.type(value));
        }
        if (there == null) {
            return value;
        }
        if (there instanceof AttributeValue.OfN(String a)
                && value instanceof AttributeValue.OfN(String b)) {
            return new AttributeValue.OfN(Values.plain(Values.sum(a, b, false)));
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

    private static @Nullable AttributeValue without(AttributeValue set, AttributeValue value) {
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
        throw wrongType();
    }

    private static <T> List<T> rest(List<T> a, List<T> b) {
        return a.stream().filter(element -> !b.contains(element)).toList();
    }
}
