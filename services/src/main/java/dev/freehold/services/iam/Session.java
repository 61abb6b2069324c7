package dev.freehold.services.iam;

import dev.freehold.storage.Codec;
import dev.freehold.storage.Codecs;
import dev.freehold.storage.ValueReader;
import java.time.Instant;
import java.util.List;

/// Temporary credentials of a role.
///
/// @param role the role's name
/// @param name the session's name
/// @param policies session policies
public record Session(
        String account,
        String role,
        String name,
        String secret,
        String token,
        Instant expiry,
        List<String> policies) {
    static final Codec<Session> CODEC =
            Codecs.of(
                    (out, s) ->
                            out.string(s.account)
                                    .string(s.role)
                                    .string(s.name)
                                    .string(s.secret)
                                    .string(s.token)
                                    .instant(s.expiry)
                                    .list(s.policies, (o, text) -> o.string(text)),
                    in ->
                            new Session(
                                    in.string(),
                                    in.string(),
                                    in.string(),
                                    in.string(),
                                    in.string(),
                                    in.instant(),
                                    in.list(ValueReader::string)));

    @Override
    public String toString() {
        return "Session[" + role + "/" + name + "]";
    }
}
