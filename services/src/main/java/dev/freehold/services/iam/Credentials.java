package dev.freehold.services.iam;

import dev.freehold.protocol.Arn;
import dev.freehold.protocol.Caller;
import dev.freehold.protocol.Principal;
import dev.freehold.protocol.signing.KeyStore;
import dev.freehold.services.iam.IamTables.Ending;
import dev.freehold.services.iam.IamTables.EntityKey;
import dev.freehold.services.iam.tokens.RoleSession;
import dev.freehold.services.iam.tokens.SignedTokens;
import dev.freehold.storage.Cursor;
import dev.freehold.storage.KeyRange;
import dev.freehold.storage.Store;
import dev.freehold.storage.Transaction;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Knows access keys, and makes temporary ones.
public final class Credentials implements KeyStore {
    /// How long ended sessions are remembered, so that their users learn why they are refused.
    private static final Duration KEPT = Duration.ofDays(1);

    /// The most sessions that one sweep removes.
    private static final int MAX_SWEPT = 1_000;

    /// How ids of temporary keys begin.
    private static final String TEMPORARY = "ASIA";

    /// The key of the tokens that carry their session.
    private static final String TOKENS = "session-tokens";

    private final Store store;
    private final InstantSource clock;
    private final Supplier<String> ids;
    private volatile @Nullable SignedTokens tokens;

    /// @param ids makes random upper-case letters and digits, at least 16
    public Credentials(Store store, InstantSource clock, Supplier<String> ids) {
        this.store = store;
        this.clock = clock;
        this.ids = ids;
    }

    /// Temporary credentials.
    public record Issued(
            String accessKeyId, String secret, String token, Instant expiry, String roleId) {
        @Override
        public String toString() {
            return "Issued[" + accessKeyId + "]";
        }
    }

    /// What a session is to be.
    ///
    /// @param kind whose it is
    /// @param account the account it acts in
    /// @param owner the role's or user's name; empty for the account's root
    /// @param name the session's or the federated user's name
    /// @param duration how long it lasts
    /// @param policies documents that limit it
    /// @param tags its tags
    /// @param transitive the keys of tags that sessions assumed from it keep, in lower case
    /// @param sourceIdentity or null
    public record Wanted(
            Session.Kind kind,
            String account,
            String owner,
            String name,
            Duration duration,
            List<String> policies,
            Map<String, String> tags,
            List<String> transitive,
            @Nullable String sourceIdentity) {}

    /// A role, as those need it who assume it.
    public record Role(String account, String name, String id, String trust, int maxSession) {}

    /// Makes temporary credentials of a role, durable at once.
    ///
    /// @return null when there is no such role
    public @Nullable Issued issue(
            String roleArn, String session, Duration duration, List<String> policies) {
        Role role = role(roleArn);
        return role == null
                ? null
                : issue(
                        new Wanted(
                                Session.Kind.ROLE,
                                role.account,
                                role.name,
                                session,
                                duration,
                                policies,
                                Map.of(),
                                List.of(),
                                null));
    }

    /// Makes credentials of an execution role. Every environment has its own, so nothing is written
    /// for them: the token says who it is. They end as others do: with their time, with the role,
    /// and where a policy denies what was issued before a time.
    ///
    /// @return null when there is no such role
    public @Nullable Issued execution(String roleArn, String name, Duration duration) {
        Role role = role(roleArn);
        if (role == null) {
            return null;
        }
        String id = TEMPORARY + ids.get().substring(0, 16);
        Instant now = clock.instant();
        Instant expiry = now.plus(duration).truncatedTo(ChronoUnit.SECONDS);
        RoleSession session = new RoleSession(role.account, role.name, role.id, name, now, expiry);
        SignedTokens signed = tokens();
        return new Issued(id, signed.secret(id), signed.seal(id, session), expiry, role.id);
    }

