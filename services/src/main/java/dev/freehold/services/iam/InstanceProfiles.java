package dev.freehold.services.iam;

import dev.freehold.api.iam.CreateInstanceProfileRequest;
import dev.freehold.api.iam.DeleteConflictException;
import dev.freehold.api.iam.EntityAlreadyExistsException;
import dev.freehold.api.iam.InstanceProfile;
import dev.freehold.api.iam.LimitExceededException;
import dev.freehold.api.iam.NoSuchEntityException;
import dev.freehold.api.iam.Role;
import dev.freehold.protocol.Caller;
import dev.freehold.services.iam.Entity.Kind;
import dev.freehold.services.iam.IamTables.PolicyKey;
import dev.freehold.storage.Codec;
import dev.freehold.storage.Codecs;
import dev.freehold.storage.Cursor;
import dev.freehold.storage.KeyRange;
import dev.freehold.storage.Store;
import dev.freehold.storage.Transaction;
import dev.freehold.storage.ValueReader;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Instance profiles: each holds at most one role.
final class InstanceProfiles {
    /// @param roles the names of its roles
    record Row(
            String name,
            String path,
            String id,
            Instant created,
            Map<String, String> tags,
            List<String> roles) {
        static final Codec<Row> CODEC =
                Codecs.of(
                        (out, p) ->
                                out.string(p.name)
                                        .string(p.path)
                                        .string(p.id)
                                        .instant(p.created)
                                        .strings(p.tags)
                                        .list(p.roles, (o, text) -> o.string(text)),
                        in ->
                                new Row(
                                        in.string(),
                                        in.string(),
                                        in.string(),
                                        in.instant(),
                                        in.strings(),
                                        in.list(ValueReader::string)));

        Row withTags(Map<String, String> changed) {
            return new Row(name, path, id, created, changed, roles);
        }

        Row withRoles(List<String> changed) {
            return new Row(name, path, id, created, tags, changed);
        }
    }

    private final Store store;
    private final Entities entities;
    private final InstantSource clock;
    private final Supplier<String> ids;

    InstanceProfiles(Store store, Entities entities, InstantSource clock, Supplier<String> ids) {
        this.store = store;
        this.entities = entities;
        this.clock = clock;
        this.ids = ids;
    }

    private static PolicyKey key(Caller caller, String name) {
        return new PolicyKey(caller.account(), name.toLowerCase(Locale.ROOT));
    }

    InstanceProfile create(CreateInstanceProfileRequest in, Caller caller) {
        Row row =
                new Row(
                        in.instanceProfileName(),
                        in.path() == null ? "/" : in.path(),
                        "AIPA" + ids.get().substring(0, 17),
                        clock.instant().truncatedTo(ChronoUnit.SECONDS),
                        Views.merged(Map.of(), in.tags()),
                        List.of());
        PolicyKey key = key(caller, row.name());
        store.updateOnly(tx -> {
            if (tx.get(IamTables.PROFILES, key) != null) {
                throw new EntityAlreadyExistsException(
                        "Instance Profile " + row.name() + " already exists.");
            }
            tx.put(IamTables.PROFILES, key, row);
        });
        return store.read(tx -> view(tx, caller, row));
    }

    private static Row get(Transaction tx, Caller caller, String name) {
        Row row = tx.get(IamTables.PROFILES, key(caller, name));
        if (row == null) {
            throw new NoSuchEntityException("Instance Profile " + name + " cannot be found.");
        }
        return row;
    }

    InstanceProfile view(Caller caller, String name) {
        return store.read(tx -> view(tx, caller, get(tx, caller, name)));
    }

    private InstanceProfile view(Transaction tx, Caller caller, Row row) {
        List<Role> roles = new ArrayList<>();
        for (String role : row.roles()) {
            roles.add(Views.listed(entities.get(tx, caller, Kind.ROLE, role), caller));
        }
        return InstanceProfile.builder()
                .path(row.path())
                .instanceProfileName(row.name())
                .instanceProfileId(row.id())
                .arn(
                        "arn:aws:iam::"
                                + caller.account()
                                + ":instance-profile"
                                + row.path()
                                + row.name())
                .createDate(row.created())
                .roles(roles)
                .tags(row.tags().isEmpty() ? null : Views.tags(row.tags()))
                .build();
    }

    /// All profiles, or those with a role, in the order of their names.
    List<InstanceProfile> list(Caller caller, @Nullable String pathPrefix, @Nullable String role) {
        return store.read(tx -> {
            if (role != null) {
                entities.get(tx, caller, Kind.ROLE, role);
            }
            String prefix = pathPrefix == null ? "/" : pathPrefix;
            return rows(tx, caller).stream()
                    .filter(row -> row.path().startsWith(prefix))
                    .filter(row ->
                            role == null || row.roles().stream().anyMatch(role::equalsIgnoreCase))
                    .map(row -> view(tx, caller, row))
                    .toList();
        });
    }

    private static List<Row> rows(Transaction tx, Caller caller) {
        List<Row> rows = new ArrayList<>();
        KeyRange range = KeyRange.prefix(out -> out.string(caller.account()));
        try (Cursor<PolicyKey, Row> cursor =
                tx.scan(IamTables.PROFILES, range, IamTables.MAX_LISTED)) {
            while (cursor.next()) {
                rows.add(cursor.value());
            }
        }
        return rows;
    }

    Row change(Caller caller, String name, UnaryOperator<Row> change) {
        return store.update(tx -> {
            Row after = change.apply(get(tx, caller, name));
            tx.put(IamTables.PROFILES, key(caller, name), after);
            return after;
        });
    }

    Map<String, String> tags(Caller caller, String name) {
        return store.read(tx -> get(tx, caller, name)).tags();
    }

    void addRole(Caller caller, String name, String roleName) {
        store.updateOnly(tx -> {
            Row row = get(tx, caller, name);
            Entity role = entities.get(tx, caller, Kind.ROLE, roleName);
            if (!row.roles().isEmpty()) {
                throw new LimitExceededException(
                        "Cannot exceed quota for InstanceSessionsPerInstanceProfile: 1");
            }
            tx.put(IamTables.PROFILES, key(caller, name), row.withRoles(List.of(role.name())));
        });
    }

    void removeRole(Caller caller, String name, String roleName) {
        store.updateOnly(tx -> {
            Row row = get(tx, caller, name);
            entities.get(tx, caller, Kind.ROLE, roleName);
            List<String> roles = new ArrayList<>(row.roles());
            if (!roles.removeIf(roleName::equalsIgnoreCase)) {
                throw new NoSuchEntityException(
                        "The role with name " + roleName + " cannot be found.");
            }
            tx.put(IamTables.PROFILES, key(caller, name), row.withRoles(roles));
        });
    }

    void delete(Caller caller, String name) {
        store.updateOnly(tx -> {
            if (!get(tx, caller, name).roles().isEmpty()) {
                throw new DeleteConflictException(
                        "Cannot delete entity, must remove roles from instance profile first.");
            }
            tx.delete(IamTables.PROFILES, key(caller, name));
        });
    }

    /// Refuses when a role is in a profile.
    void refuseIfIn(Transaction tx, Caller caller, String role) {
        for (Row row : rows(tx, caller)) {
            if (row.roles().stream().anyMatch(role::equalsIgnoreCase)) {
                throw new DeleteConflictException(
                        "Cannot delete entity, must remove roles from instance profile first.");
            }
        }
    }
}
