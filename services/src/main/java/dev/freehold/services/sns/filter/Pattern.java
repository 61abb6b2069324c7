package dev.freehold.services.sns.filter;

import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// One thing that a field's value may be.
sealed interface Pattern {
    /// Whether a value is what is wanted: a text, a [BigDecimal], a boolean, or JSON's null.
    boolean matches(@Nullable Object value);

    /// That very value.
    record Exactly(@Nullable Object wanted) implements Pattern {
        @Override
        public boolean matches(@Nullable Object value) {
            return same(wanted, value);
        }
    }

    record Prefix(String prefix) implements Pattern {
        @Override
        public boolean matches(@Nullable Object value) {
            return value instanceof String text && text.startsWith(prefix);
        }
    }

    record Suffix(String suffix) implements Pattern {
        @Override
        public boolean matches(@Nullable Object value) {
            return value instanceof String text && text.endsWith(suffix);
        }
    }

    record IgnoringCase(String wanted) implements Pattern {
        @Override
        public boolean matches(@Nullable Object value) {
            return value instanceof String text
                    && text.toLowerCase(Locale.ROOT).equals(wanted.toLowerCase(Locale.ROOT));
        }
    }

    /// None of those values.
    record NoneOf(List<Object> unwanted) implements Pattern {
        @Override
        public boolean matches(@Nullable Object value) {
            return unwanted.stream().noneMatch(one -> same(one, value));
        }
    }

    record NotPrefix(String prefix) implements Pattern {
        @Override
        public boolean matches(@Nullable Object value) {
            return !(value instanceof String text) || !text.startsWith(prefix);
        }
    }

    /// A range of numbers; a bound that is null is none.
    record Numeric(
            @Nullable BigDecimal low,
            boolean lowIncluded,
            @Nullable BigDecimal high,
            boolean highIncluded)
            implements Pattern {
        @Override
        public boolean matches(@Nullable Object value) {
            if (!(value instanceof BigDecimal number)) {
                return false;
            }
            int aboveLow = low == null ? 1 : number.compareTo(low);
            int belowHigh = high == null ? 1 : high.compareTo(number);
            return (aboveLow > 0 || (aboveLow == 0 && lowIncluded))
                    && (belowHigh > 0 || (belowHigh == 0 && highIncluded));
        }
    }

    /// Whether there is such a field at all. The policy asks it of the field, not of its values.
    record Exists(boolean wanted) implements Pattern {
        @Override
        public boolean matches(@Nullable Object value) {
            return wanted;
        }
    }

    record Cidr(AddressRange range) implements Pattern {
        @Override
        public boolean matches(@Nullable Object value) {
            return value instanceof String text && range.contains(text);
        }
    }

    private static boolean same(@Nullable Object a, @Nullable Object b) {
        if (a instanceof BigDecimal x && b instanceof BigDecimal y) {
            return x.compareTo(y) == 0;
        }
        return a == null ? b == null : a.equals(b);
    }
}
