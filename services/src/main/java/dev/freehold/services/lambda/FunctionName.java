package dev.freehold.services.lambda;

import dev.freehold.protocol.Caller;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A function as requests name it: by name, by part of its ARN, by its ARN; with a qualifier or
/// not.
///
/// @param qualifier a version or alias, or null
record FunctionName(String account, String region, String name, @Nullable String qualifier) {
    private static final Pattern ARN =
            Pattern.compile(
                    "arn:aws[a-z-]*:lambda:([a-z0-9-]+):(\\d{12}):function:([a-zA-Z0-9-_]+)(?::([a-zA-Z0-9$_-]+))?");
    private static final Pattern PARTIAL =
            Pattern.compile(
                    "(?:(\\d{12}):function:|function:)?([a-zA-Z0-9-_]+)(?::([a-zA-Z0-9$_-]+))?");

    /// What a text names, or null when it names nothing.
    static @Nullable FunctionName parse(String text, @Nullable String qualifier, Caller caller) {
        Matcher arn = ARN.matcher(text);
        if (arn.matches()) {
            String q = arn.group(4) == null ? qualifier : arn.group(4);
            return new FunctionName(arn.group(2), arn.group(1), arn.group(3), q);
        }
        Matcher partial = PARTIAL.matcher(text);
        if (!partial.matches()) {
            return null;
        }
        String account = partial.group(1) == null ? caller.account() : partial.group(1);
        String q = partial.group(3) == null ? qualifier : partial.group(3);
        return new FunctionName(account, caller.region(), partial.group(2), q);
    }

    /// What a whole ARN names, or null when it is none.
    static @Nullable FunctionName ofArn(String text) {
        Matcher arn = ARN.matcher(text);
        return arn.matches()
                ? new FunctionName(arn.group(2), arn.group(1), arn.group(3), arn.group(4))
                : null;
    }

    LambdaTables.FunctionKey key() {
        return new LambdaTables.FunctionKey(account, region, name);
    }

    String arn() {
        String suffix = qualifier == null ? "" : ":" + qualifier;
        return "arn:aws:lambda:" + region + ":" + account + ":function:" + name + suffix;
    }
}
