package dev.freehold.protocol;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One thing that a call must be allowed to do.
///
/// @param action the IAM action, such as `s3:GetObject`
/// @param resource the ARN it acts on, or `*`
/// @param facts condition keys of this action, such as `s3:prefix`
/// @param resourcePolicy the policy document attached to the resource, or null
public record Permission(
        String action,
        String resource,
        Map<String, String> facts,
        @Nullable String resourcePolicy) {
    public Permission(String action, String resource) {
        this(action, resource, Map.of(), null);
    }
}
