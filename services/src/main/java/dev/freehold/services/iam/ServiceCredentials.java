package dev.freehold.services.iam;

import dev.freehold.api.iam.CreateServiceSpecificCredentialRequest;
import dev.freehold.api.iam.DeleteConflictException;
import dev.freehold.api.iam.LimitExceededException;
import dev.freehold.api.iam.NoSuchEntityException;
import dev.freehold.api.iam.ServiceSpecificCredential;
import dev.freehold.api.iam.ServiceSpecificCredentialMetadata;
import dev.freehold.protocol.Caller;
import dev.freehold.protocol.NotImplementedError;
import dev.freehold.services.iam.Entity.Kind;
import dev.freehold.services.iam.IamTables.OwnedKey;
import dev.freehold.services.structures.Copies;
import dev.freehold.storage.Cursor;
import dev.freehold.storage.KeyRange;
import dev.freehold.storage.Store;
import dev.freehold.storage.Transaction;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Users' passwords for services that take no signatures.
final class ServiceCredentials {
    private static final int MAX_PER_SERVICE = 2;
    private static final Set<String> SERVICES =
            Set.of("codecommit.amazonaws.com", "cassandra.amazonaws.com");

    private final Store store;
    private final Entities entities;
    private final InstantSource clock;
    private final Supplier<String> ids;

    ServiceCredentials(Store store, Entities entities, InstantSource clock, Supplier<String> ids) {
        this.store = store;
        this.entities = entities;
        this.clock = clock;
        this.ids = ids;
    }

    private static void check(String service) {
        if (!SERVICES.contains(service)) {
            throw new NoSuchEntityException(
                    "No such service "
                            + service
                            + " is supported for Service Specific Credentials");
        }
    }

    ServiceSpecificCredential create(CreateServiceSpecificCredentialRequest in, Caller caller) {
        if (in.credentialAgeDays() != null) {
            throw new NotImplementedError("CredentialAgeDays of service-specific credentials");
        }
        String id = "ACCA" + ids.get().substring(0, 17);
        String password = ids.get() + ids.get() + "=";
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        return store.update(tx -> {
            Entity user = entities.get(tx, caller, Kind.USER, in.userName());
            check(in.serviceName());
            List<ServiceSpecificCredential> others =
                    list(tx, caller, user.name(), in.serviceName());
            if (others.size() >= MAX_PER_SERVICE) {
                throw new LimitExceededException(
                        "Cannot exceed quota for ServiceSpecificCredentialsPerUser: "
                                + MAX_PER_SERVICE);
            }
            String number = others.isEmpty() ? "" : "+" + others.size();
            ServiceSpecificCredential made =
                    ServiceSpecificCredential.builder()
                            .createDate(now)
                            .serviceName(in.serviceName())
                            .serviceUserName(user.name() + number + "-at-" + caller.account())
                            .servicePassword(password)
                            .serviceSpecificCredentialId(id)
                            .userName(user.name())
                            .status("Active")
                            .build();
            tx.put(
                    IamTables.SERVICE_CREDENTIALS,
                    OwnedKey.of(caller.account(), user.name(), id),
                    made);
            return made;
        });
    }

    private static List<ServiceSpecificCredential> list(
            Transaction tx, Caller caller, String user, @Nullable String service) {
        List<ServiceSpecificCredential> found = new ArrayList<>();
        OwnedKey first = OwnedKey.of(caller.account(), user, "");
        KeyRange range =
                KeyRange.prefix(out -> out.string(first.account()).string(first.lowerUser()));
        try (Cursor<OwnedKey, ServiceSpecificCredential> cursor =
                tx.scan(IamTables.SERVICE_CREDENTIALS, range, IamTables.MAX_LISTED)) {
            while (cursor.next()) {
                if (service == null || service.equals(cursor.value().serviceName())) {
                    found.add(cursor.value());
                }
            }
        }
        return found;
    }

    List<ServiceSpecificCredentialMetadata> list(
            Caller caller, String user, @Nullable String service) {
        return store.read(tx -> {
            Entity owner = entities.get(tx, caller, Kind.USER, user);
            if (service != null) {
                check(service);
            }
            return list(tx, caller, owner.name(), service).stream()
                    .map(c -> Copies.of(c, ServiceSpecificCredentialMetadata.builder()).build())
                    .toList();
        });
    }

    private ServiceSpecificCredential change(
            Caller caller,
            String user,
            String id,
            UnaryOperator<ServiceSpecificCredential> change) {
        return store.update(tx -> {
            ServiceSpecificCredential after = change.apply(get(tx, caller, user, id));
            tx.put(IamTables.SERVICE_CREDENTIALS, OwnedKey.of(caller.account(), user, id), after);
            return after;
        });
    }

    private ServiceSpecificCredential get(Transaction tx, Caller caller, String user, String id) {
        entities.get(tx, caller, Kind.USER, user);
        ServiceSpecificCredential found =
                tx.get(IamTables.SERVICE_CREDENTIALS, OwnedKey.of(caller.account(), user, id));
        if (found == null) {
            throw new NoSuchEntityException("No such credential " + id + " exists");
        }
        return found;
    }

    void setStatus(Caller caller, String user, String id, String status) {
        change(caller, user, id, credential -> credential.toBuilder().status(status).build());
    }

    ServiceSpecificCredential reset(Caller caller, String user, String id) {
        String password = ids.get() + ids.get() + "=";
        return change(
                caller,
                user,
                id,
                credential -> credential.toBuilder().servicePassword(password).build());
    }

    void delete(Caller caller, String user, String id) {
        store.updateOnly(tx -> {
            get(tx, caller, user, id);
            tx.delete(IamTables.SERVICE_CREDENTIALS, OwnedKey.of(caller.account(), user, id));
        });
    }

    void rename(Transaction tx, Caller caller, String before, String after) {
        for (ServiceSpecificCredential credential : list(tx, caller, before, null)) {
            String id = credential.serviceSpecificCredentialId();
            tx.delete(IamTables.SERVICE_CREDENTIALS, OwnedKey.of(caller.account(), before, id));
            tx.put(
                    IamTables.SERVICE_CREDENTIALS,
                    OwnedKey.of(caller.account(), after, id),
                    credential.toBuilder().userName(after).build());
        }
    }

    void refuseIfAny(Transaction tx, Caller caller, String user) {
        if (!list(tx, caller, user, null).isEmpty()) {
            throw new DeleteConflictException(
                    "Cannot delete entity, must remove referenced objects first.");
        }
    }
}
