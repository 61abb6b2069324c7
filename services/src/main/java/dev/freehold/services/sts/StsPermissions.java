package dev.freehold.services.sts;

import dev.freehold.api.sts.AssumeRoleRequest;
import dev.freehold.api.sts.GetFederationTokenRequest;
import dev.freehold.api.sts.Tag;
import dev.freehold.protocol.Caller;
import dev.freehold.protocol.Operation;
import dev.freehold.protocol.Permission;
import dev.freehold.protocol.Permissions;
import dev.freehold.protocol.Structure;
import dev.freehold.services.iam.Credentials;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What STS's operations ask to be allowed: anybody may know who they are, and ask for a session of
/// their own.
public record StsPermissions(Credentials credentials) implements Permissions {
    private static final Set<String> OPEN =
            Set.of(
                    "GetCallerIdentity",
                    "GetSessionToken",
                    "AssumeRoleWithWebIdentity",
                    "AssumeRoleWithSAML");

    @Override
    public List<Permission> of(Operation operation, Structure input, Caller caller) {
        if (input instanceof AssumeRoleRequest in) {
            return assume(in);
        }
        if (input instanceof GetFederationTokenRequest in) {
            String resource = "arn:aws:sts::" + caller.account() + ":federated-user/" + in.name();
            return List.of(new Permission("sts:GetFederationToken", resource));
        }
        return OPEN.contains(operation.name())
                ? List.of()
                : List.of(new Permission("sts:" + operation.name(), "*"));
    }

    private List<Permission> assume(AssumeRoleRequest in) {
        RoleArns.check(in.roleArn());
        Credentials.Role role = credentials.role(in.roleArn());
        Map<String, String> facts = facts(in);
        // A role that does not exist trusts nobody.
        String trust = role == null ? "{}" : role.trust();
        List<Permission> permissions = new ArrayList<>();
        permissions.add(new Permission("sts:AssumeRole", in.roleArn(), facts, trust));
        if (in.tags() != null && !in.tags().isEmpty()) {
            permissions.add(new Permission("sts:TagSession", in.roleArn(), facts, trust));
        }
        if (in.sourceIdentity() != null) {
            permissions.add(new Permission("sts:SetSourceIdentity", in.roleArn(), facts, trust));
        }
        return permissions;
    }

    private static Map<String, String> facts(AssumeRoleRequest in) {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("sts:RoleSessionName", in.roleSessionName());
        if (in.externalId() != null) {
            facts.put("sts:ExternalId", in.externalId());
        }
        if (in.sourceIdentity() != null) {
            facts.put("sts:SourceIdentity", in.sourceIdentity());
        }
        if (in.tags() != null && !in.tags().isEmpty()) {
            in.tags().forEach(tag -> facts.put("aws:RequestTag/" + tag.key(), tag.value()));
            facts.put(
                    "aws:TagKeys",
                    String.join("\u0000", in.tags().stream().map(Tag::key).toList()));
        }
        if (in.transitiveTagKeys() != null && !in.transitiveTagKeys().isEmpty()) {
            facts.put("sts:TransitiveTagKeys", String.join("\u0000", in.transitiveTagKeys()));
        }
        return facts;
    }
}
