package dev.freehold.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// The kinds of handlers that Node.js functions have, and AWS's errors.
final class NodeTest {
    private static Host host;

    @BeforeAll
    static void start() throws IOException {
        host = new Host();
    }

    @AfterAll
    static void stop() {
        host.close();
    }

    private static String call(String code) throws Exception {
        return Host.text(host.invoke(host.node(code), "{}"));
    }

    private static String module(String code) throws Exception {
        FunctionSpec spec = host.function("nodejs20.x", "index.mjs", code);
        return Host.text(host.invoke(spec, "{}"));
    }

    @Test
    void aCallbackWaitsForTheEventLoopUnlessToldOtherwise() throws Exception {
        String waiting =
                """
                let late = false;
                exports.handler = (e, c, callback) => {
                  setTimeout(() => { late = true; }, 300);
                  const answer = { toJSON: () => late };
                  %s
                  callback(null, answer);
                };
                """;

        assertThat(call(waiting.formatted(""))).isEqualTo("true");
        assertThat(call(waiting.formatted("c.callbackWaitsForEmptyEventLoop = false;")))
                .isEqualTo("false");
        assertThat(call("exports.handler = (e, c, callback) => callback('told');"))
                .isEqualTo("{\"errorType\":\"string\",\"errorMessage\":\"told\",\"trace\":[]}");
        assertThat(call("exports.handler = (e, c) => c.succeed(7);")).isEqualTo("7");
    }

    @Test
    void whoNeverAnswersHasAnsweredNullOrFailed() throws Exception {
        assertThat(call("exports.handler = (e, c, callback) => {};")).isEqualTo("null");
        assertThat(call("exports.handler = (e) => 5;")).isEqualTo("null");
        String never = "exports.handler = async () => new Promise(() => {});";
        assertThat(call(never)).isEqualTo("null");
        assertThat(Host.text(host.invoke(since24(never), "{}")))
                .contains("Runtime.NodeJsExit", "a Promise that was never settled");
    }

    @Test
    void laterVersionsKnowNoCallbacks() throws Exception {
        FunctionSpec spec = since24("exports.handler = (e, c, callback) => callback(null, 1);");

        assertThat(Host.text(host.invoke(spec, "{}")))
                .contains(
                        "Runtime.CallbackHandlerDeprecated",
                        "AWS Lambda has removed support for callback-based function handlers");
    }

    private static FunctionSpec since24(String code) throws IOException {
        return Host.withVariables(
                host.node(code), Map.of("AWS_EXECUTION_ENV", "AWS_Lambda_nodejs24.x"));
    }

    @Test
    void modulesOfBothKindsAreLoaded() throws Exception {
        assertThat(module("const x = await 3; export const handler = async () => x;"))
                .isEqualTo("3");
        FunctionSpec spec =
                host.node("export async function handler() { return import.meta.url; }");
        Files.writeString(spec.code().resolve("package.json"), "{\"type\":\"module\"}");
        assertThat(Host.text(host.invoke(spec, "{}"))).isEqualTo("\"file:///var/task/index.js\"");
    }

    private static InvocationResult stream(FunctionSpec spec, List<String> parts)
            throws Engine.FullException {
        ResponseSink sink =
                new ResponseSink() {
                    @Override
                    public void begin(String contentType) {
                        parts.add("<" + contentType + ">");
                    }

                    @Override
                    public void write(byte[] chunk) {
                        parts.add(new String(chunk, StandardCharsets.UTF_8));
                    }
                };
        return host.engine.invoke(spec, host.invocation("{}"), Map::of, sink);
    }

    @Test
    void aStreamingHandlerWritesAsItGoes() throws Exception {
        List<String> parts = new ArrayList<>();
        FunctionSpec spec =
                host.node(
                        """
                        exports.handler = awslambda.streamifyResponse(async (e, out, c) => {
                          out = awslambda.HttpResponseStream.from(out, { statusCode: 201 });
                          out.write('a');
                          await new Promise((r) => setTimeout(r, 50));
                          out.write(Buffer.from('b'));
                          out.end();
                        }, { highWaterMark: 1024 });
                        """);

        assertThat(stream(spec, parts).failed()).isFalse();
        assertThat(parts)
                .containsExactly(
                        "<application/vnd.awslambda.http-integration-response>",
                        "{\"statusCode\":201}",
                        "\0".repeat(8),
                        "a",
                        "b");
    }

