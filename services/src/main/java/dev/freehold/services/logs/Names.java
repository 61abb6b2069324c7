package dev.freehold.services.logs;

import dev.freehold.api.logs.InvalidParameterException;
import org.jspecify.annotations.Nullable;

/// Names of groups, given as names or ARNs.
final class Names {
    private Names() {}

    static String group(@Nullable String name, @Nullable String identifier) {
        if (name != null) {
            return name;
        }
        if (identifier == null) {
            throw new InvalidParameterException(
                    "Exactly one of logGroupName and logGroupIdentifier must be specified.");
        }
        int at = identifier.indexOf(":log-group:");
        return at < 0
                ? identifier
                : identifier.substring(at + ":log-group:".length()).replaceAll(":\\*$", "");
    }
}
