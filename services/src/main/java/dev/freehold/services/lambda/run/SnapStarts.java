package dev.freehold.services.lambda.run;

import dev.freehold.api.lambda.FunctionConfiguration;
import dev.freehold.api.lambda.SnapStartException;
import dev.freehold.api.lambda.SnapStartNotReadyException;
import dev.freehold.api.lambda.SnapStartResponse;
import dev.freehold.api.lambda.SnapStartTimeoutException;
import dev.freehold.protocol.ServiceError;
import dev.freehold.sandbox.Engine;
import dev.freehold.services.lambda.rules.Errors;
import dev.freehold.services.lambda.state.VersionRow;
import dev.freehold.services.lambda.state.VersionRow.Failure;
import java.time.Instant;

/// Versions that are initialised before they are called, and their errors.
final class SnapStarts {
    private static final String USER = "User";

    private SnapStarts() {}

    /// Whether a version has SnapStart.
    static boolean has(FunctionConfiguration configuration) {
        SnapStartResponse snap = configuration.snapStart();
        return snap != null && "On".equals(snap.optimizationStatus());
    }

    /// A version that is only being made can run already, unless it has SnapStart.
    ///
    /// @throws ServiceError when it can't
    static void checkState(VersionRow version, Instant now) {
        VersionRow.Change change = version.change();
        if (change != null && change.creation() && change.failure() != null) {
            throw Errors.conflict(
                    "The operation cannot be performed at this time. The function is currently in"
                            + " the following state: Failed");
        }
        if (has(version.configuration()) && version.underWay(now) != null) {
            throw new SnapStartNotReadyException(
                    "Lambda is initializing your function. It will be ready to invoke once your"
                            + " function state becomes ACTIVE.",
                    SnapStartNotReadyException.Members.builder().type(USER).build());
        }
    }

    /// Why a version is `Failed` whose code can't be loaded.
    static Failure failure(Engine.Refusal refusal) {
        String code =
                switch (refusal.type()) {
                    case "Sandbox.Timedout" -> "FunctionError.InitTimeout";
                    case "Runtime.InvalidEntrypoint" -> "FunctionError.InvalidEntryPoint";
                    case "Runtime.OutOfMemory" -> "FunctionError.InitResourceExhausted";
                    case "Sandbox.Failure" -> "InternalError";
                    default ->
                            refusal.type().startsWith("Extension.")
                                    ? "FunctionError.ExtensionInitError"
                                    : "FunctionError";
                };
        return new Failure(code, refusal.message());
    }

    /// What a caller is told when the hooks after a restore fail.
    static ServiceError failed(Engine.RestoreException cause) {
        return cause.timedOut()
                ? new SnapStartTimeoutException(
                        cause.getMessage(),
                        SnapStartTimeoutException.Members.builder().type(USER).build())
                : new SnapStartException(
                        cause.getMessage(),
                        SnapStartException.Members.builder().type(USER).build());
    }
}
