package dev.freehold.services.lambda.run;

import dev.freehold.api.lambda.EFSMountFailureException;
import dev.freehold.api.lambda.FunctionConfiguration;
import dev.freehold.api.lambda.ImageConfig;
import dev.freehold.api.lambda.InvalidRuntimeException;
import dev.freehold.api.lambda.LoggingConfig;
import dev.freehold.protocol.Caller;
import dev.freehold.protocol.Principal;
import dev.freehold.protocol.Usage;
import dev.freehold.sandbox.FunctionSpec;
import dev.freehold.sandbox.Interpreter;
import dev.freehold.sandbox.Runtimes;
import dev.freehold.sandbox.egress.Egress;
import dev.freehold.sandbox.image.ImageException;
import dev.freehold.sandbox.image.ImageProcess;
import dev.freehold.sandbox.isolation.Machine;
import dev.freehold.sandbox.isolation.Mount;
import dev.freehold.services.iam.Credentials;
import dev.freehold.services.lambda.code.Trees;
import dev.freehold.services.lambda.rules.EgressTag;
import dev.freehold.services.lambda.rules.Errors;
import dev.freehold.services.lambda.rules.ImageSettings;
import dev.freehold.services.lambda.state.FunctionId;
import dev.freehold.services.lambda.state.VersionRow;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Makes of a function's version what the engine runs: its code and layers, unpacked, and what they
/// are run on.
final class Specs {
    private static final Duration SESSION = Duration.ofHours(12);

    private final Invoker.Parts parts;

    Specs(Invoker.Parts parts) {
        this.parts = parts;
    }

    /// A version that can run. Its files stay until it is closed.
    ///
    /// @param variables what Lambda itself sets
    record Unpacked(
            FunctionSpec spec,
            Supplier<Map<String, String>> variables,
            Trees.Lease code,
            Trees.@Nullable Lease layers)
            implements AutoCloseable {
        @Override
        public void close() {
            if (layers != null) {
                layers.close();
            }
            code.close();
        }
    }

    /// Makes a version ready, which may take as long as its files are fetched and unpacked.
    ///
    /// @param tags the function's
    /// @throws ImageException when its image can't be had
    /// @throws dev.freehold.protocol.ServiceError when it can't run
    Unpacked of(VersionRow row, EnvironmentKey key, Map<String, String> tags) {
        FunctionConfiguration configuration = row.configuration();
        Trees.Lease code = code(row, key);
        Trees.Lease layers = null;
        boolean done = false;
        try {
            if (!row.layers().isEmpty()) {
                layers = parts.packages().merged(row.layers(), key.text());
            }
            Files files = new Files(code.path(), layers == null ? null : layers.path());
            FunctionSpec spec = spec(configuration, key, machine(row, key, tags), files);
            done = true;
            return new Unpacked(spec, () -> variables(configuration, key), code, layers);
        } finally {
            if (!done) {
                code.close();
                if (layers != null) {
                    layers.close();
                }
            }
        }
    }

    /// What a version runs: its package, or its image's file system. Whoever gave the image's URI
    /// had the right to read it; from then on it is the account's.
    ///
    /// @throws ImageException when the image can't be had
    private Trees.Lease code(VersionRow row, EnvironmentKey key) {
        FunctionConfiguration configuration = row.configuration();
        if (!ImageSettings.isImage(configuration)) {
            return parts.packages().unpacked(row.code(), key.text());
        }
        FunctionId id = key.function();
        return parts.images().unpacked(row.code(), key.text(), () -> accountOf(id));
    }

    private Caller accountOf(FunctionId id) {
        Principal root = new Principal.Root(id.account());
        String request = parts.ids().get();
        return new Caller(id.account(), id.region(), root, request, Map.of(), new Usage());
    }

    private Machine machine(VersionRow row, EnvironmentKey key, Map<String, String> tags) {
        FunctionConfiguration configuration = row.configuration();
        List<Mount> mounts =
                parts.fileSystems().mounts(configuration.fileSystemConfigs(), key.function());
        if (mounts == null) {
            throw new EFSMountFailureException(
                    "The function couldn't mount the Amazon EFS file system: this server is"
                            + " started without its --mount.",
                    EFSMountFailureException.Members.builder().type("User").build());
        }
        Egress egress = EgressTag.of(tags);
        if (!ImageSettings.isImage(configuration)) {
            return new Machine(null, mounts, egress);
        }
        ImageConfig own = ImageSettings.config(configuration);
        ImageProcess process =
                parts.images()
                        .image(row.code())
                        .process(own.entryPoint(), own.command(), own.workingDirectory());
        return new Machine(process, mounts, egress);
    }

    private Runtimes.Choice runtime(FunctionConfiguration configuration) {
        if (ImageSettings.isImage(configuration)) {
            return new Runtimes.Choice(Interpreter.PROVIDED, null);
        }
        Runtimes.Choice choice = parts.runtimes().choose(String.valueOf(configuration.runtime()));
        if (choice == null) {
            throw new InvalidRuntimeException(
                    "This host has no interpreter for the runtime " + configuration.runtime());
        }
        return choice;
    }

    /// Where a version's code and layers are.
    private record Files(Path code, @Nullable Path layers) {}

    private FunctionSpec spec(
            FunctionConfiguration configuration, EnvironmentKey key, Machine machine, Files files) {
        Runtimes.Choice choice = runtime(configuration);
        LoggingConfig logging = configuration.loggingConfig();
        var environment = configuration.environment();
        var storage = configuration.ephemeralStorage();
        Map<String, String> own = environment == null ? null : environment.variables();
        return new FunctionSpec(
                key.text(),
                key.version(),
                choice.runtime(),
                configuration.handler() == null ? "" : configuration.handler(),
                files.code,
                files.layers,
                own == null ? Map.of() : own,
                intOf(configuration.memorySize(), 128),
                Duration.ofSeconds(intOf(configuration.timeout(), 3)),
                logging == null || logging.logFormat() == null ? "Text" : logging.logFormat(),
                logging == null ? null : logging.applicationLogLevel(),
                logging == null ? null : logging.systemLogLevel(),
                storage == null ? 512 : storage.size(),
                machine,
                choice.notice(),
                key.function().arn(),
                SnapStarts.has(configuration));
    }

    private static int intOf(@Nullable Integer value, int fallback) {
        return value == null ? fallback : value;
    }

    /// What Lambda itself sets, with credentials of the execution role.
    private Map<String, String> variables(FunctionConfiguration configuration, EnvironmentKey key) {
        FunctionId function = key.function();
        Credentials.Issued issued =
                parts.credentials()
                        .execution(String.valueOf(configuration.role()), function.name(), SESSION);
        if (issued == null) {
            throw Errors.invalid("The role defined for the function cannot be assumed by Lambda.");
        }
        Map<String, String> variables = new LinkedHashMap<>();
        variables.put("AWS_LAMBDA_FUNCTION_NAME", function.name());
        String runtime = configuration.runtime();
        variables.put("AWS_EXECUTION_ENV", "AWS_Lambda_" + (runtime == null ? "Image" : runtime));
        variables.put("AWS_REGION", function.region());
        variables.put("AWS_DEFAULT_REGION", function.region());
        variables.put("AWS_ENDPOINT_URL", parts.endpoint());
        variables.put("AWS_ACCESS_KEY_ID", issued.accessKeyId());
        variables.put("AWS_SECRET_ACCESS_KEY", issued.secret());
        variables.put("AWS_SESSION_TOKEN", issued.token());
        return variables;
    }
}
