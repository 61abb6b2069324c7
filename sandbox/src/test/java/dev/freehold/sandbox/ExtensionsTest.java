package dev.freehold.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freehold.sandbox.InvocationResult.Timings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// External and internal extensions: when they run, what they are told, and how they fail.
final class ExtensionsTest {
    private static final String ECHO = "def handler(e, c): return e";

    private Host host;

    @BeforeEach
    void start() throws IOException {
        host = new Host();
    }

    @AfterEach
    void stop() {
        host.close();
    }

    private FunctionSpec with(FunctionSpec spec, String... namesAndPrograms) throws IOException {
        Map<String, String> programs = new HashMap<>();
        for (int i = 0; i < namesAndPrograms.length; i += 2) {
            programs.put(namesAndPrograms[i], namesAndPrograms[i + 1]);
        }
        return Host.withLayers(spec, Layer.of(host, programs));
    }

    @Test
    void anExternalExtensionIsToldOfInvocationsAndOfTheEnd() throws Exception {
        FunctionSpec spec =
                Host.named(
                        with(
                                host.python(
                                        "import os\n"
                                                + "print('loading', os.path.exists('/tmp/there'))\n"
                                                + ECHO),
                                "tells.py",
                                "time.sleep(0.2)\nopen('/tmp/there', 'w')\n" + Layer.TELLS));
        InvocationResult first = host.invoke(spec, "1");
        InvocationResult second = host.invoke(spec, "2");
        host.engine.retire(spec.key());

        assertThat(Host.text(first)).isEqualTo("1");
        assertThat(Host.text(second)).isEqualTo("2");
        Eventually.holds(() -> assertThat(host.log()).contains("\"shutdownReason\""));
        assertThat(host.log()).contains("loading True\n");
        assertThat(host.log())
                .containsSubsequence(
                        "INIT_START",
                        "EXTENSION\tName: tells.py\tState: Ready\tEvents: [INVOKE, SHUTDOWN]\n",
                        "START RequestId: ",
                        "END",
                        "START",
                        "END")
                .containsSubsequence(
                        "tells.py registered 200 {\"accountId\":\"000000000000\","
                                + "\"functionName\":\"named\",\"functionVersion\":\"$LATEST\","
                                + "\"handler\":\"index.handler\"}",
                        "tells.py event 200 {\"eventType\": \"INVOKE\", \"deadlineMs\": ",
                        "\"requestId\": \"r-",
                        "\"invokedFunctionArn\": \"arn:aws:lambda:us-east-1:000000000000:function",
                        "tells.py event 200 {\"eventType\": \"INVOKE\"",
                        "tells.py event 200 {\"eventType\": \"SHUTDOWN\", \"deadlineMs\": ",
                        "\"shutdownReason\": \"spindown\"}");
    }

    @Test
    void theAnswerDoesNotWaitForExtensionsButTheEnvironmentDoes() throws Exception {
        FunctionSpec spec =
                with(
                        host.python(ECHO),
                        "slow.py",
                        """
                        me = register(['INVOKE'])
                        while True:
                            next(me)
                            time.sleep(0.7)
                        """);
        Queue<Timings> ended = new ConcurrentLinkedQueue<>();
        InvocationResult result =
                host.engine.answer(spec, host.invocation("7"), Map::of, ended::add);

        assertThat(Host.text(result)).isEqualTo("7");
        assertThat(result.timings().duration()).isLessThan(Duration.ofMillis(600));
        assertThat(ended).isEmpty();
        Eventually.holds(() -> assertThat(ended).hasSize(1));
        assertThat(ended.peek().duration())
                .isBetween(Duration.ofMillis(700), Duration.ofMillis(1500));
        assertThat(host.invoke(spec, "8").timings().cold()).isFalse();
    }

    @Test
    void whoDoesNotAskForInvocationsDoesNotDelayThem() throws Exception {
        FunctionSpec spec =
                with(
                        host.node("exports.handler = async (e) => e"),
                        "quiet.py",
                        "next(register([]))");
        InvocationResult first = host.invoke(spec, "1");

        assertThat(Host.text(first)).isEqualTo("1");
        assertThat(Host.text(host.invoke(spec, "2"))).isEqualTo("2");
        assertThat(first.logTail())
                .contains("EXTENSION\tName: quiet.py\tState: Ready\tEvents: []\n");
    }

