package dev.freehold.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

final class RubyTest {
    private static Host host;

    @BeforeAll
    static void start() throws IOException {
        host = new Host();
    }

    @AfterAll
    static void stop() {
        host.close();
    }

    private static FunctionSpec ruby(String code) throws IOException {
        return host.function("ruby3.3", "index.rb", code);
    }

    private static String call(String code, String event) throws Exception {
        return Host.text(host.invoke(ruby(code), event));
    }

    @Test
    void aMethodGetsItsEventAndContext() throws Exception {
        String said =
                call(
                        """
                        def handler(event:, context:)
                          left = context.get_remaining_time_in_millis
                          { sum: event["a"] + event["b"], name: event["name"],
                            id: context.aws_request_id, arn: context.invoked_function_arn,
                            memory: context.memory_limit_in_mb, left: left > 0 && left <= 5000,
                            version: context.function_version, at: __dir__ }
                        end
                        """,
                        "{\"a\":1,\"b\":2,\"name\":\"Zoë\"}");

        assertThat(said)
                .contains(
                        "\"sum\":3,\"name\":\"Zoë\",\"id\":\"r-",
                        "\"arn\":\"arn:aws:lambda:us-east-1:000000000000:function:f\"",
                        "\"memory\":\"256\",\"left\":true,\"version\":\"$LATEST\"");
    }

    @Test
    void aClassMethodIsNamedWithItsModule() throws Exception {
        FunctionSpec spec =
                Host.withHandler(
                        ruby(
                                """
                                module Shop
                                  class Orders
                                    def self.process(event:, context:) = event.keys
                                  end
                                end
                                """),
                        "index.Shop::Orders.process");

        assertThat(Host.text(host.invoke(spec, "{\"x\":1}"))).isEqualTo("[\"x\"]");
    }

    @Test
    void errorsHaveAwsShape() throws Exception {
        FunctionSpec failing =
                ruby("def handler(event:, context:)\n  raise ArgumentError, 'no'\nend");
        InvocationResult result = host.invoke(failing, "{}");

        assertThat(result.failed()).isTrue();
        assertThat(Host.text(result))
                .startsWith(
                        "{\"errorMessage\":\"no\",\"errorType\":\"Function<ArgumentError>\","
                                + "\"stackTrace\":[\"")
                .contains("\"/var/task/index.rb:2:in `handler'")
                .doesNotContain("bootstrap.rb");
        assertThat(result.logTail()).contains("Error raised from handler method");
        assertThat(call("def other; end", "{}")).contains("Function<NoMethodError>");
    }

    @Test
    void codeThatDoesNotLoadIsReported() throws Exception {
        assertThat(call("require 'nothing'", "{}"))
                .contains(
                        "\"errorMessage\":\"cannot load such file -- nothing\"",
                        "\"errorType\":\"Init<LoadError>\"");
        assertThat(call("def handler(", "{}")).contains("\"errorType\":\"Init<SyntaxError>\"");
        assertThat(Host.text(host.invoke(Host.withHandler(ruby(""), "index"), "{}")))
                .contains("Invalid handler [\\\"index\\\"], must be of form FILENAME.METHOD");
        assertThat(Host.text(host.invoke(Host.withHandler(ruby(""), "other.handler"), "{}")))
                .contains("cannot load such file -- other", "Init<LoadError>");
    }

    @Test
    void theEndOfTheProcessIsReported() throws Exception {
        assertThat(call("def handler(event:, context:) = exit!(3)", "{}"))
                .contains("Runtime exited with error: exit status 3");
        assertThat(call("def handler(event:, context:) = exit(3)", "{}"))
                .contains("\"errorMessage\":\"exit\",\"errorType\":\"Function<SystemExit>\"");
        assertThat(call("exit(3)", "{}")).contains("\"errorType\":\"Init<SystemExit>\"");
        assertThat(call("def handler(event:, context:) = raise(NoMemoryError, 'full')", "{}"))
                .contains("Function<NoMemoryError>");
    }

    @Test
    void whatIsPrintedAndLoggedIsInTheLog() throws Exception {
        InvocationResult result =
                host.invoke(
                        ruby(
                                """
                                require 'logger'
                                LOG = Logger.new($stdout)
                                def handler(event:, context:)
                                  puts 'plain', 'ä'
                                  print 'part'
                                  warn 'warned'
                                  LOG.info('logged')
                                  system('echo from-child')
                                end
                                """),
                        "{}");

        assertThat(Host.text(result)).isEqualTo("true");
        assertThat(result.logTail())
                .contains("plain\nä\npartwarned\n")
                .containsPattern("I, \\[[-\\d:.T]+ #\\d+]  INFO r-\\d+ -- : logged");
        Eventually.holds(() -> assertThat(host.log()).contains("from-child"));
    }

    @Test
    void layersAndVendoredGemsAreFound() throws Exception {
        FunctionSpec spec =
                ruby(
                        """
                        require 'greeting'
                        require 'vendored'
                        def handler(event:, context:) = [GREETING, VENDORED]
                        """);
        Path layers = Files.createDirectories(host.layout.code().resolve("ruby-layers"));
        Files.createDirectories(layers.resolve("ruby/lib"));
        Files.writeString(layers.resolve("ruby/lib/greeting.rb"), "GREETING = __FILE__");
        String abi = spec.runtime().major() + ".0";
        Path bundle = spec.code().resolve("vendor/bundle/ruby/" + abi);
        Files.createDirectories(bundle.resolve("gems/vendored-1.0.0/lib"));
        Files.createDirectories(bundle.resolve("specifications"));
        Files.writeString(
                bundle.resolve("gems/vendored-1.0.0/lib/vendored.rb"), "VENDORED = 'gem'");
        Files.writeString(
                bundle.resolve("specifications/vendored-1.0.0.gemspec"),
                "Gem::Specification.new { |s| s.name = 'vendored'; s.version = '1.0.0';"
                        + " s.summary = 'x'; s.authors = ['x']; s.require_paths = ['lib'] }");

        assertThat(Host.text(host.invoke(Host.withLayers(spec, layers), "{}")))
                .endsWith("/ruby/lib/greeting.rb\",\"gem\"]");
    }

    @Test
    void anAnswerThatIsTooLargeIsRefused() throws Exception {
        assertThat(call("def handler(event:, context:) = 'x' * 7_000_000", "{}"))
                .isEqualTo(Host.TOO_LARGE);
    }
}
