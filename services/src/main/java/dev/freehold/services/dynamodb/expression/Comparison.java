package dev.freehold.services.dynamodb.expression;

import dev.freehold.api.dynamodb.AttributeValue;
import dev.freehold.services.dynamodb.value.Values;
import org.jspecify.annotations.Nullable;

/// The comparison operators, by their sign and by their older name.
public enum Comparison {
    EQ("="),
    NE("<>"),
    LE("<="),
    LT("<"),
    GE(">="),
    GT(">");

    private final String sign;

    Comparison(String sign) {
        this.sign = sign;
    }

    /// As expressions write it.
    String sign() {
        return sign;
    }

    /// The operator of that sign, or null.
    public static @Nullable Comparison ofSign(String sign) {
        for (Comparison one : values()) {
            if (one.sign.equals(sign)) {
                return one;
            }
        }
        return null;
    }

    /// The operator that says the same with the operands exchanged.
    Comparison turned() {
        return switch (this) {
            case EQ -> EQ;
            case NE -> NE;
            case LE -> GE;
            case LT -> GT;
            case GE -> LE;
            case GT -> LT;
        };
    }

    /// Whether it holds; of values that have no order, or of none, only `<>` does.
    boolean holds(@Nullable AttributeValue left, @Nullable AttributeValue right) {
        if (left == null || right == null) {
            return this == NE && (left != null || right != null);
        }
        if (this == EQ || this == NE) {
            return Values.same(left, right) == (this == EQ);
        }
        Integer order = Values.compare(left, right);
        if (order == null) {
            return false;
        }
        return switch (this) {
            case LE -> order <= 0;
            case LT -> order < 0;
            case GE -> order >= 0;
            case GT -> order > 0;
            case EQ, NE -> throw new IllegalStateException();
        };
    }
}
