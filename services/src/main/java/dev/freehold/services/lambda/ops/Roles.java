package dev.freehold.services.lambda.ops;

import dev.freehold.protocol.Arn;
import dev.freehold.protocol.Caller;
import dev.freehold.protocol.CommonError;
import dev.freehold.services.iam.Credentials;
import dev.freehold.services.lambda.rules.Errors;

/// Execution roles.
public record Roles(Credentials credentials) {
    /// @throws dev.freehold.protocol.ServiceError when the function can't have the role
    void check(String arn, Caller caller) {
        Arn role = Arn.parse(arn);
        if (role != null && !role.account().equals(caller.account())) {
            throw new CommonError(
                    "AccessDeniedException", 403, "Cross-account pass role is not allowed.");
        }
        if (credentials.role(arn) == null) {
            throw Errors.invalid("The role defined for the function cannot be assumed by Lambda.");
        }
    }
}
