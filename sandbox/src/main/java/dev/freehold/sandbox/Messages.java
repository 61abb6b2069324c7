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
    /// @param cache where the sandbox sees what was compiled of the code, or null
    static void init(
            Frames to,
            FunctionSpec spec,
            @Nullable Map<String, String> variables,
            @Nullable String cache)
            throws IOException {
        Map<String, Object> message = described(spec, variables);
        message.put("cache", cache);
        to.write('I', Json.write(message));
    }

    /// Has a function's code compiled, not to be called.
    static void compile(Frames to, FunctionSpec spec, Map<String, String> variables)
            throws IOException {
        to.write('P', Json.write(described(spec, variables)));
    }

    private static Map<String, Object> described(
            FunctionSpec spec, @Nullable Map<String, String> variables) {
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
        return message;
    }

    /// The same for a bootstrap that was started for the function and has its variables.
    ///
    /// @return whether it is still there
    static boolean tell(Frames to, FunctionSpec spec, @Nullable String cache) {
        try {
            init(to, spec, null, cache);
            return true;
        } catch (IOException e) {
            return false;
        }
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
