package dev.freehold.sandbox.isolation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freehold.sandbox.host.SelfTest;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/// What a host that forbids sandboxes is told.
final class SelfTestTest {
    private static final Path PROFILE = Path.of("/data/run/bwrap.apparmor");

    @Test
    void whatIsMissingIsNamedWithItsPackage() {
        assertThat(SelfTest.explain("launch: bwrap: No such file or directory", PROFILE))
                .contains("apt-get install bubblewrap", "--isolation none");
    }

    @Test
    void anOldBubblewrapIsNamed() {
        assertThat(SelfTest.explain("bwrap: Unknown option --disable-userns", PROFILE))
                .contains("version 0.8 or newer");
    }
}
