package dev.freehold.http;

import dev.freehold.protocol.Permissions;
import dev.freehold.protocol.Service;
import dev.freehold.protocol.browser.Browsers;
import dev.freehold.protocol.validation.ConstraintPolicy;
import org.jspecify.annotations.Nullable;

/// A service with what its operations ask to be allowed, and what it does otherwise than most.
///
/// @param browsers how it treats web browsers, or null when only the pages of this server may use
///   it
/// @param constraints how it answers input that violates its model
/// @param openByPolicy whether its resources' policies may let in anybody, signed or not
public record Endpoint(
        Service service,
        Permissions permissions,
        @Nullable Browsers browsers,
        ConstraintPolicy constraints,
        boolean openByPolicy) {
    public Endpoint(Service service, Permissions permissions) {
        this(service, permissions, null);
    }

    public Endpoint(Service service, Permissions permissions, @Nullable Browsers browsers) {
        this(service, permissions, browsers, ConstraintPolicy.STANDARD, false);
    }

    /// The same, with words of its own for input that violates its model.
    public Endpoint withConstraints(ConstraintPolicy policy) {
        return new Endpoint(service, permissions, browsers, policy, openByPolicy);
    }

    /// The same, open to whom its resources' policies let in.
    public Endpoint opened() {
        return new Endpoint(service, permissions, browsers, constraints, true);
    }
}
