package dev.freehold.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import javax.tools.ToolProvider;
import org.joda.time.DateTime;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

final class JavaTest {
    private static final String IMPORTS =
            """
            import com.amazonaws.services.lambda.runtime.*;
            import java.io.*;
            import java.util.*;
            """;

    private static Host host;

    @BeforeAll
    static void start() throws IOException {
        host = new Host(0);
    }

    @AfterAll
    static void stop() {
        host.close();
    }

    /// A function of one source file, `Function.java`.
    private static FunctionSpec java(String handler, String code) throws IOException {
        FunctionSpec spec = host.function("java17", "Function.java", IMPORTS + code);
        compile(spec.code().resolve("Function.java"), spec.code());
        return Host.withHandler(Host.withMemory(spec, 512), handler);
    }

    private static void compile(Path source, Path to) {
        String libraries = host.layout.bootstraps().resolve("java").toString();
        int status =
                ToolProvider.getSystemJavaCompiler()
                        .run(
                                null,
                                null,
                                null,
                                "--release",
                                "17",
                                "-proc:none",
                                "-cp",
                                String.join(
                                        ":",
                                        libraries + "/aws-lambda-java-core.jar",
                                        to + "/lib/events.jar",
                                        to + "/lib/org-crac.jar"),
                                "-d",
                                to.toString(),
                                source.toString());
        assertEquals(0, status);
    }

    private static String call(String handler, String code, String event) throws Exception {
        return Host.text(host.invoke(java(handler, code), event));
    }

    @Test
    void aRequestHandlerGetsItsTypes() throws Exception {
        String said =
                call(
                        "Function",
                        """
                        public class Function
                                implements RequestHandler<Function.Order, Map<String, Object>> {
                            public static class Order {
                                private String name;
                                private List<Integer> items;
                                public String getName() { return name; }
                                public void setName(String n) { name = n; }
                                public List<Integer> getItems() { return items; }
                                public void setItems(List<Integer> i) { items = i; }
                            }
                            public Map<String, Object> handleRequest(Order o, Context c) {
                                Map<String, Object> m = new TreeMap<>();
                                m.put("name", o.name);
                                m.put("sum", o.items.stream().mapToInt(i -> i).sum());
                                m.put("arn", c.getInvokedFunctionArn());
                                m.put("memory", c.getMemoryLimitInMB());
                                m.put("left", c.getRemainingTimeInMillis() > 0);
                                m.put("variable", System.getenv("AWS_LAMBDA_FUNCTION_VERSION"));
                                m.put("heap", Runtime.getRuntime().maxMemory() >> 20);
                                return m;
                            }
                        }
                        """,
                        "{\"name\":\"Zoë\",\"items\":[1,2],\"more\":1}");

        assertThat(said)
                .contains(
                        "\"name\":\"Zoë\",\"sum\":3,\"variable\":\"$LATEST\"",
                        "\"arn\":\"arn:aws:lambda:us-east-1:000000000000:function:f\"",
                        "\"left\":true",
                        "\"memory\":512");
        assertThat(said.replaceAll(".*\"heap\":(\\d+).*", "$1"))
                .satisfies(heap -> assertThat(Integer.parseInt(heap)).isBetween(380, 436));
    }

    @Test
    void aStreamHandlerReadsAndWritesBytes() throws Exception {
        String code =
                """
                public class Function implements RequestStreamHandler {
                    public void handleRequest(InputStream in, OutputStream out, Context c)
                            throws IOException {
                        out.write('[');
                        in.transferTo(out);
                        out.write(']');
                    }
                }
                """;

        assertThat(call("Function", code, "{\"a\": 1}")).isEqualTo("[{\"a\": 1}]");
        assertThat(call("Function::handleRequest", code, "1")).isEqualTo("[1]");
    }

