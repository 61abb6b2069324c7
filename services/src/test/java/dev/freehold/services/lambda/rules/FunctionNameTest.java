package dev.freehold.services.lambda.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.freehold.protocol.Caller;
import dev.freehold.protocol.Principal;
import dev.freehold.protocol.Usage;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class FunctionNameTest {
    private static final Caller CALLER =
            new Caller(
                    "000000000000",
                    "us-east-1",
                    new Principal.Root("000000000000"),
                    "request",
                    Map.of(),
                    new Usage());
    private static final String ARN = "arn:aws:lambda:us-east-1:000000000000:function:hello";

    @Test
    void aFunctionHasManyNames() {
        for (String text : List.of("hello", "function:hello", "000000000000:function:hello", ARN)) {
            FunctionName name = FunctionName.parse(text, null, CALLER);
            assertThat(name.arn()).as(text).isEqualTo(ARN);
            assertThat(name.qualifier()).isNull();
        }
        for (String text :
                List.of("hello:live", "000000000000:function:hello:live", ARN + ":live")) {
            FunctionName name = FunctionName.parse(text, null, CALLER);
            assertThat(name.arn()).as(text).isEqualTo(ARN + ":live");
        }
        assertThat(FunctionName.parse("hello", "$LATEST", CALLER).unqualified()).isTrue();
    }

    @Test
    void twoQualifiersMustBeTheSame() {
        assertThat(FunctionName.parse(ARN + ":1", "1", CALLER).qualifier()).isEqualTo("1");
        assertThatThrownBy(() -> FunctionName.parse(ARN + ":1", "2", CALLER))
                .hasMessage(
                        "The derived qualifier from the function name does not match the specified"
                                + " qualifier.");
    }

    @Test
    void aFunctionOfAnotherRegionIsNotReachable() {
        assertThatThrownBy(() ->
                        FunctionName.parse(
                                "arn:aws:lambda:eu-west-1:000000000000:function:hello",
                                null,
                                CALLER))
                .hasMessage(
                        "Functions from 'eu-west-1' are not reachable in this region"
                                + " ('us-east-1')");
    }

    @Test
    void whatIsNoNameIsRefused() {
        for (String text : List.of("a b", "*", ARN + ":1:2", "arn:aws:sqs:us-east-1:1:q")) {
            assertThatThrownBy(() -> FunctionName.parse(text, null, CALLER)).as(text).isNotNull();
        }
    }
}
