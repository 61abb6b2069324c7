package dev.freehold.sandbox.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.freehold.sandbox.json.Json;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// What extensions may subscribe to, and which events they then get.
final class SubscriptionTest {
    private static final String HTTP =
            "{\"protocol\":\"HTTP\",\"URI\":\"http://sandbox.localdomain:8080/path?q\"}";

    private static Subscription parse(Api api, String json) throws Exception {
        return Subscription.parse(api, json.getBytes(StandardCharsets.UTF_8));
    }

    private static String telemetry(String schema, String types, String more) {
        return "{\"schemaVersion\":\""
                + schema
                + "\",\"types\":"
                + types
                + ",\"destination\":"
                + HTTP
                + more
                + "}";
    }

    private static void refused(Api api, String json, String message) {
        assertThatThrownBy(() -> parse(api, json))
                .isInstanceOf(Subscription.InvalidException.class)
                .hasMessage(message);
    }

    @Test
    void whatIsNotSaidIsAsAwsHasIt() throws Exception {
        Subscription subscription =
                parse(Api.TELEMETRY, telemetry("2022-07-01", "[\"function\",\"platform\"]", ""));

        assertThat(subscription.typeNames()).containsExactly("platform", "function");
        assertThat(subscription.buffering())
                .isEqualTo(new Subscription.Buffering(10_000, 262_144, Duration.ofMillis(1000)));
        assertThat(subscription.target())
                .isEqualTo(new Subscription.Target(8080, "POST", "/path?q"));
    }

    @Test
    void aPortIsEnoughByTcpAndTheOlderApiNeedsNoSchema() throws Exception {
        Subscription subscription =
                parse(
                        Api.LOGS,
                        """
                        {"types": ["extension"], "destination": {"protocol": "TCP", "port": 7},
                         "buffering": {"maxItems": 1000, "maxBytes": 1048576, "timeoutMs": 25}}
                        """);

        assertThat(subscription.schemaVersion()).isEqualTo("2020-08-15");
        assertThat(subscription.target()).isEqualTo(new Subscription.Target(7, null, ""));
        assertThat(subscription.buffering().maxItems()).isEqualTo(1000);
    }

    @Test
    void whatIsWrongIsListed() {
        refused(
                Api.TELEMETRY,
                "{\"schemaVersion\":\"2022-07-01\",\"types\":[],\"destination\":"
                        + "{\"protocol\":\"HTTP\",\"URI\":\"http://sandbox\"}}",
                "types should not be empty; URI port is not provided");
        refused(
                Api.TELEMETRY,
                "{}",
                "schemaVersion is not provided; types should not be empty; destination is not"
                        + " provided");
        refused(Api.LOGS, "[", "Failed to parse the request body as JSON");
        refused(Api.LOGS, "[]", "Failed to parse the request body as JSON");
        refused(
                Api.TELEMETRY,
                telemetry("2020-08-15", "[\"lunch\"]", ",\"buffering\":{\"timeoutMs\":24}"),
                "schemaVersion should be one of [2022-07-01, 2022-12-13, 2025-01-29]; types should"
                        + " be of platform, function, extension; timeoutMs should be between 25 and"
                        + " 30000");
        refused(
                Api.LOGS,
                "{\"types\":[\"platform\"],\"destination\":{\"protocol\":\"HTTP\",\"URI\":"
                        + "\"https://example.com:9001\",\"method\":\"GET\"}}",
                "destination method should be POST or PUT; URI scheme should be http; URI host"
                        + " should be sandbox.localdomain; port 9001 is reserved");
    }

    private static TelemetryEvent event(String type, Object record) {
        return new TelemetryEvent(Instant.EPOCH, type, record);
    }

    @Test
    void eachApiTellsItsOwnEvents() throws Exception {
        Subscription newer =
                parse(Api.TELEMETRY, telemetry("2022-12-13", "[\"platform\",\"function\"]", ""));
        Subscription older =
                parse(
                        Api.LOGS,
                        "{\"types\":[\"platform\"],\"destination\":{\"protocol\":\"TCP\","
                                + "\"port\":1}}");
        Map<String, Object> record = Map.of("requestId", "r");

        assertThat(newer.adapt(event("platform.initStart", record))).isNotNull();
        assertThat(older.adapt(event("platform.initStart", record))).isNull();
        assertThat(newer.adapt(event("platform.end", record))).isNull();
        assertThat(older.adapt(event("platform.end", record))).isNotNull();
        assertThat(older.adapt(event("platform.runtimeDone", record))).isNull();
        assertThat(newer.adapt(event("extension", "x"))).isNull();
        assertThat(older.adapt(event("function", "x"))).isNull();
    }

    private static String adapted(Subscription subscription, TelemetryEvent event) {
        TelemetryEvent adapted = subscription.adapt(event);
        return adapted == null ? "" : new String(adapted.json(), StandardCharsets.UTF_8);
    }

    @Test
    void recordsOfJsonLogsAreObjectsForThoseWhoKnowThem() throws Exception {
        TelemetryEvent event = event("function", new Json.Raw("{\"level\":\"INFO\"}"));
        Subscription newer = parse(Api.TELEMETRY, telemetry("2022-12-13", "[\"function\"]", ""));
        Subscription older = parse(Api.TELEMETRY, telemetry("2022-07-01", "[\"function\"]", ""));

        assertThat(adapted(newer, event))
                .isEqualTo(
                        "{\"time\":\"1970-01-01T00:00:00.000Z\",\"type\":\"function\",\"record\":"
                                + "{\"level\":\"INFO\"}}");
        assertThat(adapted(older, event)).contains("\"record\":\"{\\\"level\\\":\\\"INFO\\\"}\"");
    }
}
