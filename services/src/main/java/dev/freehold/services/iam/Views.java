package dev.freehold.services.iam;

import dev.freehold.api.iam.AttachedPermissionsBoundary;
import dev.freehold.api.iam.AttachedPolicy;
import dev.freehold.api.iam.Group;
import dev.freehold.api.iam.InvalidInputException;
import dev.freehold.api.iam.LimitExceededException;
import dev.freehold.api.iam.PolicyDetail;
import dev.freehold.api.iam.Role;
import dev.freehold.api.iam.RoleLastUsed;
import dev.freehold.api.iam.Tag;
import dev.freehold.api.iam.User;
import dev.freehold.protocol.Caller;
import dev.freehold.protocol.CommonError;
import dev.freehold.protocol.Principal;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Entities as IAM answers them.
final class Views {
    private static final int MAX_TAGS = 50;

    private Views() {}

    /// What GetRole answers.
    static Role role(Entity e, Caller caller) {
        return listed(e, caller).toBuilder()
                .permissionsBoundary(boundary(e))
                .tags(tagsOrNull(e))
                .roleLastUsed(RoleLastUsed.builder().build())
                .build();
    }

    /// What CreateRole answers.
    static Role created(Entity e, Caller caller) {
        return role(e, caller).toBuilder()
                .description(null)
                .maxSessionDuration(null)
                .roleLastUsed(null)
                .build();
    }

    /// What listings answer: no tags, no boundary.
    static Role listed(Entity e, Caller caller) {
        return Role.builder()
                .path(e.path())
                .roleName(e.name())
                .roleId(e.id())
                .arn(e.arn(Entity.Kind.ROLE, caller.account()))
                .createDate(e.created())
                .assumeRolePolicyDocument(Documents.encoded(e.trust()))
                .description(e.description())
                .maxSessionDuration(e.maxSession())
                .build();
    }

    /// What GetUser and CreateUser answer.
    static User user(Entity e, Caller caller) {
        return listedUser(e, caller).toBuilder()
                .permissionsBoundary(boundary(e))
                .tags(tagsOrNull(e))
                .build();
    }

    /// What listings answer: no tags, no boundary.
    static User listedUser(Entity e, Caller caller) {
        return User.builder()
                .path(e.path())
                .userName(e.name())
                .userId(e.id())
                .arn(e.arn(Entity.Kind.USER, caller.account()))
                .createDate(e.created())
                .build();
    }

    static Group group(Entity e, Caller caller) {
        return Group.builder()
                .path(e.path())
                .groupName(e.name())
                .groupId(e.id())
                .arn(e.arn(Entity.Kind.GROUP, caller.account()))
                .createDate(e.created())
                .build();
    }

    private static @Nullable List<Tag> tagsOrNull(Entity e) {
        return e.tags().isEmpty() ? null : tags(e.tags());
    }

    static @Nullable AttachedPermissionsBoundary boundary(Entity e) {
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

    /// One page of tags, in the order of their keys.
    static Pages.Page<Tag> tagPage(
            Map<String, String> tags, @Nullable String marker, @Nullable Integer maxItems) {
        return Pages.of(tags(new TreeMap<>(tags)), Tag::key, marker, maxItems);
    }

    static List<PolicyDetail> inline(Entity e) {
        return e.inline().entrySet().stream()
                .map(p ->
                        PolicyDetail.builder()
                                .policyName(p.getKey())
                                .policyDocument(Documents.encoded(p.getValue()))
                                .build())
                .toList();
    }

    /// Tags with more of them; keys differ in more than case.
    static Map<String, String> merged(Map<String, String> before, @Nullable List<Tag> more) {
        Map<String, String> tags = new LinkedHashMap<>(before);
        Set<String> seen = new HashSet<>();
        for (Tag tag : more == null ? List.<Tag>of() : more) {
            if (!seen.add(tag.key().toLowerCase(Locale.ROOT))) {
                throw new InvalidInputException(
                        "Duplicate tag keys found. Please note that Tag keys are case insensitive.");
            }
            if (tag.key().toLowerCase(Locale.ROOT).startsWith("aws:")) {
                throw new InvalidInputException(
                        "Tag keys that start with aws: are reserved for internal use.");
            }
            tags.keySet().removeIf(key -> key.equalsIgnoreCase(tag.key()));
            tags.put(tag.key(), tag.value());
        }
        if (tags.size() > MAX_TAGS) {
            throw new LimitExceededException(
                    "The number of tags has reached the maximum limit of " + MAX_TAGS + ".");
        }
        return tags;
    }

    static Map<String, String> without(Map<String, String> before, List<String> keys) {
        Map<String, String> tags = new LinkedHashMap<>(before);
        keys.forEach(gone -> tags.keySet().removeIf(gone::equalsIgnoreCase));
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
