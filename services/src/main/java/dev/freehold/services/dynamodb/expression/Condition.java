package dev.freehold.services.dynamodb.expression;

import dev.freehold.api.dynamodb.AttributeValue;
import dev.freehold.protocol.Blob;
import dev.freehold.services.dynamodb.value.Values;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Something that holds of an item, or not.
public sealed interface Condition {
    /// Whether it holds; of an item that isn't there, ask with an empty map.
    boolean holds(Map<String, AttributeValue> item);

    /// Both hold.
    record And(Condition left, Condition right) implements Condition {
        @Override
        public boolean holds(Map<String, AttributeValue> item) {
            return left.holds(item) && right.holds(item);
        }
    }

    /// One of them holds.
    record Or(Condition left, Condition right) implements Condition {
        @Override
        public boolean holds(Map<String, AttributeValue> item) {
            return left.holds(item) || right.holds(item);
        }
    }

    /// It does not hold.
    record Not(Condition inner) implements Condition {
        @Override
        public boolean holds(Map<String, AttributeValue> item) {
            return !inner.holds(item);
        }
    }

    /// A comparison of two operands.
    record Compare(Operand left, Comparison operator, Operand right) implements Condition {
        @Override
        public boolean holds(Map<String, AttributeValue> item) {
            return operator.holds(left.value(item), right.value(item));
        }
    }

    /// Not less than one, not greater than the other.
    record Between(Operand of, Operand low, Operand high) implements Condition {
        @Override
        public boolean holds(Map<String, AttributeValue> item) {
            AttributeValue value = of.value(item);
            return Comparison.GE.holds(value, low.value(item))
                    && Comparison.LE.holds(value, high.value(item));
        }
    }

    /// The same as one of several.
    record In(Operand of, List<Operand> all) implements Condition {
        @Override
        public boolean holds(Map<String, AttributeValue> item) {
            AttributeValue value = of.value(item);
            return value != null
                    && all.stream().anyMatch(o -> Comparison.EQ.holds(value, o.value(item)));
        }
    }

    /// There is such an attribute.
    record Exists(Operand of) implements Condition {
        @Override
        public boolean holds(Map<String, AttributeValue> item) {
            return of.value(item) != null;
        }
    }

    /// There is no such attribute.
    record Missing(Operand of) implements Condition {
        @Override
        public boolean holds(Map<String, AttributeValue> item) {
            return of.value(item) == null;
        }
    }

    /// The value's type is the one that the other operand names.
    record HasType(Operand of, Operand type) implements Condition {
        @Override
        public boolean holds(Map<String, AttributeValue> item) {
            AttributeValue value = of.value(item);
            return value != null
                    && type.value(item) instanceof AttributeValue.OfS(String name)
                    && Values.type(value).equals(name);
        }
    }

    /// A text or binary value begins with another.
    record BeginsWith(Operand of, Operand prefix) implements Condition {
        @Override
        public boolean holds(Map<String, AttributeValue> item) {
            return begins(of.value(item), prefix.value(item));
        }

        private static boolean begins(
                @Nullable AttributeValue whole, @Nullable AttributeValue prefix) {
            if (whole instanceof AttributeValue.OfS(String a)
                    && prefix instanceof AttributeValue.OfS(String b)) {
                return a.startsWith(b);
            }
            return whole instanceof AttributeValue.OfB(Blob a)
                    && prefix instanceof AttributeValue.OfB(Blob b)
                    && a.length() >= b.length()
                    && Arrays.equals(a.bytes(), 0, b.length(), b.bytes(), 0, b.length());
        }
    }

    /// A text or binary value has another in it; a list or a set has an element.
    record Contains(Operand of, Operand part) implements Condition {
        @Override
        public boolean holds(Map<String, AttributeValue> item) {
            return contains(of.value(item), part.value(item));
        }

        static boolean contains(@Nullable AttributeValue whole, @Nullable AttributeValue part) {
            if (whole == null || part == null) {
                return false;
            }
            if (whole instanceof AttributeValue.OfS(String a)
                    && part instanceof AttributeValue.OfS(String b)) {
                return a.contains(b);
            }
            if (whole instanceof AttributeValue.OfB(Blob a)
                    && part instanceof AttributeValue.OfB(Blob b)) {
                return indexOf(a.bytes(), b.bytes()) >= 0;
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

        private static int indexOf(byte[] whole, byte[] part) {
            for (int i = 0; i + part.length <= whole.length; i++) {
                if (Arrays.equals(whole, i, i + part.length, part, 0, part.length)) {
                    return i;
                }
            }
            return -1;
        }
    }
}
