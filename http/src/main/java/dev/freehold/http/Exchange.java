package dev.freehold.http;

import dev.freehold.protocol.Request;
import dev.freehold.protocol.Response;

/// Answers requests.
@FunctionalInterface
public interface Exchange {
    Response answer(Request request);
}
