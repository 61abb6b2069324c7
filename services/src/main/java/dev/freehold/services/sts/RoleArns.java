package dev.freehold.services.sts;

import dev.freehold.protocol.Arn;
import dev.freehold.protocol.CommonError;

/// ARNs of roles, as callers write them.
final class RoleArns {
    private RoleArns() {}

    /// @throws CommonError when the text is no ARN
    static void check(String text) {
        Arn arn = Arn.parse(text);
        if (arn == null || arn.partition().isEmpty() || arn.resource().isEmpty()) {
            throw new CommonError("ValidationError", 400, text + " is invalid");
        }
    }
}
