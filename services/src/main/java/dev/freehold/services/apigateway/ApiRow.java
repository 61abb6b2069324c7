package dev.freehold.services.apigateway;

import dev.freehold.api.apigatewayv2.Api;
import dev.freehold.api.apigatewayv2.Integration;
import dev.freehold.api.apigatewayv2.Route;
import dev.freehold.api.apigatewayv2.Stage;
import dev.freehold.services.structures.StructureCodec;
import dev.freehold.storage.Codec;
import dev.freehold.storage.Codecs;
import dev.freehold.storage.Table;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// An API with all that belongs to it. Small: its parts are read on every request, together.
///
/// @param routes by id
/// @param integrations by id
/// @param stages by name
record ApiRow(
        String account,
        String region,
        Api api,
        Map<String, Route> routes,
        Map<String, Integration> integrations,
        Map<String, Stage> stages) {
    private static final Codec<Api> API = StructureCodec.of(Api.class, Api.SCHEMA);
    private static final Codec<Route> ROUTE = StructureCodec.of(Route.class, Route.SCHEMA);
    private static final Codec<Integration> INTEGRATION =
            StructureCodec.of(Integration.class, Integration.SCHEMA);
    private static final Codec<Stage> STAGE = StructureCodec.of(Stage.class, Stage.SCHEMA);

    /// The rows of API Gateway: 280 to 299.
    static final Table<String, ApiRow> TABLE =
            new Table<>(
                    280,
                    "apigateway.apis",
                    Codecs.STRING_KEY,
                    Codecs.of(
                            (out, row) -> {
                                out.string(row.account).string(row.region);
                                API.write(row.api, out);
                                out.map(row.routes, (o, v) -> ROUTE.write(v, o));
                                out.map(row.integrations, (o, v) -> INTEGRATION.write(v, o));
                                out.map(row.stages, (o, v) -> STAGE.write(v, o));
                            },
                            in ->
                                    new ApiRow(
                                            in.string(),
                                            in.string(),
                                            API.read(in),
                                            in.map(ROUTE::read),
                                            in.map(INTEGRATION::read),
                                            in.map(STAGE::read))));

    ApiRow with(Api changed) {
        return new ApiRow(account, region, changed, routes, integrations, stages);
    }

    ApiRow withRoute(String id, @Nullable Route route) {
        return new ApiRow(account, region, api, changed(routes, id, route), integrations, stages);
    }

    ApiRow withIntegration(String id, @Nullable Integration integration) {
        return new ApiRow(
                account, region, api, routes, changed(integrations, id, integration), stages);
    }

    ApiRow withStage(String name, @Nullable Stage stage) {
        return new ApiRow(account, region, api, routes, integrations, changed(stages, name, stage));
    }

    private static <T> Map<String, T> changed(
            Map<String, T> before, String key, @Nullable T value) {
        Map<String, T> after = new LinkedHashMap<>(before);
        if (value == null) {
            after.remove(key);
        } else {
            after.put(key, value);
        }
        return after;
    }
}
