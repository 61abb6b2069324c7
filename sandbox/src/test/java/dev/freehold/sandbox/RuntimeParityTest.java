package dev.freehold.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// The same function answers the same by Freehold's own bootstrap and by AWS's Runtime Interface
/// Client of its language, which runs unmodified as a custom runtime: results byte by byte, and
/// errors by their type and text.
final class RuntimeParityTest {
    private static final String EVENT = "{\"a\":1,\"text\":\"Zo\u00eb\"}";

    private static Host host;

    @BeforeAll
    static void start() throws IOException {
        host = new Host();
    }

    @AfterAll
    static void stop() {
        host.close();
    }

    /// A function, and what it is called with.
    private record Case(Map<String, String> files, String handler, String event) {}

    private static final class Cases {
        private final String file;
        private final Map<String, Case> all = new LinkedHashMap<>();

        Cases(String file) {
            this.file = file;
        }

        Cases code(String name, String code) {
            return add(name, Map.of(file, code), "index.handler");
        }

        Cases add(String name, Map<String, String> files, String handler) {
            all.put(name, new Case(files, handler, EVENT));
            return this;
        }
    }

    private static FunctionSpec function(String runtime, Case of, Map<String, String> variables)
            throws IOException {
        FunctionSpec spec = host.function(runtime, "unused.txt", "");
        for (Map.Entry<String, String> file : of.files.entrySet()) {
            Path path = spec.code().resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.writeString(path, file.getValue());
        }
        return Host.withHandler(Host.withVariables(spec, variables), of.handler);
    }

    private static void compare(Cases cases, String runtime, Path client, String execution)
            throws Exception {
        SoftAssertions softly = new SoftAssertions();
        Map<String, String> variables =
                Map.of("AWS_EXECUTION_ENV", execution, "AWS_LAMBDA_FUNCTION_NAME", "f");
        for (Map.Entry<String, Case> each : cases.all.entrySet()) {
            FunctionSpec own = function(runtime, each.getValue(), variables);
            FunctionSpec custom = function("provided.al2023", each.getValue(), variables);
            String expected = answer(Host.withLayers(custom, client), each.getValue().event);
            softly.assertThat(answer(own, each.getValue().event))
                    .as(each.getKey())
                    .isEqualTo(expected);
        }
        softly.assertAll();
    }

    /// The second answer too: an environment that failed may or may not be used again.
    private static String answer(FunctionSpec spec, String event) throws Exception {
        InvocationResult first = host.engine.invoke(spec, invocation(event), Map::of);
        return brief(first) + " | " + brief(host.engine.invoke(spec, invocation(event), Map::of));
    }

    private static Invocation invocation(String event) {
        return new Invocation(
                "8f6c1c9e-0000-0000-0000-000000000001",
                event.getBytes(StandardCharsets.UTF_8),
                "arn:aws:lambda:us-east-1:000000000000:function:f:live",
                "{\"client\":{\"installation_id\":\"i\",\"app_title\":\"t\"},"
                        + "\"custom\":{\"k\":\"v\"},\"env\":{\"locale\":\"tr\"}}",
                "Root=1-00000000-000000000000000000000001");
    }

    private static String brief(InvocationResult result) {
        // A custom runtime in Node.js names files by where the link of its folder leads.
        String text = Host.text(result).replaceAll("/run/freehold/code/f\\d+", "/var/task");
        text = text.replaceAll("/(run|opt)/[^\"]*/aws-lambda-ric/(dist/)?", "/var/runtime/");
        return result.failed()
                ? "error " + member("errorType", text) + " " + member("errorMessage", text)
                : text;
    }

    private static String member(String name, String json) {
        String pattern = "\"" + name + "\":\\s*\"((?:[^\"\\\\]|\\\\.)*)\"";
        Matcher matcher = Pattern.compile(pattern).matcher(json);
        return matcher.find() ? matcher.group(1) : "none";
    }

