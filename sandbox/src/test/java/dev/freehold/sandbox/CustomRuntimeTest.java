package dev.freehold.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Functions that bring their own runtime, and speak the Runtime API.
final class CustomRuntimeTest {
    private static final String API =
            """
            #!/bin/bash
            API=http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime
            next() {
              EVENT=$(curl -sS -D /tmp/head "$API/invocation/next")
              ID=$(grep -i ^Lambda-Runtime-Aws-Request-Id: /tmp/head | tr -d '\\r' | cut -d' ' -f2)
            }
            """;

    private static Host host;

    @BeforeAll
    static void start() throws IOException {
        host = new Host();
    }

    @AfterAll
    static void stop() {
        host.close();
    }

    private static String call(String bootstrap, String event) throws Exception {
        return Host.text(host.invoke(host.provided(API + bootstrap), event));
    }

    @Test
    void aShellScriptAnswersAgainAndAgain() throws Exception {
        FunctionSpec spec =
                host.provided(
                        API
                                + """
                                COUNT=0
                                while true; do
                                  next
                                  COUNT=$((COUNT + 1))
                                  curl -sS -o /tmp/said -d "[$COUNT,$EVENT,\\"$PWD\\",\\"$_HANDLER\\"]" \\
                                    "$API/invocation/$ID/response"
                                  cat /tmp/said
                                done
                                """);

        assertThat(Host.text(host.invoke(spec, "{\"a\":1}")))
                .isEqualTo("[1,{\"a\":1},\"/var/task\",\"index.handler\"]");
        assertThat(Host.text(host.invoke(spec, "2")))
                .isEqualTo("[2,2,\"/var/task\",\"index.handler\"]");
        Eventually.holds(() -> assertThat(host.log()).contains("{\"status\":\"OK\"}"));
    }

    @Test
    void theHeadersOfAnInvocationAreThoseOfAws() throws Exception {
        String said =
                call(
                        """
                        next
                        tr -d '\\r' < /tmp/head | curl -sS --data-binary @- \
                          "$API/invocation/$ID/response"
                        next
                        """,
                        "{}");

        assertThat(said)
                .startsWith("HTTP/1.1 200 OK")
                .containsPattern("Lambda-Runtime-Aws-Request-Id: r-\\d+\n")
                .containsPattern("Lambda-Runtime-Deadline-Ms: \\d{13}\n")
                .contains(
                        "Lambda-Runtime-Invoked-Function-Arn:"
                                + " arn:aws:lambda:us-east-1:000000000000:function:f\n");
    }

    @Test
    void errorsAreHandedOnAsTheyAre() throws Exception {
        String error = "{\"errorType\":\"Mine\",\"errorMessage\":\"no\"}";
        FunctionSpec failing =
                host.provided(
                        API + "next; curl -sS -d '" + error + "' $API/invocation/$ID/error; next");
        InvocationResult result = host.invoke(failing, "{}");

        assertThat(result.failed()).isTrue();
        assertThat(Host.text(result)).isEqualTo(error);
        assertThat(call("curl -sS -d '" + error + "' $API/init/error; exit 1", "{}"))
                .isEqualTo(error);
        assertThat(
                        call(
                                "next; curl -sS -X POST -H 'Lambda-Runtime-Function-Error-Type:"
                                        + " Mine.Type' $API/invocation/$ID/error; next",
                                "{}"))
                .contains("\"errorType\":\"Mine.Type\"");
    }

    @Test
    void whatIsCalledInTheWrongStateIsRefused() throws Exception {
        String said =
                call(
                        """
                        status() { curl -sS -o /tmp/body -w '%{http_code} ' "$@"; cat /tmp/body; }
                        next
                        status -d {} $API/init/error > /tmp/all
                        status -d {} $API/invocation/other/response >> /tmp/all
                        status $API/invocation/next >> /tmp/all
                        status -d {} $API/nothing >> /tmp/all
                        status -X PUT -d {} $API/invocation/next >> /tmp/all
                        status -H 'Lambda-Runtime-Function-Response-Mode: odd' -d {} \
                          $API/invocation/$ID/response >> /tmp/all
                        curl -sS --data-binary @/tmp/all $API/invocation/$ID/response
                        status -d {} $API/invocation/$ID/response
                        next
                        """,
                        "{}");

        assertThat(said)
                .contains(
                        "403 {\"errorMessage\":\"State transition from Running to InitError failed"
                                + " for runtime. Error: State transition is not allowed\","
                                + "\"errorType\":\"InvalidStateTransition\"}",
                        "400 {\"errorMessage\":\"Invalid request ID\",\"errorType\":"
                                + "\"InvalidRequestID\"}",
                        // What is not answered can be had again.
                        "200 {}",
                        "404 404 page not found",
                        "405 ",
                        "400 {\"errorMessage\":\"Invalid function response mode\"");
        Eventually.holds(() ->
                assertThat(host.log())
                        .contains(
                                "State transition from RuntimeResponseSentState to InvocationResponse"));
    }

    @Test
    void anAnswerThatIsTooLargeIsRefused() throws Exception {
        FunctionSpec spec =
                host.provided(
                        API
                                + """
                                next
                                head -c 7000000 /dev/zero | curl -sS -w '%{http_code}' \
                                  --data-binary @- $API/invocation/$ID/response
                                next
                                curl -sS -d '"well"' $API/invocation/$ID/response
                                next
                                """);

        assertThat(Host.text(host.invoke(spec, "{}")))
                .isEqualTo(
                        "{\"errorMessage\":\"Response payload size exceeded maximum allowed payload"
                                + " size (6291556 bytes).\",\"errorType\":"
                                + "\"Function.ResponseSizeTooLarge\"}\n");
        assertThat(Host.text(host.invoke(spec, "{}"))).isEqualTo("\"well\"");
        Eventually.holds(() -> assertThat(host.log()).contains("RequestEntityTooLarge"));
    }

