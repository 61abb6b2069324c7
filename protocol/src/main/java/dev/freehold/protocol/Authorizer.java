package dev.freehold.protocol;

import java.util.List;

/// Decides whether a caller may do what an operation asks. One for the whole process: the gateway
/// asks it for calls from outside, and services ask it when they call each other in the name of a
/// service principal.
@FunctionalInterface
public interface Authorizer {
    /// Decides on all permissions of one call; the first that is missing denies it.
    Decision decide(Caller caller, List<Permission> permissions);

    /// The answer, with what a person needs to understand it.
    sealed interface Decision {
        /// Everything is allowed.
        record Allowed() implements Decision {}

        /// Something is not.
        ///
        /// @param permission what was missing
        /// @param message AWS's text: `User: ... is not authorized to perform: ... on resource: ...
        ///   because no identity-based policy allows the ... action`
        record Denied(Permission permission, String message) implements Decision {}
    }
}