    private SignedTokens tokens() {
        SignedTokens known = tokens;
        if (known == null) {
            byte[] fresh = (ids.get() + ids.get() + ids.get()).getBytes(StandardCharsets.UTF_8);
            byte[] key =
                    store.update(tx -> {
                        byte[] kept = tx.get(IamTables.SIGNING_KEYS, TOKENS);
                        if (kept == null) {
                            tx.put(IamTables.SIGNING_KEYS, TOKENS, fresh);
                        }
                        return kept == null ? fresh : kept;
                    });
            known = new SignedTokens(key);
            tokens = known;
        }
        return known;
    }

    /// Makes temporary credentials, durable at once.
    ///
    /// @return null when its owner is gone
    public @Nullable Issued issue(Wanted wanted) {
        String id = TEMPORARY + ids.get().substring(0, 16);
        String secret = (ids.get() + ids.get() + ids.get()).substring(0, 40);
        String token = "FH" + ids.get() + ids.get() + ids.get() + ids.get();
        Instant now = clock.instant();
        Instant expiry = now.plus(wanted.duration).truncatedTo(ChronoUnit.SECONDS);
        Session session =
                new Session(
                        wanted.kind,
                        wanted.account,
                        wanted.owner,
                        wanted.name,
                        secret,
                        token,
                        now,
                        expiry,
                        wanted.policies,
                        wanted.tags,
                        wanted.transitive,
                        wanted.sourceIdentity);
        return store.update(tx -> {
            Entity owner = owner(tx, session);
            if (owner == null && !wanted.owner.isEmpty()) {
                return null;
            }
            tx.put(IamTables.SESSIONS, id, session);
            tx.put(IamTables.SESSIONS_BY_END, new Ending(expiry.getEpochSecond(), id), true);
            return new Issued(id, secret, token, expiry, owner == null ? "" : owner.id());
        });
    }

    private static @Nullable Entity owner(Transaction tx, Session session) {
        Entity.Kind kind =
                session.kind() == Session.Kind.ROLE ? Entity.Kind.ROLE : Entity.Kind.USER;
        return session.owner().isEmpty()
                ? null
                : tx.peek(
                        IamTables.ENTITIES, EntityKey.of(session.account(), kind, session.owner()));
    }

    /// The role with that ARN, or null when there is none.
    public @Nullable Role role(String roleArn) {
        Arn arn = Arn.parse(roleArn);
        if (arn == null || !arn.service().equals("iam") || !arn.resource().startsWith("role/")) {
            return null;
        }
        String name = arn.resource().substring(arn.resource().lastIndexOf('/') + 1);
        Entity role =
                store.read(tx ->
                        tx.get(
                                IamTables.ENTITIES,
                                EntityKey.of(arn.account(), Entity.Kind.ROLE, name)));
        boolean same = role != null && arn.resource().equals("role" + role.path() + role.name());
        return role == null || !same
                ? null
                : new Role(arn.account(), role.name(), role.id(), role.trust(), role.maxSession());
    }

    /// A role's trust policy, or null when there is no such role.
    public @Nullable String trust(String roleArn) {
        Role role = role(roleArn);
        return role == null ? null : role.trust();
    }

    /// The document in force of a managed policy, or null when there is none.
    public @Nullable String policy(String account, String arn) {
        ManagedPolicy policy = store.read(tx -> IamTables.policy(tx, account, arn));
        return policy == null ? null : policy.document();
    }

    /// The session that a caller's credentials belong to, or null when they are long-term ones.
    public @Nullable Session sessionOf(Caller caller) {
        String id = caller.facts().get(Caller.ACCESS_KEY);
        Session stored = id == null ? null : store.read(tx -> tx.peek(IamTables.SESSIONS, id));
        boolean carried = id != null && stored == null && id.startsWith(TEMPORARY);
        return carried && caller.principal() instanceof Principal.AssumedRole role
                ? carried(role)
                : stored;
    }

