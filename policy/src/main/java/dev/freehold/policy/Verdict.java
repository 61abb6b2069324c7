package dev.freehold.policy;

import org.jspecify.annotations.Nullable;

/// What was decided, and by what.
///
/// @param allowed whether it may
/// @param reason in AWS's words, to follow `... on resource: X`: `because no identity-based policy
///   allows the s3:GetObject action`; empty when allowed
/// @param statement the statement that decided, or null when it was the lack of one
public record Verdict(boolean allowed, String reason, @Nullable Statement statement) {
    static Verdict allow(@Nullable Statement statement) {
        return new Verdict(true, "", statement);
    }

    static Verdict explicitDeny(String type, Statement statement) {
        return new Verdict(false, "with an explicit deny in " + type + " policy", statement);
    }

    /// Denied, since no policy of that type allows it.
    public static Verdict missing(String type, String action) {
        String reason = "because no " + type + " allows the " + action + " action";
        return new Verdict(false, reason, null);
    }
}
