package dev.freehold.services.logs;

import dev.freehold.protocol.CommonError;
import dev.freehold.protocol.Protocol;
import dev.freehold.protocol.ServiceError;
import dev.freehold.protocol.validation.ConstraintPolicy;
import dev.freehold.protocol.validation.Violation;
import java.util.List;

/// What CloudWatch Logs answers to input that violates its model: AWS's usual text, under the name
/// of an error that its operations declare.
public final class LogsConstraints implements ConstraintPolicy {
    @Override
    public ServiceError answer(List<Violation> violations, Protocol protocol) {
        return new CommonError("InvalidParameterException", 400, ConstraintPolicy.text(violations));
    }
}