    @Test
    void python() throws Exception {
        Cases cases = new Cases("index.py");
        results(cases);
        cases.code("raised", "def handler(e, c): raise ValueError('no')")
                .code("own error", "class Own(Exception): pass\ndef handler(e, c): raise Own()")
                .code("exit", "import sys\ndef handler(e, c): sys.exit(3)")
                .code("hard exit", "import os\ndef handler(e, c): os._exit(4)")
                .code("exit while loading", "import os\nos._exit(5)")
                .code("raised while loading", "raise RuntimeError('at once')")
                .code("division while loading", "1 / 0")
                .code("syntax", "def handler(e, c:\n  pass")
                .code("indentation", "def handler(e, c):\nreturn 1")
                .code("missing module", "import nothing_like_this\ndef handler(e, c): pass")
                .code("missing handler", "def other(e, c): pass")
                .add("missing file", Map.of("other.py", ""), "index.handler")
                .add("missing file in folder", Map.of("other.py", ""), "a/b.handler")
                .add("no dot", Map.of("index.py", ""), "index")
                .add("built-in", Map.of("time.py", "def handler(e, c): return 1"), "time.handler")
                .add(
                        "in folders",
                        Map.of("a/b/c.py", "def handler(e, c): return __name__"),
                        "a/b/c.handler")
                .add(
                        "in a package",
                        Map.of(
                                "a/__init__.py",
                                "",
                                "a/b.py",
                                "from . import x\ndef handler(e, c): return x.y",
                                "a/x.py",
                                "y = __package__"),
                        "a.b.handler");
        compare(cases, "python3.11", OfficialClients.python(host), "AWS_Lambda_python3.13");

        Cases escaped = new Cases("index.py").code("escaped", "def handler(e, c): return e");
        compare(escaped, "python3.11", OfficialClients.python(host), "AWS_Lambda_python3.11");
    }

    private static void results(Cases cases) {
        cases.code("event", "def handler(e, c): return e")
                .code("none", "def handler(e, c): pass")
                .code("text", "def handler(e, c): return 'a\\u2713\\n'")
                .code("tuple", "def handler(e, c): return (1, [2.5, True])")
                .code("bytes", "def handler(e, c): return b'raw'")
                .code("bytes inside", "def handler(e, c): return {'a': b'raw'}")
                .code("not a number", "def handler(e, c): return float('nan')")
                .code("set", "def handler(e, c): return {1, 2}")
                .code("circle", "def handler(e, c):\n  x = []\n  x.append(x)\n  return x")
                .code(
                        "date",
                        "import datetime\ndef handler(e, c): return datetime.date(2026, 1, 2)")
                .code(
                        "decimals",
                        "from decimal import Decimal\ndef handler(e, c): return"
                                + " {'a': Decimal('1.10'), 'b': [Decimal('-3'), Decimal('1E+3')]}")
                .code(
                        "named tuples",
                        "from collections import namedtuple\nP = namedtuple('P', 'x y')\n"
                                + "def handler(e, c): return [P(1, P(2, 3))]")
                .code(
                        "context",
                        """
                        def handler(e, c):
                            x = c.client_context
                            return [c.aws_request_id, c.invoked_function_arn, c.function_version,
                                    c.memory_limit_in_mb, c.log_group_name, c.tenant_id,
                                    0 < c.get_remaining_time_in_millis() <= 5000,
                                    x.custom, x.env, x.client.app_title,
                                    x.client.app_package_name, c.identity.cognito_identity_id]
                        """);
    }

    @Test
    void node() throws Exception {
        Cases cases = new Cases("index.js");
        handlers(cases);
        failures(cases);
        modules(cases);
        streams(cases);
        compare(cases, "nodejs20.x", OfficialClients.node(host), "AWS_Lambda_nodejs20.x");
    }

    @Test
    void nodeSince24() throws Exception {
        try {
            host.runtimes.install("nodejs24.x");
        } catch (IOException e) {
            assumeTrue(false, e.getMessage());
        }
        Path node = host.data.resolve("runtimes/node-24/bin/node");
        Cases cases = new Cases("index.js");
        failures(cases);
        modules(cases);
        streams(cases);
        cases.code("event", "exports.handler = async (e) => e;")
                .code("nothing", "exports.handler = async () => {};")
                .code("returned", "exports.handler = () => 5;")
                .code("callback", "exports.handler = (e, c, back) => back(null, e);")
                .code(
                        "context",
                        "exports.handler = async (e, c) => [c.awsRequestId, c.invokedFunctionArn,"
                                + " c.functionVersion, c.clientContext, c.xRayTraceId];");
        compare(cases, "nodejs24.x", OfficialClients.node24(host, node), "AWS_Lambda_nodejs24.x");
    }

