package dev.freehold.services.iam;

import dev.freehold.protocol.Caller;
import dev.freehold.protocol.Member;
import dev.freehold.protocol.Operation;
import dev.freehold.protocol.Permission;
import dev.freehold.protocol.Permissions;
import dev.freehold.protocol.Structure;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What IAM's operations ask to be allowed: the operation itself on the entity that it names.
public final class IamPermissions implements Permissions {
    @Override
    public List<Permission> of(Operation operation, Structure input, Caller caller) {
        return List.of(new Permission("iam:" + operation.name(), resource(input, caller)));
    }

    private static String resource(Structure input, Caller caller) {
        String prefix = "arn:aws:iam::" + caller.account() + ":";
        String role = text(input, "RoleName");
        if (role != null) {
            return prefix + "role/" + role;
        }
        String user = text(input, "UserName");
        if (user != null) {
            return prefix + "user/" + user;
        }
        String group = text(input, "GroupName");
        if (group != null) {
            return prefix + "group/" + group;
        }
        String policy = text(input, "PolicyArn");
        return policy == null ? "*" : policy;
    }

    private static @Nullable String text(Structure input, String name) {
        Member member = input.schema().member(name);
        return member != null && input.member(member.index()) instanceof String text ? text : null;
    }
}