    @Test
    void anExtensionHasTheFunctionsVariablesButNotTheRuntimes() throws Exception {
        FunctionSpec spec =
                with(host.python(ECHO), "env.py", "say(sorted(os.environ))\nnext(register([]))");
        host.invoke(Host.withVariables(spec, Map.of("MINE", "x")), "1");

        String line = host.log().lines().filter(l -> l.startsWith("env.py [")).findFirst().get();
        assertThat(line)
                .contains("'MINE'", "'PATH'", "'AWS_LAMBDA_RUNTIME_API'", "'TZ'")
                .contains("'AWS_LAMBDA_FUNCTION_MEMORY_SIZE'", "'AWS_LAMBDA_FUNCTION_VERSION'")
                .doesNotContain("_HANDLER", "LAMBDA_TASK_ROOT", "LAMBDA_RUNTIME_DIR")
                .doesNotContain("LOG_GROUP", "LOG_STREAM");
    }

    private void fails(String program, String type, String message) throws Exception {
        String slow = "import time\ndef handler(e, c): time.sleep(3)";
        InvocationResult result = host.invoke(with(host.python(slow), "bad.py", program), "1");

        assertThat(result.failed()).isTrue();
        assertThat(Host.text(result))
                .matches(
                        "\\{\"errorType\":\""
                                + type
                                + "\",\"errorMessage\":\"RequestId: r-\\d+ Error: "
                                + message
                                + "\"}");
        assertThat(result.logTail()).contains("Status: error\tError Type: " + type);
    }

    @Test
    void whatEndsInItsInitialisationHasCrashed() throws Exception {
        fails("sys.exit(3)", "Extension.Crash", "exit status 3");
        fails("sys.exit(0)", "Extension.Crash", "exit code 0");
        fails("register([])\nos.kill(os.getpid(), 9)", "Extension.Crash", "signal: killed");
    }

    @Test
    void anExtensionSaysWhyItEnds() throws Exception {
        String report =
                """
                me['Lambda-Extension-Function-Error-Type'] = 'Extension.ConfigInvalid'
                say(call('POST', EXTENSION + '%s/error', '{}', me))
                sys.exit(2)
                """;
        fails(
                "me = register([])\n" + report.formatted("init"),
                "Extension.InitError",
                "exit status 2");
        assertThat(host.log())
                .contains("{\"status\":\"OK\"}\\n")
                .contains(
                        "EXTENSION\tName: bad.py\tState: InitError\tEvents: []\tError Type:"
                                + " Extension.ConfigInvalid\n");
        fails(
                "me = register(['INVOKE'])\nnext(me)\n" + report.formatted("exit"),
                "Extension.ExitError",
                "exit status 2");
    }

    @Test
    void aCrashAfterTheAnswerEndsTheEnvironmentButNotTheAnswer() throws Exception {
        FunctionSpec spec =
                with(
                        host.python(ECHO),
                        "late.py",
                        "me = register(['INVOKE'])\nnext(me)\ntime.sleep(0.3)\nsys.exit(1)");
        InvocationResult result = host.invoke(spec, "5");

        assertThat(result.failed()).isFalse();
        assertThat(Host.text(result)).isEqualTo("5");
        assertThat(result.logTail()).contains("Status: error\tError Type: Extension.Crash");
        assertThat(host.invoke(spec, "6").timings().cold()).isTrue();
    }

    @Test
    void whatCantBeStartedIsALaunchError() throws Exception {
        Path layer = Layer.of(host, Map.of("plain.py", ""));
        Path program = layer.resolve("extensions/plain.py");
        FunctionSpec spec = Host.withLayers(host.python(ECHO), layer);
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rw-r--r--"));

        assertThat(Host.text(host.invoke(spec, "1")))
                .contains(
                        "\"errorType\":\"Extension.LaunchError\"",
                        "Error: fork/exec /opt/extensions/plain.py: permission denied");
        assertThat(host.log())
                .contains(
                        "EXTENSION\tName: plain.py\tState: LaunchError\tEvents: []\tError Type:"
                                + " PermissionDenied\n");
    }

    @Test
    void thereAreAtMostTenExtensions() throws Exception {
        String[] many = new String[22];
        for (int i = 0; i < many.length; i += 2) {
            many[i] = "e%02d".formatted(i / 2);
            many[i + 1] = "next(register([]))";
        }

        assertThat(Host.text(host.invoke(with(host.python(ECHO), many), "1")))
                .contains("\"Extension.LaunchError\"", "Error: ErrTooManyExtensions");
        assertThat(host.log()).contains("e10\tState: LaunchError\tEvents: []\tError Type: TooMany");
    }

    @Test
    void aTimeoutIsTheReasonOfAShutdown() throws Exception {
        FunctionSpec spec =
                with(
                        host.python("import time\ndef handler(e, c): time.sleep(60)"),
                        "tells.py",
                        Layer.TELLS);
        InvocationResult result = host.invoke(Host.withTimeout(spec, Duration.ofSeconds(1)), "{}");

        assertThat(Host.text(result)).contains("Task timed out after 1.00 seconds");
        Eventually.holds(() -> assertThat(host.log()).contains("\"shutdownReason\": \"timeout\""));
    }

