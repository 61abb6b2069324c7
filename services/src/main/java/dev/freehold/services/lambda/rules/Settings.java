package dev.freehold.services.lambda.rules;

import dev.freehold.api.lambda.CreateFunctionRequest;
import dev.freehold.api.lambda.DeadLetterConfig;
import dev.freehold.api.lambda.EphemeralStorage;
import dev.freehold.api.lambda.FunctionConfiguration;
import dev.freehold.api.lambda.Layer;
import dev.freehold.api.lambda.LoggingConfig;
import dev.freehold.api.lambda.RuntimeVersionConfig;
import dev.freehold.api.lambda.SnapStart;
import dev.freehold.api.lambda.SnapStartResponse;
import dev.freehold.api.lambda.TenancyConfig;
import dev.freehold.api.lambda.TracingConfig;
import dev.freehold.api.lambda.TracingConfigResponse;
import dev.freehold.api.lambda.UpdateFunctionConfigurationRequest;
import dev.freehold.api.lambda.VpcConfig;
import dev.freehold.protocol.NotImplementedError;
import dev.freehold.sandbox.Runtimes;
import dev.freehold.services.lambda.state.FunctionId;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A function's settings: what may be set, and to what. What isn't implemented is refused by name.
public final class Settings {
    /// Without a capacity provider, which has other limits.
    private static final int MAX_TIMEOUT_SECONDS = 900;

    private static final int MAX_MEMORY_MEBIBYTES = 10_240;

    private final Runtimes runtimes;
    private final FileSystems fileSystems;

    public Settings(Runtimes runtimes, FileSystems fileSystems) {
        this.runtimes = runtimes;
        this.fileSystems = fileSystems;
    }

    /// The configuration of a new function, without what its code says.
    ///
    /// @param layers its layers, or null when it has none
    public FunctionConfiguration.Builder create(
            CreateFunctionRequest in, FunctionId id, @Nullable List<Layer> layers) {
        boolean image = ImageSettings.isImage(in);
        refuse("KMSKeyArn", in.kmsKeyArn() != null && !in.kmsKeyArn().isEmpty());
        refuse("CapacityProviderConfig", in.capacityProviderConfig() != null);
        refuse("PublishTo", in.publishTo() != null);
        refuse("RuntimeConfig", in.runtimeConfig() != null);
        refuse("AcceleratorConfig", in.acceleratorConfig() != null);
        common(in.vpcConfig(), in.timeout(), in.memorySize());
        if (!image && (in.runtime() == null || in.handler() == null)) {
            throw Errors.invalid(
                    "Runtime and Handler are mandatory parameters for functions created with"
                            + " deployment packages.");
        }
        String runtime = in.runtime();
        if (runtime != null) {
            RuntimeNames.check(runtime);
        }
        return FunctionConfiguration.builder()
                .functionName(id.name())
                .functionArn(id.arn())
                .runtime(runtime)
                .role(in.role())
                .handler(in.handler())
                .description(in.description() == null ? "" : in.description())
                .timeout(in.timeout() == null ? 3 : in.timeout())
                .memorySize(in.memorySize() == null ? 128 : in.memorySize())
                .environment(Variables.of(in.environment()))
                .deadLetterConfig(deadLetters(in.deadLetterConfig()))
                .tracingConfig(tracing(in.tracingConfig()))
                .packageType(image ? "Image" : "Zip")
                .imageConfigResponse(ImageSettings.response(in.imageConfig()))
                .layers(layers)
                .architectures(in.architectures() == null ? List.of("x86_64") : in.architectures())
                .ephemeralStorage(storage(in.ephemeralStorage()))
                .snapStart(snapStart(in.snapStart(), image ? "Image" : String.valueOf(runtime)))
                .tenancyConfig(tenancy(in))
                .runtimeVersionConfig(runtime == null ? null : version(runtime, id.region()))
                .fileSystemConfigs(fileSystems.checked(in.fileSystemConfigs(), id))
                .loggingConfig(logging(in.loggingConfig(), null, id.name()))
                .durableConfig(DurableSettings.create(in.durableConfig()))
                .version("$LATEST");
    }

