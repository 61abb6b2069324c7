package dev.freehold.services.lambda.run;

import dev.freehold.services.lambda.state.FunctionId;

/// What environments are shared by: a version in one of its configurations.
///
/// @param generation changes with each change of the version
/// @param logGroup where its environments log
public record EnvironmentKey(
        FunctionId function, String version, String generation, String logGroup) {
    private static final String SEPARATOR = " ";

    /// The key as the engine has it.
    public String text() {
        return String.join(SEPARATOR, function.arn(), version, generation, logGroup);
    }

    /// @throws IllegalArgumentException when the text is no such key
    public static EnvironmentKey parse(String text) {
        String[] parts = text.split(SEPARATOR, 4);
        FunctionId function = FunctionId.ofArn(parts[0]);
        if (parts.length != 4 || function == null) {
            throw new IllegalArgumentException(text);
        }
        return new EnvironmentKey(function, parts[1], parts[2], parts[3]);
    }
}
