package dev.freehold.services.dynamodb.expression;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.freehold.api.dynamodb.AttributeValue;
import dev.freehold.protocol.CommonError;
import java.util.List;
import java.util.Map;

/// Whatever an expression's text is: it is read or refused, and what was read can be evaluated.
final class ExpressionFuzz {
    private static final Map<String, AttributeValue> ITEM =
            Map.of(
                    "a", new AttributeValue.OfS("x"),
                    "b", new AttributeValue.OfL(List.of(new AttributeValue.OfN("1"))));

    private static Placeholders placeholders() {
        return Placeholders.of(Map.of("#a", "a"), Map.of(":a", new AttributeValue.OfN("1")));
    }

    @FuzzTest
    void aConditionIsReadOrRefused(FuzzedDataProvider data) {
        try {
            ConditionParser.parse(
                            "ConditionExpression", data.consumeRemainingAsString(), placeholders())
                    .condition()
                    .holds(ITEM);
        } catch (CommonError e) {
            // refused
        }
    }

    @FuzzTest
    void anUpdateIsReadOrRefused(FuzzedDataProvider data) {
        try {
            UpdateParser.parse(data.consumeRemainingAsString(), placeholders()).apply(ITEM);
        } catch (CommonError e) {
            // refused
        }
    }
}
