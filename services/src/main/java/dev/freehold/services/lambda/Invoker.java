package dev.freehold.services.lambda;

import dev.freehold.api.lambda.FunctionConfiguration;
import dev.freehold.api.lambda.InvalidParameterValueException;
import dev.freehold.api.lambda.InvalidRuntimeException;
import dev.freehold.api.lambda.LoggingConfig;
import dev.freehold.api.lambda.TooManyRequestsException;
import dev.freehold.protocol.Caller;
import dev.freehold.sandbox.Engine;
import dev.freehold.sandbox.FunctionSpec;
import dev.freehold.sandbox.Invocation;
import dev.freehold.sandbox.InvocationResult;
import dev.freehold.sandbox.Runtimes;
import dev.freehold.services.iam.Credentials;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Runs functions by the engine.
final class Invoker {
    private static final Duration SESSION = Duration.ofHours(12);

    private final Engine engine;
    private final Runtimes runtimes;
    private final Packages packages;
    private final Credentials credentials;
    private final String endpoint;

    /// Unpacked code by blob. A server unpacks each package once.
    private final Map<String, Path> unpacked = new ConcurrentHashMap<>();

    /// @param endpoint where functions reach this server
    Invoker(
            Engine engine,
            Runtimes runtimes,
            Packages packages,
            Credentials credentials,
            String endpoint) {
        this.engine = engine;
        this.runtimes = runtimes;
        this.packages = packages;
        this.credentials = credentials;
        this.endpoint = endpoint;
    }

    InvocationResult invoke(
            FunctionRow row,
            FunctionName name,
            byte[] payload,
            @Nullable String clientContext,
            Caller caller) {
        FunctionConfiguration configuration = row.configuration();
        Runtimes.Choice choice = runtimes.choose(String.valueOf(configuration.runtime()));
        if (choice == null) {
            throw new InvalidRuntimeException(
                    "This host has no interpreter for the runtime " + configuration.runtime());
        }
        LoggingConfig logging = configuration.loggingConfig();
        Map<String, String> own =
                configuration.environment() == null
                                || configuration.environment().variables() == null
                        ? Map.of()
                        : configuration.environment().variables();
        FunctionSpec spec =
                new FunctionSpec(
                        key(row),
                        "$LATEST",
                        choice.runtime(),
                        String.valueOf(configuration.handler()),
                        unpacked.computeIfAbsent(row.blob(), packages::unpack),
                        null,
                        own,
                        intOf(configuration.memorySize(), 128),
                        Duration.ofSeconds(intOf(configuration.timeout(), 3)),
                        logging == null || logging.logFormat() == null
                                ? "Text"
                                : logging.logFormat(),
                        logging == null ? null : logging.applicationLogLevel());
        Invocation invocation =
                new Invocation(caller.requestId(), payload, name.arn(), clientContext, null);
        try {
            InvocationResult result = engine.invoke(spec, invocation, () -> variables(row, name));
            caller.usage().add("lambda.requests", 1);
            caller.usage()
                    .add(
                            "lambda.gb-seconds",
                            result.timings().billedMillis() / 1000.0 * spec.memory() / 1024.0);
            return result;
        } catch (Engine.FullException e) {
            throw new TooManyRequestsException(
                    "Rate Exceeded.",
                    TooManyRequestsException.Members.builder()
                            .reason("ConcurrentInvocationLimitExceeded")
                            .type("User")
                            .build());
        }
    }

    private static int intOf(@Nullable Integer value, int fallback) {
        return value == null ? fallback : value;
    }

    /// Environments of another configuration or code are not shared.
    private static String key(FunctionRow row) {
        return row.arn() + " " + row.configuration().revisionId();
    }

    /// What Lambda itself sets, with credentials of the execution role.
    private Map<String, String> variables(FunctionRow row, FunctionName name) {
        Credentials.Issued issued =
                credentials.issue(
                        String.valueOf(row.configuration().role()), row.name(), SESSION, List.of());
        if (issued == null) {
            throw new InvalidParameterValueException(
                    "The role defined for the function cannot be assumed by Lambda.");
        }
        Map<String, String> variables = new LinkedHashMap<>();
        variables.put("AWS_LAMBDA_FUNCTION_NAME", row.name());
        variables.put("AWS_EXECUTION_ENV", "AWS_Lambda_" + row.configuration().runtime());
        variables.put("AWS_REGION", name.region());
        variables.put("AWS_DEFAULT_REGION", name.region());
        variables.put("AWS_ENDPOINT_URL", endpoint);
        variables.put("AWS_ACCESS_KEY_ID", issued.accessKeyId());
        variables.put("AWS_SECRET_ACCESS_KEY", issued.secret());
        variables.put("AWS_SESSION_TOKEN", issued.token());
        return variables;
    }

    /// Ends what runs of a function that has changed or is gone.
    void retire(FunctionRow before, boolean codeToo) {
        engine.retire(key(before));
        Path code = codeToo ? unpacked.remove(before.blob()) : null;
        if (code != null) {
            packages.delete(code);
        }
    }
}
