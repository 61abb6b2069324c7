package dev.freehold.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freehold.sandbox.host.Sockets;
import java.io.IOException;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Level 0, where no namespace ends what a function has started.
final class BareProcessesTest {
    private static final String FORKING =
            """
            import os, subprocess, time
            def handler(e, c):
                child = subprocess.Popen(['sleep', '1000'], start_new_session=True)
                print(os.getpid(), child.pid, '.')
                time.sleep(e['sleep'])
                return [os.getpid(), child.pid]
            """;

    private static Host host;

    @BeforeAll
    static void start() throws IOException {
        host = new Host(0, false);
    }

    @AfterAll
    static void stop() {
        host.close();
    }

    /// What the kernel says of a process; `-` of one that has ended.
    private static char state(int pid) {
        try {
            String stat = Files.readString(Path.of("/proc", String.valueOf(pid), "stat"));
            char state = stat.charAt(stat.lastIndexOf(')') + 2);
            return state == 'Z' || state == 'X' ? '-' : state;
        } catch (IOException e) {
            return '-';
        }
    }

    private static int[] numbers(String text) {
        return List.of(text.strip().split("\\D+", -1)).stream()
                .filter(part -> !part.isEmpty())
                .mapToInt(Integer::parseInt)
                .toArray();
    }

    private static void gone(int[] pids) {
        assertThat(pids).hasSize(2);
        Eventually.holds(() -> {
            for (int pid : pids) {
                assertThat(state(pid)).isEqualTo('-');
            }
        });
    }

    @Test
    void whatIsFrozenEndsWithItsEnvironment() throws Exception {
        FunctionSpec spec = host.python(FORKING);
        int[] pids = numbers(Host.text(host.invoke(spec, "{\"sleep\":0}")));
        Eventually.holds(() -> assertThat(state(pids[0])).isEqualTo('T'));

        host.engine.retire(spec.key());

        gone(pids);
    }

    @Test
    void whatAnInvocationHasStartedEndsWithItsTimeout() throws Exception {
        FunctionSpec spec = Host.withTimeout(host.python(FORKING), Duration.ofSeconds(2));
        String log = host.invoke(spec, "{\"sleep\":60}").logTail();

        assertThat(log).contains("Task timed out");
        gone(numbers(log.replaceAll("(?s).*?(\\d+ \\d+) \\..*", "$1")));
    }

    @Test
    void allEndsWhenTheHostDoes() throws Exception {
        Path directory = Files.createTempDirectory(host.layout.run(), "bare");
        Path socket = directory.resolve("control");
        Path said = directory.resolve("said");
        try (ServerSocketChannel server = Sockets.listen(socket)) {
            String program = host.layout.init().toString();
            Process init = new ProcessBuilder(program, socket.toString()).start();
            try (Frames first = new Frames(server.accept());
                    Frames second = new Frames(server.accept());
                    Control control = new Control(first, text -> {}, text -> {})) {
                Thread.ofVirtual().start(control::listen);
                String script = "(setsid sleep 1000 & echo $$ $! > " + said + "); sleep 1000";
                List<String> command = List.of("/bin/sh", "-c", script);
                Command shell = new Command(command, Map.of("PATH", "/usr/bin"));
                control.spawn(shell, "/tmp", Control.Role.PLAIN);
                Eventually.holds(() -> assertThat(said).isNotEmptyFile());
                control.freeze();
                assertThat(second).isNotNull();
            }
            assertThat(init.waitFor(10, TimeUnit.SECONDS)).isTrue();
        }

        gone(numbers(Files.readString(said)));
    }
}
