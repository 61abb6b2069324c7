package dev.freehold.services.apigateway;

import dev.freehold.api.apigatewayv2.Authorizer;
import org.jspecify.annotations.Nullable;

/// Lets requests in: by a token, by a function, or by a signature.
final class Authorizers {
    /// What was decided.
    sealed interface Decision {
        /// @param identity who it is, or null when nobody was asked
        record Let(@Nullable Identity identity) implements Decision {}

        /// @param message the answer's message
        record Refused(int status, String message) implements Decision {}
    }

    static final Decision UNAUTHORIZED = new Decision.Refused(401, "Unauthorized");
    static final Decision FORBIDDEN = new Decision.Refused(403, "Forbidden");
    static final Decision FAILED = new Decision.Refused(500, "Internal Server Error");

    private final JwtAuthorizer tokens;
    private final LambdaAuthorizer functions;
    private final IamAuthorizer signatures;

    Authorizers(JwtAuthorizer tokens, LambdaAuthorizer functions, IamAuthorizer signatures) {
        this.tokens = tokens;
        this.functions = functions;
        this.signatures = signatures;
    }

    Decision decide(LiveApis.Hit hit) {
        String type = hit.route().route().authorizationType();
        if (type == null || type.equals("NONE")) {
            return new Decision.Let(null);
        }
        if (type.equals("AWS_IAM")) {
            return signatures.decide(hit);
        }
        Authorizer authorizer = hit.route().authorizer();
        if (authorizer == null) {
            return FAILED;
        }
        return type.equals("JWT")
                ? tokens.decide(hit, authorizer)
                : functions.decide(hit, authorizer);
    }
}
