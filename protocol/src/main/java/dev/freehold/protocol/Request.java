package dev.freehold.protocol;

import java.util.List;

/// An HTTP request, as the wire had it.
///
/// @param method the HTTP method, upper case
/// @param rawPath the path as sent, not decoded: signatures are computed over it
/// @param rawQuery the query as sent, without `?`; empty when there is none
/// @param headers the headers
/// @param body the body, not yet read
/// @param host the `Host` header or `:authority`, lower case, with the port when it was given
/// @param sourceIp the peer's address
/// @param secure whether it came over TLS
/// @param requestId the id that the answer will carry
public record Request(
        String method,
        String rawPath,
        String rawQuery,
        Headers headers,
        ByteStream body,
        String host,
        String sourceIp,
        boolean secure,
        String requestId) {
    /// The same request with another path and host: what a virtual host means.
    public Request withPath(String path) {
        return new Request(
                method, path, rawQuery, headers, body, host, sourceIp, secure, requestId);
    }

    /// The same request with another query.
    public Request withQuery(String query) {
        return new Request(
                method, rawPath, query, headers, body, host, sourceIp, secure, requestId);
    }

    /// The same request with its body decoded or replayed.
    public Request withBody(ByteStream stream) {
        return new Request(
                method, rawPath, rawQuery, headers, stream, host, sourceIp, secure, requestId);
    }

    /// The query parameters in order, decoded once; a parameter without `=` has the value "".
    ///
    /// @throws CommonError when an escape is broken
    public List<QueryParameter> query() {
        try {
            return QueryParameter.parse(rawQuery);
        } catch (IllegalArgumentException e) {
            throw new CommonError("InvalidURI", 400, "Couldn't parse the specified URI.");
        }
    }
}
