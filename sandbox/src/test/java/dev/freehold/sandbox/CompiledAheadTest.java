package dev.freehold.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

/// What was compiled after a deployment is what the next environments load.
final class CompiledAheadTest {
    private static final String PYTHON_END = "    os._exit(0)\n";

    /// Calls a function, and the same in new environments until one says `true`.
    private static void awaitTrue(Host host, FunctionSpec spec) {
        Eventually.holds(() -> {
            String answer = text(host, spec, "{}");
            if (!answer.equals("true")) {
                text(host, spec, "{\"end\":true}");
            }
            assertThat(answer).isEqualTo("true");
        });
    }

    private static String text(Host host, FunctionSpec spec, String event) {
        try {
            return Host.text(host.invoke(spec, event));
        } catch (Engine.FullException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void pythonLoadsModulesFromTheCache() throws Exception {
        try (Host host = new Host(0)) {
            FunctionSpec spec =
                    host.python(
                            "import os, sys, big\n"
                                    + "loader = big.__loader__\n"
                                    + "def handler(event, context):\n"
                                    + "  if event.get('end'):\n"
                                    + PYTHON_END
                                    + "  cache = getattr(loader, 'cache', None)\n"
                                    + "  return big.ANSWER == 42 and bool(cache) and"
                                    + " os.path.exists(cache + big.__file__ + 'c')\n");
            big(spec, "big.py", "ANSWER = 42\n# ");
            host.engine.expect(spec);
            awaitTrue(host, spec);
        }
    }

    @Test
    void rubyLoadsFilesFromTheCache() throws Exception {
        try (Host host = new Host(0)) {
            FunctionSpec spec =
                    host.function(
                            "ruby3.2",
                            "index.rb",
                            "require_relative 'big'\n"
                                    + "def handler(event:, context:)\n"
                                    + "  exit!(0) if event['end']\n"
                                    + "  ANSWER == 42 &&"
                                    + " RubyVM::InstructionSequence.respond_to?(:load_iseq) &&"
                                    + " !RubyVM::InstructionSequence.load_iseq("
                                    + "File.realpath('big.rb')).nil?\n"
                                    + "end\n");
            big(spec, "big.rb", "ANSWER = 42\n# ");
            host.engine.expect(spec);
            awaitTrue(host, spec);
        }
    }

    @Test
    void codeThatDoesNotCompileFailsWhenItIsCalled() throws Exception {
        try (Host host = new Host(1)) {
            FunctionSpec spec = host.python("import big\ndef handler(event, context): return 1\n");
            big(spec, "big.py", "this is no Python\n# ");
            host.engine.expect(spec);
            assertThat(Host.text(host.invoke(spec, "{}"))).contains("UserCodeSyntaxError");
        }
    }

    private static void big(FunctionSpec spec, String file, String code) throws IOException {
        Files.writeString(spec.code().resolve(file), code + "x".repeat(40_000) + "\n");
    }
}
