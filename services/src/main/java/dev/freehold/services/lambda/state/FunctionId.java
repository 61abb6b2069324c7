package dev.freehold.services.lambda.state;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A function's identity.
public record FunctionId(String account, String region, String name) {
    private static final Pattern ARN =
            Pattern.compile(
                    "arn:aws[a-z-]*:lambda:([a-z0-9-]+):(\\d{12}):function:([a-zA-Z0-9-_]+)(?::(.+))?");

    /// The function that an ARN names, with or without a qualifier; null when it names none.
    public static @Nullable FunctionId ofArn(@Nullable String arn) {
        Matcher matcher = ARN.matcher(String.valueOf(arn));
        return matcher.matches()
                ? new FunctionId(matcher.group(2), matcher.group(1), matcher.group(3))
                : null;
    }

    /// The qualifier at the end of a function's ARN, or null.
    public static @Nullable String qualifierOf(String arn) {
        Matcher matcher = ARN.matcher(arn);
        return matcher.matches() ? matcher.group(4) : null;
    }

    /// The unqualified ARN.
    public String arn() {
        return prefix() + "function:" + name;
    }

    /// The ARN with a version or alias; without it when that is null.
    public String arn(@Nullable String qualifier) {
        return qualifier == null ? arn() : arn() + ":" + qualifier;
    }

    private String prefix() {
        return "arn:" + partition(region) + ":lambda:" + region + ":" + account + ":";
    }

    /// The partition of a region.
    public static String partition(String region) {
        if (region.startsWith("cn-")) {
            return "aws-cn";
        }
        return region.startsWith("us-gov-") ? "aws-us-gov" : "aws";
    }
}
