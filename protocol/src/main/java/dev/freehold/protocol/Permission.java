package dev.freehold.protocol;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One thing that a call must be allowed to do.
///
/// @param action the IAM action, such as `s3:GetObject`
/// @param resource the ARN it acts on, or `*`
/// @param facts condition keys of this action, such as `s3:prefix`
/// @param resourcePolicy the policy document attached to the resource, or null
/// @param resourceAccount the account that owns the resource; null when it is the one that the ARN
///   names, or the caller's own
public record Permission(
        String action,
        String resource,
        Map<String, String> facts,
        @Nullable String resourcePolicy,
        @Nullable String resourceAccount) {
    public Permission(String action, String resource) {
        this(action, resource, Map.of(), null);
    }

    public Permission(
            String action,
            String resource,
            Map<String, String> facts,
            @Nullable String resourcePolicy) {
        this(action, resource, facts, resourcePolicy, null);
    }
}
