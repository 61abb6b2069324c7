package dev.freehold.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Runtimes that are started for their function: by its wrapper, or with variables that are read
/// only at the start.
final class LaunchTest {
    private Host host;

    @BeforeEach
    void start() throws IOException {
        host = new Host();
    }

    @AfterEach
    void stop() {
        host.close();
    }

    private FunctionSpec wrapped(FunctionSpec spec, String script) throws IOException {
        Path layer = Files.createTempDirectory(host.layout.code(), "layer");
        Host.allow(layer);
        Path wrapper = Files.writeString(layer.resolve("wrapper"), "#!/bin/bash\n" + script);
        Host.allow(wrapper);
        return Host.withLayers(
                Host.withVariables(
                        spec, Map.of("AWS_LAMBDA_EXEC_WRAPPER", "/opt/wrapper", "MINE", "kept")),
                layer);
    }

    @Test
    void aWrapperStartsPythonWithOptionsOfItsOwn() throws Exception {
        FunctionSpec spec =
                wrapped(
                        host.python(
                                """
                                import os, sys
                                def handler(e, c):
                                    return [sys.dont_write_bytecode, sys.flags.optimize,
                                            os.environ['ADDED'], os.environ['MINE']]
                                """),
                        """
                        args=("$@")
                        export ADDED=by-the-wrapper
                        exec "${args[@]:0:$#-1}" -O "${args[@]: -1}"
                        """);

        assertThat(Host.text(host.invoke(spec, "{}")))
                .isEqualTo("[true, 1, \"by-the-wrapper\", \"kept\"]");
        assertThat(host.invoke(spec, "{}").timings().cold()).isFalse();
    }

    @Test
    void aWrapperPreloadsWhatInstrumentsNode() throws Exception {
        FunctionSpec spec =
                wrapped(
                        host.node("exports.handler = async () => globalThis.instrumented"),
                        """
                        echo 'globalThis.instrumented = process.env.MINE' > /tmp/before.cjs
                        export NODE_OPTIONS="--require /tmp/before.cjs"
                        exec "$@"
                        """);

        assertThat(Host.text(host.invoke(spec, "{}"))).isEqualTo("\"kept\"");
    }

    @Test
    void aWrapperStartsRubyAndJavaToo() throws Exception {
        FunctionSpec ruby =
                host.function(
                        "ruby3.1",
                        "index.rb",
                        "def handler(event:, context:) ENV.values_at('ADDED', 'MINE') end");
        String script = "export ADDED=yes\nexec \"$@\"\n";

        assertThat(Host.text(host.invoke(wrapped(ruby, script), "{}")))
                .isEqualTo("[\"yes\",\"kept\"]");
    }

    @Test
    void whatIsWrongWithAWrapperIsSaidAsOnAws() throws Exception {
        FunctionSpec missing =
                Host.withVariables(
                        host.python("def handler(e, c): return 1"),
                        Map.of("AWS_LAMBDA_EXEC_WRAPPER", "/opt/none"));

        assertThat(Host.text(host.invoke(missing, "{}")))
                .contains("Runtime.ExitError", "Runtime exited with error: exit status 127");
        assertThat(host.log()).contains("/opt/none: does not exist\n");

        FunctionSpec plain = wrapped(host.python("def handler(e, c): return 1"), "");
        Path wrapper = java.util.Objects.requireNonNull(plain.layers()).resolve("wrapper");
        assertThat(wrapper.toFile().setExecutable(false, false)).isTrue();

        assertThat(Host.text(host.invoke(plain, "{}")))
                .contains("Runtime.ExitError", "Runtime exited with error: exit status 126");
        assertThat(host.log()).contains("/opt/wrapper: is not an executable\n");
    }

    @Test
    void variablesThatAreReadAtTheStartHaveTheirEffect() throws Exception {
        FunctionSpec node =
                host.node("exports.handler = async () => [typeof gc, process.env.NODE_OPTIONS]");

        assertThat(Host.text(host.invoke(node, "{}"))).isEqualTo("[\"undefined\",null]");
        assertThat(
                        Host.text(
                                host.invoke(
                                        Host.withVariables(
                                                node, Map.of("NODE_OPTIONS", "--expose-gc")),
                                        "{}")))
                .isEqualTo("[\"function\",\"--expose-gc\"]");

        FunctionSpec python =
                host.python(
                        """
                        import sys
                        def handler(e, c): return [sys.warnoptions, '/opt/mine' in sys.path]
                        """);
        Map<String, String> variables =
                Map.of("PYTHONWARNINGS", "error::BytesWarning", "PYTHONPATH", "/opt/mine");
        assertThat(Host.text(host.invoke(Host.withVariables(python, variables), "{}")))
                .isEqualTo("[[\"error::BytesWarning\"], true]");
    }

    @Test
    void runtimesThatFunctionsBringAreNotWrapped() throws Exception {
        FunctionSpec spec = host.providedEcho(":");
        Map<String, String> variables = Map.of("AWS_LAMBDA_EXEC_WRAPPER", "/opt/none");

        assertThat(Host.text(host.invoke(Host.withVariables(spec, variables), "6"))).isEqualTo("6");
    }
}
