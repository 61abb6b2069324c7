package dev.freehold.services.iam;

import dev.freehold.api.iam.AttachedPolicy;
import dev.freehold.api.iam.DeleteConflictException;
import dev.freehold.api.iam.EntityAlreadyExistsException;
import dev.freehold.api.iam.LimitExceededException;
import dev.freehold.api.iam.NoSuchEntityException;
import dev.freehold.api.iam.UnmodifiableEntityException;
import dev.freehold.protocol.Caller;
import dev.freehold.services.iam.Entity.Kind;
import dev.freehold.services.iam.IamTables.EntityKey;
import dev.freehold.services.iam.Pages.Page;
import dev.freehold.storage.Store;
import dev.freehold.storage.Transaction;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Roles, users and groups in the store.
final class Entities {
    private static final int MAX_ATTACHED = 10;
    private static final int MAX_GROUPS = 10;
    private static final int MAX_TRUST = 2048;

    private final Store store;
    private final InstantSource clock;
    private final Supplier<String> ids;

    Entities(Store store, InstantSource clock, Supplier<String> ids) {
        this.store = store;
        this.clock = clock;
        this.ids = ids;
    }

    /// A new entity, not yet in the store.
    Entity create(Transaction tx, Caller caller, Kind kind, String name, @Nullable String path) {
        if (tx.get(IamTables.ENTITIES, EntityKey.of(caller.account(), kind, name)) != null) {
            throw new EntityAlreadyExistsException(
                    kind.capital() + " with name " + name + " already exists.");
        }
        return new Entity(
                name,
                path == null ? "/" : path,
                kind.idPrefix + ids.get().substring(0, 17),
                clock.instant().truncatedTo(ChronoUnit.SECONDS),
                null,
                "",
                3600,
                null,
                Map.of(),
                Map.of(),
                List.of(),
                List.of());
    }

