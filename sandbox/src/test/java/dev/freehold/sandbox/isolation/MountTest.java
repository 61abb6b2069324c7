package dev.freehold.sandbox.isolation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.freehold.sandbox.FunctionSpec;
import dev.freehold.sandbox.Host;
import dev.freehold.sandbox.egress.Egress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Directories that functions share.
final class MountTest {
    private static final int OWNER = 1993;
    private static final String NAME = "fsap-0123456789abcdef0";

    private Host host;
    private Path shared;

    @BeforeEach
    void start() throws IOException {
        host = new Host();
        shared = Files.createDirectory(host.data.resolve("shared"));
        if (root()) {
            Files.setAttribute(shared, "unix:uid", OWNER);
            Files.setAttribute(shared, "unix:gid", OWNER);
        }
    }

    @AfterEach
    void stop() {
        host.close();
    }

    private static boolean root() throws IOException {
        return (int) Files.getAttribute(Path.of("/proc/self"), "unix:uid") == 0;
    }

    private FunctionSpec function(String code) throws IOException {
        Path source = Objects.requireNonNull(Shares.checked(Map.of(NAME, shared)).get(NAME));
        List<Mount> mounts = List.of(new Mount(source, "/mnt/data"));
        return Host.with(host.python(code), new Machine(null, mounts, Egress.OPEN));
    }

    @Test
    void whatOneFunctionWritesAnotherReads() throws Exception {
        Files.writeString(shared.resolve("given"), "by the host");
        FunctionSpec writer =
                function(
                        """
                        def handler(e, c):
                            open('/mnt/data/x', 'w').write('by a function')
                            return open('/mnt/data/given').read()
                        """);
        FunctionSpec reader = function("def handler(e, c): return open('/mnt/data/x').read()");

        assertThat(Host.text(host.invoke(writer, "{}"))).isEqualTo("\"by the host\"");
        assertThat(Host.text(host.invoke(reader, "{}"))).isEqualTo("\"by a function\"");
        assertThat(Files.getAttribute(shared.resolve("x"), "unix:uid"))
                .isEqualTo(Files.getAttribute(shared, "unix:uid"));
    }

    @Test
    void nothingBesideItCanBeWritten() throws Exception {
        FunctionSpec spec =
                function(
                        """
                        import os
                        def handler(e, c):
                            os.symlink('/etc/passwd', '/mnt/data/link')
                            failed = 0
                            for name in '/mnt/x', '/mnt/data/../x', '/mnt/data/link':
                                try: open(name, 'w')
                                except OSError: failed += 1
                            return failed
                        """);

        assertThat(Host.text(host.invoke(spec, "{}"))).isEqualTo("3");
    }

    @Test
    void whatCantBeSharedIsRefusedAtTheStart() throws Exception {
        Path missing = host.data.resolve("missing");

        assertThatThrownBy(() -> Shares.checked(Map.of(NAME, missing)))
                .hasMessageContaining("there is no such directory");
        assertThatThrownBy(() -> Shares.checked(Map.of("a/b", shared)))
                .hasMessageContaining("a name is fsap-");
        if (root()) {
            assertThatThrownBy(() -> Shares.checked(Map.of(NAME, host.data)))
                    .hasMessageContaining("it belongs to root");
        }
    }
}
