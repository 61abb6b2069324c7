package dev.freehold.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Functions that are initialised before they are called, and their hooks.
final class SnapStartTest {
    private static final String HOOKS =
            """
            import os
            from snapshot_restore_py import register_after_restore, register_before_snapshot
            seen = []
            register_before_snapshot(seen.append, "before 1")
            register_before_snapshot(seen.append, "before 2")
            register_after_restore(seen.append, "after 1")
            @register_after_restore
            def after():
                seen.append("after 2")
            def handler(event, context):
                return [os.environ["AWS_LAMBDA_INITIALIZATION_TYPE"]] + seen
            """;
    private static final String SEEN =
            "[\"snap-start\", \"before 2\", \"before 1\", \"after 1\", \"after 2\"]";

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
    void theHooksAreCalledOnceInTheirOrder() throws Exception {
        int before = host.log().length();
        FunctionSpec spec = Host.withSnapStart(host.python(HOOKS));
        assertThat(host.engine.initialize(spec, Map::of)).isNull();
        assertThat(host.engine.available(spec.key())).isEqualTo(1);
        assertThat(Host.text(host.invoke(spec, "{}"))).isEqualTo(SEEN);
        assertThat(Host.text(host.invoke(spec, "{}"))).isEqualTo(SEEN);
        assertThat(host.log().substring(before))
                .containsOnlyOnce("RESTORE_START Runtime Version: python:")
                .containsOnlyOnce("RESTORE_REPORT Restore Duration: ")
                .containsOnlyOnce("\tRestore Duration: ")
                .containsOnlyOnce("\tBilled Restore Duration: ")
                .doesNotContain("\tInit Duration: ");
    }

    @Test
    void environmentsThatComeLaterHaveThemToo() throws Exception {
        FunctionSpec spec = Host.withSnapStart(host.python(HOOKS));
        assertThat(Host.text(host.invoke(spec, "{}"))).isEqualTo(SEEN);
    }

    @Test
    void whatCanNotBeLoadedIsSaidBeforeAnybodyCalls() throws Exception {
        FunctionSpec spec = Host.withSnapStart(host.python("raise ValueError('not today')"));
        assertThat(host.engine.initialize(spec, Map::of))
                .isEqualTo(new Engine.Refusal("ValueError", "ValueError: not today"));
        assertThat(host.engine.available(spec.key())).isZero();
    }

    @Test
    void aHookThatFailsAfterTheRestoreIsTheCallersError() throws Exception {
        FunctionSpec spec =
                Host.withSnapStart(
                        host.python(
                                """
                                from snapshot_restore_py import register_after_restore
                                def fails():
                                    raise KeyError("gone")
                                register_after_restore(fails)
                                def handler(event, context):
                                    return 1
                                """));
        assertThatThrownBy(() -> host.invoke(spec, "{}"))
                .isInstanceOf(Engine.RestoreException.class)
                .hasMessage("KeyError: 'gone'");
        assertThat(host.engine.available(spec.key())).isZero();
    }
}
