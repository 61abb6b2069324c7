package dev.freehold.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freehold.protocol.Authorizer;
import dev.freehold.protocol.Blob;
import dev.freehold.protocol.ByteStream;
import dev.freehold.protocol.Headers;
import dev.freehold.protocol.Principal;
import dev.freehold.protocol.Protocol;
import dev.freehold.protocol.Request;
import dev.freehold.protocol.Response;
import dev.freehold.protocol.ServiceModel;
import dev.freehold.protocol.signing.KeyStore;
import dev.freehold.protocol.signing.Signer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class GatewayTest {
    private static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");
    private static final String HOST = "localhost";
    private static final Signer.Key KEY = new Signer.Key("AKIATEST", "secret", null);
    private static final Signer.Key UNKNOWN = new Signer.Key("AKIANOBODY", "secret", null);
    private static final Signer.Key WRONG = new Signer.Key("AKIATEST", "wrong", null);

    @TempDir Path folder;
    private Listener listener;

    @BeforeEach
    void start() throws IOException {
        EchoService echo =
                new EchoService(Protocol.AWS_JSON_1_0, Set.of(ServiceModel.Trait.QUERY_COMPATIBLE));
        KeyStore keys =
                (id, token) ->
                        id.equals("AKIATEST")
                                ? new KeyStore.Key(
                                        "secret",
                                        null,
                                        "000000000000",
                                        new Principal.Root("000000000000"),
                                        null)
                                : null;
        Gateway gateway =
                new Gateway(
                        List.of(new Endpoint(echo, (operation, input, caller) -> List.of())),
                        new Hosts(Set.of()),
                        new Authentication(keys, InstantSource.fixed(NOW), false),
                        (caller, permissions) -> new Authorizer.Decision.Allowed(),
                        usage -> 0,
                        new Gateway.Fronts(
                                GatewayTest::front,
                                (id, request, _) -> front(id, request),
                                GatewayTest::front,
                                (_, _) -> null));
        listener =
                new Listener(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        folder.resolve("endpoint"),
                        gateway,
                        () -> "request-1");
    }

    @AfterEach
    void stop() {
        listener.close();
    }

    private static Response front(String id, Request request) {
        return new Response(200, Headers.EMPTY, ByteStream.of(Blob.ofUtf8(id)));
    }

    /// One request, signed a while before now.
    private RawClient.Answer call(
            Signer.Key key, Duration before, String target, String more, String body)
            throws IOException {
        Headers none = Headers.EMPTY;
        ByteStream empty = ByteStream.of(Blob.EMPTY);
        boolean rpc = target.startsWith("/");
        String path = rpc ? target : "/";
        Request plain = new Request("POST", path, "", none, empty, HOST, "", false, "");
        Signer signer =
                new Signer(key, "us-east-1", "echo", InstantSource.fixed(NOW.minus(before)));
        byte[] bytes = body.getBytes(StandardCharsets.ISO_8859_1);
        String named = rpc ? "smithy-protocol: rpc-v2-cbor" : "x-amz-target: " + target;
        StringBuilder head = new StringBuilder(named + "\r\n" + more);
        signer.sign(plain, bytes)
                .forEach((name, value) ->
                        head.append(name).append(": ").append(value).append("\r\n"));
        return send(path, head.toString(), body);
    }

    private RawClient.Answer call(String target, String body) throws IOException {
        return call(KEY, Duration.ZERO, target, "", body);
    }

    private RawClient.Answer send(String path, String headers, String body) throws IOException {
        try (RawClient client = new RawClient(listener.port())) {
            int length = body.length();
            String host = headers.contains("Host: ") ? "" : "Host: " + HOST + "\r\n";
            client.send(
                    "POST "
                            + path
                            + " HTTP/1.1\r\n"
                            + host
                            + headers
                            + "Content-Length: "
                            + length
                            + "\r\n\r\n"
                            + body);
            return client.answer();
        }
    }

    @Test
    void aSignedRequestIsAnsweredWithTheRequestsId() throws IOException {
        RawClient.Answer answer = call("Echo_20260101.Echo", "{\"Text\":\"hi\",\"New\":[{}]}");

        assertThat(answer.body()).isEqualTo("{\"Text\":\"hi\"}");
        assertThat(answer.header("x-amzn-requestid")).isEqualTo("request-1");
        assertThat(answer.header("content-type")).isEqualTo("application/x-amz-json-1.0");
    }

    @Test
    void whatCanNotBeReadIsASerializationException() throws IOException {
        for (String body : List.of("{", "[]", "{\"Text\":{}}", "{\"Text\":1}", "nonsense", "\0")) {
            RawClient.Answer answer = call("Echo_20260101.Echo", body);

            assertThat(answer.status()).as(body).isEqualTo(400);
            assertThat(answer.body()).contains("com.amazon.coral.service#SerializationException");
        }
        assertThat(call("Echo_20260101.Echo", "{\"Text\":1}").body())
                .contains("NUMBER_VALUE can not be converted to String");
    }

    @Test
    void whatViolatesTheModelIsNamed() throws IOException {
        assertThat(call("Echo_20260101.Echo", "").body())
                .isEqualTo(
                        "{\"__type\":\"com.amazon.coral.validate#ValidationException\",\"message\":"
                                + "\"1 validation error detected: Value null at 'text' failed to"
                                + " satisfy constraint: Member must not be null\"}");
        assertThat(call("Echo_20260101.Echo", "{\"Text\":\"toolong\"}").body())
                .contains(
                        "Value 'toolong' at 'text' failed to satisfy constraint: Member must have"
                                + " length less than or equal to 5");
    }

    @Test
    void unknownOperationsAreNamedSo() throws IOException {
        for (String target : List.of("Echo_20260101.Other", "Other.Echo", "nonsense", ".")) {
            RawClient.Answer answer = call(target, "{}");

            assertThat(answer.status()).as(target).isEqualTo(400);
            assertThat(answer.body())
                    .isEqualTo(
                            "{\"__type\":\"com.amazon.coral.service#UnknownOperationException\"}");
        }
    }

    @Test
    void aBugIsAnInternalFailureAndSaysNothingOfIt() throws IOException {
        RawClient.Answer answer = call("Echo_20260101.Fail", "{\"Text\":\"hi\"}");

        assertThat(answer.status()).isEqualTo(500);
        assertThat(answer.body()).contains("InternalFailure").doesNotContain("a bug");
        assertThat(answer.header("x-amzn-query-error")).isEqualTo("InternalFailure;Receiver");
    }

    @Test
    void whoIsNotKnownIsToldSoInTheServicesWords() throws IOException {
        RawClient.Answer unknown =
                call(UNKNOWN, Duration.ZERO, "Echo_20260101.Echo", "", "{\"Text\":\"hi\"}");
        RawClient.Answer unsigned =
                send("/", "x-amz-target: Echo_20260101.Echo\r\n", "{\"Text\":\"hi\"}");

        assertThat(unknown.status()).isEqualTo(400);
        assertThat(unknown.body())
                .contains("com.amazon.coral.service#UnrecognizedClientException")
                .contains("The security token included in the request is invalid.");
        assertThat(unknown.header("x-amzn-query-error")).isEqualTo("InvalidClientTokenId;Sender");
        assertThat(unsigned.body()).contains("MissingAuthenticationTokenException");
    }

    @Test
    void aWrongSignatureIsAnsweredWithWhatShouldHaveBeenSigned() throws IOException {
        RawClient.Answer answer =
                call(WRONG, Duration.ZERO, "Echo_20260101.Echo", "", "{\"Text\":\"hi\"}");

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body())
                .contains("InvalidSignatureException")
                .contains("The Canonical String for this request should have been\\n'POST\\n/\\n")
                .contains("The String-to-Sign should have been\\n'AWS4-HMAC-SHA256\\n");
    }

    @Test
    void aClockThatIsOffIsToldByHowMuch() throws IOException {
        String body = "{\"Text\":\"hi\"}";
        RawClient.Answer late = call(KEY, Duration.ofMinutes(16), "Echo_20260101.Echo", "", body);
        RawClient.Answer early = call(KEY, Duration.ofMinutes(-16), "Echo_20260101.Echo", "", body);
        RawClient.Answer right = call(KEY, Duration.ofMinutes(14), "Echo_20260101.Echo", "", body);

        assertThat(late.body())
                .contains(
                        "Signature expired: 20260131T114400Z is now earlier than 20260131T114500Z"
                                + " (20260131T120000Z - 15 min.)");
        assertThat(early.body())
                .contains(
                        "Signature not yet current: 20260131T121600Z is still later than"
                                + " 20260131T121500Z (20260131T120000Z + 15 min.)");
        assertThat(right.status()).isEqualTo(200);
    }

    @Test
    void aHeaderThatIsNoSignatureIsIncomplete() throws IOException {
        for (String header : List.of("AWS4-HMAC-SHA256", "AWS4-HMAC-SHA256 Credential=a/b", "x")) {
            RawClient.Answer answer =
                    send(
                            "/",
                            "x-amz-target: Echo_20260101.Echo\r\nAuthorization: " + header + "\r\n",
                            "{}");

            assertThat(answer.status()).as(header).isEqualTo(400);
            assertThat(answer.body()).contains("IncompleteSignatureException");
        }
    }

    @Test
    void aPageThatIsNotOursCanNotCall() throws IOException {
        String body = "{\"Text\":\"hi\"}";
        String foreign = "Origin: https://evil.example\r\n";
        RawClient.Answer page = call(KEY, Duration.ZERO, "Echo_20260101.Echo", foreign, body);
        RawClient.Answer own =
                call(
                        KEY,
                        Duration.ZERO,
                        "Echo_20260101.Echo",
                        "Origin: http://localhost:8080\r\n",
                        body);
        RawClient.Answer rebound = send("/", "Host: evil.example\r\n", "{}");

        assertThat(page.status()).isEqualTo(400);
        assertThat(page.body()).contains("AccessDeniedException");
        assertThat(own.status()).isEqualTo(200);
        assertThat(rebound.status()).isEqualTo(403);
    }

    @Test
    void apisAreFoundByTheirHosts() throws IOException {
        String host = "Host: abc123.execute-api.us-east-1.localhost:4566\r\n";

        assertThat(send("/any", host, "").body()).isEqualTo("abc123");
        assertThat(send("/_aws/execute-api/abc123/any", "", "").body()).isEqualTo("abc123");
    }

    @Test
    void rpcIsSpokenInCbor() throws IOException {
        byte[] cbor = HexFormat.of().parseHex("bf6454657874626869ff");
        String body = new String(cbor, StandardCharsets.ISO_8859_1);
        RawClient.Answer echoed = call("/service/Echo_20260101/operation/Echo", body);
        RawClient.Answer unsigned =
                send(
                        "/service/Echo_20260101/operation/Echo",
                        "smithy-protocol: rpc-v2-cbor\r\nContent-Type: application/cbor\r\n",
                        body);
        RawClient.Answer unknown =
                send("/service/Echo_20260101/operation/No", "smithy-protocol: rpc-v2-cbor\r\n", "");

        assertThat(echoed.status()).isEqualTo(200);
        assertThat(echoed.body()).contains("Text").contains("hi");
        assertThat(call("/service/Echo_20260101/operation/Echo", "\u00bf\u00ff\u00ff").body())
                .contains("SerializationException");
        assertThat(unsigned.header("smithy-protocol")).isEqualTo("rpc-v2-cbor");
        assertThat(unsigned.header("content-type")).isEqualTo("application/cbor");
        assertThat(unsigned.body()).contains("MissingAuthenticationTokenException");
        assertThat(unknown.body()).contains("UnknownOperationException");
    }

    @Test
    void aBrokenEscapeIsNotAFailure() throws IOException {
        for (String path : List.of("/?a=%zz", "/%zz?b", "/%", "/?X-Amz-Signature=%")) {
            assertThat(send(path, "", "").status()).as(path).isBetween(400, 499);
        }
    }
}
