package dev.freehold.services.lambda.rules;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.freehold.api.lambda.CreateEventSourceMappingRequest;
import dev.freehold.api.lambda.CreateFunctionRequest;
import dev.freehold.api.lambda.FunctionCode;
import java.util.List;
import org.junit.jupiter.api.Test;

final class LambdaValidationTest {
    private static CreateFunctionRequest.Builder function() {
        return CreateFunctionRequest.builder()
                .functionName("f")
                .role("arn:aws:iam::000000000000:role/r")
                .code(FunctionCode.builder().build());
    }

    @Test
    void anEnumerationIsListedAsAwsListsIt() {
        CreateEventSourceMappingRequest request =
                CreateEventSourceMappingRequest.builder()
                        .functionName("f")
                        .startingPosition("invalid")
                        .build();

        assertThatThrownBy(() -> LambdaValidation.check(request))
                .hasMessage(
                        "1 validation error detected: Value 'invalid' at 'startingPosition' failed"
                                + " to satisfy constraint: Member must satisfy enum value set:"
                                + " [LATEST, AT_TIMESTAMP, TRIM_HORIZON]");
    }

    @Test
    void aListIsNamedAsAWholeWithAllThatItsElementsMustSatisfy() {
        CreateFunctionRequest request = function().architectures(List.of("X86_64")).build();

        assertThatThrownBy(() -> LambdaValidation.check(request))
                .hasMessage(
                        "1 validation error detected: Value '[X86_64]' at 'architectures' failed"
                                + " to satisfy constraint: Member must satisfy constraint: [Member"
                                + " must satisfy enum value set: [x86_64, arm64], Member must not"
                                + " be null]");
    }

    @Test
    void aRuntimeIsLookedAtLater() {
        CreateFunctionRequest request = function().runtime("none").build();

        assertThatCode(() -> LambdaValidation.check(request)).doesNotThrowAnyException();
    }
}
