package dev.freehold.services.iam.tokens;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A session of an execution role: no policies, tags or source identity limit it.
///
/// @param account the role's
/// @param role its name
/// @param roleId its id: a role made anew under the same name is another one
/// @param name the session's
/// @param issued when, to the millisecond
/// @param expiry until when, to the second
public record RoleSession(
        String account, String role, String roleId, String name, Instant issued, Instant expiry) {
    /// None of the names may have it.
    private static final String SEPARATOR = "\n";

    private static final int FIELDS = 6;

    byte[] bytes() {
        return String.join(
                        SEPARATOR,
                        account,
                        role,
                        roleId,
                        name,
                        String.valueOf(issued.toEpochMilli()),
                        String.valueOf(expiry.getEpochSecond()))
                .getBytes(StandardCharsets.UTF_8);
    }

    static @Nullable RoleSession of(byte[] bytes) {
        String[] fields = new String(bytes, StandardCharsets.UTF_8).split(SEPARATOR, -1);
        return fields.length != FIELDS
                ? null
                : new RoleSession(
                        fields[0],
                        fields[1],
                        fields[2],
                        fields[3],
                        Instant.ofEpochMilli(Long.parseLong(fields[4])),
                        Instant.ofEpochSecond(Long.parseLong(fields[5])));
    }
}
