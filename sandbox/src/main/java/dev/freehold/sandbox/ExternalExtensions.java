package dev.freehold.sandbox;

import dev.freehold.sandbox.api.Extensions;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The extensions of an environment that are processes of their own: their start, their crashes,
/// and their end.
final class ExternalExtensions {
    private static final int SIGKILL = 9;
    private static final int SIGTERM = 15;
    private static final int PERMISSION_DENIED = 13;

    /// How long an environment has to end when it has external extensions; when it has only
    /// internal ones, which are in the runtime's process.
    private static final Duration WITH_EXTERNAL = Duration.ofMillis(2000);

    private static final Duration WITH_INTERNAL = Duration.ofMillis(500);

    /// The part of that time that the runtime has before the extensions are told.
    private static final double RUNTIME_SHARE = 0.3;

    /// Variables that only the runtime has, as on AWS; and those that begin with `_`.
    private static final Set<String> RUNTIME_ONLY =
            Set.of(
                    "AWS_EXECUTION_ENV",
                    "AWS_LAMBDA_LOG_GROUP_NAME",
                    "AWS_LAMBDA_LOG_STREAM_NAME",
                    "AWS_XRAY_CONTEXT_MISSING",
                    "AWS_XRAY_DAEMON_ADDRESS",
                    "LAMBDA_RUNTIME_DIR",
                    "LAMBDA_TASK_ROOT",
                    "PWD");

    private final Control control;
    private final Extensions registry;
    private final Runnable ended;

    /// By name. Changed only before the first waits for its end.
    private final Map<String, Integer> processes = new LinkedHashMap<>();

    private volatile @Nullable Failure crash;
    private volatile boolean stopping;

    /// @param ended called when one has ended that should not have
    ExternalExtensions(Control control, Extensions registry, Runnable ended) {
        this.control = control;
        this.registry = registry;
        this.ended = ended;
    }

    /// Starts extensions.
    ///
    /// @param names their programs' names
    /// @param directory where these are, as the sandbox sees it
    /// @param variables the runtime's
    /// @return why one can't be started; null when all were
    @Nullable Failure start(List<String> names, String directory, Map<String, String> variables)
            throws IOException {
        Map<String, String> own = new LinkedHashMap<>(variables);
        own.keySet().removeIf(name -> name.startsWith("_") || RUNTIME_ONLY.contains(name));
        for (String name : names) {
            if (!registry.launch(name)) {
                return Failure.error("Extension.LaunchError", "Error: ErrTooManyExtensions");
            }
            String program = directory + "/" + name;
            try {
                Command command = new Command(List.of(program), own);
                processes.put(name, control.spawn(command, "/", Control.Role.EXTENSION));
            } catch (Control.SpawnException e) {
                boolean denied = e.error == PERMISSION_DENIED;
                registry.launchFailed(name, denied ? "PermissionDenied" : "UnknownError");
                String why = "Error: fork/exec " + program + ": " + Errors.spawn(e.error);
                return Failure.error("Extension.LaunchError", why);
            }
        }
        processes.forEach((name, pid) ->
                Thread.ofVirtual().name("extension-" + name).start(() -> watch(pid)));
        return null;
    }

    private void watch(int pid) {
        control.awaitExit(pid);
        if (stopping) {
            return;
        }
        if (crash == null) {
            Integer status = control.exit(pid, Duration.ZERO);
            String how = status == null || status == 0 ? "exit code 0" : Errors.ended(status);
            String type = registry.fatal();
            crash = Failure.error(type == null ? "Extension.Crash" : type, "Error: " + how);
        }
        ended.run();
    }

    /// How one ended that should not have; null when none has.
    @Nullable Failure crash() {
        return crash;
    }

    /// Ends the runtime and the extensions as AWS does: SIGTERM to the runtime, and SIGKILL after
    /// its share of the time; then those extensions that asked for it are told, others killed; at
    /// the end of the time nothing is left alive.
    ///
    /// @param runtime its process, or 0 when it has not started
    /// @param reason `spindown`, `timeout` or `failure`
    /// @param now in milliseconds of the epoch
    /// @param flush delivers the telemetry that waits
    void shutdown(int runtime, String reason, long now, Runnable flush) throws IOException {
        stopping = true;
        flush.run();
        Duration time = processes.isEmpty() ? WITH_INTERNAL : WITH_EXTERNAL;
        long begun = System.nanoTime();
        if (runtime != 0) {
            double share = processes.isEmpty() ? 1 : RUNTIME_SHARE;
            control.signal(runtime, SIGTERM);
            if (control.exit(runtime, Duration.ofNanos((long) (time.toNanos() * share))) == null) {
                control.signal(runtime, SIGKILL);
            }
        }
        flush.run();
        registry.shutdown(reason, now + time.toMillis());
        for (Map.Entry<String, Integer> process : processes.entrySet()) {
            if (!registry.wantsShutdown(process.getKey())) {
                control.signal(process.getValue(), SIGKILL);
            }
        }
        for (int pid : processes.values()) {
            control.exit(pid, time.minusNanos(System.nanoTime() - begun));
        }
    }
}
