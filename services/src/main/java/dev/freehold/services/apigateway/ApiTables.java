package dev.freehold.services.apigateway;

import dev.freehold.api.apigatewayv2.Authorizer;
import dev.freehold.api.apigatewayv2.Deployment;
import dev.freehold.api.apigatewayv2.Integration;
import dev.freehold.api.apigatewayv2.Route;
import dev.freehold.api.apigatewayv2.Stage;
import dev.freehold.protocol.Schema;
import dev.freehold.protocol.Structure;
import dev.freehold.services.structures.StructureCodec;
import dev.freehold.storage.Codecs;
import dev.freehold.storage.Cursor;
import dev.freehold.storage.KeyRange;
import dev.freehold.storage.Table;
import dev.freehold.storage.Transaction;
import java.util.LinkedHashMap;
import java.util.Map;

/// The rows of API Gateway: 280 to 299.
///
/// Routes, integrations and authorizers are keyed by API and deployment: under the empty deployment
/// are those that are edited, under a deployment's id is the copy that it took of them.
final class ApiTables {
    /// The most parts of a kind that an API has.
    static final int MAX_PARTS = 1_000;

    /// The deployment under which an API is edited.
    static final String DRAFT = "";

    record PartKey(String api, String deployment, String id) {}

    static final Table<String, ApiRow> APIS =
            new Table<>(281, "apigateway.apis", Codecs.STRING_KEY, ApiRow.CODEC);

    /// Raised by each change of an API or of what belongs to it.
    static final Table<String, Long> GENERATIONS =
            new Table<>(282, "apigateway.generations", Codecs.STRING_KEY, Codecs.INT64);

    static final Table<PartKey, Route> ROUTES =
            parts(283, "apigateway.routes", Route.class, Route.SCHEMA);
    static final Table<PartKey, Integration> INTEGRATIONS =
            parts(284, "apigateway.integrations", Integration.class, Integration.SCHEMA);
    static final Table<PartKey, Authorizer> AUTHORIZERS =
            parts(285, "apigateway.authorizers", Authorizer.class, Authorizer.SCHEMA);

    /// Stages by name, under the empty deployment.
    static final Table<PartKey, Stage> STAGES =
            parts(286, "apigateway.stages", Stage.class, Stage.SCHEMA);

    /// Deployments by id, under the empty deployment.
    static final Table<PartKey, Deployment> DEPLOYMENTS =
            parts(287, "apigateway.deployments", Deployment.class, Deployment.SCHEMA);

    private ApiTables() {}

    private static <T extends Structure> Table<PartKey, T> parts(
            int number, String name, Class<T> type, Schema schema) {
        return new Table<>(
                number,
                name,
                Codecs.key(
                        (key, out) -> out.string(key.api).string(key.deployment).string(key.id),
                        in -> new PartKey(in.string(), in.string(), in.string())),
                StructureCodec.of(type, schema));
    }

    static KeyRange of(String api) {
        return KeyRange.prefix(out -> out.string(api));
    }

    static KeyRange of(String api, String deployment) {
        return KeyRange.prefix(out -> out.string(api).string(deployment));
    }

    /// The parts of a kind of an API's deployment, by id.
    static <T> Map<String, T> all(
            Transaction tx, Table<PartKey, T> table, String api, String deployment) {
        Map<String, T> found = new LinkedHashMap<>();
        try (Cursor<PartKey, T> cursor = tx.scan(table, of(api, deployment), MAX_PARTS)) {
            while (cursor.next()) {
                found.put(cursor.key().id(), cursor.value());
            }
        }
        return found;
    }

    static void changed(Transaction tx, String api) {
        tx.add(GENERATIONS, api, 1);
    }

    static long generation(Transaction tx, String api) {
        Long generation = tx.peek(GENERATIONS, api);
        return generation == null ? 0 : generation;
    }
}
