package dev.freehold.conformance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.freehold.services.json.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Streamed answers, by boto3, the AWS SDK for JavaScript, and function URLs.
final class StreamingTest {
    private static final String ACCOUNT = "111111111111";
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String CODE =
            """
            const wait = (millis) => new Promise((done) => setTimeout(done, millis));
            exports.handler = awslambda.streamifyResponse(async (event, out) => {
              const wanted = event.rawQueryString ?? event.wanted;
              if (wanted === 'nothing') throw new TypeError('nothing');
              if (event.rawQueryString !== undefined) {
                const prelude = { statusCode: 201, headers: { 'x-mine': 'yes' }, cookies: ['a=1', 'b=2'] };
                out = awslambda.HttpResponseStream.from(out, prelude);
              }
              out.write('one');
              if (wanted === 'endless') {
                const chunk = Buffer.alloc(65536);
                while (true) if (!out.write(chunk)) await new Promise((done) => out.once('drain', done));
              }
              await wait(wanted === 'late' ? 60000 : 1500);
              if (wanted === 'half') throw new TypeError('half');
              out.write('two');
              out.end();
              console.log(`${wanted} came to its end`);
            });
            """;

    @TempDir static Path folder;

    private static Server server;
    private static CliClient cli;
    private static List<ScriptClient> clients;
    private static URI url;

    @BeforeAll
    static void deploy() throws Exception {
        Clients.install();
        server = Server.start(folder.resolve("data"));
        String endpoint = server.endpoint();
        cli = Clients.cli(endpoint, ACCOUNT);
        clients =
                List.of(
                        Clients.python(endpoint, ACCOUNT),
                        Clients.javascript(endpoint, ACCOUNT, folder));
        cli.aws(
                "iam",
                "create-role",
                "--role-name",
                "streams",
                "--assume-role-policy-document",
                "{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\",\"Action\":"
                        + "\"sts:AssumeRole\",\"Principal\":{\"Service\":"
                        + "\"lambda.amazonaws.com\"}}}");
        create("streams", CODE);
        create("whole", "exports.handler = async (event) => event;");
        cli.aws(
                "lambda",
                "add-permission",
                "--function-name",
                "streams",
                "--statement-id",
                "url",
                "--action",
                "lambda:InvokeFunctionUrl",
                "--principal",
                "*",
                "--function-url-auth-type",
                "NONE");
        String config =
                cli.aws(
                        "lambda",
                        "create-function-url-config",
                        "--function-name",
                        "streams",
                        "--auth-type",
                        "NONE",
                        "--invoke-mode",
                        "RESPONSE_STREAM");
        Map<?, ?> created = (Map<?, ?>) Objects.requireNonNull(Json.read(config));
        url = URI.create(String.valueOf(created.get("FunctionUrl")));
    }