    @Test
    void aMethodIsReferredTo() throws Exception {
        String code =
                """
                public class Function {
                    public String whole(String in, Context c) { return in + c.getFunctionVersion(); }
                    public static int twice(Integer in) { return 2 * in; }
                    public List<String> keys(Map<String, Object> in) { return new ArrayList<>(in.keySet()); }
                    public void nothing() {}
                }
                """;

        assertThat(call("Function::whole", code, "\"a\"")).isEqualTo("\"a$LATEST\"");
        assertThat(call("Function::twice", code, "21")).isEqualTo("42");
        assertThat(call("Function::keys", code, "{\"k\":0}")).isEqualTo("[\"k\"]");
        assertThat(call("Function::nothing", code, "{}")).isEqualTo("null");
        assertThat(call("Function::none", code, "{}"))
                .contains(
                        "No public method named none with appropriate method signature found on"
                                + " class Function");
        assertThat(call("Function", code, "{}"))
                .contains("Class does not implement an appropriate handler interface: Function");
        assertThat(call("Other", code, "{}"))
                .contains("Class not found: Other", "java.lang.ClassNotFoundException");
    }

    @Test
    void errorsHaveAwsShape() throws Exception {
        String code =
                """
                public class Function {
                    public void fail() {
                        throw new IllegalStateException("no", new IOException("why"));
                    }
                    public int number(Integer n) { return n; }
                    public int exit() { System.exit(3); return 1; }
                    public int full() { return new long[Integer.MAX_VALUE - 8].length; }
                }
                """;
        InvocationResult failed = host.invoke(java("Function::fail", code), "{}");

        assertThat(failed.failed()).isTrue();
        assertThat(Host.text(failed))
                .startsWith(
                        "{\"errorMessage\":\"no\",\"errorType\":\"java.lang.IllegalStateException\","
                                + "\"stackTrace\":[\"Function.fail(Function.java:")
                .doesNotContain("reflect", "dev.freehold");
        assertThat(failed.logTail()).contains("java.lang.IllegalStateException: no\n\tat Function");
        assertThat(call("Function::number", code, "{}"))
                .contains(
                        "\"errorMessage\":\"An error occurred during JSON parsing\","
                                + "\"errorType\":\"java.lang.RuntimeException\"");
        assertThat(call("Function::exit", code, "{}"))
                .contains("Runtime exited with error: exit status 3");
        assertThat(call("Function::full", code, "{}"))
                .contains("\"errorType\":\"java.lang.OutOfMemoryError\"");
    }

    @Test
    void classesOfItsJarsAndLayersAreFoundAndItsEventTypesAreRead() throws Exception {
        FunctionSpec spec =
                host.function(
                        "java17",
                        "Function.java",
                        """
                        package app;
                        import com.amazonaws.services.lambda.runtime.*;
                        import com.amazonaws.services.lambda.runtime.events.SQSEvent;
                        public class Function implements RequestHandler<SQSEvent, String> {
                            public String handleRequest(SQSEvent e, Context c) {
                                c.getLogger().log("logged\\n");
                                System.out.println("printed");
                                return e.getRecords().get(0).getEventSourceArn()
                                    + getClass().getResource("/lib").getPath();
                            }
                        }
                        """);
        Path lib = Files.createDirectories(spec.code().resolve("lib"));
        Files.copy(jar(SQSEvent.class), lib.resolve("events.jar"));
        Files.copy(jar(DateTime.class), lib.resolve("joda.jar"));
        compile(spec.code().resolve("Function.java"), spec.code());
        InvocationResult result =
                host.invoke(
                        Host.withHandler(spec, "app.Function"),
                        "{\"Records\":[{\"eventSourceARN\":\"arn:q\",\"body\":\"b\"}]}");

        assertThat(Host.text(result)).isEqualTo("\"arn:q/var/task/lib\"");
        assertThat(result.logTail()).contains("logged\nprinted\n");
    }

    private static Path jar(Class<?> type) throws URISyntaxException {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    }

