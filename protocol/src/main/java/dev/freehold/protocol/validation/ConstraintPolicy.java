package dev.freehold.protocol.validation;

import dev.freehold.protocol.CommonError;
import dev.freehold.protocol.Protocol;
import dev.freehold.protocol.ServiceError;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// How a service answers input that violates its model's constraints. Some services check their
/// input themselves, in words of their own; what no policy lets pass is a required member that is
/// missing: it would be a null where nobody expects one.
@FunctionalInterface
public interface ConstraintPolicy {
    /// The answer of most services: all violations in one text.
    ConstraintPolicy STANDARD =
            (violations, protocol) -> new CommonError(code(protocol), 400, text(violations));

    /// The answer of services that call it a parameter's fault: CloudWatch Logs, Cognito.
    ConstraintPolicy INVALID_PARAMETER =
            (violations, protocol) ->
                    new CommonError("InvalidParameterException", 400, text(violations));

    /// IAM's answer: it does not repeat what was sent, nor list what is accepted.
    ConstraintPolicy WITHOUT_VALUES =
            (violations, protocol) ->
                    new CommonError(
                            code(protocol),
                            400,
                            text(violations)
                                    .replaceAll("(?s)Value '.*?' at '", "Value at '")
                                    .replaceAll("enum value set: \\[.*?]", "enum value set"));

    /// The error to answer, or null when the service itself shall judge.
    ///
    /// @param violations at least one
    @Nullable ServiceError answer(List<Violation> violations, Protocol protocol);

    private static String code(Protocol protocol) {
        return protocol == Protocol.AWS_QUERY ? "ValidationError" : "ValidationException";
    }

    /// All violations in one text.
    static String text(List<Violation> violations) {
        int count = violations.size();
        return violations.stream()
                .map(Violation::text)
                .collect(
                        Collectors.joining(
                                "; ",
                                count
                                        + " validation error"
                                        + (count == 1 ? "" : "s")
                                        + " detected: ",
                                ""));
    }
}
