package dev.freehold.services.lambda.state;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A version of a layer.
///
/// @param version 1 and up
public record LayerKey(String account, String region, String name, int version) {
    private static final Pattern ARN =
            Pattern.compile(
                    "(?:arn:aws[a-z-]*:lambda:([a-z0-9-]+):(\\d{12}):layer:)?([a-zA-Z0-9-_]+)(?::(\\d{1,9}))?");

    /// What an ARN (or a bare name) names; version 0 when it has none.
    public static @Nullable LayerKey parse(String text, String account, String region) {
        Matcher matcher = ARN.matcher(text);
        if (!matcher.matches()) {
            return null;
        }
        boolean arn = matcher.group(1) != null;
        int version = matcher.group(4) == null ? 0 : Integer.parseInt(matcher.group(4));
        return new LayerKey(
                arn ? matcher.group(2) : account,
                arn ? matcher.group(1) : region,
                matcher.group(3),
                version);
    }

    public LayerKey at(int number) {
        return new LayerKey(account, region, name, number);
    }

    /// The layer's ARN, without a version.
    public String layerArn() {
        return "arn:"
                + FunctionId.partition(region)
                + ":lambda:"
                + region
                + ":"
                + account
                + ":layer:"
                + name;
    }

    public String arn() {
        return layerArn() + ":" + version;
    }
}
