package dev.freehold.services.iam;

import dev.freehold.api.iam.DeleteConflictException;
import dev.freehold.api.iam.EntityAlreadyExistsException;
import dev.freehold.api.iam.LimitExceededException;
import dev.freehold.api.iam.NoSuchEntityException;
import dev.freehold.api.iam.Tag;
import dev.freehold.protocol.Caller;
import dev.freehold.services.iam.Entity.Kind;
import dev.freehold.services.iam.IamTables.EntityKey;
import dev.freehold.storage.Store;
import dev.freehold.storage.Transaction;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Roles, users and groups in the store.
final class Entities {
    /// The most characters of all inline policies of an entity, without spaces.
    private static final int MAX_INLINE = 10_240;

    private final InstantSource clock;
    private final Supplier<String> ids;

    Entities(InstantSource clock, Supplier<String> ids) {
        this.clock = clock;
        this.ids = ids;
    }

    /// A new entity, not yet in the store.
    Entity create(
            Transaction tx,
            Caller caller,
            Kind kind,
            String name,
            @Nullable String path,
            @Nullable List<Tag> tags) {
        if (tx.get(IamTables.ENTITIES, EntityKey.of(caller.account(), kind, name)) != null) {
            throw new EntityAlreadyExistsException(
                    capital(kind) + " with name " + name + " already exists.");
        }
        String id = kind.idPrefix + ids.get().substring(0, 17);
        return new Entity(
                name,
                path == null ? "/" : path,
                id,
                clock.instant().truncatedTo(ChronoUnit.SECONDS),
                null,
                "",
                3600,
                null,
                Views.merged(Map.of(), tags),
                Map.of(),
                List.of(),
                List.of());
    }

    private static String capital(Kind kind) {
        return Character.toUpperCase(kind.word.charAt(0)) + kind.word.substring(1);
    }

    Entity put(Transaction tx, Caller caller, Kind kind, Entity entity) {
        tx.put(IamTables.ENTITIES, EntityKey.of(caller.account(), kind, entity.name()), entity);
        return entity;
    }

    Entity get(Transaction tx, Caller caller, Kind kind, String name) {
        Entity entity = tx.get(IamTables.ENTITIES, EntityKey.of(caller.account(), kind, name));
        if (entity == null) {
            throw new NoSuchEntityException(
                    "The " + kind.word + " with name " + name + " cannot be found.");
        }
        return entity;
    }

    List<Entity> list(Transaction tx, Caller caller, Kind kind, @Nullable String pathPrefix) {
        return IamTables.entities(tx, caller.account(), kind).stream()
                .filter(entity -> pathPrefix == null || entity.path().startsWith(pathPrefix))
                .toList();
    }

    void change(Store store, Caller caller, Kind kind, String name, UnaryOperator<Entity> change) {
        store.updateOnly(tx -> put(tx, caller, kind, change.apply(get(tx, caller, kind, name))));
    }

    void delete(Transaction tx, Caller caller, Kind kind, String name) {
        Entity entity = get(tx, caller, kind, name);
        if (!entity.attached().isEmpty()) {
            throw new DeleteConflictException(
                    "Cannot delete entity, must detach all policies first.");
        }
        if (!entity.inline().isEmpty()) {
            throw new DeleteConflictException("Cannot delete entity, must delete policies first.");
        }
        tx.delete(IamTables.ENTITIES, EntityKey.of(caller.account(), kind, name));
    }

    void putInline(
            Store store, Caller caller, Kind kind, String name, String policy, String document) {
        Documents.checkIdentity(document);
        change(
                store,
                caller,
                kind,
                name,
                entity -> {
                    Entity changed = entity.withInline(policy, document);
                    int size =
                            changed.inline().values().stream()
                                    .mapToInt(text -> text.replaceAll("\\s", "").length())
                                    .sum();
                    if (size > MAX_INLINE) {
                        throw new LimitExceededException(
                                "Maximum policy size of "
                                        + MAX_INLINE
                                        + " bytes exceeded for "
                                        + kind.word
                                        + " "
                                        + name);
                    }
                    return changed;
                });
    }

    String inline(Store store, Caller caller, Kind kind, String name, String policy) {
        Entity entity = store.read(tx -> get(tx, caller, kind, name));
        String document = entity.inline().get(policy);
        if (document == null) {
            throw noPolicy(kind, policy);
        }
        return document;
    }

    void deleteInline(Store store, Caller caller, Kind kind, String name, String policy) {
        change(
                store,
                caller,
                kind,
                name,
                entity -> {
                    if (!entity.inline().containsKey(policy)) {
                        throw noPolicy(kind, policy);
                    }
                    return entity.withInline(policy, null);
                });
    }

    private static NoSuchEntityException noPolicy(Kind kind, String policy) {
        return new NoSuchEntityException(
                "The " + kind.word + " policy with name " + policy + " cannot be found.");
    }
}
