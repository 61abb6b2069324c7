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

    private static final String API =
            "#!/bin/bash\nAPI=http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime\n";

    private static final String TOLD =
            API
                    + """
                    status() { curl -sS -o /tmp/body -w '%{http_code} ' "$@" && cat /tmp/body; }
                    status -d {} $API/restore/error > /tmp/all
                    status $API/restore/next >> /tmp/all
                    status $API/restore/next >> /tmp/all
                    while true; do
                      curl -sS -D /tmp/head "$API/invocation/next" > /tmp/event
                      ID=$(grep -i ^Lambda-Runtime-Aws-Request-Id: /tmp/head |
                        tr -d '\\r' | cut -d' ' -f2)
                      curl -sS --data-binary @/tmp/all "$API/invocation/$ID/response"
                    done
                    """;

    private static final String FAILED =
            API
                    + """
                    curl -sS $API/restore/next
                    curl -sS $API/restore/error -d '{"errorType":"Mine","errorMessage":"no"}'
                    exit 1
                    """;

    private static final String PLAIN =
            API
                    + """
                    SAID=$(curl -sS -w '%{http_code}' $API/restore/next)
                    ID=$(curl -sS -D - -o /dev/null $API/invocation/next |
                      grep -i ^Lambda-Runtime-Aws-Request-Id: | tr -d '\\r' | cut -d' ' -f2)
                    curl -sS -d "$SAID" "$API/invocation/$ID/response"
                    curl -sS $API/invocation/next
                    """;

    @Test
    void aRuntimeThatSpeaksTheRuntimeApiIsToldOfItsRestore() throws Exception {
        FunctionSpec spec = Host.withSnapStart(host.provided(TOLD));
        assertThat(host.engine.initialize(spec, Map::of)).isNull();
        assertThat(host.engine.available(spec.key())).isEqualTo(1);
        assertThat(Host.text(host.invoke(spec, "{}")))
                .startsWith(
                        "403 {\"errorMessage\":\"State transition from Started to"
                                + " RuntimeRestoreErrorState failed for runtime. Error: State"
                                + " transition is not allowed\",\"errorType\":"
                                + "\"InvalidStateTransition\"}")
                .contains("200 403 {\"errorMessage\":\"State transition from Restoring to");
        assertThat(Host.text(host.invoke(spec, "{}"))).contains("200 403 ");
    }

    @Test
    void aRestoreThatARuntimeReportsAsFailedIsTheCallersError() throws Exception {
        FunctionSpec spec = Host.withSnapStart(host.provided(FAILED));
        assertThatThrownBy(() -> host.invoke(spec, "{}"))
                .isInstanceOf(Engine.RestoreException.class)
                .hasMessage("Mine: no");
    }

    @Test
    void onlyFunctionsWithSnapStartCanWaitForTheirRestore() throws Exception {
        FunctionSpec spec = host.provided(PLAIN);
        assertThat(Host.text(host.invoke(spec, "{}"))).isEqualTo("404 page not found\n404");
    }
}
