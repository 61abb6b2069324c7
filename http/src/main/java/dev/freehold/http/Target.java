package dev.freehold.http;

import dev.freehold.protocol.Operation;
import dev.freehold.protocol.Protocol;
import dev.freehold.protocol.Request;

/// What a request is for.
///
/// @param endpoint the service
/// @param operation the operation
/// @param protocol how it speaks
/// @param request the request as the protocol reads it: its path in path style, its body replayed
record Target(Endpoint endpoint, Operation operation, Protocol protocol, Request request) {}
