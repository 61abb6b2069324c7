package dev.freehold.sandbox.isolation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freehold.sandbox.Eventually;
import dev.freehold.sandbox.FunctionSpec;
import dev.freehold.sandbox.Host;
import dev.freehold.sandbox.InvocationResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Functions that mean harm: each is contained, and a neighbour keeps answering.
final class HostileTest {
    /// The neighbour's slowest answer beside a function that takes all it can get. Two cores are
    /// shared fairly by the kernel, so this is not its speed but that it is not shut out.
    private static final Duration SHUT_OUT = Duration.ofSeconds(4);

    private static Host host;
    private static FunctionSpec neighbour;

    @BeforeAll
    static void start() throws Exception {
        host = new Host();
        neighbour = host.python("def handler(e, c): return 'fine'");
        host.invoke(neighbour, "{}");
    }

    @AfterAll
    static void stop() throws Exception {
        theNeighbourAnswers();
        host.close();
    }

    private static void theNeighbourAnswers() throws Exception {
        long begun = System.nanoTime();
        assertThat(Host.text(host.invoke(neighbour, "{}"))).isEqualTo("\"fine\"");
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(SHUT_OUT);
    }

    private static String run(String code) throws Exception {
        String answer = Host.text(host.invoke(host.python(code), "{}"));
        theNeighbourAnswers();
        return answer;
    }

    @Test
    void aForkBombHasAThousandProcesses() throws Exception {
        FunctionSpec bomb =
                host.python(
                        """
                        import os, signal
                        def handler(e, c):
                            children = []
                            try:
                                while len(children) < 5000:
                                    pid = os.fork()
                                    if pid == 0:
                                        signal.pause()
                                    children.append(pid)
                            except OSError as x:
                                return x.errno, len(children) < 1024
                            finally:
                                for pid in children: os.kill(pid, 9)
                        """);

        InvocationResult result =
                host.invoke(
                        Host.withTimeout(Host.withMemory(bomb, 4096), Duration.ofSeconds(60)),
                        "{}");

        assertThat(Host.text(result)).isEqualTo("[11, true]");
        theNeighbourAnswers();
    }

    @Test
    void memoryAboveTheFunctionsSizeEndsIt() throws Exception {
        FunctionSpec bomb =
                host.python(
                        """
                        def handler(e, c):
                            held = []
                            while True: held.append(bytearray(8 << 20))
                        """);
        InvocationResult result = host.invoke(bomb, "{}");

        assertThat(Host.text(result))
                .contains("Runtime.OutOfMemory", "Runtime exited with error: signal: killed");
        assertThat(result.logTail()).contains("\tStatus: error\tError Type: Runtime.OutOfMemory");
        theNeighbourAnswers();
    }

    @Test
    void tmpIsAsLargeAsItShouldBe() throws Exception {
        String answer =
                run(
                        """
                        import os
                        def handler(e, c):
                            full = []
                            for place, most in ('/tmp', 512), ('/dev/shm', 64):
                                f = open(place + '/x', 'wb', buffering=0)
                                try:
                                    for i in range(most + 10):
                                        os.posix_fallocate(f.fileno(), i << 20, 1 << 20)
                                except OSError as x:
                                    full.append([x.errno, i])
                                os.unlink(place + '/x')
                            return full
                        """);

        // Either the file system is full, or the function's memory was: files in /tmp count there.
        assertThat(answer)
                .satisfiesAnyOf(
                        text -> assertThat(text).contains("[28, 512]"),
                        text -> assertThat(text).contains("Runtime.OutOfMemory"));
    }

    @Test
    void filesAreAThousandAtMost() throws Exception {
        assertThat(
                        run(
                                """
                                def handler(e, c):
                                    files = []
                                    try:
                                        while True: files.append(open('/dev/null'))
                                    except OSError as x:
                                        return x.errno, len(files) < 1024
                                """))
                .isEqualTo("[24, true]");
    }

