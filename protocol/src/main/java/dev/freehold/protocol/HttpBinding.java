package dev.freehold.protocol;

/// Where restJson1 and restXml find an operation.
///
/// @param method the HTTP method
/// @param uri the pattern, with `{Label}` and `{Label+}`, and literal query parameters after `?`
/// @param status the status of a success
public record HttpBinding(String method, String uri, int status) {
    /// How the protocols without bindings are called.
    public static final HttpBinding ROOT = new HttpBinding("POST", "/", 200);
}
