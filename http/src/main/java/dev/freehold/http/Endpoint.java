package dev.freehold.http;

import dev.freehold.protocol.Permissions;
import dev.freehold.protocol.Service;
import dev.freehold.protocol.browser.Browsers;
import org.jspecify.annotations.Nullable;

/// A service with what its operations ask to be allowed.
///
/// @param browsers how it treats web browsers, or null when only the pages of this server may use
///   it
public record Endpoint(Service service, Permissions permissions, @Nullable Browsers browsers) {
    public Endpoint(Service service, Permissions permissions) {
        this(service, permissions, null);
    }
}