    @Test
    void nothingOfTheHostIsThere() throws Exception {
        Path secret = Files.writeString(host.data.resolve("secret"), "secret");
        String answer =
                run(
                        """
                        import os, glob
                        def handler(e, c):
                            seen = []
                            for name in ['/etc/shadow', '%s', '/root', '/home', '/proc/1/environ',
                                         '/proc/1/mem', '/proc/1/fd/3', '/proc/1/root/etc/shadow',
                                         '/proc/kcore', '/sys/class', '/run/freehold/sockets/control',
                                         '/dev/vda', '/dev/mem', '/var/run/docker.sock']:
                                try:
                                    if os.path.isdir(name): seen.append((name, os.listdir(name)))
                                    else: seen.append((name, open(name, 'rb').read(1)))
                                except OSError: pass
                            for name in ['/proc/sys/kernel/core_pattern', '/proc/sysrq-trigger', '/x',
                                         '/var/task/x', '/usr/x', '/run/freehold/runtime/init']:
                                try: seen.append((name, open(name, 'ab').write(b'')))
                                except OSError: pass
                            others = [p for p in os.listdir('/proc') if p.isdigit()]
                            return repr(seen), len(others) <= 3
                        """
                                .formatted(secret));

        assertThat(answer).isEqualTo("[\"[]\", true]");
    }

    @Test
    void otherFunctionsCodeAndFilesAreNotFound() throws Exception {
        host.invoke(host.python("def handler(e, c): open('/tmp/mine', 'w').write('x')"), "{}");

        assertThat(
                        run(
                                """
                                import os
                                def handler(e, c):
                                    try: found = os.listdir('/run/freehold/code')
                                    except PermissionError: found = 'refused'
                                    return found, os.path.exists('/tmp/mine')
                                """))
                .isEqualTo("[\"refused\", false]");
    }

    @Test
    void symbolicLinksOutOfThePackageLeadNowhere() throws Exception {
        FunctionSpec spec =
                host.python(
                        """
                        def handler(e, c):
                            found = []
                            for name in 'shadow', 'data':
                                try: found.append(open('/var/task/' + name).read())
                                except OSError: pass
                            return found
                        """);
        Path secret = Files.writeString(host.data.resolve("other"), "secret");
        Files.createSymbolicLink(spec.code().resolve("shadow"), Path.of("/etc/shadow"));
        Files.createSymbolicLink(spec.code().resolve("data"), secret);

        assertThat(Host.text(host.invoke(spec, "{}"))).isEqualTo("[]");
    }

    @Test
    void theKernelsRarelyUsedPartsAreClosed() throws Exception {
        String answer =
                run(
                        """
                        import ctypes, errno, os, socket
                        libc = ctypes.CDLL(None, use_errno=True)
                        calls = dict(mount=165, ptrace=101, keyctl=250, add_key=248, bpf=321,
                                     perf_event_open=298, userfaultfd=323, setns=308, unshare=272,
                                     io_uring_setup=425, kexec_load=246, init_module=175,
                                     process_vm_readv=310, pidfd_getfd=438, open_by_handle_at=304,
                                     swapon=167, reboot=169, personality=135, move_mount=429)
                        def handler(e, c):
                            allowed = []
                            for name, number in calls.items():
                                result = libc.syscall(number, 0x10000000 if name == 'unshare' else 8,
                                                      0, 0, 0, 0)
                                if result != -1 or ctypes.get_errno() != errno.EPERM:
                                    allowed.append((name, result, ctypes.get_errno()))
                            if libc.syscall(56, 0x10000000, 0, 0, 0, 0) != -1: allowed.append('clone')
                            libc.syscall(435, 0, 0)
                            if ctypes.get_errno() != errno.ENOSYS: allowed.append('clone3')
                            for family in socket.AF_VSOCK, socket.AF_PACKET, socket.AF_ALG:
                                try: socket.socket(family, socket.SOCK_STREAM); allowed.append(family)
                                except OSError: pass
                            return allowed
                        """);

        assertThat(answer).isEqualTo("[]");
    }

    @Test
    void signalsReachNobodyElse() throws Exception {
        String answer =
                run(
                        """
                        import os
                        def handler(e, c):
                            seen = []
                            for pid in [1] + list(range(4, 40000)):
                                try:
                                    os.kill(pid, 0 if pid != 1 else 9)
                                    if pid != 1: seen.append(pid)
                                except OSError: pass
                            return seen
                        """);

        assertThat(answer).isEqualTo("[]");
    }