    /// A session that its token carries, as far as others ask for it.
    private static Session carried(Principal.AssumedRole role) {
        return new Session(
                Session.Kind.ROLE,
                role.account(),
                role.roleName(),
                role.session(),
                "",
                "",
                Instant.EPOCH,
                Instant.EPOCH,
                List.of(),
                Map.of(),
                List.of(),
                null);
    }

    /// The account that an access key belongs to, or null when it is nobody's.
    public @Nullable String accountOf(String accessKeyId) {
        Key key = find(accessKeyId, null);
        return key == null ? null : key.account();
    }

    /// Removes sessions that ended long ago.
    public void sweep(Instant now) {
        long before = now.minus(KEPT).getEpochSecond();
        KeyRange ended = KeyRange.between(out -> out.int64(0), out -> out.int64(before));
        store.updateOnly(tx -> {
            List<Ending> gone = new ArrayList<>();
            try (Cursor<Ending, Boolean> cursor =
                    tx.scan(IamTables.SESSIONS_BY_END, ended, MAX_SWEPT)) {
                while (cursor.next()) {
                    gone.add(cursor.key());
                }
            }
            for (Ending ending : gone) {
                tx.delete(IamTables.SESSIONS, ending.id());
                tx.delete(IamTables.SESSIONS_BY_END, ending);
            }
        });
    }

    @Override
    public @Nullable Key find(String accessKeyId, @Nullable String token) {
        if (!accessKeyId.startsWith(TEMPORARY)) {
            return longTerm(accessKeyId);
        }
        return token != null && SignedTokens.looksLike(token)
                ? carried(accessKeyId, token)
                : session(accessKeyId);
    }

    private @Nullable Key carried(String id, String token) {
        SignedTokens signed = tokens();
        RoleSession session = signed.open(id, token);
        if (session == null) {
            return null;
        }
        EntityKey key = EntityKey.of(session.account(), Entity.Kind.ROLE, session.role());
        Entity role = store.read(tx -> tx.peek(IamTables.ENTITIES, key));
        return role == null || !role.id().equals(session.roleId())
                ? null
                : new Key(
                        signed.secret(id),
                        token,
                        session.account(),
                        new Principal.AssumedRole(
                                session.account(),
                                role.path(),
                                role.name(),
                                role.id(),
                                session.name()),
                        session.expiry(),
                        Map.of(
                                "aws:TokenIssueTime",
                                session.issued().toString(),
                                "aws:MultiFactorAuthPresent",
                                "false"));
    }

    private @Nullable Key session(String id) {
        return store.read(tx -> {
            Session session = tx.peek(IamTables.SESSIONS, id);
            Principal principal = session == null ? null : principal(tx, session);
            return session == null || principal == null
                    ? null
                    : new Key(
                            session.secret(),
                            session.token(),
                            session.account(),
                            principal,
                            session.expiry());
        });
    }

    private static @Nullable Principal principal(Transaction tx, Session session) {
        String account = session.account();
        Entity owner = owner(tx, session);
        if (owner == null && !session.owner().isEmpty()) {
            return null;
        }
        return switch (session.kind()) {
            case ROOT -> new Principal.Root(account);
            case FEDERATED -> new Principal.Federated(account, session.name(), session.owner());
            case USER -> owner == null ? null : user(account, owner);
            case ROLE ->
                    owner == null
                            ? null
                            : new Principal.AssumedRole(
                                    account,
                                    owner.path(),
                                    owner.name(),
                                    owner.id(),
                                    session.name());
        };
    }

    private static Principal.User user(String account, Entity user) {
        return new Principal.User(account, user.path(), user.name(), user.id());
    }

    private @Nullable Key longTerm(String id) {
        return store.read(tx -> {
            AccessKeys.Row row = tx.peek(IamTables.KEYS, id);
            if (row == null || !row.active()) {
                return null;
            }
            Entity user =
                    tx.peek(
                            IamTables.ENTITIES,
                            EntityKey.of(row.account(), Entity.Kind.USER, row.user()));
            return user == null
                    ? null
                    : new Key(row.secret(), null, row.account(), user(row.account(), user), null);
        });
    }
}
