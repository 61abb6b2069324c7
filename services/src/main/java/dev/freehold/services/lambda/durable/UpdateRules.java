package dev.freehold.services.lambda.durable;

import static dev.freehold.services.lambda.durable.DurableLimits.MAX_CHAINED_BYTES;
import static dev.freehold.services.lambda.durable.DurableLimits.MAX_ERROR_BYTES;
import static dev.freehold.services.lambda.durable.DurableLimits.MAX_PAYLOAD_BYTES;

import dev.freehold.api.lambda.ErrorObject;
import dev.freehold.api.lambda.Operation;
import dev.freehold.api.lambda.OperationUpdate;
import dev.freehold.services.lambda.rules.Errors;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a checkpoint may say: pure rules.
final class UpdateRules {
    private static final Map<String, Set<String>> ACTIONS =
            Map.of(
                    "STEP", Set.of("START", "SUCCEED", "FAIL", "RETRY"),
                    "CONTEXT", Set.of("START", "SUCCEED", "FAIL"),
                    "WAIT", Set.of("START", "CANCEL"),
                    "CALLBACK", Set.of("START"),
                    "CHAINED_INVOKE", Set.of("START"),
                    "EXECUTION", Set.of("SUCCEED", "FAIL"));

    private UpdateRules() {}

    /// Checks a checkpoint as a whole: an operation once, or a step or context started and more;
    /// the execution's end last.
    static void batch(List<OperationUpdate> updates) {
        Map<String, OperationUpdate> seen = new HashMap<>();
        int executions = 0;
        for (OperationUpdate update : updates) {
            OperationUpdate before = seen.put(update.id(), update);
            demand(
                    before == null || follows(before, update),
                    "Cannot checkpoint multiple operations with the same ID.");
            executions += update.type().equals("EXECUTION") ? 1 : 0;
        }
        demand(executions <= 1, "Cannot checkpoint multiple EXECUTION updates.");
        demand(
                executions == 0 || updates.getLast().type().equals("EXECUTION"),
                "EXECUTION checkpoint must be the last update.");
    }

    private static boolean follows(OperationUpdate before, OperationUpdate update) {
        boolean starts = before.action().equals("START") && !update.action().equals("START");
        return starts && (before.type().equals("STEP") || before.type().equals("CONTEXT"));
    }

    /// Checks one update against its operation as it is.
    ///
    /// @param now the operation, or null when it is new
    static void update(OperationUpdate update, @Nullable Operation now) {
        demand(
                ACTIONS.getOrDefault(update.type(), Set.of()).contains(update.action()),
                "Invalid action for the given operation type.");
        if (now != null) {
            same(update, now);
        }
        sizes(update);
        switch (update.action()) {
            case "START" -> start(update, now);
            case "CANCEL" ->
                    demand(
                            now != null && now.status().equals("STARTED"),
                            "Cannot cancel a WAIT that does not exist or has already completed.");
            case "RETRY" -> retry(update, now);
            default -> close(update, now);
        }
    }

    private static void same(OperationUpdate update, Operation now) {
        demand(update.type().equals(now.type()), "Inconsistent operation type.");
        demand(equal(update.subType(), now.subType()), "Inconsistent operation subtype.");
        demand(equal(update.name(), now.name()), "Inconsistent operation name.");
        demand(equal(update.parentId(), now.parentId()), "Inconsistent parent operation id.");
    }

    private static boolean equal(@Nullable String said, @Nullable String was) {
        return said == null || said.equals(was);
    }

    private static void sizes(OperationUpdate update) {
        ErrorObject error = update.error();
        if (error != null) {
            demand(
                    bytes(Payloads.json(error)) < MAX_ERROR_BYTES,
                    "Error object size must be less than " + MAX_ERROR_BYTES + " bytes.");
        }
        String payload = update.payload();
        boolean chained = update.type().equals("CHAINED_INVOKE");
        int most = chained ? MAX_CHAINED_BYTES : MAX_PAYLOAD_BYTES;
        demand(
                payload == null || update.type().equals("EXECUTION") || bytes(payload) <= most,
                update.type()
                        + (chained ? " input" : "")
                        + " payload size must be less than or equal to "
                        + most
                        + " bytes.");
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    private static void start(OperationUpdate update, @Nullable Operation now) {
        if (update.type().equals("STEP")) {
            demand(
                    now == null || now.status().equals("READY"),
                    "Invalid current STEP state to start.");
            return;
        }
        demand(now == null, "Cannot start a " + update.type() + " that already exists.");
        demand(
                !update.type().equals("WAIT")
                        || update.waitOptions() != null
                                && update.waitOptions().waitSeconds() != null,
                "Update for WAIT operation requires WaitOptions.");
        demand(
                !update.type().equals("CHAINED_INVOKE") || update.chainedInvokeOptions() != null,
                "Update for CHAINED_INVOKE operation requires ChainedInvokeOptions.");
    }

    private static void retry(OperationUpdate update, @Nullable Operation now) {
        demand(open(now), "Invalid current STEP state to re-attempt.");
        demand(
                update.stepOptions() != null
                        && update.stepOptions().nextAttemptDelaySeconds() != null,
                "Invalid StepOptions for the given action.");
        demand(
                update.error() == null || update.payload() == null,
                "Cannot provide both error and payload to RETRY a STEP.");
    }

    private static void close(OperationUpdate update, @Nullable Operation now) {
        if (!update.type().equals("EXECUTION")) {
            demand(open(now), "Invalid current " + update.type() + " state to close.");
        }
        if (update.action().equals("FAIL")) {
            demand(update.payload() == null, "Cannot provide a Payload for FAIL action.");
        } else {
            demand(update.error() == null, "Cannot provide an Error for SUCCEED action.");
        }
    }

    /// Steps and contexts may be closed without having been started.
    private static boolean open(@Nullable Operation now) {
        return now == null || now.status().equals("STARTED") || now.status().equals("READY");
    }

    /// Checks that what an update names as its parent is a context.
    static void parent(@Nullable Operation parent) {
        demand(parent != null && parent.type().equals("CONTEXT"), "Invalid parent operation id.");
    }

    static void demand(boolean kept, String message) {
        if (!kept) {
            throw Errors.invalid(message);
        }
    }
}
