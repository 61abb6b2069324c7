package dev.freehold.services.iam;

import dev.freehold.api.iam.CreateServiceLinkedRoleRequest;
import dev.freehold.api.iam.InvalidInputException;
import dev.freehold.api.iam.NoSuchEntityException;
import dev.freehold.protocol.Caller;
import dev.freehold.services.iam.Entity.Kind;
import dev.freehold.services.iam.IamTables.EntityKey;
import dev.freehold.services.iam.IamTables.PolicyKey;
import dev.freehold.storage.Store;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Supplier;

/// The roles that AWS's services have for themselves: their names, trust and policies are given.
///
/// See
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_aws-services-that-work-with-iam.html>.
final class ServiceLinkedRoles {
    private static final String PATH = "/aws-service-role/";
    private static final Map<String, Service> SERVICES = read();

    private final Store store;
    private final Entities entities;
    private final Supplier<String> ids;

    ServiceLinkedRoles(Store store, Entities entities, Supplier<String> ids) {
        this.store = store;
        this.entities = entities;
        this.ids = ids;
    }

    /// @param role the role's name
    /// @param policy the name of the policy that it has
    /// @param suffix whether a suffix can be added to the name, for several such roles
    private record Service(String role, String policy, boolean suffix) {}

    private static Map<String, Service> read() {
        Map<String, Service> services = new HashMap<>();
        try (InputStream in =
                        Objects.requireNonNull(
                                ServiceLinkedRoles.class.getResourceAsStream(
                                        "service-linked-roles.tsv"));
                BufferedReader lines =
                        new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (!line.startsWith("#")) {
                    String[] parts = line.split("\t", -1);
                    boolean suffix = parts.length > 3 && parts[3].equals("suffix");
                    services.put(parts[0], new Service(parts[1], parts[2], suffix));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Map.copyOf(services);
    }

    static boolean isOne(Entity role) {
        return role.path().startsWith(PATH);
    }

    Entity create(CreateServiceLinkedRoleRequest in, Caller caller) {
        String name = in.awsServiceName();
        Service service = SERVICES.get(name);
        if (service == null) {
            throw new InvalidInputException(
                    "Service-linked roles of " + name + " are not known to Freehold.");
        }
        if (in.customSuffix() != null && !service.suffix()) {
            throw new InvalidInputException("Custom suffix is not allowed for " + name);
        }
        String roleName =
                service.role() + (in.customSuffix() == null ? "" : "_" + in.customSuffix());
        String policy = "arn:aws:iam::aws:policy" + PATH + service.policy();
        return store.update(tx -> {
            EntityKey key = EntityKey.of(caller.account(), Kind.ROLE, roleName);
            if (tx.get(IamTables.ENTITIES, key) != null) {
                throw new InvalidInputException(
                        "Service role name "
                                + roleName
                                + " has been taken in this account, please try a different"
                                + " suffix.");
            }
            Entity role =
                    entities.create(tx, caller, Kind.ROLE, roleName, PATH + name + "/")
                            .withTrust(trust(name))
                            .withDescription(in.description(), 3600)
                            .withAttached(List.of(policy));
            return entities.put(tx, caller, Kind.ROLE, role);
        });
    }

    private static String trust(String service) {
        return "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\","
                + "\"Principal\":{\"Service\":\""
                + service
                + "\"},\"Action\":\"sts:AssumeRole\"}]}";
    }

    /// Deletes such a role at once.
    ///
    /// @return the id of the deletion, to ask about it
    String delete(String roleName, Caller caller) {
        String random = ids.get() + ids.get();
        return store.update(tx -> {
            Entity role = entities.get(tx, caller, Kind.ROLE, roleName);
            if (!isOne(role)) {
                throw new NoSuchEntityException(
                        "The role with name " + roleName + " cannot be found.");
            }
            entities.remove(tx, caller, Kind.ROLE, roleName);
            String task = "task" + role.path() + role.name() + "/" + uuid(random);
            tx.put(IamTables.DELETIONS, new PolicyKey(caller.account(), task), true);
            return task;
        });
    }

    private static String uuid(String random) {
        return UUID.nameUUIDFromBytes(random.getBytes(StandardCharsets.UTF_8)).toString();
    }

    void requireDeletion(String task, Caller caller) {
        PolicyKey key = new PolicyKey(caller.account(), task);
        if (store.read(tx -> tx.get(IamTables.DELETIONS, key)) == null) {
            throw new NoSuchEntityException("Deletion task " + task + " cannot be found.");
        }
    }
}
