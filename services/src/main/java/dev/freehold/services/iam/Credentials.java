package dev.freehold.services.iam;

import dev.freehold.protocol.Arn;
import dev.freehold.protocol.Principal;
import dev.freehold.protocol.signing.KeyStore;
import dev.freehold.services.iam.IamTables.EntityKey;
import dev.freehold.storage.Store;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Knows access keys, and makes temporary ones.
public final class Credentials implements KeyStore {
    private final Store store;
    private final InstantSource clock;
    private final Supplier<String> ids;

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

    /// Makes temporary credentials of a role, durable at once.
    ///
    /// @return null when there is no such role
    public @Nullable Issued issue(
            String roleArn, String session, Duration duration, List<String> policies) {
        Arn arn = Arn.parse(roleArn);
        if (arn == null || !arn.resource().startsWith("role/")) {
            return null;
        }
        String name = arn.resource().substring(arn.resource().lastIndexOf('/') + 1);
        String id = "ASIA" + ids.get().substring(0, 16);
        String secret = (ids.get() + ids.get() + ids.get()).substring(0, 40);
        String token = "FH" + ids.get() + ids.get() + ids.get() + ids.get();
        Instant expiry = clock.instant().plus(duration);
        return store.update(tx -> {
            Entity role =
                    tx.get(IamTables.ENTITIES, EntityKey.of(arn.account(), Entity.Kind.ROLE, name));
            if (role == null) {
                return null;
            }
            tx.put(
                    IamTables.SESSIONS,
                    id,
                    new Session(
                            arn.account(), role.name(), session, secret, token, expiry, policies));
            return new Issued(id, secret, token, expiry, role.id());
        });
    }

    /// A role's trust policy, or null when there is no such role.
    public @Nullable String trust(String roleArn) {
        Arn arn = Arn.parse(roleArn);
        if (arn == null || !arn.resource().startsWith("role/")) {
            return null;
        }
        String name = arn.resource().substring(arn.resource().lastIndexOf('/') + 1);
        Entity role =
                store.read(tx ->
                        tx.get(
                                IamTables.ENTITIES,
                                EntityKey.of(arn.account(), Entity.Kind.ROLE, name)));
        return role == null ? null : role.trust();
    }

    @Override
    public @Nullable Key find(String accessKeyId) {
        return accessKeyId.startsWith("ASIA") ? session(accessKeyId) : longTerm(accessKeyId);
    }

    private @Nullable Key session(String id) {
        return store.read(tx -> {
            Session session = tx.peek(IamTables.SESSIONS, id);
            Entity role =
                    session == null
                            ? null
                            : tx.peek(
                                    IamTables.ENTITIES,
                                    EntityKey.of(
                                            session.account(), Entity.Kind.ROLE, session.role()));
            if (session == null || role == null) {
                return null;
            }
            Principal principal =
                    new Principal.AssumedRole(
                            session.account(), role.path(), role.name(), role.id(), session.name());
            return new Key(
                    session.secret(),
                    session.token(),
                    session.account(),
                    principal,
                    session.expiry());
        });
    }

    private @Nullable Key longTerm(String id) {
        return store.read(tx -> {
            AccessKeyRow row = tx.peek(IamTables.KEYS, id);
            if (row == null || !row.active()) {
                return null;
            }
            Entity user =
                    tx.peek(
                            IamTables.ENTITIES,
                            EntityKey.of(row.account(), Entity.Kind.USER, row.user()));
            if (user == null) {
                return null;
            }
            Principal principal =
                    new Principal.User(row.account(), user.path(), user.name(), user.id());
            return new Key(row.secret(), null, row.account(), principal, null);
        });
    }
}
