package dev.freehold.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.freehold.sandbox.host.Network;
import dev.freehold.sandbox.host.Sockets;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

final class InvokeTest {
    private static Host host;

    @BeforeAll
    static void start() throws IOException {
        host = new Host();
    }

    @AfterAll
    static void stop() {
        host.close();
    }

    @Test
    void bothLanguagesAnswer() throws Exception {
        FunctionSpec node = host.node("exports.handler = async (e) => ({ sum: e.a + e.b });");
        FunctionSpec python = host.python("def handler(e, c): return {'sum': e['a'] + e['b']}");

        assertThat(Host.text(host.invoke(node, "{\"a\":1,\"b\":2}"))).isEqualTo("{\"sum\":3}");
        assertThat(Host.text(host.invoke(python, "{\"a\":1,\"b\":2}"))).isEqualTo("{\"sum\": 3}");
    }

    @Test
    void layersAreFoundInOpt() throws Exception {
        Path layers = Files.createDirectories(host.layout.code().resolve("layers"));
        Files.createDirectories(layers.resolve("nodejs/node_modules/greeting"));
        Files.writeString(
                layers.resolve("nodejs/node_modules/greeting/index.js"),
                "module.exports = __filename;");
        Files.createDirectories(layers.resolve("python"));
        Files.writeString(layers.resolve("python/greeting.py"), "where = __file__");
        FunctionSpec node = host.node("exports.handler = async () => require('greeting');");
        FunctionSpec python =
                host.python("import greeting\ndef handler(e, c): return greeting.where");

        assertThat(Host.text(host.invoke(Host.withLayers(node, layers), "{}")))
                .isEqualTo("\"/opt/nodejs/node_modules/greeting/index.js\"");
        assertThat(Host.text(host.invoke(Host.withLayers(python, layers), "{}")))
                .isEqualTo("\"/opt/python/greeting.py\"");
    }

    @Test
    void whatChildrenPrintIsLogged() throws Exception {
        FunctionSpec python =
                host.python(
                        """
                        import subprocess
                        def handler(e, c):
                            return subprocess.run('echo from-child; echo more > /dev/stderr',
                                                  shell=True).returncode
                        """);

        assertThat(Host.text(host.invoke(python, "{}"))).isEqualTo("0");
        Eventually.holds(() -> assertThat(host.log()).contains("from-child", "more"));
    }

    @Test
    void theExitStatusIsReported() throws Exception {
        FunctionSpec python = host.python("import os\ndef handler(e, c): os._exit(3)");

        assertThat(Host.text(host.invoke(python, "{}")))
                .contains("Runtime.ExitError", "Runtime exited with error: exit status 3");
    }

    @Test
    void theAwsEndpointIsReachedThroughItsSocket() throws Exception {
        FunctionSpec python =
                host.python(
                        """
                        import socket
                        def handler(e, c):
                            s = socket.create_connection(('127.0.0.1', %d))
                            s.sendall(b'x' * 300000)
                            s.shutdown(socket.SHUT_WR)
                            count = 0
                            while True:
                                part = s.recv(65536)
                                if not part: return count
                                count += len(part)
                        """
                                .formatted(Host.PORT));
        try (ServerSocketChannel server = Sockets.listen(host.layout.endpoint())) {
            Thread.ofVirtual().start(() -> echoOnce(server));

            assertThat(Host.text(host.invoke(python, "{}"))).isEqualTo("300000");
        }
    }

    @Test
    void theInternetIsReachedButNotTheHost() throws Exception {
        assumeTrue(Network.lacking().isEmpty(), () -> Network.lacking().orElse(""));
        try (ServerSocket listener = new ServerSocket(0, 5, InetAddress.getByName("0.0.0.0"))) {
            String code =
                    """
                    import socket
                    def handler(e, c):
                        lines = open('/proc/net/route').read().splitlines()[1:]
                        reached = []
                        for host in e:
                            try:
                                socket.create_connection((host, %d), 1).close()
                                reached.append(host)
                            except OSError as x:
                                pass
                        return [any(l.split()[1] == '00000000' for l in lines), reached]
                    """
                            .formatted(listener.getLocalPort());
            String addresses =
                    NetworkInterface.networkInterfaces()
                            .flatMap(NetworkInterface::inetAddresses)
                            .map(a -> "\"" + a.getHostAddress().replaceAll("%.*", "") + "\"")
                            .collect(Collectors.joining(",", "[", "]"));
            FunctionSpec open = host.python(code);

            assertThat(Host.text(host.invoke(open, addresses))).isEqualTo("[true, []]");
            assertThat(Host.text(host.invoke(Host.withoutNetwork(open), addresses)))
                    .isEqualTo("[false, []]");
        }
    }

    @Test
    void functionsRunWithoutASandboxWhereThatIsAskedFor() throws Exception {
        try (Host bare = new Host(0, false)) {
            FunctionSpec node =
                    bare.node("exports.handler = async (e) => [e.a, process.cwd(), __dirname];");
            FunctionSpec python =
                    bare.python("import os\ndef handler(e, c): return [e['a'], os.getcwd()]");

            assertThat(Host.text(bare.invoke(node, "{\"a\":1}")))
                    .isEqualTo("[1,\"" + node.code() + "\",\"" + node.code() + "\"]");
            assertThat(Host.text(bare.invoke(python, "{\"a\":1}")))
                    .isEqualTo("[1, \"" + python.code() + "\"]");
        }
    }

    private static void echoOnce(ServerSocketChannel server) {
        try (SocketChannel channel = server.accept()) {
            ByteBuffer all = ByteBuffer.allocate(1 << 20);
            while (channel.read(all) >= 0) {}
            all.flip();
            while (all.hasRemaining()) {
                channel.write(all);
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
