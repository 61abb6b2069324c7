package dev.freehold.services.sts;

import dev.freehold.api.sts.AssumeRoleRequest;
import dev.freehold.protocol.Caller;
import dev.freehold.protocol.Operation;
import dev.freehold.protocol.Permission;
import dev.freehold.protocol.Permissions;
import dev.freehold.protocol.Structure;
import dev.freehold.services.iam.Credentials;
import java.util.List;
import java.util.Map;

/// What STS's operations ask to be allowed: anybody may know who they are.
public record StsPermissions(Credentials credentials) implements Permissions {
    @Override
    public List<Permission> of(Operation operation, Structure input, Caller caller) {
        if (input instanceof AssumeRoleRequest in) {
            String trust = credentials.trust(in.roleArn());
            Map<String, String> facts =
                    in.externalId() == null ? Map.of() : Map.of("sts:ExternalId", in.externalId());
            return List.of(new Permission("sts:AssumeRole", in.roleArn(), facts, trust));
        }
        return operation.name().equals("GetCallerIdentity")
                ? List.of()
                : List.of(new Permission("sts:" + operation.name(), "*"));
    }
}
