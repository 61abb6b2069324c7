package dev.freehold.services.iam;

import dev.freehold.storage.Store;
import java.time.InstantSource;
import java.util.function.Supplier;

/// The front of IAM: a method per operation, grouped by what they are about.
public final class IamService
        implements RoleOperations, UserOperations, PolicyOperations, AccountOperations {
    /// What the operations work with.
    record Parts(
            Store store,
            Entities entities,
            Policies policies,
            AccessKeys keys,
            InstanceProfiles profiles,
            ServiceLinkedRoles serviceLinked,
            ServiceCredentials serviceCredentials,
            Simulation simulation) {}

    private final Parts parts;

    /// @param ids makes random upper-case letters and digits, at least 16
    public IamService(Store store, InstantSource clock, Supplier<String> ids) {
        Entities entities = new Entities(store, clock, ids);
        this.parts =
                new Parts(
                        store,
                        entities,
                        new Policies(store, clock, ids),
                        new AccessKeys(clock, ids),
                        new InstanceProfiles(store, entities, clock, ids),
                        new ServiceLinkedRoles(store, entities, ids),
                        new ServiceCredentials(store, entities, clock, ids),
                        new Simulation(store));
    }

    @Override
    public Parts parts() {
        return parts;
    }
}
