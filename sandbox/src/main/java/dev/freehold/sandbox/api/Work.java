package dev.freehold.sandbox.api;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// An invocation for a runtime.
///
/// @param requestId its id
/// @param functionArn the ARN by which it was called
/// @param deadline when it is timed out, in milliseconds of the epoch
/// @param clientContext JSON, or null
/// @param traceId the trace header, or null
/// @param tenantId the tenant, or null
/// @param payload the event
public record Work(
        String requestId,
        String functionArn,
        long deadline,
        @Nullable String clientContext,
        @Nullable String traceId,
        @Nullable String tenantId,
        byte[] payload) {

    Map<String, String> headers() {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Content-Type", "application/json");
        headers.put("Lambda-Runtime-Aws-Request-Id", requestId);
        headers.put("Lambda-Runtime-Deadline-Ms", String.valueOf(deadline));
        headers.put("Lambda-Runtime-Invoked-Function-Arn", functionArn);
        if (traceId != null) {
            headers.put("Lambda-Runtime-Trace-Id", traceId);
        }
        if (tenantId != null) {
            headers.put("Lambda-Runtime-Aws-Tenant-Id", tenantId);
        }
        if (clientContext != null) {
            headers.put("Lambda-Runtime-Client-Context", clientContext);
        }
        return headers;
    }
}
