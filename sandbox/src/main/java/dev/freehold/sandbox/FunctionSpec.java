package dev.freehold.sandbox;

import dev.freehold.sandbox.api.FunctionIdentity;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A published function, as an environment needs it. What has another key never shares an
/// environment.
///
/// @param key names the function's version and configuration; changes with either
/// @param version what the START line names: `$LATEST` or a number
/// @param runtime how it is run
/// @param handler what is called
/// @param code the unpacked package: a directory in the code store
/// @param layers the merged layers, a directory in the code store, or null
/// @param environment the user's variables
/// @param memory in MiB
/// @param timeout of one invocation
/// @param logFormat `Text` or `JSON`
/// @param logLevel the least level that JSON logs have, or null
/// @param systemLogLevel the least level of what the engine itself logs as JSON, or null
/// @param ephemeralStorage the size of `/tmp` in MiB, 512 to 10,240
/// @param egress what it reaches beside the AWS endpoint
/// @param notice that the runtime is not quite what was asked for, or null when it is
/// @param arn the function's, without a version; empty when it has none
public record FunctionSpec(
        String key,
        String version,
        Interpreter runtime,
        String handler,
        Path code,
        @Nullable Path layers,
        Map<String, String> environment,
        int memory,
        Duration timeout,
        String logFormat,
        @Nullable String logLevel,
        @Nullable String systemLogLevel,
        int ephemeralStorage,
        Egress egress,
        @Nullable String notice,
        String arn) {

    /// What a function reaches beside the AWS endpoint.
    public enum Egress {
        /// What the host reaches, but not the host itself.
        OPEN,
        /// Nothing.
        NONE
    }

    /// The same function run otherwise.
    public FunctionSpec with(Interpreter otherRuntime, Duration otherTimeout) {
        return new FunctionSpec(
                key,
                version,
                otherRuntime,
                handler,
                code,
                layers,
                environment,
                memory,
                otherTimeout,
                logFormat,
                logLevel,
                systemLogLevel,
                ephemeralStorage,
                egress,
                notice,
                arn);
    }

    /// A function with what AWS gives unless told otherwise: 512 MiB of `/tmp`, and the internet.
    public FunctionSpec(
            String key,
            String version,
            Interpreter runtime,
            String handler,
            Path code,
            @Nullable Path layers,
            Map<String, String> environment,
            int memory,
            Duration timeout,
            String logFormat,
            @Nullable String logLevel) {
        this(
                key,
                version,
                runtime,
                handler,
                code,
                layers,
                environment,
                memory,
                timeout,
                logFormat,
                logLevel,
                null,
                Sandbox.TMP_MEGABYTES,
                Egress.OPEN,
                null,
                "");
    }

    private String arnPart(int index) {
        String[] parts = arn.split(":", -1);
        return parts.length > index ? parts[index] : "";
    }

    /// What extensions are told of it.
    FunctionIdentity identity() {
        return new FunctionIdentity(arnPart(4), arnPart(6), version, handler);
    }
}
