package dev.freehold.services.dynamodb.expression;

import dev.freehold.api.dynamodb.AttributeValue;
import dev.freehold.protocol.Blob;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Something in a condition that has a value, or none.
public sealed interface Operand {
    /// Its value for an item.
    @Nullable AttributeValue value(Map<String, AttributeValue> item);

    /// What a path leads to.
    record At(Path path) implements Operand {
        @Override
        public @Nullable AttributeValue value(Map<String, AttributeValue> item) {
            return path.find(item);
        }
    }

    /// A value of the request.
    record Literal(AttributeValue literal) implements Operand {
        @Override
        public AttributeValue value(Map<String, AttributeValue> item) {
            return literal;
        }
    }

    /// The size of what another operand has.
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
            return size == null ? null : new AttributeValue.OfN(size.toString());
        }
    }
}
