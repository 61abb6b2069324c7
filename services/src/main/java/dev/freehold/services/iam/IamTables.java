package dev.freehold.services.iam;

import dev.freehold.api.iam.PasswordPolicy;
import dev.freehold.api.iam.ServiceSpecificCredential;
import dev.freehold.services.structures.StructureCodec;
import dev.freehold.storage.Codecs;
import dev.freehold.storage.Cursor;
import dev.freehold.storage.KeyCodec;
import dev.freehold.storage.KeyRange;
import dev.freehold.storage.Table;
import dev.freehold.storage.Transaction;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The rows of IAM: 300 to 319.
final class IamTables {
    /// The most entities or policies of an account that a listing looks at.
    static final int MAX_LISTED = 10_000;

    /// Names are unique whatever their case.
    record EntityKey(String account, int kind, String lowerName) {
        static EntityKey of(String account, Entity.Kind kind, String name) {
            return new EntityKey(account, kind.number, name.toLowerCase(Locale.ROOT));
        }
    }

    record PolicyKey(String account, String arn) {}

    static final Table<EntityKey, Entity> ENTITIES =
            new Table<>(
                    300,
                    "iam.entities",
                    Codecs.key(
                            (key, out) ->
                                    out.string(key.account).uint8(key.kind).string(key.lowerName),
                            in -> new EntityKey(in.string(), in.uint8(), in.string())),
                    Codecs.remembering(Entity.CODEC));

    static final Table<PolicyKey, ManagedPolicy> POLICIES =
            new Table<>(
                    301,
                    "iam.policies",
                    Codecs.key(
                            (key, out) -> out.string(key.account).string(key.arn),
                            in -> new PolicyKey(in.string(), in.string())),
                    ManagedPolicy.CODEC);

    static final Table<String, AccessKeys.Row> KEYS =
            new Table<>(
                    302, "iam.keys", Codecs.STRING_KEY, Codecs.remembering(AccessKeys.Row.CODEC));

    /// The access keys of a user.
    record OwnedKey(String account, String lowerUser, String id) {
        static OwnedKey of(String account, String user, String id) {
            return new OwnedKey(account, user.toLowerCase(Locale.ROOT), id);
        }
    }

    private static final KeyCodec<OwnedKey> OWNED =
            Codecs.key(
                    (key, out) -> out.string(key.account).string(key.lowerUser).string(key.id),
                    in -> new OwnedKey(in.string(), in.string(), in.string()));

    static final Table<OwnedKey, Boolean> KEYS_BY_USER =
            new Table<>(304, "iam.keys-by-user", OWNED, Codecs.PRESENT);

    static final Table<String, Session> SESSIONS =
            new Table<>(305, "iam.sessions", Codecs.STRING_KEY, Codecs.remembering(Session.CODEC));

    /// A session by the second at which it ends.
    record Ending(long second, String id) {}

    static final Table<Ending, Boolean> SESSIONS_BY_END =
            new Table<>(
                    306,
                    "iam.sessions-by-end",
                    Codecs.key(
                            (key, out) -> out.int64(key.second).string(key.id),
                            in -> new Ending(in.int64(), in.string())),
                    Codecs.PRESENT);

    static final Table<PolicyKey, InstanceProfiles.Row> PROFILES =
            new Table<>(
                    307,
                    "iam.instance-profiles",
                    Codecs.key(
                            (key, out) -> out.string(key.account).string(key.arn),
                            in -> new PolicyKey(in.string(), in.string())),
                    InstanceProfiles.Row.CODEC);

    /// What a user has besides access keys, by the credential's id.
    static final Table<OwnedKey, ServiceSpecificCredential> SERVICE_CREDENTIALS =
            new Table<>(
                    308,
                    "iam.service-credentials",
                    OWNED,
                    StructureCodec.of(
                            ServiceSpecificCredential.class, ServiceSpecificCredential.SCHEMA));

    /// An account's alias and, under it, its account: aliases are unique.
    static final Table<String, String> ALIASES =
            new Table<>(309, "iam.aliases", Codecs.STRING_KEY, Codecs.STRING);

    static final Table<String, PasswordPolicy> PASSWORD_POLICIES =
            new Table<>(
                    310,
                    "iam.password-policies",
                    Codecs.STRING_KEY,
                    StructureCodec.of(PasswordPolicy.class, PasswordPolicy.SCHEMA));

    /// How often an account's users, groups, roles and policies changed: what was derived from them
    /// holds as long as this number.
    static final Table<String, Long> GENERATIONS =
            new Table<>(311, "iam.generations", Codecs.STRING_KEY, Codecs.INT64);

    /// Deletions of service-linked roles that were asked for; the deletion itself is done at once.
    static final Table<PolicyKey, Boolean> DELETIONS =
            new Table<>(
                    312,
                    "iam.role-deletions",
                    Codecs.key(
                            (key, out) -> out.string(key.account).string(key.arn),
                            in -> new PolicyKey(in.string(), in.string())),
                    Codecs.PRESENT);

    /// Keys that this server signs with, by what for.
    static final Table<String, byte[]> SIGNING_KEYS =
            new Table<>(313, "iam.signing-keys", Codecs.STRING_KEY, Codecs.BYTES);

    private IamTables() {}

    /// Says that something changed that decisions rest on.
    static void changed(Transaction tx, String account) {
        tx.add(GENERATIONS, account, 1);
    }

    static long generation(Transaction tx, String account) {
        Long generation = tx.peek(GENERATIONS, account);
        return generation == null ? 0 : generation;
    }

    static void put(Transaction tx, String account, ManagedPolicy policy) {
        tx.put(POLICIES, new PolicyKey(account, policy.arn()), policy);
        changed(tx, account);
    }

    static List<Entity> entities(Transaction tx, String account, Entity.Kind kind) {
        List<Entity> found = new ArrayList<>();
        KeyRange range = KeyRange.prefix(out -> out.string(account).uint8(kind.number));
        try (Cursor<EntityKey, Entity> cursor = tx.scan(ENTITIES, range, MAX_LISTED)) {
            while (cursor.next()) {
                found.add(cursor.value());
            }
        }
        return found;
    }

    static List<ManagedPolicy> policies(Transaction tx, String account) {
        List<ManagedPolicy> found = new ArrayList<>();
        KeyRange range = KeyRange.prefix(out -> out.string(account));
        try (Cursor<PolicyKey, ManagedPolicy> cursor = tx.scan(POLICIES, range, MAX_LISTED)) {
            while (cursor.next()) {
                found.add(cursor.value());
            }
        }
        return found;
    }

    /// A managed policy of the account, or one of AWS's own.
    static @Nullable ManagedPolicy policy(Transaction tx, String account, String arn) {
        ManagedPolicy own = tx.get(POLICIES, new PolicyKey(account, arn));
        return own == null ? AwsPolicies.find(arn) : own;
    }
}
