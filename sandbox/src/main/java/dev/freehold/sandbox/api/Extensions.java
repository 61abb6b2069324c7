package dev.freehold.sandbox.api;

import dev.freehold.sandbox.api.Extension.Event;
import dev.freehold.sandbox.api.Extension.State;
import dev.freehold.sandbox.json.Json;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The extensions of one environment: who they are, and what phases wait for. States and errors are
/// those of AWS's own.
///
/// An initialisation waits until all external extensions have registered, then for the runtime,
/// then until all extensions have asked for their first event. An invocation waits until the
/// runtime and the extensions that it was told to have asked for the next.
///
/// See <https://docs.aws.amazon.com/lambda/latest/dg/runtimes-extensions-api.html>.
public final class Extensions {
    /// The most extensions of a function, of both kinds.
    public static final int MAX = 10;

    private final String environment;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<String, Extension> byName = new LinkedHashMap<>();
    private boolean registering = true;
    private boolean ended;
    private @Nullable String fatal;

    /// @param environment names the environment, and nothing else
    public Extensions(String environment) {
        this.environment = environment;
    }

    /// An extension as the log tells of it.
    ///
    /// @param state as AWS names it
    /// @param events that it wants
    /// @param errorType or null
    public record Info(
            String name, String state, List<String> events, @Nullable String errorType) {}

    // ---- for the engine -------------------------------------------------------------------------

