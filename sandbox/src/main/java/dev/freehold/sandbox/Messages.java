package dev.freehold.sandbox;

import dev.freehold.sandbox.api.Work;
import dev.freehold.sandbox.debug.Debugpy;
import dev.freehold.sandbox.json.Json;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What bootstraps of our own are told: see `bootstrap.mjs`.
final class Messages {
    private Messages() {}

    /// Has a function's code loaded.
    ///
    /// @param variables all that it has; null when it has them already
    static void init(Frames to, FunctionSpec spec, @Nullable Map<String, String> variables)
            throws IOException {
        Map<String, Object> message = new LinkedHashMap<>();
        message.put("handler", spec.handler());
        message.put("environment", variables);
        message.put("memory", spec.memory());
        message.put("logFormat", spec.logFormat());
        message.put("logLevel", spec.logLevel());
        if (spec.runtime().debugged()) {
            message.put("debugPort", spec.runtime().debugPort());
            message.put("debugger", Debugpy.in(spec.runtime().home()));
        }
        to.write('I', Json.write(message));
    }

    /// Has it called.
    static void invoke(Frames to, Work work) throws IOException {
        Map<String, Object> head = new LinkedHashMap<>();
        head.put("requestId", work.requestId());
        head.put("functionArn", work.functionArn());
        head.put("deadline", work.deadline());
        head.put("clientContext", work.clientContext());
        head.put("traceId", work.traceId());
        head.put("tenantId", work.tenantId());
        head.values().removeIf(Objects::isNull);
        byte[] json = Json.write(head);
        byte[] length = ByteBuffer.allocate(4).putInt(json.length).array();
        to.write('V', length, json, work.payload());
    }
}
