package dev.freehold.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.freehold.services.json.Json;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The four applications, deployed and used by each client.
final class ApplicationsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    @TempDir static Path folder;

    private static @org.jspecify.annotations.Nullable Server server;
    private static final Map<String, Client> CLIENTS = new java.util.LinkedHashMap<>();

    /// In HTTP/2 a `host` that differs from the connection's authority is an error.
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @BeforeAll
    static void start() throws Exception {
        Clients.install();
        Path packages = Files.createDirectories(folder.resolve("packages"));
        for (String[] one :
                new String[][] {
                    {"hello", "hello/src"},
                    {"notes", "notes/src"},
                    {"orders-api", "orders/api"},
                    {"orders-worker", "orders/worker"},
                    {"photos", "photos/src"}
                }) {
            Path sources = Server.root().resolve("examples").resolve(one[1]);
            Files.write(packages.resolve(one[0] + ".zip"), Zips.of(sources));
        }
        Server started = Server.start(folder.resolve("data"));
        server = started;
        CLIENTS.putAll(Clients.all(started.endpoint(), packages));
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            server.close();
        }
    }

    /// All, or those of `-Dclients=boto3,java-v2`.
    static Stream<String> clients() {
        String only = System.getProperty("clients");
        return only == null ? Clients.NAMES.stream() : Stream.of(only.split(","));
    }

    private static Server server() {
        return Objects.requireNonNull(server);
    }

    private static Client client(String name) {
        return Objects.requireNonNull(CLIENTS.get(name));
    }

    @ParameterizedTest
    @MethodSource("clients")
    void hello(String name) throws Exception {
        Client.Deployed hello = client(name).deploy("hello", "");
        HttpResponse<String> answer = request(hello, "GET", "/?name=Ada", "");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("{\"message\":\"Hello, Ada!\"}");
        // As on AWS: without a query there is no map, so this handler fails.
        assertThat(request(hello, "GET", "/", "").statusCode()).isEqualTo(500);
    }

    @ParameterizedTest
    @MethodSource("clients")
    void notes(String name) throws Exception {
        Client.Deployed notes = client(name).deploy("notes", "");
        HttpResponse<String> made =
                request(notes, "POST", "/users/ada/notes", "{\"text\":\"milk\"}");
        assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
        String id = (String) Json.readObject(made.body()).get("id");
        String path = "/users/ada/notes/" + id;
        assertThat(request(notes, "GET", path, "").body()).contains("\"text\": \"milk\"");
        String update = "{\"text\":\"bread\",\"version\":1}";
        HttpResponse<String> updated = request(notes, "PUT", path, update);
        assertThat(updated.statusCode()).as(updated.body()).isEqualTo(200);
        assertThat(updated.body()).contains("\"version\": 2");
        assertThat(request(notes, "PUT", path, update).statusCode()).isEqualTo(409);
        assertThat(request(notes, "POST", "/users/bob/notes", "{\"text\":\"his\"}").statusCode())
                .isEqualTo(201);
        HttpResponse<String> list = request(notes, "GET", "/users/ada/notes", "");
        assertThat(list.body()).contains("bread").doesNotContain("his");
        assertThat(client(name).scan("notes")).hasSize(2);
        assertThat(request(notes, "DELETE", path, "").statusCode()).isEqualTo(204);
        assertThat(request(notes, "GET", path, "").statusCode()).isEqualTo(404);
        assertThat(request(notes, "POST", "/users/ada/notes", "{").statusCode()).isEqualTo(400);
    }

    @ParameterizedTest
    @MethodSource("clients")
    void orders(String name) throws Exception {
        Client client = client(name);
        Client.Deployed orders = client.deploy("orders", "");
        HttpResponse<String> book = request(orders, "POST", "/", "{\"item\":\"book\"}");
        assertThat(book.statusCode()).as(book.body()).isEqualTo(202);
        HttpResponse<String> poison = request(orders, "POST", "/", "{\"item\":\"poison\"}");
        assertThat(poison.statusCode()).isEqualTo(202);
        List<Map<String, String>> done =
                Eventually.until(
                        "the order is done",
                        PATIENCE,
                        () -> client.scan("orders"),
                        items -> !items.isEmpty());
        String id = (String) Json.readObject(book.body()).get("id");
        assertThat(done).containsExactly(Map.of("id", id, "item", "book", "attempts", "2"));
        List<String> dead =
                Eventually.until(
                        "the poison is dead",
                        PATIENCE,
                        () -> client.receive(orders.queue("orders-dead")),
                        bodies -> !bodies.isEmpty());
        assertThat(dead).singleElement().asString().contains("poison");
    }

    @ParameterizedTest
    @MethodSource("clients")
    void photos(String name) throws Exception {
        KnownFailures.run("photos", () -> photos(client(name)));
    }

    private static void photos(Client client) throws Exception {
        List<String> told = new CopyOnWriteArrayList<>();
        HttpServer listener = listen(told);
        try {
            String url = "http://127.0.0.1:" + listener.getAddress().getPort() + "/";
            Client.Deployed photos = client.deploy("photos", url);
            Path picture = folder.resolve(client.account() + ".png");
            ImageIO.write(
                    new BufferedImage(320, 200, BufferedImage.TYPE_INT_RGB),
                    "png",
                    picture.toFile());
            client.upload("uploads/cat.png", picture);
            List<Map<String, String>> facts =
                    Eventually.until(
                            "the photo is seen",
                            PATIENCE,
                            () -> client.scan("photos"),
                            items -> !items.isEmpty());
            assertThat(facts.getFirst())
                    .containsEntry("photo", "uploads/cat.png")
                    .containsEntry("width", "320")
                    .containsEntry("height", "200");
            Path thumbnail = folder.resolve(client.account() + "-thumbnail.png");
            client.download("thumbnails/cat.png", thumbnail);
            BufferedImage small = ImageIO.read(thumbnail.toFile());
            assertThat(small.getWidth()).isEqualTo(96);
            assertThat(small.getHeight()).isEqualTo(60);
            List<String> queued = new ArrayList<>();
            Eventually.until(
                    "the queue is told",
                    PATIENCE,
                    () -> queued.addAll(client.receive(photos.queue("photos"))),
                    more -> !queued.isEmpty());
            assertThat(queued.getFirst()).contains("uploads/cat.png").contains("Notification");
            Eventually.until(
                    "the endpoint is told",
                    PATIENCE,
                    () -> told,
                    bodies -> bodies.stream().anyMatch(body -> body.contains("uploads/cat.png")));
        } finally {
            listener.stop(0);
        }
    }

    /// An HTTP endpoint that confirms its subscription and notes what it is told.
    private static HttpServer listen(List<String> told) throws IOException {
        HttpServer listener =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        listener.createContext(
                "/",
                exchange -> {
                    byte[] bytes = exchange.getRequestBody().readAllBytes();
                    String body = new String(bytes, StandardCharsets.UTF_8);
                    exchange.sendResponseHeaders(200, -1);
                    exchange.close();
                    told.add(body);
                    if (Json.readObject(body).get("SubscribeURL") instanceof String url) {
                        URI.create(url).toURL().openStream().close();
                    }
                });
        listener.start();
        return listener;
    }

    private HttpResponse<String> request(
            Client.Deployed api, String method, String path, String body) throws Exception {
        URI named = URI.create(api.url());
        HttpRequest request =
                HttpRequest.newBuilder(
                                URI.create(
                                        server().endpoint()
                                                + Objects.requireNonNullElse(named.getRawPath(), "")
                                                + path))
                        .header("host", named.getRawAuthority())
                        .header("content-type", "application/json")
                        .timeout(Duration.ofSeconds(60))
                        .method(method, HttpRequest.BodyPublishers.ofString(body))
                        .build();
        return http.send(request, HttpResponse.BodyHandlers.ofString());
    }
}