    /// Changes what a request sets.
    ///
    /// @param layers its layers from now on, or null when they stay
    public FunctionConfiguration.Builder update(
            FunctionConfiguration before,
            UpdateFunctionConfigurationRequest in,
            @Nullable List<Layer> layers) {
        refuse("KMSKeyArn", in.kmsKeyArn() != null && !in.kmsKeyArn().isEmpty());
        refuse("CapacityProviderConfig", in.capacityProviderConfig() != null);
        common(in.vpcConfig(), in.timeout(), in.memorySize());
        FunctionConfiguration.Builder next = before.toBuilder();
        if (in.role() != null) {
            next.role(in.role());
        }
        if (in.runtime() != null) {
            RuntimeNames.check(in.runtime());
            String region = String.valueOf(before.functionArn()).split(":", 5)[3];
            next.runtime(in.runtime()).runtimeVersionConfig(version(in.runtime(), region));
        }
        if (in.handler() != null) {
            next.handler(in.handler());
        }
        if (in.description() != null) {
            next.description(in.description());
        }
        if (layers != null) {
            next.layers(layers.isEmpty() ? null : layers);
        }
        ImageSettings.update(before, in, next);
        if (in.fileSystemConfigs() != null) {
            FunctionId id = FunctionId.ofArn(String.valueOf(before.functionArn()));
            next.fileSystemConfigs(
                    fileSystems.checked(in.fileSystemConfigs(), Objects.requireNonNull(id)));
        }
        limits(in, next);
        features(before, in, next);
        return next;
    }

    private static void limits(
            UpdateFunctionConfigurationRequest in, FunctionConfiguration.Builder next) {
        if (in.timeout() != null) {
            next.timeout(in.timeout());
        }
        if (in.memorySize() != null) {
            next.memorySize(in.memorySize());
        }
        if (in.ephemeralStorage() != null) {
            next.ephemeralStorage(in.ephemeralStorage());
        }
    }

    private static void features(
            FunctionConfiguration before,
            UpdateFunctionConfigurationRequest in,
            FunctionConfiguration.Builder next) {
        if (in.environment() != null) {
            next.environment(Variables.of(in.environment()));
        }
        if (in.deadLetterConfig() != null) {
            next.deadLetterConfig(deadLetters(in.deadLetterConfig()));
        }
        if (in.tracingConfig() != null) {
            next.tracingConfig(tracing(in.tracingConfig()));
        }
        if (in.durableConfig() != null) {
            next.durableConfig(DurableSettings.update(before.durableConfig(), in.durableConfig()));
        }
        if (in.snapStart() != null) {
            if (before.tenancyConfig() != null) {
                checkTenancy(in.snapStart());
            }
            String runtime = in.runtime() == null ? before.runtime() : in.runtime();
            next.snapStart(snapStart(in.snapStart(), String.valueOf(runtime)));
        }
        if (in.loggingConfig() != null) {
            next.loggingConfig(
                    logging(
                            in.loggingConfig(),
                            before.loggingConfig(),
                            String.valueOf(before.functionName())));
        }
    }

    private static void common(
            @Nullable VpcConfig vpc, @Nullable Integer timeout, @Nullable Integer memory) {
        refuse("VpcConfig", vpc != null && vpc.subnetIds() != null && !vpc.subnetIds().isEmpty());
        most("Timeout", timeout, MAX_TIMEOUT_SECONDS);
        most("MemorySize", memory, MAX_MEMORY_MEBIBYTES);
    }

    private static void most(String name, @Nullable Integer value, int limit) {
        if (value != null && value > limit) {
            throw Errors.invalid(
                    "'"
                            + name
                            + "' value failed to satisfy constraint: Member must have value less"
                            + " than or equal to "
                            + limit);
        }
    }

    private static void refuse(String what, boolean used) {
        if (used) {
            throw new NotImplementedError(what + " of Lambda functions");
        }
    }

    private static @Nullable DeadLetterConfig deadLetters(@Nullable DeadLetterConfig in) {
        String target = in == null ? null : in.targetArn();
        if (target == null || target.isEmpty()) {
            return null;
        }
        if (!target.matches("arn:aws[a-z-]*:(sqs|sns):.+")) {
            throw Errors.invalid(
                    "The provided dead letter target "
                            + target
                            + " is not the ARN of an SQS queue or SNS topic.");
        }
        return in;
    }