    @Test
    void anAnswerIsStreamedAndItsTrailersTellOfErrors() throws Exception {
        FunctionSpec spec =
                host.provided(
                        """
                        #!/usr/bin/python3
                        import os, socket, base64, time
                        host, port = os.environ['AWS_LAMBDA_RUNTIME_API'].split(':')
                        s = socket.create_connection((host, int(port)))
                        f = s.makefile('rb')
                        def ask(text):
                            s.sendall(text.encode())
                            head = {}
                            while (line := f.readline().strip()):
                                name, _, value = line.decode().partition(': ')
                                head[name.lower()] = value
                            return head, f.read(int(head['content-length']))
                        base = '/2018-06-01/runtime/invocation/'
                        for error in (None, 'Broke'):
                            head, _ = ask(f'GET {base}next HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n')
                            trailers = ''
                            if error:
                                body = base64.b64encode(b'{"errorType":"Broke"}').decode()
                                trailers = (f'Lambda-Runtime-Function-Error-Type: {error}\\r\\n'
                                            f'Lambda-Runtime-Function-Error-Body: {body}\\r\\n')
                            ask(f'POST {base}{head["lambda-runtime-aws-request-id"]}/response HTTP/1.1\\r\\n'
                                'Host: x\\r\\nContent-Type: text/plain\\r\\n'
                                'Lambda-Runtime-Function-Response-Mode: streaming\\r\\n'
                                'Transfer-Encoding: chunked\\r\\n'
                                'Trailer: Lambda-Runtime-Function-Error-Type\\r\\n\\r\\n'
                                '3\\r\\nabc\\r\\n2;x=y\\r\\nde\\r\\n0\\r\\n' + trailers + '\\r\\n')
                        ask(f'GET {base}next HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n')
                        """);
        List<String> parts = new ArrayList<>();
        ResponseSink sink = sink(parts);
        InvocationResult well = host.engine.invoke(spec, host.invocation("{}"), Map::of, sink);
        InvocationResult broken = host.engine.invoke(spec, host.invocation("{}"), Map::of, sink);

        assertThat(well.failed()).isFalse();
        assertThat(String.join("", parts)).isEqualTo("<text/plain>abcde<text/plain>abcde");
        assertThat(broken.failed()).isTrue();
        assertThat(Host.text(broken)).isEqualTo("{\"errorType\":\"Broke\"}");
    }

    private static ResponseSink sink(List<String> parts) {
        return new ResponseSink() {
            @Override
            public void begin(String contentType) {
                parts.add("<" + contentType + ">");
            }

            @Override
            public void write(byte[] chunk) {
                parts.add(new String(chunk, StandardCharsets.UTF_8));
            }
        };
    }

    @Test
    void whatCantBeStartedIsAnInvalidEntrypoint() throws Exception {
        FunctionSpec missing = host.function("provided.al2", "other", "");
        FunctionSpec forbidden = host.function("provided.al2", "bootstrap", "#!/bin/sh\n");
        FunctionSpec foreign = host.provided("\u007fELF of another machine");
        FunctionSpec lost = host.provided("#!/no/such/interpreter\n");

        assertThat(Host.text(host.invoke(missing, "{}")))
                .contains(
                        "Runtime.InvalidEntrypoint",
                        "Error: Couldn't find valid bootstrap(s): [/var/task/bootstrap"
                                + " /opt/bootstrap]");
        assertThat(Host.text(host.invoke(forbidden, "{}")))
                .contains("fork/exec /var/task/bootstrap: permission denied");
        assertThat(Host.text(host.invoke(foreign, "{}")))
                .contains("fork/exec /var/task/bootstrap: exec format error");
        assertThat(Host.text(host.invoke(lost, "{}")))
                .contains("fork/exec /var/task/bootstrap: no such file or directory");
    }

    @Test
    void theEndOfABootstrapIsReported() throws Exception {
        assertThat(call("exit 7", "{}"))
                .contains("Runtime.ExitError", "Runtime exited with error: exit status 7");
        assertThat(call("next; exit 0", "{}"))
                .contains("Runtime exited without providing a reason");
        assertThat(call("next; kill -9 $$", "{}"))
                .contains("Runtime exited with error: signal: killed");
    }

    @Test
    void aBootstrapThatDoesNotAnswerIsTimedOut() throws Exception {
        FunctionSpec spec = host.provided(API + "next; sleep 60");

        assertThat(Host.text(host.invoke(Host.withTimeout(spec, Duration.ofSeconds(1)), "{}")))
                .contains("Sandbox.Timedout", "Task timed out after 1.00 seconds");
    }

    @Test
    void aLayerMayHaveTheBootstrap() throws Exception {
        Path layers = Files.createDirectories(host.layout.code().resolve("layer-with-bootstrap"));
        Path bootstrap = layers.resolve("bootstrap");
        Files.writeString(
                bootstrap, API + "next; curl -sS -d \\\"$0\\\" $API/invocation/$ID/response; next");
        Host.allow(bootstrap);
        FunctionSpec spec = host.function("provided.al2023", "data.txt", "");

        assertThat(Host.text(host.invoke(Host.withLayers(spec, layers), "{}")))
                .isEqualTo("\"/opt/bootstrap\"");
    }

    @Test
    void itWorksWithoutASandboxToo() throws Exception {
        try (Host bare = new Host(0, false)) {
            FunctionSpec spec =
                    bare.provided(
                            API + "next; curl -sS -d $EVENT $API/invocation/$ID/response; next");

            assertThat(Host.text(bare.invoke(spec, "17"))).isEqualTo("17");
        }
    }
}
