package dev.freehold.services.lambda.run;

import dev.freehold.services.lambda.state.FunctionId;
import org.jspecify.annotations.Nullable;

/// What environments are shared by: a version in one of its configurations, for one tenant when it
/// has tenants.
///
/// @param generation changes with each change of the version
/// @param logGroup where its environments log
/// @param tenant whose they are, or null
public record EnvironmentKey(
        FunctionId function,
        String version,
        String generation,
        String logGroup,
        @Nullable String tenant) {
    private static final String SEPARATOR = " ";

    /// The key as the engine has it. A tenant, in which there may be spaces, is last.
    public String text() {
        String shared = String.join(SEPARATOR, function.arn(), version, generation, logGroup);
        return tenant == null ? shared : shared + SEPARATOR + tenant;
    }

    /// @throws IllegalArgumentException when the text is no such key
    public static EnvironmentKey parse(String text) {
        String[] parts = text.split(SEPARATOR, 5);
        FunctionId function = FunctionId.ofArn(parts[0]);
        if (parts.length < 4 || function == null) {
            throw new IllegalArgumentException(text);
        }
        String tenant = parts.length == 5 ? parts[4] : null;
        return new EnvironmentKey(function, parts[1], parts[2], parts[3], tenant);
    }
}