    @Test
    void anExtensionThatIsTooSlowTimesTheInvocationOut() throws Exception {
        FunctionSpec spec =
                with(
                        host.python(ECHO),
                        "sleeps.py",
                        "me = register(['INVOKE'])\nnext(me)\ntime.sleep(60)");
        InvocationResult result = host.invoke(Host.withTimeout(spec, Duration.ofSeconds(1)), "9");

        assertThat(Host.text(result)).isEqualTo("9");
        assertThat(result.logTail()).contains("Task timed out after 1.00 seconds");
        assertThat(result.logTail()).contains("Status: timeout");
    }

    @Test
    void aFailureOfTheRuntimeIsTheReasonOfAShutdown() throws Exception {
        FunctionSpec spec =
                with(
                        host.python("import os\ndef handler(e, c): os._exit(4)"),
                        "tells.py",
                        Layer.TELLS);

        assertThat(Host.text(host.invoke(spec, "{}")))
                .contains("Runtime.ExitError", "Runtime exited with error: exit status 4");
        Eventually.holds(() -> assertThat(host.log()).contains("\"shutdownReason\": \"failure\""));
    }

    @Test
    void theRuntimeIsToldBeforeTheExtensionsAndTheSlowAreKilled() throws Exception {
        FunctionSpec spec =
                with(
                        host.node(
                                """
                                process.on('SIGTERM', () => { console.log('terminated');
                                  setTimeout(() => process.exit(0), 100) });
                                exports.handler = async (e) => e;
                                """),
                        "hangs.py",
                        """
                        me = register(['INVOKE', 'SHUTDOWN'])
                        while next(me)['eventType'] != 'SHUTDOWN': pass
                        time.sleep(60)
                        """);
        host.invoke(spec, "1");
        host.engine.retire(spec.key());

        Eventually.holds(() -> assertThat(host.log()).contains("SHUTDOWN\", \"deadlineMs"));
        assertThat(host.log()).containsSubsequence("\tINFO\tterminated", "\"SHUTDOWN\"");
    }

    @Test
    void internalExtensionsRegisterFromTheRuntime() throws Exception {
        FunctionSpec python =
                host.python(
                        Layer.PRELUDE
                                + """
                                me = register(['INVOKE'], 'inner')
                                say(call('POST', EXTENSION + 'register', '{"events":["SHUTDOWN"]}',
                                         {'Lambda-Extension-Name': 'other'}))
                                def listen():
                                    while True: next(me)
                                threading.Thread(target=listen, daemon=True).start()
                                def handler(e, c):
                                    late = {'Lambda-Extension-Name': 'late'}
                                    return call('POST', EXTENSION + 'register', '{}', late)[2]
                                """);
        InvocationResult result = host.invoke(python, "{}");

        assertThat(Host.text(result))
                .contains("Extension registration closed already", "Extension.RegistrationClosed");
        assertThat(result.logTail())
                .contains("SHUTDOWN: ShutdownEventNotSupportedForInternalExtension")
                .contains("EXTENSION\tName: inner\tState: Ready\tEvents: [INVOKE]\n");
        Eventually.holds(() -> assertThat(host.log()).contains("event 200 {\"eventType\""));
        assertThat(host.invoke(python, "{}").timings().cold()).isFalse();
    }

    @Test
    void anInternalExtensionInNodeDelaysTheEndOfItsInvocation() throws Exception {
        FunctionSpec spec =
                host.function(
                        "nodejs20.x",
                        "index.mjs",
                        """
                        const api = process.env.AWS_LAMBDA_RUNTIME_API;
                        const base = `http://${api}/2020-01-01/extension/`;
                        const registered = await fetch(base + 'register', { method: 'POST',
                          headers: { 'Lambda-Extension-Name': 'inner' },
                          body: JSON.stringify({ events: ['INVOKE'] }) });
                        const id = registered.headers.get('lambda-extension-identifier');
                        const headers = { 'Lambda-Extension-Identifier': id };
                        (async () => {
                          while (true) {
                            const answer = await fetch(base + 'event/next', { headers });
                            const event = await answer.json();
                            console.log('told of', event.requestId);
                          }
                        })();
                        export const handler = async (e) => e;
                        """);

        assertThat(Host.text(host.invoke(spec, "1"))).isEqualTo("1");
        assertThat(Host.text(host.invoke(spec, "2"))).isEqualTo("2");
        Eventually.holds(() ->
                assertThat(host.log().lines().filter(l -> l.contains("told of r-"))).hasSize(2));
    }

