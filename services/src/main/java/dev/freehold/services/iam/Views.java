package dev.freehold.services.iam;

import dev.freehold.api.iam.AttachedPermissionsBoundary;
import dev.freehold.api.iam.AttachedPolicy;
import dev.freehold.api.iam.Role;
import dev.freehold.api.iam.RoleLastUsed;
import dev.freehold.api.iam.Tag;
import dev.freehold.api.iam.User;
import dev.freehold.protocol.Caller;
import dev.freehold.protocol.CommonError;
import dev.freehold.protocol.Principal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Entities as IAM answers them.
final class Views {
    private Views() {}

    static Role role(Entity e, Caller caller) {
        return Role.builder()
                .path(e.path())
                .roleName(e.name())
                .roleId(e.id())
                .arn(e.arn(Entity.Kind.ROLE, caller.account()))
                .createDate(e.created())
                .assumeRolePolicyDocument(Documents.encoded(e.trust()))
                .description(e.description())
                .maxSessionDuration(e.maxSession())
                .permissionsBoundary(boundary(e))
                .tags(e.tags().isEmpty() ? null : tags(e.tags()))
                .roleLastUsed(RoleLastUsed.builder().build())
                .build();
    }

    static User user(Entity e, Caller caller) {
        return User.builder()
                .path(e.path())
                .userName(e.name())
                .userId(e.id())
                .arn(e.arn(Entity.Kind.USER, caller.account()))
                .createDate(e.created())
                .permissionsBoundary(boundary(e))
                .tags(e.tags().isEmpty() ? null : tags(e.tags()))
                .build();
    }

    private static @Nullable AttachedPermissionsBoundary boundary(Entity e) {
        return e.boundary() == null
                ? null
                : AttachedPermissionsBoundary.builder()
                        .permissionsBoundaryType("Policy")
                        .permissionsBoundaryArn(e.boundary())
                        .build();
    }

    static AttachedPolicy attached(String arn) {
        return AttachedPolicy.builder()
                .policyName(arn.substring(arn.lastIndexOf('/') + 1))
                .policyArn(arn)
                .build();
    }

    static List<Tag> tags(Map<String, String> tags) {
        return tags.entrySet().stream()
                .map(e -> Tag.builder().key(e.getKey()).value(e.getValue()).build())
                .toList();
    }

    static Map<String, String> merged(Map<String, String> before, @Nullable List<Tag> more) {
        Map<String, String> tags = new LinkedHashMap<>(before);
        if (more != null) {
            more.forEach(tag -> tags.put(tag.key(), tag.value()));
        }
        if (tags.size() > 50) {
            throw new CommonError(
                    "ValidationError",
                    400,
                    "1 validation error detected: Value at 'tags' failed to satisfy constraint:"
                            + " Member must have length less than or equal to 50");
        }
        return tags;
    }

    static Map<String, String> without(Map<String, String> before, List<String> keys) {
        Map<String, String> tags = new LinkedHashMap<>(before);
        keys.forEach(tags::remove);
        return tags;
    }

    /// The user that is meant: the one named, or the caller.
    static String userName(@Nullable String name, Caller caller) {
        if (name != null) {
            return name;
        }
        if (caller.principal() instanceof Principal.User user) {
            return user.name();
        }
        throw new CommonError(
                "ValidationError",
                400,
                "Must specify userName when calling with non-User credentials");
    }
}
