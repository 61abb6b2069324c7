package dev.freehold.sandbox;

import java.util.List;
import java.util.Map;

/// A process to start.
///
/// @param arguments the program, and what it is told
/// @param environment its variables: these and no others
record Command(List<String> arguments, Map<String, String> environment) {
    Command {
        arguments = List.copyOf(arguments);
        environment = Map.copyOf(environment);
    }
}
