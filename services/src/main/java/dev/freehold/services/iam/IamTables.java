package dev.freehold.services.iam;

import dev.freehold.storage.Codecs;
import dev.freehold.storage.Cursor;
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
                    Entity.CODEC);

    static final Table<PolicyKey, ManagedPolicy> POLICIES =
            new Table<>(
                    301,
                    "iam.policies",
                    Codecs.key(
                            (key, out) -> out.string(key.account).string(key.arn),
                            in -> new PolicyKey(in.string(), in.string())),
                    ManagedPolicy.CODEC);

    static final Table<String, AccessKeyRow> KEYS =
            new Table<>(302, "iam.keys", Codecs.STRING_KEY, AccessKeyRow.CODEC);

    static final Table<String, Session> SESSIONS =
            new Table<>(303, "iam.sessions", Codecs.STRING_KEY, Session.CODEC);

    private IamTables() {}

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