    /// Calls what it may not, and says what it hears.
    private static final String ODD =
            """
            post = EXTENSION + 'register'
            name = {'Lambda-Extension-Name': NAME}
            say(call('POST', post, '{}'))
            say(call('POST', post, '', name))
            say(call('POST', post, '{"events":["LUNCH"]}', name))
            say(call('POST', post, '{"configurationKeys":["a"]}', name))
            say(call('GET', post, headers=name))
            say(call('GET', EXTENSION + 'nothing'))
            say(call('GET', EXTENSION + 'event/next'))
            who = 'Lambda-Extension-Identifier'
            say(call('GET', EXTENSION + 'event/next', headers={who: 'me'}))
            nobody = {who: '11111111-2222-3333-4444-555555555555'}
            say(call('GET', EXTENSION + 'event/next', headers=nobody))
            me = register(['INVOKE'])
            say(call('POST', post, '{"Events":[]}', name))
            say(call('POST', EXTENSION + 'init/error', '', me))
            nobody['Lambda-Extension-Function-Error-Type'] = 'X'
            say(call('POST', EXTENSION + 'exit/error', '', nobody))
            waits = threading.Thread(target=next, args=(me,))
            waits.start()
            time.sleep(0.2)
            say(call('GET', EXTENSION + 'event/next', headers=me))
            waits.join()
            me['Lambda-Extension-Function-Error-Type'] = 'X'
            say(call('POST', EXTENSION + 'init/error', '', me))
            while True: next(me)
            """;

    @Test
    void whatIsCalledInTheWrongStateOrFormIsRefusedAsOnAws() throws Exception {
        FunctionSpec spec = with(host.python("import time\ntime.sleep(1)\n" + ECHO), "odd.py", ODD);
        host.invoke(spec, "{}");

        String id = "[0-9a-f-]{36}";
        String told = host.log();
        assertThat(told.lines().filter(l -> l.startsWith("odd.py (403")))
                .allMatch(l -> l.contains("\"errorType\""));
        assertThat(told)
                .contains(
                        refused("Empty extension name", "Extension.InvalidExtensionName"),
                        refused("unexpected end of JSON input", "InvalidRequestFormat"),
                        refused("LUNCH: ErrorInvalidEventType", "Extension.InvalidEventType"),
                        refused(
                                "configurationKeys are deprecated; use environment variables"
                                        + " instead",
                                "InvalidRequestFormat"),
                        refused(
                                "Missing Lambda-Extension-Identifier header",
                                "Extension.MissingExtensionIdentifier"),
                        refused(
                                "Invalid Lambda-Extension-Identifier",
                                "Extension.InvalidExtensionIdentifier"),
                        refused(
                                "Unknown extension 11111111-2222-3333-4444-555555555555",
                                "Extension.UnknownExtensionIdentifier"),
                        refused(
                                "State transition from Registered to Registered failed for"
                                        + " extension odd.py. Error: State transition is not"
                                        + " allowed",
                                "Extension.InvalidExtensionState"),
                        refused(
                                "Lambda-Extension-Function-Error-Type not found",
                                "Extension.MissingHeader"),
                        refused(
                                "Unknown Lambda-Extension-Identifier",
                                "Extension.UnknownExtensionIdentifier"),
                        "odd.py (405, ",
                        "404 page not found")
                .containsPattern("State transition from Ready to Ready failed for extension " + id)
                .containsPattern(
                        "State transition from Running to InitError failed for extension " + id);
    }

    private static String refused(String message, String type) {
        return "{\"errorMessage\":\"" + message + "\",\"errorType\":\"" + type + "\"}\\n";
    }

    @Test
    void customRuntimesAreWaitedForToo() throws Exception {
        FunctionSpec spec = host.providedEcho("sleep 0.4");
        Queue<Timings> ended = new ConcurrentLinkedQueue<>();
        InvocationResult result =
                host.engine.answer(spec, host.invocation("3"), Map::of, ended::add);

        assertThat(Host.text(result)).isEqualTo("3");
        Eventually.holds(() -> assertThat(ended).hasSize(1));
        assertThat(ended.peek().duration()).isGreaterThan(Duration.ofMillis(390));
    }

    @Test
    void extensionsWorkWithoutASandboxToo() throws Exception {
        try (Host bare = new Host(0, false)) {
            FunctionSpec spec =
                    Host.withLayers(
                            bare.python(ECHO), Layer.of(bare, Map.of("tells.py", Layer.TELLS)));

            assertThat(Host.text(bare.invoke(spec, "4"))).isEqualTo("4");
            bare.engine.retire(spec.key());
            Eventually.holds(() -> assertThat(bare.log()).contains("\"SHUTDOWN\""));
        }
    }
}