    /// An external extension is about to start.
    ///
    /// @return false when there are as many as there may be
    public boolean launch(String name) {
        lock.lock();
        try {
            Extension extension = new Extension(name, id(name), true);
            byName.put(name, extension);
            if (byName.size() > MAX) {
                launchFailed(name, "TooManyExtensions");
                return false;
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    /// An external extension could not be started.
    public void launchFailed(String name, String errorType) {
        lock.lock();
        try {
            Extension extension = byName.get(name);
            if (extension != null) {
                extension.state = State.LAUNCH_ERROR;
                extension.errorType = errorType;
            }
        } finally {
            lock.unlock();
        }
    }

    private String id(String text) {
        String all = environment + ' ' + text;
        return UUID.nameUUIDFromBytes(all.getBytes(StandardCharsets.UTF_8)).toString();
    }

    /// Waits for something that a call of an extension may bring about.
    ///
    /// @return whether it has come within that time
    public boolean await(BooleanSupplier condition, Duration wait) {
        long left = wait.toNanos();
        lock.lock();
        try {
            while (!condition.getAsBoolean() && left > 0) {
                left = changed.awaitNanos(left);
            }
            return condition.getAsBoolean();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return condition.getAsBoolean();
        } finally {
            lock.unlock();
        }
    }

    /// Something else has changed that somebody may wait for.
    public void signal() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Whether all external extensions have registered.
    public boolean registered() {
        return none(extension -> extension.external && extension.state == State.STARTED);
    }

    /// Whether all extensions ask for an event.
    public boolean ready() {
        return none(extension -> !extension.ready());
    }

    /// Whether those that were told of the invocation are done with it.
    public boolean done() {
        return none(extension -> extension.wants(Extension.INVOKE) && !extension.ready());
    }

    private boolean none(Predicate<Extension> predicate) {
        lock.lock();
        try {
            return byName.values().stream().noneMatch(predicate);
        } finally {
            lock.unlock();
        }
    }

    /// From now on nobody can register.
    public void closeRegistration() {
        lock.lock();
        try {
            registering = false;
        } finally {
            lock.unlock();
        }
    }

    /// Tells those who want to know of an invocation.
    public void invoke(Work work) {
        if (isEmpty()) {
            return;
        }
        Map<String, Object> event = new LinkedHashMap<>();
        event.put("eventType", Extension.INVOKE);
        event.put("deadlineMs", work.deadline());
        event.put("requestId", work.requestId());
        event.put("invokedFunctionArn", work.functionArn());
        String trace = work.traceId();
        if (trace != null) {
            Map<String, Object> tracing = new LinkedHashMap<>();
            tracing.put("type", "X-Amzn-Trace-Id");
            tracing.put("value", trace);
            event.put("tracing", tracing);
        }
        tell(Extension.INVOKE, event, work.requestId());
    }

    /// Tells those who want to know that the environment ends.
    ///
    /// @param reason `spindown`, `timeout` or `failure`
    /// @param deadline in milliseconds of the epoch
    public void shutdown(String reason, long deadline) {
        Map<String, Object> event = new LinkedHashMap<>();
        event.put("eventType", Extension.SHUTDOWN);
        event.put("deadlineMs", deadline);
        event.put("shutdownReason", reason);
        tell(Extension.SHUTDOWN, event, reason);
    }

    private void tell(String type, Map<String, Object> event, String of) {
        byte[] json = Json.write(event);
        lock.lock();
        try {
            for (Extension extension : byName.values()) {
                if (extension.wants(type)) {
                    extension.pending = new Event(id(extension.name + ' ' + of), json);
                }
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Whether an extension waits for the end of its environment.
    public boolean wantsShutdown(String name) {
        lock.lock();
        try {
            Extension extension = byName.get(name);
            return extension != null && extension.wants(Extension.SHUTDOWN);
        } finally {
            lock.unlock();
        }
    }

    public boolean isEmpty() {
        lock.lock();
        try {
            return byName.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /// All of them: external ones first.
    public List<Info> all() {
        lock.lock();
        try {
            return byName.values().stream()
                    .map(each ->
                            new Info(
                                    each.name,
                                    each.state.text,
                                    each.sortedEvents(),
                                    each.errorType))
                    .toList();
        } finally {
            lock.unlock();
        }
    }

    /// The type of the first error that an extension has reported; null when none has.
    public @Nullable String fatal() {
        lock.lock();
        try {
            return fatal;
        } finally {
            lock.unlock();
        }
    }

    /// Nobody gets an event any more.
    public void end() {
        lock.lock();
        try {
            ended = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    // ---- for the API ----------------------------------------------------------------------------

    /// Registers an extension: an external one that was started, else one in the runtime's process.
    ///
    /// @return its identifier
    String register(String name, List<String> events) throws RefusedException {
        lock.lock();
        try {
            Extension known = byName.get(name);
            boolean external = known != null && known.external;
            check(events, external);
            Extension extension = known != null && external ? known : internal(name, known);
            if (extension.state != State.STARTED) {
                throw extension.refuse(State.REGISTERED.text, name);
            }
            extension.events.addAll(events);
            extension.state = State.REGISTERED;
            byName.put(name, extension);
            changed.signalAll();
            return extension.id;
        } finally {
            lock.unlock();
        }
    }

    private Extension internal(String name, @Nullable Extension known) throws RefusedException {
        if (!registering) {
            throw new RefusedException(
                    "Extension.RegistrationClosed", "Extension registration closed already");
        }
        if (byName.size() >= MAX) {
            throw new RefusedException(
                    "Extension.TooManyExtensions", "Extension limit (" + MAX + ") reached");
        }
        if (known != null) {
            throw new RefusedException(
                    "Extension.InvalidExtensionState",
                    "Extension with this name already registered");
        }
        return new Extension(name, id(name), false);
    }

    private static void check(List<String> events, boolean external) throws RefusedException {
        for (String event : events) {
            boolean shutdown = event.equals(Extension.SHUTDOWN);
            if (!shutdown && !event.equals(Extension.INVOKE)) {
                throw new RefusedException(
                        "Extension.InvalidEventType", event + ": ErrorInvalidEventType");
            }
            if (shutdown && !external) {
                throw new RefusedException(
                        "Extension.InvalidEventType",
                        event + ": ShutdownEventNotSupportedForInternalExtension");
            }
        }
    }

    /// Waits for an extension's next event.
    ///
    /// @return null when there will be none any more
    @Nullable Event next(String id) throws RefusedException, InterruptedException {
        lock.lock();
        try {
            Extension extension = find(id, "Unknown extension " + id);
            if (extension.state != State.REGISTERED && extension.state != State.RUNNING) {
                throw extension.refuse(State.READY.text, id);
            }
            extension.state = State.READY;
            changed.signalAll();
            while (extension.pending == null && !ended) {
                changed.await();
                if (extension.state != State.READY) {
                    throw extension.refuse(State.READY.text, id, "Concurrent state modification");
                }
            }
            Event event = extension.pending;
            if (event != null) {
                extension.pending = null;
                extension.state = State.RUNNING;
            }
            return event;
        } finally {
            lock.unlock();
        }
    }

    /// Takes an error that an extension reports before it exits.
    ///
    /// @param as `INIT_ERROR` or `EXIT_ERROR`
    void fail(String id, State as, String errorType) throws RefusedException {
        lock.lock();
        try {
            Extension extension = find(id, "Unknown Lambda-Extension-Identifier");
            if (!extension.mayFail(as)) {
                // AWS: the name of the state that is told for an exit is another.
                String to = as == State.EXIT_ERROR ? "Exited" : as.text;
                throw extension.refuse(to, id);
            }
            if (extension.state != as) {
                extension.state = as;
                extension.errorType = errorType;
            }
            if (fatal == null) {
                fatal = "Extension." + as.text;
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// The name of an extension.
    String name(String id) throws RefusedException {
        lock.lock();
        try {
            return find(id, "Unknown extension " + id).name;
        } finally {
            lock.unlock();
        }
    }

    private Extension find(String id, String otherwise) throws RefusedException {
        for (Extension extension : byName.values()) {
            if (extension.id.equals(id)) {
                return extension;
            }
        }
        throw new RefusedException("Extension.UnknownExtensionIdentifier", otherwise);
    }
}
