package dev.freehold.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// What functions log, as text and as JSON, in the formats of AWS's runtimes.
final class LoggingTest {
    private static Host host;

    @BeforeAll
    static void start() throws IOException {
        host = new Host();
    }

    @AfterAll
    static void stop() {
        host.close();
    }

    private static String text(FunctionSpec spec) throws Exception {
        return host.invoke(spec, "{}").logTail();
    }

    private static String json(FunctionSpec spec, String level) throws Exception {
        return host.invoke(Host.withLogging(spec, "JSON", level), "{}").logTail();
    }

    @Test
    void pythonAsText() throws Exception {
        String log =
                text(
                        host.python(
                                """
                                import logging
                                def handler(e, c):
                                    logging.getLogger().setLevel('INFO')
                                    logging.info('two\\nlines')
                                    logging.debug('hidden')
                                    c.log('by context')
                                    raise ValueError('no')
                                """));

        assertThat(log)
                .containsPattern("\\[INFO]\t[-\\d]+T[:\\d]+\\.\\d{3}Z\tr-\\d+\ttwo\nlines\n")
                .contains("by context")
                .contains(
                        "[ERROR] ValueError: no\nTraceback (most recent call last):\n\u00a0\u00a0File"
                                + " \"/var/task/index.py\", line 7, in handler\n\u00a0\u00a0\u00a0"
                                + "\u00a0raise ValueError('no')\n")
                .doesNotContain("hidden");
    }

    @Test
    void pythonAsJson() throws Exception {
        FunctionSpec spec =
                host.python(
                        """
                        import logging
                        log = logging.getLogger('mine')
                        def handler(e, c):
                            log.info('hello', extra={'order': 7})
                            log.info({'a': 1})
                            try: 1 / 0
                            except ZeroDivisionError: log.exception('caught')
                            raise ValueError('no')
                        """);

        assertThat(json(spec, "INFO"))
                .containsPattern(
                        "\\{\"timestamp\": \"[-\\d]+T[:\\d]+Z\", \"level\": \"INFO\", \"message\":"
                                + " \"hello\", \"logger\": \"mine\", \"requestId\": \"r-\\d+\","
                                + " \"order\": 7}")
                .contains("\"message\": {\"a\": 1}")
                .containsPattern(
                        "\"level\": \"ERROR\", \"message\": \"caught\", \"logger\": \"mine\","
                                + " \"stackTrace\": \\[\"  File [^]]*], \"errorType\":"
                                + " \"ZeroDivisionError\", \"errorMessage\": \"division by zero\","
                                + " \"requestId\": \"r-\\d+\", \"location\":"
                                + " \"/var/task/index.py:handler:7\"}")
                .containsPattern(
                        "\"level\": \"ERROR\", \"errorMessage\": \"no\", \"errorType\":"
                                + " \"ValueError\", \"requestId\": \"r-\\d+\", \"stackTrace\":");
        assertThat(json(spec, "ERROR")).doesNotContain("hello").contains("caught");
    }

    @Test
    void aFormatterOfItsOwnKnowsTheRequest() throws Exception {
        assertThat(
                        text(
                                host.python(
                                        """
                                        import logging
                                        root = logging.getLogger()
                                        root.handlers[0].setFormatter(
                                            logging.Formatter('<%(aws_request_id)s> %(message)s'))
                                        def handler(e, c): logging.warning('formatted')
                                        """)))
                .containsPattern("<r-\\d+> formatted\n");
    }

    @Test
    void nodeAsText() throws Exception {
        String log =
                text(
                        host.node(
                                """
                                exports.handler = async () => {
                                  console.log('two\\nlines %d', 3);
                                  console.fatal('end');
                                  console.log();
                                  const e = new TypeError('no');
                                  e.code = 'C';
                                  throw e;
                                };
                                """));

        assertThat(log)
                .containsPattern("[-\\d]+T[:\\d]+\\.\\d{3}Z\tr-\\d+\tINFO\ttwo\nlines 3\n")
                .containsPattern("\tr-\\d+\tFATAL\tend\n")
                .containsPattern("\tr-\\d+\tINFO\tundefined\n")
                .containsPattern(
                        "\tERROR\tInvoke Error \t\\{\"errorType\":\"TypeError\",\"errorMessage\":"
                                + "\"no\",\"code\":\"C\",\"stack\":\\[\"TypeError: no\"");
    }

    @Test
    void nodeAsJson() throws Exception {
        FunctionSpec spec =
                host.node(
                        """
                        exports.handler = async () => {
                          console.info({ a: 1 });
                          console.debug('hidden');
                          console.warn('failed', new RangeError('r'));
                          console.error(new RangeError('alone'));
                          const circle = {};
                          circle.self = circle;
                          console.log(circle);
                          throw new TypeError('no');
                        };
                        """);

        assertThat(json(spec, "INFO"))
                .containsPattern(
                        "\\{\"timestamp\":\"[-\\d]+T[:\\d]+\\.\\d{3}Z\",\"level\":\"INFO\","
                                + "\"requestId\":\"r-\\d+\",\"message\":\\{\"a\":1}}\n")
                .containsPattern(
                        "\"level\":\"WARN\",\"requestId\":\"r-\\d+\",\"message\":\"failed"
                                + " RangeError: r.*\",\"errorType\":\"RangeError\",\"errorMessage\""
                                + ":\"r\",\"stackTrace\":\\[\"RangeError: r\"")
                .containsPattern(
                        "\"message\":\\{\"errorType\":\"RangeError\",\"errorMessage\":\"alone\","
                                + "\"stackTrace\":\\[")
                .contains("\"message\":\"<ref *1> { self: [Circular *1] }\"")
                .containsPattern(
                        "\"level\":\"ERROR\",\"requestId\":\"r-\\d+\",\"message\":\\{\"errorType\":"
                                + "\"TypeError\",\"errorMessage\":\"no\",\"stackTrace\":")
                .doesNotContain("hidden");
        assertThat(json(host.node("exports.other = 1;"), "INFO"))
                .contains("\"message\":{\"errorType\":\"HandlerNotFound\"");
    }

