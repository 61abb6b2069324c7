package dev.freehold.sandbox;

import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Why a function's code could not be loaded, or an environment ended in an invocation.
///
/// @param type the error's type
/// @param message what AWS says after the request's id
/// @param status as report lines name it: `error` or `timeout`
/// @param own the error as the bootstrap told it, JSON; null when the engine tells it
record Failure(String type, String message, String status, byte @Nullable [] own) {
    static final Failure OUT_OF_MEMORY =
            error("Runtime.OutOfMemory", "Error: Runtime exited with error: signal: killed");

    static Failure entrypoint(String text) {
        return error("Runtime.InvalidEntrypoint", "Error: " + text);
    }

    /// What took longer than it may.
    static Failure timeout(Duration timeout) {
        return new Failure("Sandbox.Timedout", "Error: " + timedOut(timeout), "timeout", null);
    }

    /// What AWS says then.
    static String timedOut(Duration timeout) {
        double seconds = timeout.toMillis() / 1000.0;
        return String.format(Locale.ROOT, "Task timed out after %.2f seconds", seconds);
    }

    static Failure error(String type, String message) {
        return new Failure(type, message, "error", null);
    }

    static Failure own(byte[] error) {
        return new Failure(Errors.type(error), "", "error", error);
    }

    /// The error as the caller sees it, JSON.
    byte[] error(String requestId) {
        return own != null ? own : Errors.json(type, "RequestId: " + requestId + " " + message);
    }

    /// What is said where there is no request.
    Engine.Refusal refusal() {
        String said = own == null ? message : type + ": " + Errors.message(own);
        return new Engine.Refusal(type, said.replaceFirst("^Error: ", ""));
    }

    /// The status as events name it.
    String outcome() {
        return type.startsWith("Sandbox.") && !status.equals("timeout") ? "failure" : status;
    }

    /// The columns that a report line gets.
    String columns() {
        return status.equals("timeout")
                ? "\tStatus: timeout"
                : "\tStatus: error\tError Type: " + type;
    }
}
