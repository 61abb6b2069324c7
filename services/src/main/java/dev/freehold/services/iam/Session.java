package dev.freehold.services.iam;

import dev.freehold.storage.Codec;
import dev.freehold.storage.Codecs;
import dev.freehold.storage.ValueReader;
import dev.freehold.storage.ValueWriter;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Temporary credentials: of a role, of a user or of a federated user.
///
/// @param kind whose they are
/// @param account the account that issued them
/// @param owner the role's or user's name; empty for the account's root
/// @param name the session's or the federated user's name
/// @param secret signs requests
/// @param token comes with each request
/// @param issued when
/// @param expiry until when
/// @param policies session policies: limit what the owner may do
/// @param tags session tags by key
/// @param transitive the keys, in lower case, of tags that sessions assumed from this one keep
/// @param sourceIdentity or null; sessions assumed from this one keep it
public record Session(
        Kind kind,
        String account,
        String owner,
        String name,
        String secret,
        String token,
        Instant issued,
        Instant expiry,
        List<String> policies,
        Map<String, String> tags,
        List<String> transitive,
        @Nullable String sourceIdentity) {
    /// Whose credentials they are. The numbers are stored.
    public enum Kind {
        ROLE(1),
        USER(2),
        FEDERATED(3),
        ROOT(4);

        private final int number;

        Kind(int number) {
            this.number = number;
        }

        private static Kind of(int number) {
            return switch (number) {
                case 1 -> ROLE;
                case 2 -> USER;
                case 3 -> FEDERATED;
                case 4 -> ROOT;
                default -> throw new IllegalStateException("kind of session: " + number);
            };
        }
    }

    static final Codec<Session> CODEC = Codecs.of(Session::write, Session::read);

    private static void write(ValueWriter out, Session s) {
        out.int32(s.kind.number)
                .string(s.account)
                .string(s.owner)
                .string(s.name)
                .string(s.secret)
                .string(s.token)
                .instant(s.issued)
                .instant(s.expiry)
                .list(s.policies, (o, text) -> o.string(text))
                .strings(s.tags)
                .list(s.transitive, (o, text) -> o.string(text))
                .optionalString(s.sourceIdentity);
    }

    private static Session read(ValueReader in) {
        return new Session(
                Kind.of(in.int32()),
                in.string(),
                in.string(),
                in.string(),
                in.string(),
                in.string(),
                in.instant(),
                in.instant(),
                in.list(ValueReader::string),
                in.strings(),
                in.list(ValueReader::string),
                in.optionalString());
    }

    @Override
    public String toString() {
        return "Session[" + kind + " " + owner + "/" + name + "]";
    }
}
