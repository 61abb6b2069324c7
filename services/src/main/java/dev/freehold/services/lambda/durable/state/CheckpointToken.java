package dev.freehold.services.lambda.durable.state;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/// What an invocation shows with a checkpoint: that it is the one that runs, and has seen the
/// checkpoint before. Opaque to functions.
///
/// @param invocation the invocation's secret id
/// @param sequence how many checkpoints the execution has had
public record CheckpointToken(String invocation, long sequence) {
    /// The token that a text stands for; null when it is none.
    public static @Nullable CheckpointToken parse(String text) {
        try {
            String plain = new String(Base64.getDecoder().decode(text), StandardCharsets.UTF_8);
            int slash = plain.indexOf('/');
            return slash < 0
                    ? null
                    : new CheckpointToken(
                            plain.substring(slash + 1), Long.parseLong(plain, 0, slash, 10));
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /// The token after this one.
    public CheckpointToken next() {
        return new CheckpointToken(invocation, sequence + 1);
    }

    @Override
    public String toString() {
        String plain = sequence + "/" + invocation;
        return Base64.getEncoder().encodeToString(plain.getBytes(StandardCharsets.UTF_8));
    }
}
