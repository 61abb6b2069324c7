package dev.freehold.services.logs;

import dev.freehold.api.logs.InvalidParameterException;
import dev.freehold.protocol.NotImplementedError;
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

    /// The group that an ARN to be tagged names.
    static String tagged(String arn) {
        if (!arn.contains(":log-group:")) {
            throw new NotImplementedError("Tagging of other resources than log groups");
        }
        return group(null, arn);
    }
}
