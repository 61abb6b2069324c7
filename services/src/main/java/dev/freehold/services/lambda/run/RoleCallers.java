package dev.freehold.services.lambda.run;

import dev.freehold.protocol.Arn;
import dev.freehold.protocol.Caller;
import dev.freehold.protocol.Principal;
import dev.freehold.protocol.Usage;
import dev.freehold.services.iam.Credentials;
import java.util.Map;

/// Callers with the rights of execution roles: what Lambda does for functions it does in their
/// name.
public record RoleCallers(Credentials credentials) {
    /// A caller in a session of a role. When the role is gone, it is one who may do nothing.
    ///
    /// @param role the role's ARN
    /// @param function the function's name, which names the session
    /// @throws IllegalArgumentException when the role is no ARN
    public Caller of(String role, String function, String region, String requestId) {
        Arn arn = Arn.parse(role);
        if (arn == null) {
            throw new IllegalArgumentException(role);
        }
        String name = arn.resource().substring(arn.resource().lastIndexOf('/') + 1);
        Credentials.Role known = credentials.role(role);
        String id = known == null ? "" : known.id();
        Principal principal = new Principal.AssumedRole(arn.account(), "/", name, id, function);
        return new Caller(arn.account(), region, principal, requestId, Map.of(), new Usage());
    }
}
