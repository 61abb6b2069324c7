package dev.freehold.sandbox.egress;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the proxy carries, where a test lets it connect to this host.
final class EgressProxyTest {
    @TempDir Path folder;
    private HttpServer service;
    private int port;
    private int count;

    @BeforeEach
    void start() throws IOException {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        service = HttpServer.create(new InetSocketAddress(loopback, 0), 0);
        service.createContext(
                "/",
                exchange -> {
                    String seen =
                            exchange.getRequestMethod()
                                    + " "
                                    + exchange.getRequestURI()
                                    + " "
                                    + exchange.getRequestHeaders()
                                            .containsKey("Proxy-Authorization");
                    byte[] answer = seen.getBytes(StandardCharsets.UTF_8);
                    exchange.sendResponseHeaders(200, answer.length);
                    exchange.getResponseBody().write(answer);
                    exchange.close();
                });
        service.start();
        port = service.getAddress().getPort();
    }

    @AfterEach
    void stop() {
        service.stop(0);
    }

    private String ask(String egress, String request) throws IOException {
        UnixDomainSocketAddress at = UnixDomainSocketAddress.of(folder.resolve("s" + count++));
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(at);
        try (EgressProxy _ =
                        new EgressProxy(server, Egress.parse(egress), (rule, address) -> true);
                SocketChannel client = SocketChannel.open(at)) {
            client.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.UTF_8)));
            return new String(
                    Channels.newInputStream(client).readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void aTunnelToAnAllowedHost() throws IOException {
        String request =
                "CONNECT localhost:%1$d HTTP/1.1\r\nHost: x\r\n\r\n".formatted(port)
                        + "GET /a HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";

        assertThat(ask("localhost:" + port, request))
                .startsWith("HTTP/1.1 200 Connection established\r\n\r\nHTTP/1.1 200 OK")
                .endsWith("GET /a false");
    }

    @Test
    void aRequestWithoutTls() throws IOException {
        String request =
                "GET http://localhost:%d/b?c HTTP/1.1\r\nHost: x\r\nProxy-Authorization: y\r\n\r\n"
                        .formatted(port);

        assertThat(ask("localhost:" + port, request)).endsWith("GET /b?c false");
    }

    @Test
    void whatIsNotAllowedSaysSo() throws IOException {
        assertThat(ask("example.com", "CONNECT localhost:1 HTTP/1.1\r\n\r\n"))
                .startsWith("HTTP/1.1 403 Forbidden")
                .contains("The function's tag freehold:egress does not allow localhost:1");
        assertThat(ask("*:1", "CONNECT user@localhost:1 HTTP/1.1\r\n\r\n"))
                .startsWith("HTTP/1.1 400");
        assertThat(ask("*:1", "nonsense\r\n\r\n")).startsWith("HTTP/1.1 400");
    }
}
