package dev.freehold.services.lambda.rules;

import dev.freehold.api.lambda.Environment;
import dev.freehold.api.lambda.EnvironmentResponse;
import dev.freehold.services.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A function's environment variables.
final class Variables {
    /// The most bytes that they may have, as JSON.
    private static final int MAX_BYTES = 4096;

    private static final Set<String> RESERVED =
            Set.of(
                    "_HANDLER",
                    "_X_AMZN_TRACE_ID",
                    "AWS_DEFAULT_REGION",
                    "AWS_REGION",
                    "AWS_EXECUTION_ENV",
                    "AWS_LAMBDA_FUNCTION_NAME",
                    "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
                    "AWS_LAMBDA_FUNCTION_VERSION",
                    "AWS_LAMBDA_INITIALIZATION_TYPE",
                    "AWS_LAMBDA_LOG_GROUP_NAME",
                    "AWS_LAMBDA_LOG_STREAM_NAME",
                    "AWS_ACCESS_KEY",
                    "AWS_ACCESS_KEY_ID",
                    "AWS_SECRET_ACCESS_KEY",
                    "AWS_SESSION_TOKEN",
                    "AWS_LAMBDA_RUNTIME_API",
                    "LAMBDA_TASK_ROOT",
                    "LAMBDA_RUNTIME_DIR");

    private Variables() {}

    static @Nullable EnvironmentResponse of(@Nullable Environment in) {
        if (in == null) {
            return null;
        }
        Map<String, String> variables = in.variables() == null ? Map.of() : in.variables();
        List<String> reserved = variables.keySet().stream().filter(RESERVED::contains).toList();
        if (!reserved.isEmpty()) {
            throw Errors.invalid(
                    "Lambda was unable to configure your environment variables because the"
                            + " environment variables you have provided contains reserved keys"
                            + " that are currently not supported for modification. Reserved keys"
                            + " used in this request: "
                            + String.join(", ", reserved));
        }
        String measured = Json.write(variables);
        if (measured.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES) {
            throw Errors.invalid(
                    "Lambda was unable to configure your environment variables because the"
                            + " environment variables you have provided exceeded the 4KB limit."
                            + " String measured: "
                            + measured);
        }
        return EnvironmentResponse.builder().variables(variables).build();
    }
}