    @Test
    void aStreamThatFailsSaysSoAfterWhatItWrote() throws Exception {
        List<String> parts = new ArrayList<>();
        InvocationResult result =
                stream(
                        host.node(
                                """
                                exports.handler = awslambda.streamifyResponse(async (e, out) => {
                                  out.setContentType('text/plain');
                                  out.write('half');
                                  throw new TypeError('broke');
                                });
                                """),
                        parts);

        assertThat(String.join("", parts)).isEqualTo("<text/plain>half");
        assertThat(result.failed()).isTrue();
        assertThat(Host.text(result)).contains("\"errorType\":\"TypeError\"", "broke");
        assertThat(
                        Host.text(
                                stream(
                                        host.node(
                                                "exports.handler = awslambda.streamifyResponse("
                                                        + "async (e, out) => { out.write('a');"
                                                        + " out.setContentType('b'); });"),
                                        new ArrayList<>())))
                .contains("Cannot set content-type, too late.");
    }

    @Test
    void whatAnAsyncIteratorYieldsIsStreamed() throws Exception {
        List<String> parts = new ArrayList<>();
        FunctionSpec spec =
                host.node("exports.handler = async function* () { yield 'a'; yield 'b'; };");

        assertThat(stream(spec, parts).failed()).isFalse();
        assertThat(String.join("", parts)).isEqualTo("<application/octet-stream>ab");
    }

    @Test
    void whatCantBeLoadedHasAwsErrors() throws Exception {
        assertThat(call("exports.handler = async () => {")).contains("Runtime.UserCodeSyntaxError");
        assertThat(module("export const handler = async ("))
                .contains("Runtime.UserCodeSyntaxError");
        assertThat(call("require('nothing');"))
                .contains("Runtime.ImportModuleError", "Error: Cannot find module 'nothing'");
        assertThat(module("import 'nothing';"))
                .contains(
                        "\"errorType\":\"Error\"",
                        "Cannot find package 'nothing' imported from /var/task/index.mjs");
        assertThat(call("exports.other = 1;"))
                .contains("Runtime.HandlerNotFound", "index.handler is undefined or not exported");
        assertThat(call("exports.handler = 1;"))
                .contains("Runtime.HandlerNotFound", "index.handler is not a function");
        assertThat(named("missing.handler"))
                .contains(
                        "Runtime.ImportModuleError",
                        "Error: Cannot find module 'missing'\\nRequire stack:\\n-"
                                + " /var/runtime/index.mjs");
        assertThat(named("index")).contains("Runtime.MalformedHandlerName", "Bad handler");
        assertThat(named("../index.handler"))
                .contains(
                        "Runtime.MalformedHandlerName",
                        "'../index.handler' is not a valid handler name.");
    }

    private static String named(String handler) throws Exception {
        return Host.text(host.invoke(Host.withHandler(host.node(""), handler), "{}"));
    }

    @Test
    void whatNobodyCatchesEndsTheEnvironment() throws Exception {
        FunctionSpec rejected =
                host.node(
                        "exports.handler = async () => { Promise.reject(new Error('lost'));"
                                + " await new Promise((r) => setTimeout(r, 2000)); };");
        InvocationResult result = host.invoke(rejected, "{}");

        assertThat(Host.text(result))
                .contains(
                        "\"errorType\":\"Runtime.UnhandledPromiseRejection\"",
                        "\"errorMessage\":\"Error: lost\"");
        assertThat(result.logTail()).contains("ERROR\tUnhandled Promise Rejection \t{");
        assertThat(
                        call(
                                "exports.handler = async () => { setTimeout(() => { throw new"
                                        + " RangeError('late'); }); await new Promise((r) =>"
                                        + " setTimeout(r, 2000)); };"))
                .contains("\"errorType\":\"RangeError\"", "\"errorMessage\":\"late\"");
    }
}