    @Test
    void aSandboxDoesNotReachAnothersLoopback() throws Exception {
        // What listens stays where it is when its sandbox is frozen: the kernel would connect.
        String code =
                """
                import socket
                places = ((socket.AF_INET, ('127.0.0.1', 8125)), (socket.AF_INET6, ('::1', 8125)),
                          (socket.AF_UNIX, '\\0neighbour'))
                listening = []
                def reached(family, place):
                    with socket.socket(family) as s:
                        s.settimeout(2)
                        try: s.connect(place)
                        except OSError: return False
                        return True
                def handler(e, c):
                    for family, place in places if e else ():
                        s = socket.socket(family)
                        s.bind(place)
                        s.listen()
                        listening.append(s)
                    return [reached(*place) for place in places]
                """;
        FunctionSpec listens = host.python(code);
        assertThat(Host.text(host.invoke(listens, "true"))).isEqualTo("[true, true, true]");

        assertThat(run(code.replace("if e", "if False"))).isEqualTo("[false, false, false]");
        assertThat(Host.text(host.invoke(listens, "false"))).isEqualTo("[true, true, true]");
    }

    @Test
    void aResponseOfSevenMegabytesIsRefused() throws Exception {
        assertThat(run("def handler(e, c): return 'x' * (7 << 20)")).isEqualTo(Host.TOO_LARGE);
        assertThat(
                        Host.text(
                                host.invoke(
                                        host.node("exports.handler = async () => 'x'.repeat(7e6)"),
                                        "{}")))
                .isEqualTo(Host.TOO_LARGE);
    }

    @Test
    void aResponseThatNeverEndsEndsWithItsTimeout() throws Exception {
        FunctionSpec endless =
                Host.withTimeout(
                        host.node(
                                """
                                exports.handler = awslambda.streamifyResponse(async (e, out) => {
                                  const chunk = Buffer.alloc(65536);
                                  while (true) {
                                    if (!out.write(chunk)) await new Promise((r) => out.once("drain", r));
                                  }
                                });
                                """),
                        Duration.ofSeconds(1));
        InvocationResult result = host.invoke(endless, "{}");

        assertThat(Host.text(result)).contains("Task timed out after 1.00 seconds");
        assertThat(result.logTail()).contains("\tStatus: timeout");
        theNeighbourAnswers();
    }

    @Test
    void bootstrapFramesThatAreNoneEndOnlyTheirOwnEnvironment() throws Exception {
        assertThat(run("import os\ndef handler(e, c):\n  os.write(3, b'\\xff' * 64)\n  return 1"))
                .contains("Runtime.ExitError");
    }

    @Test
    void whatGoesOnAfterTheAnswerIsFrozen() throws Exception {
        FunctionSpec spec =
                host.python(
                        """
                        import threading, time
                        ticks = 0
                        def tick():
                            global ticks
                            while True:
                                ticks += 1
                                time.sleep(0.002)
                        threading.Thread(target=tick, daemon=True).start()
                        def handler(e, c): return ticks
                        """);
        host.invoke(spec, "{}");
        Eventually.holds(() -> assertThat(stopped()).isTrue());
        int before = Integer.parseInt(Host.text(host.invoke(spec, "{}")));
        Eventually.holds(() -> assertThat(stopped()).isTrue());
        Thread.sleep(600);
        int after = Integer.parseInt(Host.text(host.invoke(spec, "{}")));

        assertThat(after - before).isLessThan(100);
    }

    /// Whether a function's processes are stopped: by a cgroup, or one by one.
    private static boolean stopped() {
        try (var all = Files.list(Path.of("/proc"))) {
            return all.filter(p -> Character.isDigit(p.getFileName().toString().charAt(0)))
                    .anyMatch(HostileTest::stopped);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static boolean stopped(Path process) {
        try {
            if (!Files.readString(process.resolve("cmdline")).contains("bootstrap.py")) {
                return false;
            }
            String stat = Files.readString(process.resolve("stat"));
            return stat.charAt(stat.lastIndexOf(')') + 2) == 'T' || frozen(process);
        } catch (IOException e) {
            return false;
        }
    }

    /// Whether its cgroup of version 2 is frozen.
    private static boolean frozen(Path process) throws IOException {
        String cgroups = Files.readString(process.resolve("cgroup"));
        String own = cgroups.substring(cgroups.indexOf("0::/") + 4).strip();
        for (String mount : List.of("/sys/fs/cgroup", "/sys/fs/cgroup/unified")) {
            Path events = Path.of(mount, own, "cgroup.events");
            if (Files.exists(events) && Files.readString(events).contains("frozen 1")) {
                return true;
            }
        }
        return false;
    }
}
