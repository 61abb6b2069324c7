package dev.freehold.http;

import dev.freehold.protocol.Permissions;
import dev.freehold.protocol.Service;

/// A service with what its operations ask to be allowed.
public record Endpoint(Service service, Permissions permissions) {}
