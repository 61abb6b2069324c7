package dev.freehold.services.lambda.run;

import dev.freehold.protocol.Blob;
import dev.freehold.protocol.ByteStream;
import dev.freehold.protocol.Headers;
import dev.freehold.protocol.Request;
import dev.freehold.protocol.Response;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Keeps the last invocations' traces in memory. Cold starts have a place of their own, so that a
/// busy function does not push them out.
public final class Traces {
    /// Where one trace is asked for: this, and the request's id. Who knows the id, which nobody can
    /// guess, has made the request.
    public static final String PATH = "/_freehold/traces/";

    private static final int MAX_COLD = 1000;
    private static final int MAX_WARM = 4000;

    private final Map<String, Trace> cold = new Last(MAX_COLD);
    private final Map<String, Trace> warm = new Last(MAX_WARM);

    private static final class Last extends LinkedHashMap<String, Trace> {
        private static final long serialVersionUID = 1L;

        private final int most;

        Last(int most) {
            this.most = most;
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Trace> eldest) {
            return size() > most;
        }
    }

    synchronized void keep(Trace trace) {
        (trace.cold() ? cold : warm).put(trace.requestId(), trace);
    }

    /// The trace of a request, when it is one of the last.
    synchronized @Nullable Trace find(String requestId) {
        Trace found = cold.get(requestId);
        return found == null ? warm.get(requestId) : found;
    }

    /// Answers requests to [#PATH].
    public Response answer(Request request) {
        Trace trace = find(request.rawPath().substring(PATH.length()));
        if (trace == null) {
            return Response.empty(404, Headers.EMPTY);
        }
        Headers headers = Headers.builder().set("content-type", "application/json").build();
        return new Response(200, headers, ByteStream.of(Blob.ofUtf8(trace.json())));
    }
}
