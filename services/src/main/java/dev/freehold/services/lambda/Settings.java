package dev.freehold.services.lambda;

import dev.freehold.api.lambda.CreateFunctionRequest;
import dev.freehold.api.lambda.Environment;
import dev.freehold.api.lambda.EnvironmentResponse;
import dev.freehold.api.lambda.EphemeralStorage;
import dev.freehold.api.lambda.FunctionConfiguration;
import dev.freehold.api.lambda.InvalidParameterValueException;
import dev.freehold.api.lambda.LoggingConfig;
import dev.freehold.api.lambda.RuntimeVersionConfig;
import dev.freehold.api.lambda.SnapStartResponse;
import dev.freehold.api.lambda.TracingConfigResponse;
import dev.freehold.api.lambda.UpdateFunctionConfigurationRequest;
import dev.freehold.api.lambda.VpcConfig;
import dev.freehold.protocol.NotImplementedError;
import dev.freehold.sandbox.Runtimes;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A function's settings: what may be set, and to what.
final class Settings {
    private static final int MAX_ENVIRONMENT = 4096;
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

    private final Runtimes runtimes;

    Settings(Runtimes runtimes) {
        this.runtimes = runtimes;
    }

    /// The configuration of a new function, without what its code says.
    FunctionConfiguration.Builder create(CreateFunctionRequest in) {
        refuse("Container images (PackageType Image)", "Image".equals(in.packageType()));
        refuse("KMSKeyArn", in.kmsKeyArn() != null);
        refuse("CodeSigningConfigArn", in.codeSigningConfigArn() != null);
        refuse("SnapStart", in.snapStart() != null && !"None".equals(in.snapStart().applyOn()));
        refuse("TenancyConfig", in.tenancyConfig() != null);
        refuse("CapacityProviderConfig", in.capacityProviderConfig() != null);
        refuse("DurableConfig", in.durableConfig() != null);
        refuse("Publish", Boolean.TRUE.equals(in.publish()));
        common(in.vpcConfig(), in.layers(), in.fileSystemConfigs(), in.ephemeralStorage());
        refuse(
                "TracingConfig Active",
                in.tracingConfig() != null && "Active".equals(in.tracingConfig().mode()));
        checkRole(in.role());
        if (in.runtime() == null || in.handler() == null) {
            throw new InvalidParameterValueException(
                    "Runtime and Handler are mandatory parameters for functions created with"
                            + " deployment packages.");
        }
        List<String> architectures =
                in.architectures() == null ? List.of("x86_64") : in.architectures();
        LoggingConfig logging = logging(in.loggingConfig(), in.functionName());
        return FunctionConfiguration.builder()
                .runtime(in.runtime())
                .role(in.role())
                .handler(in.handler())
                .description(in.description() == null ? "" : in.description())
                .timeout(in.timeout() == null ? 3 : in.timeout())
                .memorySize(in.memorySize() == null ? 128 : in.memorySize())
                .environment(environment(in.environment()))
                .deadLetterConfig(in.deadLetterConfig())
                .tracingConfig(TracingConfigResponse.builder().mode("PassThrough").build())
                .packageType("Zip")
                .architectures(architectures)
                .ephemeralStorage(EphemeralStorage.builder().size(512).build())
                .snapStart(
                        SnapStartResponse.builder()
                                .applyOn("None")
                                .optimizationStatus("Off")
                                .build())
                .runtimeVersionConfig(version(in.runtime()))
                .loggingConfig(logging)
                .version("$LATEST");
    }

