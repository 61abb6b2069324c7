package dev.freehold.protocol.browser;

import dev.freehold.protocol.Headers;
import dev.freehold.protocol.Request;
import org.jspecify.annotations.Nullable;

/// How a service treats web browsers. S3 lets its buckets decide; all others serve only the pages
/// that this server sent. The requests have the service's path style.
public interface Browsers {
    /// The answer to a page that asks whether it may send a request (`OPTIONS`).
    ///
    /// @throws dev.freehold.protocol.ServiceError when it may not
    Headers preflight(Request request);

    /// What tells a browser that the page may read the answer to a request; nothing when it may
    /// not.
    Headers readable(Request request);

    /// What a posted form stands for, or null when the request posts none.
    ///
    /// @throws dev.freehold.protocol.ServiceError when it can't be understood, or breaks the policy
    ///   that it brings
    @Nullable Form form(Request request);
}