    private static void streams(Cases cases) {
        stream(cases, "streamed", "out.write('a'); out.write({ b: 1 }); out.end();");
        stream(cases, "streamed later", "out.write('a'); setTimeout(() => out.end('b'), 50);");
        stream(cases, "streamed bytes", "out.write(Uint8Array.of(97)); out.end();");
        stream(
                cases,
                "stream with a prelude",
                "out = awslambda.HttpResponseStream.from(out, { statusCode: 201 });"
                        + " out.write('a'); out.end();");
        stream(
                cases,
                "piped",
                "await require('stream/promises').pipeline("
                        + "require('stream').Readable.from(['a', 'b']), out);");
        stream(cases, "stream that returns", "out.write('a'); out.end(); return 5;");
        stream(cases, "stream that fails", "out.write('a'); throw new TypeError('no');");
        stream(cases, "stream that fails at once", "throw new TypeError('no');");
        stream(cases, "stream that changes its type", "out.write('a'); out.setContentType('b/c');");
        stream(cases, "own stream error", "throw Object.assign(new Error('a'), { name: 'Own' });");
        stream(cases, "stream that fails after its end", "out.end('a'); throw new Error('no');");
        cases.code(
                "stream of no promise",
                "exports.handler = awslambda.streamifyResponse((e, out) => { out.end('a'); });");
    }

    private static void stream(Cases cases, String name, String body) {
        cases.code(
                name,
                "exports.handler = awslambda.streamifyResponse(async (e, out) => {" + body + "});");
    }

    private static void failures(Cases cases) {
        cases.code("thrown", "exports.handler = async () => { throw new TypeError('no'); };")
                .code("thrown at once", "exports.handler = () => { throw new RangeError('no'); };")
                .code("thrown text", "exports.handler = async () => { throw 'told'; };")
                .code("thrown nothing at once", "exports.handler = () => { throw undefined; };")
                .code("thrown null", "exports.handler = async () => { throw null; };")
                .code("thrown nothing", "exports.handler = async () => { throw undefined; };")
                .code("thrown object", "exports.handler = async () => { throw { a: 1 }; };")
                .code(
                        "thrown likeness",
                        "exports.handler = async () => { throw { name: 'N', message: 'm', stack:"
                                + " 's' }; };")
                .code(
                        "circle",
                        "exports.handler = async () => { const x = {}; x.x = x; return x; };")
                .code("big", "exports.handler = async () => 1n;")
                .code("exit", "exports.handler = async () => { process.exit(3); };")
                .code("exit while loading", "process.exit(4);")
                .code("thrown while loading", "throw new Error('at once');")
                .code("syntax", "exports.handler = async () => {")
                .code("missing module", "require('nothing-like-this');")
                .code("missing handler", "exports.other = 1;")
                .code("no function", "exports.handler = { a: 1 };")
                .code(
                        "rejected aside",
                        "exports.handler = async () => { Promise.reject(new Error('lost')); await"
                                + " new Promise((r) => setTimeout(r, 1000)); };")
                .code(
                        "thrown aside",
                        "exports.handler = async () => { setTimeout(() => {"
                                + " throw new Error('lost');"
                                + " }); await new Promise((r) => setTimeout(r, 1000)); };")
                .add("missing file", Map.of("other.js", ""), "index.handler")
                .add("no dot", Map.of("index.js", ""), "index")
                .add("out of it", Map.of("index.js", ""), "../index.handler");
    }

