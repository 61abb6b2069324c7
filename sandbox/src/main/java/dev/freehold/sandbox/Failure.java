package dev.freehold.sandbox;

import org.jspecify.annotations.Nullable;

/// Why a function's code could not be loaded, or an environment ended in an invocation.
///
/// @param type the error's type
/// @param message what AWS says after the request's id
/// @param status as report lines name it: `error` or `timeout`
/// @param own the error as the bootstrap told it, JSON; null when the engine tells it
record Failure(String type, String message, String status, byte @Nullable [] own) {
    static Failure timeout(String message) {
        return new Failure("Sandbox.Timedout", message, "timeout", null);
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
