package dev.freehold.services.lambda.ops;

import dev.freehold.api.lambda.FunctionConfiguration;
import dev.freehold.api.lambda.PutRuntimeManagementConfigRequest;
import dev.freehold.api.lambda.PutRuntimeManagementConfigResponse;
import dev.freehold.protocol.Caller;
import dev.freehold.services.lambda.rules.Errors;
import dev.freehold.services.lambda.rules.FunctionName;
import dev.freehold.services.lambda.rules.Lookup;
import dev.freehold.services.lambda.state.FunctionRow;
import dev.freehold.services.lambda.state.LambdaTables;
import dev.freehold.services.lambda.state.QualifiedKey;
import dev.freehold.services.lambda.state.VersionKey;
import org.jspecify.annotations.Nullable;

/// Small settings with operations of their own: recursion, runtime management.
public final class FunctionOptions {
    private final Context context;

    public FunctionOptions(Context context) {
        this.context = context;
    }

    /// `Allow` or `Terminate`.
    public String recursion(String function, Caller caller) {
        FunctionName name = FunctionName.parse(function, null, caller);
        return context.store().read(tx -> Lookup.function(tx, name)).recursiveLoop();
    }

    public String setRecursion(String function, String recursiveLoop, Caller caller) {
        FunctionName name = FunctionName.parse(function, null, caller);
        context.store()
                .updateOnly(tx -> {
                    FunctionRow row = Lookup.function(tx, name);
                    tx.put(LambdaTables.FUNCTIONS, name.id(), row.withRecursiveLoop(recursiveLoop));
                });
        return recursiveLoop;
    }

    /// When a version gets another interpreter. On a host of one's own that is when its
    /// administrator installs one; a pinned version must be the one that runs.
    public PutRuntimeManagementConfigResponse setRuntime(
            PutRuntimeManagementConfigRequest in, Caller caller) {
        FunctionName name = FunctionName.parse(in.functionName(), in.qualifier(), caller);
        boolean manual = in.updateRuntimeOn().equals("Manual");
        String pinned = in.runtimeVersionArn();
        if (manual == (pinned == null)) {
            throw Errors.invalid(
                    manual
                            ? "RuntimeVersionArn must be specified when UpdateRuntimeOn is Manual."
                            : "RuntimeVersionArn can only be specified when UpdateRuntimeOn is"
                                    + " Manual.");
        }
        PutRuntimeManagementConfigResponse config =
                PutRuntimeManagementConfigResponse.builder()
                        .updateRuntimeOn(in.updateRuntimeOn())
                        .functionArn(name.arn())
                        .runtimeVersionArn(pinned)
                        .build();
        context.store()
                .updateOnly(tx -> {
                    Lookup.Found found = Lookup.find(tx, name);
                    if (pinned != null && !pinned.equals(runs(found.version().configuration()))) {
                        throw Errors.invalid(
                                "Runtime version "
                                        + pinned
                                        + " is not what this host has for the runtime.");
                    }
                    tx.put(LambdaTables.RUNTIMES, key(name), config);
                });
        return config;
    }

    private static @Nullable String runs(FunctionConfiguration configuration) {
        var version = configuration.runtimeVersionConfig();
        return version == null ? null : version.runtimeVersionArn();
    }

    private static QualifiedKey key(FunctionName name) {
        String qualifier = name.qualifier() == null ? VersionKey.LATEST : name.qualifier();
        return new QualifiedKey(name.id(), qualifier);
    }

    public PutRuntimeManagementConfigResponse runtime(
            String function, @Nullable String qualifier, Caller caller) {
        FunctionName name = FunctionName.parse(function, qualifier, caller);
        return context.store()
                .read(tx -> {
                    Lookup.find(tx, name);
                    PutRuntimeManagementConfigResponse config =
                            tx.get(LambdaTables.RUNTIMES, key(name));
                    return config != null
                            ? config
                            : PutRuntimeManagementConfigResponse.builder()
                                    .updateRuntimeOn("Auto")
                                    .functionArn(name.arn())
                                    .build();
                });
    }
}