    private static void handlers(Cases cases) {
        cases.code("event", "exports.handler = async (e) => e;")
                .code("nothing", "exports.handler = async () => {};")
                .code("null", "exports.handler = async () => null;")
                .code("text", "exports.handler = async () => 'a\\u2713\\u2028\\n';")
                .code("date", "exports.handler = async () => new Date(0);")
                .code("callback", "exports.handler = (e, c, back) => back(null, e);")
                .code("callback's error", "exports.handler = (e, c, back) => back(new Error('e'));")
                .code("callback's text", "exports.handler = (e, c, back) => back('told');")
                .code("no answer", "exports.handler = (e, c) => { setTimeout(() => {}, 20); };")
                .code("never", "exports.handler = async () => new Promise(() => {});")
                .code("returned", "exports.handler = () => 5;")
                .code("succeed", "exports.handler = (e, c) => c.succeed(7);")
                .code("fail", "exports.handler = (e, c) => c.fail();")
                .code("done", "exports.handler = (e, c) => c.done('d');")
                .code("thenable", "exports.handler = () => ({ then: (r) => r(9) });")
                .code(
                        "waits",
                        "let late = 1; exports.handler = (e, c, back) => { setTimeout(() => { late"
                                + " = 2; }, 100); back(null, { toJSON: () => late }); };")
                .code(
                        "does not wait",
                        "let late = 1; exports.handler = (e, c, back) => {"
                                + " c.callbackWaitsForEmptyEventLoop = false; setTimeout(() => {"
                                + " late = 2; }, 1000); back(null, { toJSON: () => late }); };")
                .code(
                        "context",
                        "exports.handler = async (e, c) => [c.awsRequestId, c.invokedFunctionArn,"
                                + " c.functionVersion, c.memoryLimitInMB, c.logGroupName,"
                                + " c.clientContext, c.identity, c.callbackWaitsForEmptyEventLoop,"
                                + " c.getRemainingTimeInMillis() > 0];");
    }

    private static void modules(Cases cases) {
        String esm = "export const handler = async () => import.meta.url;";
        cases.add("module", Map.of("index.mjs", esm), "index.handler")
                .add("top level", Map.of("index.mjs", "const x = await 3;" + esm), "index.handler")
                .add(
                        "rejected at the top",
                        Map.of("index.mjs", "await Promise.reject(new Error('no'));" + esm),
                        "index.handler")
                .add(
                        "module by manifest",
                        Map.of("index.js", esm, "package.json", "{\"type\":\"module\"}"),
                        "index.handler")
                .add(
                        "common",
                        Map.of(
                                "index.cjs",
                                "exports.handler = async () => __filename;",
                                "package.json",
                                "{\"type\":\"module\"}"),
                        "index.handler")
                .add(
                        "without extension",
                        Map.of("index", "exports.handler = async () => __filename;"),
                        "index.handler")
                .add(
                        "in folders",
                        Map.of("a/b/index.js", "exports.handler = async () => __dirname;"),
                        "a/b/index.handler")
                .add(
                        "nested",
                        Map.of("index.js", "exports.a = { b: { c: async () => 1 } };"),
                        "index.a.b.c")
                .add(
                        "default",
                        Map.of("index.mjs", "export default { handler: async () => 1 };"),
                        "index.handler")
                .add("module's syntax", Map.of("index.mjs", "export const ("), "index.handler")
                .add("module's import", Map.of("index.mjs", "import 'nothing';"), "index.handler")
                .add(
                        "in a module",
                        Map.of("node_modules/m/index.js", "exports.handler = async () => 'm';"),
                        "m.handler");
    }

