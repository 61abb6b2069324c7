package dev.freehold.sandbox;

import org.jspecify.annotations.Nullable;

/// What an environment's processes print: it goes to the log once there is one. Bootstraps say
/// nothing before they have a function.
final class Output {
    private volatile @Nullable SystemLog log;

    /// From now on it is logged there.
    void to(SystemLog log) {
        this.log = log;
    }

    /// The function's.
    void print(String text) {
        SystemLog to = log;
        if (to != null) {
            to.write(text);
        }
    }

    /// What a function waits for that is debugged.
    void debugger(int port) {
        print(
                "DEBUGGER Waiting on 127.0.0.1:"
                        + port
                        + " until one attaches; timeouts and metering are suspended.\n");
    }

    /// The function's, one event each.
    void message(String message) {
        SystemLog to = log;
        if (to != null) {
            to.message(message);
        }
    }

    /// That of extensions.
    void extension(String text) {
        SystemLog to = log;
        if (to != null) {
            to.extension(text);
        }
    }
}