    @Test
    void itsOwnOptionsReachTheJvm() throws Exception {
        FunctionSpec spec =
                java(
                        "Function::property",
                        "public class Function { public String property() {"
                                + " return System.getProperty(\"own\"); } }");

        assertThat(
                        Host.text(
                                host.invoke(
                                        Host.withVariables(
                                                spec, Map.of("JAVA_TOOL_OPTIONS", "-Down=yes")),
                                        "{}")))
                .isEqualTo("\"yes\"");
    }

    @Test
    void everyJdkOfThisHostRunsIt() throws Exception {
        FunctionSpec spec =
                java(
                        "Function::version",
                        "public class Function { public int version() {"
                                + " return Runtime.version().feature(); } }");
        for (Interpreter each : host.runtimes.all()) {
            if (each.language() == Interpreter.Language.JAVA) {
                assertThat(Host.text(host.invoke(Host.withRuntime(spec, each), "{}")))
                        .isEqualTo(each.major());
            }
        }
        assertThat(host.runtimes.choose("java8.al2")).isNotNull();
        assertThat(host.runtimes.choose("java25")).isNotNull();
    }

    @Test
    void theHooksOfSnapStartAreCalledInTheirOrder() throws Exception {
        FunctionSpec spec =
                hooked(
                        """
                        public void afterRestore(Context<? extends Resource> c) {
                            seen.add("after " + name);
                        }
                        """);

        assertThat(host.engine.initialize(spec, Map::of)).isNull();
        String seen = "[\"before b\",\"before a\",\"after a\",\"after b\"]";
        assertThat(Host.text(host.invoke(spec, "{}"))).isEqualTo(seen);
        assertThat(Host.text(host.invoke(spec, "{}"))).isEqualTo(seen);
    }

    @Test
    void aHookOfSnapStartThatFailsIsTheCallersError() throws Exception {
        FunctionSpec spec =
                hooked(
                        """
                        public void afterRestore(Context<? extends Resource> c) {
                            throw new IllegalStateException("not today");
                        }
                        """);

        assertThat(host.engine.initialize(spec, Map::of)).isNull();
        assertThatThrownBy(() -> host.invoke(spec, "{}"))
                .isInstanceOf(Engine.RestoreException.class)
                .hasMessageContaining("dev.freehold.bootstrap.crac.RestoreException");
        assertThat(host.log()).contains("not today");
    }

    /// A function with SnapStart that has registered two of its objects with `org.crac`.
    private static FunctionSpec hooked(String afterRestore) throws Exception {
        FunctionSpec spec =
                host.function(
                        "java17",
                        "Function.java",
                        """
                        import java.util.*;
                        import org.crac.*;
                        public class Function {
                            private static final List<String> seen = new ArrayList<>();
                            private final Hook a = new Hook("a");
                            private final Hook b = new Hook("b");
                            public static class Hook implements Resource {
                                private final String name;
                                Hook(String name) {
                                    this.name = name;
                                    Core.getGlobalContext().register(this);
                                }
                                public void beforeCheckpoint(Context<? extends Resource> c) {
                                    seen.add("before " + name);
                                }
                        """
                                + afterRestore
                                + """
                                    }
                                    public List<String> seen() { return seen; }
                                }
                                """);
        Path lib = Files.createDirectories(spec.code().resolve("lib"));
        Files.copy(jar(org.crac.Core.class), lib.resolve("org-crac.jar"));
        compile(spec.code().resolve("Function.java"), spec.code());
        FunctionSpec named = Host.withHandler(Host.withMemory(spec, 512), "Function::seen");
        Map<String, String> variables = Map.of("AWS_LAMBDA_INITIALIZATION_TYPE", "snap-start");
        return Host.withSnapStart(Host.withVariables(named, variables));
    }

    @Test
    void anAnswerThatIsTooLargeIsRefused() throws Exception {
        String code =
                """
                public class Function {
                    public String large() { return "x".repeat(7_000_000); }
                }
                """;

        assertThat(call("Function::large", code, "{}")).isEqualTo(Host.TOO_LARGE);
    }
}
