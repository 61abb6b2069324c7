package dev.freehold.protocol.validation;

import dev.freehold.protocol.CommonError;
import dev.freehold.protocol.Operation;
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
            (violations, operation, protocol) ->
                    new CommonError(code(operation, protocol), 400, text(violations));

    /// The same without the values: IAM does not repeat what was sent.
    ConstraintPolicy WITHOUT_VALUES =
            (violations, operation, protocol) ->
                    new CommonError(
                            code(operation, protocol),
                            400,
                            text(violations)
                                    .replaceAll("(?s)Value '.*?' at '", "Value at '")
                                    .replaceAll("enum value set: \\[.*?]", "enum value set"));

    /// Of services that check every input against its model themselves: nothing is checked before.
    ConstraintPolicy OWN = (violations, operation, protocol) -> null;

    /// The error to answer, or null when the service itself shall judge.
    ///
    /// @param violations at least one
    @Nullable ServiceError answer(
            List<Violation> violations, Operation operation, Protocol protocol);

    private static String code(Operation operation, Protocol protocol) {
        if (declares(operation, "InvalidParameterException")
                && !declares(operation, "ValidationException")) {
            return "InvalidParameterException";
        }
        return protocol == Protocol.AWS_QUERY ? "ValidationError" : "ValidationException";
    }

    private static boolean declares(Operation operation, String error) {
        return operation.errors().stream().anyMatch(shape -> shape.name().equals(error));
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