    /// Changes what a request sets.
    FunctionConfiguration.Builder update(
            FunctionConfiguration before, UpdateFunctionConfigurationRequest in) {
        refuse("KMSKeyArn", in.kmsKeyArn() != null && !in.kmsKeyArn().isEmpty());
        refuse("SnapStart", in.snapStart() != null && !"None".equals(in.snapStart().applyOn()));
        common(in.vpcConfig(), in.layers(), in.fileSystemConfigs(), in.ephemeralStorage());
        refuse(
                "TracingConfig Active",
                in.tracingConfig() != null && "Active".equals(in.tracingConfig().mode()));
        FunctionConfiguration.Builder next = before.toBuilder();
        if (in.role() != null) {
            checkRole(in.role());
            next.role(in.role());
        }
        if (in.runtime() != null) {
            next.runtime(in.runtime()).runtimeVersionConfig(version(in.runtime()));
        }
        if (in.handler() != null) {
            next.handler(in.handler());
        }
        if (in.description() != null) {
            next.description(in.description());
        }
        if (in.timeout() != null) {
            next.timeout(in.timeout());
        }
        if (in.memorySize() != null) {
            next.memorySize(in.memorySize());
        }
        if (in.environment() != null) {
            next.environment(environment(in.environment()));
        }
        if (in.deadLetterConfig() != null) {
            next.deadLetterConfig(in.deadLetterConfig());
        }
        if (in.loggingConfig() != null) {
            next.loggingConfig(logging(in.loggingConfig(), String.valueOf(before.functionName())));
        }
        return next;
    }

    private static void common(
            @Nullable VpcConfig vpc,
            @Nullable List<String> layers,
            @Nullable List<?> fileSystems,
            @Nullable EphemeralStorage storage) {
        refuse("VpcConfig", vpc != null && vpc.subnetIds() != null && !vpc.subnetIds().isEmpty());
        refuse("Layers", layers != null && !layers.isEmpty());
        refuse("FileSystemConfigs", fileSystems != null && !fileSystems.isEmpty());
        refuse("EphemeralStorage other than 512 MB", storage != null && storage.size() != 512);
    }

    private static void refuse(String what, boolean used) {
        if (used) {
            throw new NotImplementedError(what + " of Lambda functions");
        }
    }

    private static void checkRole(String role) {
        if (!role.matches("arn:(aws[a-zA-Z-]*)?:iam::\\d{12}:role/?[a-zA-Z_0-9+=,.@\\-_/]+")) {
            throw new InvalidParameterValueException(
                    "The role defined for the function cannot be assumed by Lambda.");
        }
    }

    private RuntimeVersionConfig version(String runtime) {
        Runtimes.Choice choice = runtimes.choose(runtime);
        if (choice == null) {
            throw new InvalidParameterValueException(
                    "Value "
                            + runtime
                            + " at 'runtime' failed to satisfy constraint: this host has no"
                            + " interpreter for it. See which it has with: freehold runtimes");
        }
        String arn =
                "arn:aws:lambda:::runtime:"
                        + choice.runtime().language().name().toLowerCase(java.util.Locale.ROOT)
                        + "-"
                        + choice.runtime().version()
                        + (choice.notice() == null ? "" : " (" + choice.notice() + ")");
        return RuntimeVersionConfig.builder().runtimeVersionArn(arn).build();
    }

    private static LoggingConfig logging(@Nullable LoggingConfig in, String function) {
        LoggingConfig.Builder out = in == null ? LoggingConfig.builder() : in.toBuilder();
        if (in == null || in.logFormat() == null) {
            out.logFormat("Text");
        } else if (in.logFormat().equals("JSON")) {
            out.applicationLogLevel(
                    in.applicationLogLevel() == null ? "INFO" : in.applicationLogLevel());
            out.systemLogLevel(in.systemLogLevel() == null ? "INFO" : in.systemLogLevel());
        }
        if (in == null || in.logGroup() == null) {
            out.logGroup("/aws/lambda/" + function);
        }
        return out.build();
    }

    private static @Nullable EnvironmentResponse environment(@Nullable Environment in) {
        if (in == null || in.variables() == null || in.variables().isEmpty()) {
            return null;
        }
        int size = 0;
        for (var entry : in.variables().entrySet()) {
            if (RESERVED.contains(entry.getKey())) {
                throw new InvalidParameterValueException(
                        "Lambda was unable to configure your environment variables because the"
                                + " environment variables you have provided contains reserved keys"
                                + " that are currently not supported for modification. Reserved keys"
                                + " used in this request: "
                                + entry.getKey());
            }
            size += entry.getKey().length() + entry.getValue().length();
        }
        if (size > MAX_ENVIRONMENT) {
            throw new InvalidParameterValueException(
                    "Lambda was unable to configure your environment variables because the"
                            + " environment variables you have provided exceeded the 4KB limit.");
        }
        return EnvironmentResponse.builder().variables(in.variables()).build();
    }
}
