package dev.freehold.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What authors of functions have while they work: code that is live at once, and debuggers.
final class DevelopmentTest {
    private static final Pattern URL = Pattern.compile("\"webSocketDebuggerUrl\": *\"([^\"]+)\"");

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private static Host host;

    @TempDir Path temporary;

    @BeforeAll
    static void start() throws IOException {
        host = new Host();
    }

    @AfterAll
    static void stop() {
        host.close();
    }

    private FunctionSpec from(Path folder) throws IOException {
        FunctionSpec stored = host.node("exports.handler = async () => 0;");
        return new FunctionSpec(
                stored.key(),
                stored.version(),
                stored.runtime(),
                stored.handler(),
                folder,
                null,
                stored.environment(),
                stored.memory(),
                stored.timeout(),
                stored.logFormat(),
                null);
    }

    @Test
    void codeInAFolderIsLiveWhenItIsChanged() throws Exception {
        Path folder = Files.createDirectory(temporary.resolve("app"));
        Path file = folder.resolve("index.js");
        Files.writeString(file, "exports.handler = async () => [1, __filename];");
        FunctionSpec spec = from(folder);
        assertThat(Host.text(host.invoke(spec, "{}"))).isEqualTo("[1,\"/var/task/index.js\"]");

        Files.writeString(file, "exports.handler = async () => 2;");
        Eventually.holds(() -> assertThat(answer(spec)).isEqualTo("2"));
    }

    @Test
    void aFolderThatIsGoneIsTheFunctionsError() throws Exception {
        InvocationResult result = host.invoke(from(temporary.resolve("none")), "{}");
        assertThat(result.failed()).isTrue();
        assertThat(Host.text(result)).contains("is not there");
    }

    @Test
    void aDebuggedFunctionWaitsForItsDebuggerBeyondAllTimeouts() throws Exception {
        FunctionSpec plain = host.node("let loaded = 7;\nexports.handler = async () => loaded;");
        int port = freePort();
        Interpreter debugged = host.runtimes.debugged(plain.runtime(), port);
        FunctionSpec spec = plain.with(debugged, Duration.ofMinutes(1));
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
                HttpClient client = plain()) {
            Callable<String> call = () -> Host.text(host.invoke(spec, "{}"));
            Future<String> first = threads.submit(call);
            URI url = debugger(client, port);
            assertThat(first.isDone()).isFalse();

            WebSocket socket =
                    client.newWebSocketBuilder()
                            .buildAsync(url, new WebSocket.Listener() {})
                            .get(10, TimeUnit.SECONDS);
            socket.sendText("{\"id\":1,\"method\":\"Runtime.runIfWaitingForDebugger\"}", true)
                    .get(10, TimeUnit.SECONDS);
            assertThat(first.get(10, TimeUnit.SECONDS)).isEqualTo("7");
            // There is one environment, which the debugger is in.
            assertThat(threads.submit(call).get(10, TimeUnit.SECONDS)).isEqualTo("7");
            assertThat(host.engine.available(spec.key())).isEqualTo(1);
            socket.abort();
        }
        host.engine.retire(spec.key());
    }

    /// Inspectors take an offer of HTTP/2 for a WebSocket's.
    private static HttpClient plain() {
        return HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private static URI debugger(HttpClient client, int port) {
        StringBuilder found = new StringBuilder();
        Eventually.holds(() -> {
            Matcher matcher = URL.matcher(page(client, port));
            assertThat(matcher.find()).isTrue();
            found.append(matcher.group(1));
        });
        return URI.create(found.toString());
    }

    /// What the inspector says of itself; nothing while it is not there.
    private static String page(HttpClient client, int port) {
        URI json = URI.create("http://127.0.0.1:" + port + "/json");
        try {
            HttpRequest request = HttpRequest.newBuilder(json).timeout(PATIENCE).build();
            return client.send(request, HttpResponse.BodyHandlers.ofString()).body();
        } catch (IOException e) {
            return "";
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String answer(FunctionSpec spec) {
        try {
            return Host.text(host.invoke(spec, "{}"));
        } catch (Engine.FullException e) {
            throw new IllegalStateException(e);
        }
    }
}
