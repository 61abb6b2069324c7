package dev.freehold.services.lambda.durable.state;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/// What somebody outside names a callback by. Opaque to them; it says itself which execution waits,
/// so that a caller's right to answer can be checked before anything is read.
///
/// @param operation the callback's operation id
public record CallbackId(ExecutionArn execution, String operation) {
    /// The callback that a text stands for; null when it is none.
    public static @Nullable CallbackId parse(@Nullable String text) {
        try {
            byte[] plain = Base64.getDecoder().decode(String.valueOf(text));
            String all = new String(plain, StandardCharsets.UTF_8);
            int space = all.indexOf(' ');
            ExecutionArn execution = space < 0 ? null : ExecutionArn.parse(all.substring(0, space));
            return execution == null ? null : new CallbackId(execution, all.substring(space + 1));
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    @Override
    public String toString() {
        String plain = execution + " " + operation;
        return Base64.getEncoder().encodeToString(plain.getBytes(StandardCharsets.UTF_8));
    }
}
