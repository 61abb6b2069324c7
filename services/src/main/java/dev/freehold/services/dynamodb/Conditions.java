package dev.freehold.services.dynamodb;

import dev.freehold.api.dynamodb.AttributeValue;
import dev.freehold.protocol.Blob;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Conditions and their operands, as they were parsed.
final class Conditions {
    private Conditions() {}

    /// Something that holds of an item, or not.
    sealed interface Condition {
        boolean holds(Map<String, AttributeValue> item);
    }

    /// Something that has a value, or none.
    sealed interface Operand {
        @Nullable AttributeValue value(Map<String, AttributeValue> item);
    }

    record At(Path path) implements Operand {
        @Override
        public @Nullable AttributeValue value(Map<String, AttributeValue> item) {
            return path.find(item);
        }
    }

    record Literal(AttributeValue literal) implements Operand {
        @Override
        public AttributeValue value(Map<String, AttributeValue> item) {
            return literal;
        }
    }

    record Size(Operand of) implements Operand {
        @Override
        public @Nullable AttributeValue value(Map<String, AttributeValue> item) {
            Integer size =
                    switch (of.value(item)) {
                        case AttributeValue.OfS(String text) -> text.length();
                        case AttributeValue.OfB(Blob blob) -> blob.length();
                        case AttributeValue.OfSS(List<String> set) -> set.size();
                        case AttributeValue.OfNS(List<String> set) -> set.size();
                        case AttributeValue.OfBS(List<Blob> set) -> set.size();
                        case AttributeValue.OfL(List<AttributeValue> list) -> list.size();
                        case AttributeValue.OfM(Map<String, AttributeValue> map) -> map.size();
                        case null, default -> null;
                    };
            return size == null
                    ? null
                    : new AttributeValue.OfN(BigDecimal.valueOf(size).toPlainString());
        }
    }

    record And(Condition left, Condition right) implements Condition {
        @Override
        public boolean holds(Map<String, AttributeValue> item) {
            return left.holds(item) && right.holds(item);
        }
    }

    record Or(Condition left, Condition right) implements Condition {
        @Override
        public boolean holds(Map<String, AttributeValue> item) {
            return left.holds(item) || right.holds(item);
        }
    }

    record Not(Condition inner) implements Condition {
        @Override
        public boolean holds(Map<String, AttributeValue> item) {
            return !inner.holds(item);
        }
    }

    record Between(Operand of, Operand low, Operand high) implements Condition {
        @Override
        public boolean holds(Map<String, AttributeValue> item) {
            return new Compare(of, ">=", low).holds(item)
                    && new Compare(of, "<=", high).holds(item);
        }
    }

    record In(Operand of, List<Operand> all) implements Condition {
        @Override
        public boolean holds(Map<String, AttributeValue> item) {
            return all.stream().anyMatch(one -> new Compare(of, "=", one).holds(item));
        }
    }

    record Compare(Operand left, String operator, Operand right) implements Condition {
        @Override
        public boolean holds(Map<String, AttributeValue> item) {
            AttributeValue a = left.value(item);
            AttributeValue b = right.value(item);
            if (operator.equals("=") || operator.equals("<>")) {
                boolean same = a != null && b != null && Values.same(a, b);
                return operator.equals("=") == same;
            }
            Integer order = a == null || b == null ? null : Values.compare(a, b);
            if (order == null) {
                return false;
            }
            return switch (operator) {
                case "<" -> order < 0;
                case "<=" -> order <= 0;
                case ">" -> order > 0;
                default -> order >= 0;
            };
        }
    }

    record Function(String name, List<Operand> arguments) implements Condition {
        @Override
        public boolean holds(Map<String, AttributeValue> item) {
            AttributeValue first = arguments.getFirst().value(item);
            if (name.equals("attribute_exists")) {
                return first != null;
            }
            if (name.equals("attribute_not_exists")) {
                return first == null;
            }
            AttributeValue second = arguments.get(1).value(item);
            if (first == null || second == null) {
                return false;
            }
            return switch (name) {
                case "attribute_type" ->
                        second instanceof AttributeValue.OfS(String type)
                                && Values.type(first).equals(type);
                case "begins_with" -> begins(first, second);
                default -> contains(first, second);
            };
        }

        private static boolean begins(AttributeValue whole, AttributeValue prefix) {
            if (whole instanceof AttributeValue.OfS(String a)
                    && prefix instanceof AttributeValue.OfS(String b)) {
                return a.startsWith(b);
            }
            if (whole instanceof AttributeValue.OfB(Blob a)
                    && prefix instanceof AttributeValue.OfB(Blob b)) {
                return a.length() >= b.length()
                        && Arrays.equals(a.bytes(), 0, b.length(), b.bytes(), 0, b.length());
            }
            return false;
        }

        private static boolean contains(AttributeValue whole, AttributeValue part) {
            if (whole instanceof AttributeValue.OfS(String a)
                    && part instanceof AttributeValue.OfS(String b)) {
                return a.contains(b);
            }
            if (whole instanceof AttributeValue.OfL(List<AttributeValue> list)) {
                return list.stream().anyMatch(element -> Values.same(element, part));
            }
            Set<?> set = Values.setOf(whole);
            return set != null
                    && switch (part) {
                        case AttributeValue.OfS(String text) ->
                                whole instanceof AttributeValue.OfSS && set.contains(text);
                        case AttributeValue.OfN(String number) ->
                                whole instanceof AttributeValue.OfNS && set.contains(number);
                        case AttributeValue.OfB(Blob blob) -> set.contains(blob);
                        default -> false;
                    };
        }
    }
}