    Entity put(Transaction tx, Caller caller, Kind kind, Entity entity) {
        tx.put(IamTables.ENTITIES, EntityKey.of(caller.account(), kind, entity.name()), entity);
        IamTables.changed(tx, caller.account());
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

    Entity get(Caller caller, Kind kind, String name) {
        return store.read(tx -> get(tx, caller, kind, name));
    }

    List<Entity> list(Caller caller, Kind kind, @Nullable String pathPrefix) {
        return store.read(tx -> IamTables.entities(tx, caller.account(), kind)).stream()
                .filter(entity -> pathPrefix == null || entity.path().startsWith(pathPrefix))
                .toList();
    }

    /// Changes an entity; a service's own role is refused.
    void change(Caller caller, Kind kind, String name, UnaryOperator<Entity> change) {
        store.updateOnly(tx -> {
            Entity before = get(tx, caller, kind, name);
            refuseServiceLinked(kind, before);
            put(tx, caller, kind, change.apply(before));
        });
    }

    private static void refuseServiceLinked(Kind kind, Entity entity) {
        if (kind == Kind.ROLE && ServiceLinkedRoles.isOne(entity)) {
            throw new UnmodifiableEntityException(
                    "Cannot perform the operation on the protected role '"
                            + entity.name()
                            + "' - this role is only modifiable by AWS");
        }
    }

    /// Gives an entity another name or path; what refers to it by name is told.
    void rename(
            Transaction tx,
            Caller caller,
            Kind kind,
            String name,
            @Nullable String newName,
            @Nullable String newPath) {
        Entity before = get(tx, caller, kind, name);
        String after = newName == null ? before.name() : newName;
        EntityKey key = EntityKey.of(caller.account(), kind, after);
        if (!after.equalsIgnoreCase(name) && tx.get(IamTables.ENTITIES, key) != null) {
            throw new EntityAlreadyExistsException(
                    kind.capital() + " with name " + after + " already exists.");
        }
        tx.delete(IamTables.ENTITIES, EntityKey.of(caller.account(), kind, name));
        put(tx, caller, kind, before.withName(after, newPath == null ? before.path() : newPath));
        if (kind == Kind.GROUP) {
            for (Entity user : members(tx, caller, before.name())) {
                Entity left = user.withGroup(before.name(), false);
                put(tx, caller, Kind.USER, left.withGroup(after, true));
            }
        }
    }

    void delete(Transaction tx, Caller caller, Kind kind, String name) {
        Entity entity = get(tx, caller, kind, name);
        refuseServiceLinked(kind, entity);
        if (!entity.attached().isEmpty()) {
            throw new DeleteConflictException(
                    "Cannot delete entity, must detach all policies first.");
        }
        if (!entity.inline().isEmpty()) {
            throw new DeleteConflictException("Cannot delete entity, must delete policies first.");
        }
        if (!entity.groups().isEmpty()) {
            throw new DeleteConflictException(
                    "Cannot delete entity, must remove users from group first.");
        }
        if (kind == Kind.GROUP && !members(tx, caller, name).isEmpty()) {
            throw new DeleteConflictException(
                    "Cannot delete entity, must remove users from group first.");
        }
        remove(tx, caller, kind, name);
    }

    void remove(Transaction tx, Caller caller, Kind kind, String name) {
        tx.delete(IamTables.ENTITIES, EntityKey.of(caller.account(), kind, name));
        IamTables.changed(tx, caller.account());
    }

    List<Entity> members(Transaction tx, Caller caller, String group) {
        return IamTables.entities(tx, caller.account(), Kind.USER).stream()
                .filter(user -> user.isIn(group))
                .toList();
    }

    void join(Caller caller, String userName, String groupName, boolean member) {
        store.updateOnly(tx -> {
            Entity group = get(tx, caller, Kind.GROUP, groupName);
            Entity user = get(tx, caller, Kind.USER, userName);
            Entity changed = user.withGroup(group.name(), member);
            if (changed.groups().size() > MAX_GROUPS) {
                throw new LimitExceededException(
                        "Cannot exceed quota for GroupsPerUser: " + MAX_GROUPS);
            }
            put(tx, caller, Kind.USER, changed);
        });
    }

    Entity withTrust(Entity role, String document) {
        Documents.checkTrust(document);
        if (document.replaceAll("\\s", "").length() > MAX_TRUST) {
            throw new LimitExceededException(
                    "Cannot exceed quota for ACLSizePerRole: " + MAX_TRUST);
        }
        return role.withTrust(document);
    }

    void putInline(Caller caller, Kind kind, String name, String policy, String document) {
        Documents.checkIdentity(document);
        change(
                caller,
                kind,
                name,
                entity -> {
                    Entity changed = entity.withInline(policy, document);
                    int size =
                            changed.inline().values().stream()
                                    .mapToInt(text -> text.replaceAll("\\s", "").length())
                                    .sum();
                    if (size > kind.maxInline) {
                        throw new LimitExceededException(
                                "Maximum policy size of "
                                        + kind.maxInline
                                        + " bytes exceeded for "
                                        + kind.word
                                        + " "
                                        + entity.name());
                    }
                    return changed;
                });
    }

    String inline(Caller caller, Kind kind, String name, String policy) {
        String document = get(caller, kind, name).inline().get(policy);
        if (document == null) {
            throw noPolicy(kind, policy);
        }
        return document;
    }

    Page<String> inlineNames(
            Caller caller,
            Kind kind,
            String name,
            @Nullable String marker,
            @Nullable Integer maxItems) {
        List<String> names = get(caller, kind, name).inline().keySet().stream().sorted().toList();
        return Pages.of(names, policy -> policy, marker, maxItems);
    }

    void deleteInline(Caller caller, Kind kind, String name, String policy) {
        change(
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

    void attach(Caller caller, Kind kind, String name, String arn) {
        Policies.checkArn(arn);
        store.updateOnly(tx -> {
            Entity entity = get(tx, caller, kind, name);
            refuseServiceLinked(kind, entity);
            Policies.requireAttachable(tx, caller, arn);
            if (entity.attached().contains(arn)) {
                return;
            }
            if (entity.attached().size() >= MAX_ATTACHED) {
                throw new LimitExceededException(
                        "Cannot exceed quota for PoliciesPer"
                                + kind.capital()
                                + ": "
                                + MAX_ATTACHED);
            }
            List<String> all = new ArrayList<>(entity.attached());
            all.add(arn);
            put(tx, caller, kind, entity.withAttached(all));
        });
    }

    void detach(Caller caller, Kind kind, String name, String arn) {
        Policies.checkArn(arn);
        change(
                caller,
                kind,
                name,
                entity -> {
                    List<String> all = new ArrayList<>(entity.attached());
                    if (!all.remove(arn)) {
                        throw new NoSuchEntityException("Policy " + arn + " was not found.");
                    }
                    return entity.withAttached(all);
                });
    }

    /// The attached policies whose path begins with a prefix.
    Page<AttachedPolicy> attached(
            Entity entity,
            @Nullable String pathPrefix,
            @Nullable String marker,
            @Nullable Integer maxItems) {
        String prefix = pathPrefix == null ? "/" : pathPrefix;
        List<AttachedPolicy> all =
                entity.attached().stream()
                        .filter(arn ->
                                arn.substring(arn.indexOf(":policy/") + 7).startsWith(prefix))
                        .map(Views::attached)
                        .toList();
        return Pages.of(all, p -> String.valueOf(p.policyArn()), marker, maxItems);
    }

    void setBoundary(Caller caller, Kind kind, String name, @Nullable String arn) {
        if (arn == null) {
            change(
                    caller,
                    kind,
                    name,
                    entity -> {
                        if (entity.boundary() == null) {
                            throw new NoSuchEntityException(
                                    kind.capital() + " " + name + " has no permissions boundary.");
                        }
                        return entity.withBoundary(null);
                    });
            return;
        }
        Policies.checkArn(arn);
        store.updateOnly(tx -> {
            Entity entity = get(tx, caller, kind, name);
            refuseServiceLinked(kind, entity);
            put(tx, caller, kind, bounded(tx, caller, entity, arn));
        });
    }

    /// The entity with a permissions boundary, when one is given.
    Entity bounded(Transaction tx, Caller caller, Entity entity, @Nullable String arn) {
        if (arn == null) {
            return entity;
        }
        Policies.checkArn(arn);
        if (IamTables.policy(tx, caller.account(), arn) == null) {
            throw new NoSuchEntityException(
                    "Scope ARN: " + arn + " does not exist or is not attachable.");
        }
        return entity.withBoundary(arn);
    }
}
