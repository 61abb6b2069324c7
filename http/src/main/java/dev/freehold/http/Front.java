package dev.freehold.http;

import dev.freehold.protocol.Request;
import dev.freehold.protocol.Response;

/// Answers requests to what users have made: their APIs and function URLs.
@FunctionalInterface
public interface Front {
    /// Answers one request.
    ///
    /// @param id the API's or URL's id, from the host or the path
    Response answer(String id, Request request);
}
