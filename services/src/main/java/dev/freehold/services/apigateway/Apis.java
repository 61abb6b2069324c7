package dev.freehold.services.apigateway;

import dev.freehold.api.apigatewayv2.BadRequestException;
import dev.freehold.api.apigatewayv2.Deployment;
import dev.freehold.api.apigatewayv2.NotFoundException;
import dev.freehold.api.apigatewayv2.Stage;
import dev.freehold.protocol.Caller;
import dev.freehold.protocol.NotImplementedError;
import dev.freehold.services.apigateway.ApiTables.PartKey;
import dev.freehold.storage.Cursor;
import dev.freehold.storage.KeyRange;
import dev.freehold.storage.Store;
import dev.freehold.storage.Table;
import dev.freehold.storage.Transaction;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// APIs and what belongs to them, in the store.
final class Apis {
    private final Store store;
    private final InstantSource clock;
    private final Supplier<String> ids;

    Apis(Store store, InstantSource clock, Supplier<String> ids) {
        this.store = store;
        this.clock = clock;
        this.ids = ids;
    }

    Store store() {
        return store;
    }

    /// A random id of that length.
    String id(int length) {
        return ids.get().toLowerCase(Locale.ROOT).substring(0, length);
    }

    Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.SECONDS);
    }

    /// @throws NotFoundException when the caller has no such API
    ApiRow get(Transaction tx, String id, Caller caller) {
        ApiRow row = tx.get(ApiTables.APIS, id);
        if (row == null
                || !row.account().equals(caller.account())
                || !row.region().equals(caller.region())) {
            throw new NotFoundException(
                    "Invalid API identifier specified " + caller.account() + ":" + id);
        }
        return row;
    }

    ApiRow get(String id, Caller caller) {
        return store.read(tx -> get(tx, id, caller));
    }

    List<ApiRow> list(Caller caller) {
        List<ApiRow> found = new ArrayList<>();
        return store.read(tx -> {
            try (Cursor<String, ApiRow> cursor = tx.scan(ApiTables.APIS, KeyRange.ALL, MAX_APIS)) {
                while (cursor.next()) {
                    ApiRow row = cursor.value();
                    if (row.account().equals(caller.account())
                            && row.region().equals(caller.region())) {
                        found.add(row);
                    }
                }
            }
            return found;
        });
    }

    private static final int MAX_APIS = 10_000;

    /// Changes an API or what belongs to it; stages that deploy by themselves get a new deployment.
    void change(String id, Caller caller, Consumer<Transaction> change) {
        String deployment = id(6);
        Instant now = now();
        store.updateOnly(tx -> {
            get(tx, id, caller);
            change.accept(tx);
            autoDeploy(tx, id, deployment, now);
            ApiTables.changed(tx, id);
        });
    }

    private static void autoDeploy(Transaction tx, String api, String deployment, Instant now) {
        for (Stage stage : ApiTables.all(tx, ApiTables.STAGES, api, ApiTables.DRAFT).values()) {
            if (!Boolean.TRUE.equals(stage.autoDeploy())) {
                continue;
            }
            String before = stage.deploymentId();
            if (before != null) {
                PartKey old = new PartKey(api, ApiTables.DRAFT, before);
                Deployment known = tx.get(ApiTables.DEPLOYMENTS, old);
                if (known != null && Boolean.TRUE.equals(known.autoDeployed())) {
                    tx.delete(ApiTables.DEPLOYMENTS, old);
                }
            }
            tx.put(
                    ApiTables.DEPLOYMENTS,
                    new PartKey(api, ApiTables.DRAFT, deployment),
                    Deployment.builder()
                            .autoDeployed(true)
                            .createdDate(now)
                            .deploymentId(deployment)
                            .deploymentStatus("DEPLOYED")
                            .description(
                                    "Automatic deployment triggered by changes to the Api configuration")
                            .build());
            tx.put(
                    ApiTables.STAGES,
                    new PartKey(api, ApiTables.DRAFT, stage.stageName()),
                    stage.toBuilder()
                            .deploymentId(deployment)
                            .lastDeploymentStatusMessage(
                                    "Successfully deployed stage with deployment ID '"
                                            + deployment
                                            + "'")
                            .lastUpdatedDate(now)
                            .build());
        }
    }

    void delete(String id, Caller caller) {
        store.updateOnly(tx -> {
            get(tx, id, caller);
            tx.delete(ApiTables.APIS, id);
            List.of(
                            ApiTables.ROUTES,
                            ApiTables.INTEGRATIONS,
                            ApiTables.AUTHORIZERS,
                            ApiTables.STAGES,
                            ApiTables.DEPLOYMENTS)
                    .forEach(table -> tx.deleteRange(table, ApiTables.of(id)));
            ApiTables.changed(tx, id);
        });
    }

    /// Copies what is edited, as a deployment that stages can serve.
    void snapshot(Transaction tx, String api, String deployment) {
        copy(tx, ApiTables.ROUTES, api, deployment);
        copy(tx, ApiTables.INTEGRATIONS, api, deployment);
        copy(tx, ApiTables.AUTHORIZERS, api, deployment);
    }

    private static <T> void copy(
            Transaction tx, Table<PartKey, T> table, String api, String deployment) {
        ApiTables.all(tx, table, api, ApiTables.DRAFT)
                .forEach((id, part) -> tx.put(table, new PartKey(api, deployment, id), part));
    }

    <T> T part(Transaction tx, Table<PartKey, T> table, String api, String id, String what) {
        T part = tx.get(table, new PartKey(api, ApiTables.DRAFT, id));
        if (part == null) {
            throw new NotFoundException("Invalid " + what + " identifier specified");
        }
        return part;
    }

    <T> T part(Table<PartKey, T> table, String api, String id, Caller caller, String what) {
        return store.read(tx -> {
            get(tx, api, caller);
            return part(tx, table, api, id, what);
        });
    }

    <T> List<T> parts(Table<PartKey, T> table, String api, Caller caller) {
        return store.read(tx -> {
            get(tx, api, caller);
            return List.copyOf(ApiTables.all(tx, table, api, ApiTables.DRAFT).values());
        });
    }

    <T> void put(Transaction tx, Table<PartKey, T> table, String api, String id, T part) {
        tx.put(table, new PartKey(api, ApiTables.DRAFT, id), part);
    }

    <T> void remove(Table<PartKey, T> table, String api, String id, Caller caller, String what) {
        change(
                api,
                caller,
                tx -> {
                    part(tx, table, api, id, what);
                    tx.delete(table, new PartKey(api, ApiTables.DRAFT, id));
                });
    }

    /// Refuses what is not implemented, when it is used.
    static void refuse(String what, boolean used) {
        if (used) {
            throw new NotImplementedError(what + " of HTTP APIs");
        }
    }

    /// @throws BadRequestException when the text is no route key
    static String checkedRoute(String routeKey) {
        if (RouteKey.parse(routeKey) == null) {
            throw new BadRequestException(
                    "The provided route key is not formatted properly for HTTP protocol. Format"
                            + " should be \"<HTTP METHOD> /<RESOURCE PATH>\" or \"$default\"");
        }
        return routeKey;
    }
}