    private static EphemeralStorage storage(@Nullable EphemeralStorage in) {
        return in == null ? EphemeralStorage.builder().size(512).build() : in;
    }

    /// `Active` marks the trace header of invocations as sampled.
    private static TracingConfigResponse tracing(@Nullable TracingConfig in) {
        String mode = in == null || in.mode() == null ? "PassThrough" : in.mode();
        return TracingConfigResponse.builder().mode(mode).build();
    }

    /// Set with the function, and never changed.
    private static @Nullable TenancyConfig tenancy(CreateFunctionRequest in) {
        if (in.tenancyConfig() != null) {
            checkTenancy(in.snapStart());
        }
        return in.tenancyConfig();
    }

    private static void checkTenancy(@Nullable SnapStart snapStart) {
        if (snapStart != null && "PublishedVersions".equals(snapStart.applyOn())) {
            throw Errors.tenancy("SnapStart");
        }
    }

    private static SnapStartResponse snapStart(@Nullable SnapStart in, String runtime) {
        String applyOn = in == null || in.applyOn() == null ? "None" : in.applyOn();
        if (!applyOn.equals("None") && !RuntimeNames.snapStart(runtime)) {
            throw Errors.invalid(runtime + " is not supported for SnapStart enabled functions.");
        }
        return SnapStartResponse.builder().applyOn(applyOn).optimizationStatus("Off").build();
    }

    /// Fetches what the runtime needs that this host lacks. Outside of transactions: it may take
    /// seconds.
    public void prepare(@Nullable String runtime) {
        if (runtime != null && RuntimeNames.known(runtime)) {
            runtimes.prepare(runtime);
        }
    }

    /// Which interpreter it is, and instead of what when the host lacks the one asked for.
    private RuntimeVersionConfig version(String runtime, String region) {
        Runtimes.Choice choice = runtimes.choose(runtime);
        if (choice == null) {
            throw Errors.invalid(
                    "Value "
                            + runtime
                            + " at 'runtime' failed to satisfy constraint: this host has no"
                            + " interpreter for it. See which it has with: freehold runtimes");
        }
        String arn =
                "arn:"
                        + FunctionId.partition(region)
                        + ":lambda:"
                        + region
                        + "::runtime:"
                        + choice.runtime().language().name().toLowerCase(Locale.ROOT)
                        + "-"
                        + choice.runtime().version()
                        + (choice.notice() == null ? "" : "-instead-of-" + runtime);
        return RuntimeVersionConfig.builder().runtimeVersionArn(arn).build();
    }

    private static LoggingConfig logging(
            @Nullable LoggingConfig in, @Nullable LoggingConfig before, String function) {
        LoggingConfig.Builder out = LoggingConfig.builder();
        String format = first(in == null ? null : in.logFormat(), before, "Text");
        out.logFormat(format);
        out.logGroup(group(in, before, function));
        boolean json = format.equals("JSON");
        if (!json
                && in != null
                && (in.applicationLogLevel() != null || in.systemLogLevel() != null)) {
            throw Errors.invalid(
                    "To use ApplicationLogLevel or SystemLogLevel, you must set LogFormat to"
                            + " JSON.");
        }
        if (json) {
            String application = in == null ? null : in.applicationLogLevel();
            String system = in == null ? null : in.systemLogLevel();
            String oldApplication = before == null ? null : before.applicationLogLevel();
            String oldSystem = before == null ? null : before.systemLogLevel();
            out.applicationLogLevel(level(application, oldApplication));
            out.systemLogLevel(level(system, oldSystem));
        }
        return out.build();
    }

    private static String group(
            @Nullable LoggingConfig in, @Nullable LoggingConfig before, String function) {
        if (in != null && in.logGroup() != null) {
            return in.logGroup();
        }
        return before != null && before.logGroup() != null
                ? before.logGroup()
                : "/aws/lambda/" + function;
    }

    private static String first(
            @Nullable String wanted, @Nullable LoggingConfig before, String otherwise) {
        if (wanted != null) {
            return wanted;
        }
        return before == null || before.logFormat() == null ? otherwise : before.logFormat();
    }

    private static String level(@Nullable String wanted, @Nullable String before) {
        if (wanted != null) {
            return wanted;
        }
        return before == null ? "INFO" : before;
    }
}
