package dev.freehold.services.sqs;

import dev.freehold.protocol.CommonError;
import dev.freehold.protocol.Operation;
import dev.freehold.protocol.Protocol;
import dev.freehold.protocol.ServiceError;
import dev.freehold.protocol.validation.ConstraintPolicy;
import dev.freehold.protocol.validation.Violation;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What SQS answers to input that violates its model: it names the first parameter that is missing,
/// and judges values itself.
public final class SqsConstraints implements ConstraintPolicy {
    @Override
    public @Nullable ServiceError answer(
            List<Violation> violations, Operation operation, Protocol protocol) {
        for (Violation violation : violations) {
            if (violation.missing()) {
                return new CommonError(
                        "MissingParameter",
                        400,
                        "The request must contain the parameter "
                                + violation.member().name()
                                + ".");
            }
        }
        return null;
    }
}
