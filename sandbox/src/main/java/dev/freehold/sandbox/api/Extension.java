package dev.freehold.sandbox.api;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// One extension, and where it is in its life. Guarded by the lock of [Extensions].
final class Extension {
    /// The events that there are.
    static final String INVOKE = "INVOKE";

    static final String SHUTDOWN = "SHUTDOWN";

    /// The states, as AWS's errors name them.
    enum State {
        STARTED("Started"),
        REGISTERED("Registered"),
        READY("Ready"),
        RUNNING("Running"),
        INIT_ERROR("InitError"),
        EXIT_ERROR("ExitError"),
        LAUNCH_ERROR("LaunchError");

        final String text;

        State(String text) {
            this.text = text;
        }
    }

    final String name;
    final String id;

    /// Whether it is a process of its own.
    final boolean external;

    final Set<String> events = new TreeSet<>();
    State state = State.STARTED;
    @Nullable String errorType;

    /// What it gets when it next asks.
    @Nullable Event pending;

    /// An event for an extension.
    ///
    /// @param id a UUID
    /// @param json what happened
    record Event(String id, byte[] json) {}

    Extension(String name, String id, boolean external) {
        this.name = name;
        this.id = id;
        this.external = external;
    }

    boolean wants(String event) {
        return events.contains(event);
    }

    /// Whether it has nothing to do: it asks for an event.
    boolean ready() {
        return state == State.READY && pending == null;
    }

    /// Whether it may report an error, once more too: only the first counts.
    boolean mayFail(State as) {
        return switch (state) {
            case REGISTERED -> true;
            case READY, RUNNING -> as == State.EXIT_ERROR;
            case INIT_ERROR, EXIT_ERROR -> state == as;
            case STARTED, LAUNCH_ERROR -> false;
        };
    }

    /// How extensions that can't go on are told.
    RefusedException refuse(String to, String who) {
        return refuse(to, who, "State transition is not allowed");
    }

    RefusedException refuse(String to, String who, String why) {
        return new RefusedException(
                "Extension.InvalidExtensionState",
                "State transition from "
                        + state.text
                        + " to "
                        + to
                        + " failed for extension "
                        + who
                        + ". Error: "
                        + why);
    }

    List<String> sortedEvents() {
        return new ArrayList<>(events);
    }
}
