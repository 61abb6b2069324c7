package dev.freehold.policy;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What is to be decided: who wants to do what with which resource.
///
/// @param subject who asks
/// @param action such as `s3:GetObject`
/// @param resource the ARN it acts on, or `*`
/// @param resourceAccount the account that owns it; empty when nobody's
/// @param facts the request's context: values by condition key
/// @param resourcePolicy the resource's own policy, or null
/// @param resourceDecides whether nothing is allowed that the resource's policy does not grant at
///   least to the account: so it is with a role's trust policy and with a key's policy
public record Question(
        Subject subject,
        String action,
        String resource,
        String resourceAccount,
        Map<String, List<String>> facts,
        @Nullable Policy resourcePolicy,
        boolean resourceDecides) {
    /// A question about a resource whose policy may add to what the subject is allowed.
    public Question(
            Subject subject,
            String action,
            String resource,
            String resourceAccount,
            Map<String, List<String>> facts,
            @Nullable Policy resourcePolicy) {
        this(subject, action, resource, resourceAccount, facts, resourcePolicy, false);
    }

    /// Who asks, with the policies that come with it.
    ///
    /// @param kind what it is
    /// @param account its account; empty for a service and for nobody
    /// @param names the ARNs (or service name) by which resource policies may name it, its own
    ///   first
    /// @param identity the policies attached to it
    /// @param boundary the permissions boundary, or null when it has none
    /// @param session the session's policies; empty when it has none
    public record Subject(
            Kind kind,
            String account,
            List<String> names,
            List<Policy> identity,
            @Nullable Policy boundary,
            List<Policy> session) {
        public Subject {
            names = List.copyOf(names);
            identity = List.copyOf(identity);
            session = List.copyOf(session);
        }
    }

    /// What a subject is.
    public enum Kind {
        /// The account itself: what no policy denies is allowed.
        ROOT,
        USER,
        ROLE,
        /// A service: only a resource's policy can allow it something.
        SERVICE,
        ANONYMOUS
    }
}