    @Test
    void javaAsTextAndJson() throws Exception {
        FunctionSpec spec =
                java(
                        """
                        import com.amazonaws.services.lambda.runtime.*;
                        import com.amazonaws.services.lambda.runtime.logging.LogLevel;
                        public class Function {
                            public void m(Context c) {
                                c.getLogger().log("with level", LogLevel.WARN);
                                c.getLogger().log("hidden", LogLevel.DEBUG);
                                LambdaRuntime.getLogger().log("plain");
                                throw new IllegalStateException("no");
                            }
                        }
                        """);

        assertThat(text(spec))
                .contains("[WARN] with level\n[DEBUG] hidden\nplain\n")
                .contains(
                        "no: java.lang.IllegalStateException\njava.lang.IllegalStateException: no\n"
                                + "\tat Function.m(Function.java:");
        assertThat(json(spec, "INFO"))
                .containsPattern(
                        "\\{\"timestamp\":\"[-\\d]+T[:\\d]+\\.\\d{3}Z\",\"message\":\"with level\","
                                + "\"level\":\"WARN\",\"AWSRequestId\":\"r-\\d+\"}\n")
                .contains("\"message\":\"plain\",\"level\":\"UNDEFINED\"")
                .contains("\"message\":\"no: java.lang.IllegalStateException\\n")
                .doesNotContain("hidden");
    }

    private static FunctionSpec java(String code) throws IOException {
        FunctionSpec spec = host.function("java17", "Function.java", code);
        Path source = spec.code().resolve("Function.java");
        Path library = host.layout.bootstraps().resolve("java/aws-lambda-java-core.jar");
        List<String> command = new ArrayList<>(List.of("--release", "17", "-proc:none"));
        command.addAll(List.of("-cp", library.toString(), "-d", spec.code().toString()));
        command.add(source.toString());
        int status =
                ToolProvider.getSystemJavaCompiler()
                        .run(null, null, null, command.toArray(String[]::new));
        assertThat(status).isZero();
        return Host.withHandler(Host.withMemory(spec, 512), "Function::m");
    }

    @Test
    void clientsOfAwsAreToldTheFormat() throws Exception {
        FunctionSpec spec =
                host.python(
                        "import os\ndef handler(e, c): print('%s-%s' %"
                                + " (os.environ.get('AWS_LAMBDA_LOG_FORMAT'),"
                                + " os.environ.get('AWS_LAMBDA_LOG_LEVEL')))");

        assertThat(text(spec)).contains("None-None");
        assertThat(json(spec, "WARN")).contains("JSON-WARN");
    }

    @Test
    void aMessageIsOneEventHoweverManyLinesItHas() throws Exception {
        List<String> messages = new ArrayList<>();
        LogSink sink =
                new LogSink() {
                    @Override
                    public void write(String text) {}

                    @Override
                    public void message(String text) {
                        messages.add(text);
                    }
                };
        Tail tail = new Tail(sink);
        tail.begin();
        tail.message("two\nlines");

        assertThat(messages).containsExactly("two\nlines");
        assertThat(tail.last()).isEqualTo("two\nlines\n");
    }

    @Test
    void layersOfEachLanguageAreFound() throws Exception {
        Path layers = Files.createDirectories(host.layout.code().resolve("all-layers"));
        String python = "python/lib/python3.11/site-packages";
        Map<String, String> files =
                Map.of(
                        python + "/deep.py",
                        "where = 'deep'",
                        "python/flat.py",
                        "where = 'flat'",
                        "python/both.py",
                        "where = 'flat'",
                        python + "/both.py",
                        "where = 'deep'",
                        "nodejs/node20/node_modules/exact/index.js",
                        "module.exports = 'exact';",
                        "nodejs/node_modules/any/index.js",
                        "module.exports = 'any';",
                        "ruby/lib/inlib.rb",
                        "IN_LIB = 'lib'");
        for (Map.Entry<String, String> file : files.entrySet()) {
            Path path = layers.resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.writeString(path, file.getValue());
        }
        FunctionSpec inPython =
                host.python(
                        "import deep, flat, both\n"
                                + "def handler(e, c): return [deep.where, flat.where, both.where]");
        FunctionSpec inNode =
                host.node("exports.handler = async () => [require('exact'), require('any')];");
        FunctionSpec inRuby =
                host.function(
                        "ruby3.3",
                        "index.rb",
                        "require 'inlib'\ndef handler(event:, context:) = IN_LIB");

        assertThat(layered(inPython, layers)).isEqualTo("[\"deep\", \"flat\", \"deep\"]");
        assertThat(layered(inNode, layers)).isEqualTo("[\"exact\",\"any\"]");
        assertThat(layered(inRuby, layers)).isEqualTo("\"lib\"");
    }

    private static String layered(FunctionSpec spec, Path layers) throws Exception {
        return Host.text(host.invoke(Host.withLayers(spec, layers), "{}"));
    }
}
