package dev.freehold.policy;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One statement of a policy. Of each pair (`actions` and its negation ...) one list is null.
///
/// @param sid its id, or null
/// @param effect whether it allows or denies
/// @param principals by type (`AWS`, `Service`, `Federated`, `CanonicalUser`); null in identity
///   policies
/// @param principalsNegated whether `principals` was `NotPrincipal`
/// @param actions patterns such as `s3:Get*`
/// @param actionsNegated whether it was `NotAction`
/// @param resources patterns of ARNs; null in trust policies, where the role itself is meant
/// @param resourcesNegated whether it was `NotResource`
/// @param conditions all must hold
public record Statement(
        @Nullable String sid,
        Effect effect,
        @Nullable Map<String, List<String>> principals,
        boolean principalsNegated,
        List<String> actions,
        boolean actionsNegated,
        @Nullable List<String> resources,
        boolean resourcesNegated,
        List<Condition> conditions) {
    /// What a statement does when it applies.
    public enum Effect {
        ALLOW,
        DENY
    }

    /// One condition: an operator over a key, holding when any of the values matches.
    ///
    /// @param operator the bare operator, lower case: `stringequals`
    /// @param quantifier how a key of several values is tested
    /// @param ifExists whether an absent key fulfils it
    /// @param key the condition key, as written
    /// @param values what it is compared with
    public record Condition(
            String operator,
            Quantifier quantifier,
            boolean ifExists,
            String key,
            List<String> values) {}

    /// How a request's several values of one key are tested.
    public enum Quantifier {
        ONE,
        ANY,
        ALL
    }
}
