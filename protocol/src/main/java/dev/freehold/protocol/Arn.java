package dev.freehold.protocol;

import org.jspecify.annotations.Nullable;

/// An Amazon Resource Name. Region and account are empty where the service's names have none.
///
/// See <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html>.
public record Arn(
        String partition, String service, String region, String account, String resource) {

    /// The ARN that a text spells, or null when it spells none.
    public static @Nullable Arn parse(String text) {
        String[] parts = text.split(":", 6);
        if (parts.length < 6 || !parts[0].equals("arn") || parts[2].isEmpty()) {
            return null;
        }
        return new Arn(parts[1], parts[2], parts[3], parts[4], parts[5]);
    }

    @Override
    public String toString() {
        return "arn:" + partition + ":" + service + ":" + region + ":" + account + ":" + resource;
    }
}