    private static void create(String name, String code) throws Exception {
        Path zip = folder.resolve(name + ".zip");
        Files.write(zip, Zips.of("index.js", code));
        cli.aws(
                "lambda",
                "create-function",
                "--function-name",
                name,
                "--runtime",
                "nodejs22.x",
                "--handler",
                "index.handler",
                "--timeout",
                "4",
                "--role",
                "arn:aws:iam::" + ACCOUNT + ":role/streams",
                "--zip-file",
                "fileb://" + zip);
        cli.aws("lambda", "wait", "function-active-v2", "--function-name", name);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static String text(Map<?, ?> of, String name) {
        return String.valueOf(of.get(name));
    }

    /// What a client has of an answer.
    ///
    /// @param latencies when its parts came, in milliseconds
    private record Streamed(
            String status, String version, String text, List<Long> latencies, Map<?, ?> complete) {}

    private static Streamed stream(ScriptClient client, String function, String... more)
            throws Exception {
        String[] arguments = new String[more.length + 2];
        arguments[0] = "stream";
        arguments[1] = function;
        System.arraycopy(more, 0, arguments, 2, more.length);
        Map<?, ?> answer = (Map<?, ?>) Objects.requireNonNull(client.call(arguments));
        List<?> parts = (List<?>) Objects.requireNonNull(answer.get("parts"));
        StringBuilder text = new StringBuilder();
        parts.forEach(part -> text.append(((List<?>) part).get(1)));
        List<Long> latencies =
                parts.stream()
                        .map(part -> Long.parseLong(String.valueOf(((List<?>) part).get(0))))
                        .toList();
        Map<?, ?> complete =
                answer.get("complete") instanceof Map<?, ?> given ? given : Map.of("none", 1);
        return new Streamed(
                text(answer, "status"),
                text(answer, "version"),
                text.toString(),
                latencies,
                complete);
    }

    @Test
    void clientsHaveEachPartWhenItIsWritten() throws Exception {
        for (ScriptClient client : clients) {
            Streamed answer = stream(client, "streams", "{\"wanted\":\"all\"}");

            assertThat(answer.text).isEqualTo("onetwo");
            assertThat(answer.status).isEqualTo("200");
            assertThat(answer.version).isEqualTo("$LATEST");
            assertThat(answer.complete).isEmpty();
            assertThat(answer.latencies).hasSize(2);
            assertThat(answer.latencies.get(1) - answer.latencies.get(0)).isGreaterThan(1000);
        }
    }

    @Test
    void errorsAndTheLogComeWithTheEnd() throws Exception {
        for (ScriptClient client : clients) {
            Streamed half = stream(client, "streams", "{\"wanted\":\"half\"}", "LogType=Tail");
            Streamed nothing = stream(client, "streams", "{\"wanted\":\"nothing\"}");
            Streamed late = stream(client, "streams", "{\"wanted\":\"late\"}");

            assertThat(half.text).isEqualTo("one");
            assertThat(half.complete.get("ErrorCode")).isEqualTo("Unhandled");
            assertThat(text(half.complete, "ErrorDetails")).contains("TypeError", "half");
            assertThat(text(half.complete, "LogResult")).isBase64();
            assertThat(nothing.text).isEmpty();
            assertThat(text(nothing.complete, "ErrorDetails")).contains("nothing");
            assertThat(late.text).isEqualTo("one");
            assertThat(text(late.complete, "ErrorDetails"))
                    .contains("Sandbox.Timedout", "Task timed out after 4.00 seconds");
        }
    }

    @Test
    void whatDoesNotStreamAndWhatDoesNotRunAreAnsweredToo() throws Exception {
        for (ScriptClient client : clients) {
            Streamed whole = stream(client, "whole", "{\"a\":1}");
            Streamed dry = stream(client, "streams", "{}", "InvocationType=DryRun");

            assertThat(whole.text).isEqualTo("{\"a\":1}");
            assertThat(whole.complete).isEmpty();
            assertThat(dry.status).isEqualTo("204");
            assertThat(dry.text).isEmpty();
        }
        Path answer = folder.resolve("answer");
        cli.aws("lambda", "invoke", "--function-name", "streams", answer.toString());
        assertThat(answer).hasContent("onetwo");
    }

    private static Socket get(String query) throws IOException {
        Socket socket = new Socket("127.0.0.1", server.port());
        socket.setSoTimeout((int) PATIENCE.toMillis());
        String request = "GET /?" + query + " HTTP/1.1\r\nHost: " + url.getAuthority() + "\r\n\r\n";
        socket.getOutputStream().write(request.getBytes(UTF_8));
        return socket;
    }

    private static String until(InputStream in, String end) throws IOException {
        ByteArrayOutputStream read = new ByteArrayOutputStream();
        while (!read.toString(UTF_8).endsWith(end)) {
            int next = in.read();
            if (next < 0) {
                return read.toString(UTF_8) + "<end>";
            }
            read.write(next);
        }
        return read.toString(UTF_8);
    }

    @Test
    void aUrlStreamsWhatFollowsThePrelude() throws Exception {
        try (Socket socket = get("all")) {
            InputStream in = socket.getInputStream();
            assertThat(until(in, "\r\n\r\n"))
                    .startsWith("HTTP/1.1 201 Created\r\n")
                    .containsIgnoringCase("x-mine: yes\r\n")
                    .containsIgnoringCase("set-cookie: a=1\r\n")
                    .containsIgnoringCase("set-cookie: b=2\r\n")
                    .containsIgnoringCase("content-type: application/octet-stream\r\n")
                    .contains("Transfer-Encoding: chunked\r\n");
            long begun = System.nanoTime();
            assertThat(until(in, "one\r\n")).isEqualTo("3\r\none\r\n");
            assertThat(until(in, "0\r\n\r\n")).isEqualTo("3\r\ntwo\r\n0\r\n\r\n");
            assertThat(Duration.ofNanos(System.nanoTime() - begun))
                    .isGreaterThan(Duration.ofSeconds(1));
        }
    }

    @Test
    void aUrlFailsBeforeTheFirstByteAndBreaksOffAfterIt() throws Exception {
        try (Socket socket = get("nothing")) {
            assertThat(until(socket.getInputStream(), "\r\n")).startsWith("HTTP/1.1 502 ");
        }
        try (Socket socket = get("half")) {
            until(socket.getInputStream(), "\r\n\r\n");
            assertThat(until(socket.getInputStream(), "0\r\n\r\n")).isEqualTo("3\r\none\r\n<end>");
        }
    }

    @Test
    void aClientThatLeavesDoesNotStopTheFunction() throws Exception {
        try (Socket socket = get("left")) {
            until(socket.getInputStream(), "one");
        }
        String log =
                Eventually.until(
                        "the function comes to its end",
                        PATIENCE,
                        () ->
                                cli.aws(
                                        "logs",
                                        "filter-log-events",
                                        "--log-group-name",
                                        "/aws/lambda/streams"),
                        text -> text.contains("left came to its end"));
        assertThat(log).contains("Billed Duration");
    }

    @Test
    void anAnswerThatNeverEndsEndsWithTheTimeoutWhoeverReadsIt() throws Exception {
        try (Socket slow = get("endless")) {
            until(slow.getInputStream(), "one");
            // Nobody reads on; the neighbour is answered, and the clock goes on.
            Streamed neighbour = stream(clients.getFirst(), "whole", "{}");
            assertThat(neighbour.text).isEqualTo("{}");
            Eventually.until(
                    "it is timed out",
                    PATIENCE,
                    () ->
                            cli.aws(
                                    "logs",
                                    "filter-log-events",
                                    "--log-group-name",
                                    "/aws/lambda/streams"),
                    text -> text.contains("Status: timeout"));
        }
    }
}