    /// What each is called, its handler, and its class.
    private static final String[][] JAVA = {
        {
            "handler interface",
            "Function",
            "implements RequestHandler<Map<String, Object>, Object>"
                    + " { public Object handleRequest(Map<String, Object> e, Context c)"
                    + " { return e; } }"
        },
        {
            "void",
            "Function",
            "implements RequestHandler<Map<String, Object>, Void>"
                    + " { public Void handleRequest(Map<String, Object> e, Context c)"
                    + " { return null; } }"
        },
        {
            "stream",
            "Function",
            "implements RequestStreamHandler { public void handleRequest("
                    + "InputStream i, OutputStream o, Context c) throws IOException"
                    + " { i.transferTo(o); } }"
        },
        {
            "raw",
            "Function",
            "implements RequestHandler"
                    + " { public Object handleRequest(Object e, Context c) { return e; } }"
        },
        {"none", "Function", "{}"},
        {"method", "Function::m", "{ public int m(Map<String, Object> e) { return e.size(); } }"},
        {
            "static",
            "Function::m",
            "{ public static String m(Map<String, Object> e, Context c)"
                    + " { return c.getAwsRequestId() + c.getFunctionVersion(); } }"
        },
        {
            "out",
            "Function::m",
            "{ public void m(OutputStream o) throws IOException" + " { o.write('7'); } }"
        },
        {
            "in",
            "Function::m",
            "{ public int m(InputStream i) throws IOException" + " { return i.read(); } }"
        },
        {
            "context",
            "Function::m",
            "{ public Object m(Context c) { return Arrays.asList("
                    + "c.getClientContext().getCustom(), c.getClientContext().getEnvironment(),"
                    + " c.getClientContext().getClient().getAppTitle(), c.getIdentity(),"
                    + " c.getMemoryLimitInMB(), c.getTenantId(),"
                    + " c.getRemainingTimeInMillis() > 0); } }"
        },
        {"nothing", "Function::m", "{ public void m() {} }"},
        {
            "overloads",
            "Function::m",
            "{ public String m(Map<String, Object> e) { return \"1\"; }"
                    + " public String m(Map<String, Object> e, Context c) { return \"2\"; }"
                    + " public String m(Object a, Object b, Object d) { return \"3\"; } }"
        },
        {
            "bean",
            "Function::m",
            "{ public static class B { public int getA() { return a; }"
                    + " public void setA(int v) { a = v; } int a; }"
                    + " public B m(B b) { return b; } }"
        },
        {"unreadable", "Function::m", "{ public int m(Integer i) { return i; } }"},
        {
            "unwritable",
            "Function::m",
            "{ public Object m() { return new Object() {"
                    + " public int getX() { throw new IllegalStateException(\"x\"); } }; } }"
        },
        {
            "thrown",
            "Function::m",
            "{ public void m() { throw new IllegalStateException(\"no\"); } }"
        },
        {
            "thrown silently",
            "Function::m",
            "{ public void m() { throw new IllegalStateException(); } }"
        },
        {"exit", "Function::m", "{ public void m() { System.exit(3); } }"},
        {
            "constructor",
            "Function::m",
            "{ public Function() { throw new RuntimeException(\"c\"); }" + " public void m() {} }"
        },
        {
            "static init",
            "Function::m",
            "{ static { if (true) throw new RuntimeException(\"s\"); }" + " public void m() {} }"
        },
        {"private constructor", "Function::m", "{ private Function() {} public void m() {} }"},
        {"inner", "Function$I::m", "{ public class I { public void m() {} } }"},
        {"no method", "Function::n", "{ public void m() {} }"},
        {"no class", "example.Other::m", "{ public void m() {} }"},
        {"no name", "::m", "{ public void m() {} }"},
        {"no method's name", "Function::", "{ public void m() {} }"},
        {"stack", "Function::m", "{ public int m() { return m() + 1; } }"},
    };

    @Test
    void java() throws Exception {
        Cases cases = new Cases("Function.java");
        Path library = host.layout.bootstraps().resolve("java/aws-lambda-java-core.jar");
        for (String[] each : JAVA) {
            cases.add(each[0], compiled(library, each[2]), each[1]);
        }
        compareJava(cases);
    }

    private static Map<String, String> compiled(Path library, String body) {
        String source =
                "import com.amazonaws.services.lambda.runtime.*; import java.io.*;"
                        + " import java.util.*; public class Function "
                        + body;
        return Map.of("Function.java", source, "library", library.toString());
    }

    private static void compareJava(Cases cases) throws Exception {
        Path client = OfficialClients.java(host);
        SoftAssertions softly = new SoftAssertions();
        String runtime = "java" + OfficialClients.inUsr(host, Interpreter.Language.JAVA).major();
        for (Map.Entry<String, Case> each : cases.all.entrySet()) {
            FunctionSpec own = function(runtime, each.getValue(), Map.of());
            FunctionSpec custom = function("provided.al2023", each.getValue(), Map.of());
            compile(own, each.getValue());
            compile(custom, each.getValue());
            String expected = answer(roomy(Host.withLayers(custom, client)), EVENT);
            softly.assertThat(answer(roomy(own), EVENT)).as(each.getKey()).isEqualTo(expected);
        }
        softly.assertAll();
    }

    private static FunctionSpec roomy(FunctionSpec spec) {
        return Host.withMemory(spec, 512);
    }

    private static void compile(FunctionSpec spec, Case of) throws IOException {
        String code = spec.code().toString();
        int status =
                ToolProvider.getSystemJavaCompiler()
                        .run(
                                null,
                                null,
                                null,
                                "--release",
                                "17",
                                "-proc:none",
                                "-nowarn",
                                "-cp",
                                of.files.get("library"),
                                "-d",
                                code,
                                code + "/Function.java");
        assertThat(status).isZero();
    }
}
