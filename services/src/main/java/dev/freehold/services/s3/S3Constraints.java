package dev.freehold.services.s3;

import dev.freehold.protocol.CommonError;
import dev.freehold.protocol.Member;
import dev.freehold.protocol.Operation;
import dev.freehold.protocol.Protocol;
import dev.freehold.protocol.ServiceError;
import dev.freehold.protocol.validation.ConstraintPolicy;
import dev.freehold.protocol.validation.Violation;
import dev.freehold.services.s3.config.Policies;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What S3 answers to input that violates its model: something required is missing from the
/// document, the query or the headers. Values it judges itself.
public final class S3Constraints implements ConstraintPolicy {
    @Override
    public @Nullable ServiceError answer(
            List<Violation> violations, Operation operation, Protocol protocol) {
        for (Violation violation : violations) {
            if (violation.missing()) {
                return missing(violation.member());
            }
        }
        return null;
    }

    private static ServiceError missing(Member member) {
        return switch (member.location()) {
            case QUERY ->
                    new CommonError(
                            "InvalidArgument",
                            400,
                            "This operation requires the parameter " + member.wireName() + ".");
            case HEADER ->
                    new CommonError(
                            "MissingSecurityHeader",
                            400,
                            "Your request was missing a required header");
            case PAYLOAD ->
                    member.name().equals("Policy")
                            ? new CommonError("MalformedPolicy", 400, Policies.NO_JSON)
                            : new CommonError(
                                    "MissingRequestBodyError", 400, "Request Body is empty");
            default ->
                    new CommonError(
                            "MalformedXML",
                            400,
                            "The XML you provided was not well-formed or did not validate against"
                                    + " our published schema");
        };
    }
}
