package dev.freehold.sandbox.isolation;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.freehold.sandbox.FunctionSpec;
import dev.freehold.sandbox.Host;
import dev.freehold.sandbox.egress.Egress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Functions that try to reach what is not theirs, by all ways that they have.
final class EgressFunctionTest {
    /// Asks the proxy to connect, and connects itself.
    private static final String CODE =
            """
            import os, socket, urllib.request
            def ask(target):
                s = socket.create_connection(('127.0.0.1', 9002), 5)
                s.sendall(('CONNECT %s HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n' % target).encode())
                answer = b''
                try:
                    while True:
                        more = s.recv(4096)
                        if not more or b'established' in answer: break
                        answer += more
                except OSError: pass
                return answer.decode().split(' ', 2)[1] if answer else ''
            def direct(host, port):
                try:
                    socket.create_connection((host, port), 2).close()
                    return True
                except OSError:
                    return False
            def handler(event, context):
                seen = {}
                for target in event.get('ask', []): seen[target] = ask(target)
                for host, port in event.get('direct', []): seen[host] = direct(host, port)
                if 'get' in event:
                    try: seen['get'] = urllib.request.urlopen(event['get'], timeout=5).status
                    except urllib.error.HTTPError as e: seen['get'] = e.code
                return seen
            """;

    private static Host host;
    private static HttpServer service;

    @BeforeAll
    static void start() throws Exception {
        host = new Host();
        service = HttpServer.create(new InetSocketAddress(InetAddress.getByName("0.0.0.0"), 0), 0);
        service.createContext(
                "/",
                exchange -> {
                    exchange.sendResponseHeaders(200, -1);
                    exchange.close();
                });
        service.start();
    }

    @AfterAll
    static void stop() {
        service.stop(0);
        host.close();
    }

    private static String run(String tag, String event) throws Exception {
        FunctionSpec spec = Host.with(host.python(CODE), Machine.STANDARD.with(Egress.parse(tag)));
        return Host.text(host.invoke(spec, event));
    }

    private static int port() {
        return service.getAddress().getPort();
    }

    @Test
    void namesOfTheListCantLeadToThisHost() throws Exception {
        // The name resolves to loopback: what a rebinding owner of an allowed name would answer.
        String tag =
                "localhost:%1$d 127.0.0.1:%1$d 169.254.169.254:80 [::1]:%1$d".formatted(port());

        assertThat(
                        run(
                                tag,
                                ("{\"ask\":[\"localhost:%1$d\",\"127.0.0.1:%1$d\",\"[::1]:%1$d\","
                                                + "\"169.254.169.254:80\",\"other.example:443\"],"
                                                + "\"get\":\"http://ip6-localhost:%1$d/\"}")
                                        .formatted(port())))
                .isEqualTo(
                        ("{\"localhost:%1$d\": \"403\", \"127.0.0.1:%1$d\": \"403\","
                                        + " \"[::1]:%1$d\": \"403\","
                                        + " \"169.254.169.254:80\": \"403\","
                                        + " \"other.example:443\": \"403\", \"get\": 403}")
                                .formatted(port()));
    }

    @Test
    void thereIsNoOtherWay() throws Exception {
        String own =
                NetworkInterface.networkInterfaces()
                        .flatMap(NetworkInterface::inetAddresses)
                        .filter(a -> !a.isLoopbackAddress() && !a.isLinkLocalAddress())
                        .map(a ->
                                "[\""
                                        + a.getHostAddress().replaceAll("%.*", "")
                                        + "\","
                                        + port()
                                        + "]")
                        .collect(Collectors.joining(","));
        String others = "[\"127.0.0.1\"," + port() + "],[\"169.254.169.254\",80],[\"1.1.1.1\",443]";
        String event = "{\"direct\":[" + others + (own.isEmpty() ? "" : "," + own) + "]}";

        assertThat(run("none", event)).doesNotContain("true");
        assertThat(run("api.example.com", event)).doesNotContain("true");
    }

    @Test
    void anOpenFunctionReachesNeitherTheHostNorAnotherSandbox() throws Exception {
        try (ServerSocket loopback = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            String event =
                    ("{\"direct\":[[\"127.0.0.1\",%d],[\"169.254.169.254\",80],"
                                    + "[\"198.18.53.53\",%d]]}")
                            .formatted(loopback.getLocalPort(), port());
            FunctionSpec open = host.python(CODE);

            assertThat(Host.text(host.invoke(open, event))).doesNotContain("true");
        }
    }
}
