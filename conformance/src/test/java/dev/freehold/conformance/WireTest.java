package dev.freehold.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.ChecksumMode;
import software.amazon.awssdk.services.sqs.SqsClient;

/// What each client has of its own on the wire.
final class WireTest {
    private static final String ACCOUNT = "888888888888";

    @TempDir static Path folder;
    private static @Nullable Server server;
    private final JavaClients clients = new JavaClients(server().endpoint(), ACCOUNT);

    @BeforeAll
    static void start() throws Exception {
        Clients.install();
        server = Server.start(folder.resolve("data"));
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            server.close();
        }
    }

    private static Server server() {
        return Objects.requireNonNull(server);
    }

    private S3Client bucket(String name) {
        S3Client s3 = clients.s3();
        s3.createBucket(create -> create.bucket(name));
        return s3;
    }

    /// On plain HTTP it signs each chunk and a trailer with the checksum.
    @Test
    void javaSendsSignedChunksWithATrailer() {
        byte[] bytes = "chunks ".repeat(50_000).getBytes(StandardCharsets.UTF_8);
        try (S3Client s3 = bucket("chunks")) {
            for (ChecksumAlgorithm algorithm :
                    new ChecksumAlgorithm[] {
                        ChecksumAlgorithm.CRC32, ChecksumAlgorithm.SHA1, ChecksumAlgorithm.SHA256
                    }) {
                s3.putObject(
                        put -> put.bucket("chunks").key("a").checksumAlgorithm(algorithm),
                        RequestBody.fromBytes(bytes));
                assertThat(
                                s3.getObjectAsBytes(get ->
                                                get.bucket("chunks")
                                                        .key("a")
                                                        .checksumMode(ChecksumMode.ENABLED))
                                        .asByteArray())
                        .isEqualTo(bytes);
            }
            var head = s3.headObject(h -> h.bucket("chunks").key("a"));
            assertThat(head.contentLength()).isEqualTo(bytes.length);
            assertThat(Objects.requireNonNullElse(head.contentEncoding(), ""))
                    .doesNotContain("aws-chunked");
        }
    }

    /// With an endpoint of its own and no more said, it signs by version 2.
    @Test
    void boto3PresignsByVersion2() throws Exception {
        try (S3Client s3 = bucket("presigned-by-python")) {
            s3.putObject(
                    put -> put.bucket("presigned-by-python").key("a b"),
                    RequestBody.fromString("hello"));
        }
        ScriptClient python = Clients.python(server().endpoint(), ACCOUNT);
        String url =
                (String)
                        Objects.requireNonNull(
                                python.call("presign", "presigned-by-python", "a b"));
        assertThat(url).contains("AWSAccessKeyId=").contains("Signature=");
        assertThat(get(url, "").body()).isEqualTo("hello");
        HttpResponse<String> late = get(url.replaceFirst("Expires=\\d+", "Expires=1000"), "");
        assertThat(late.statusCode()).isEqualTo(403);
        assertThat(late.body()).contains("<Code>AccessDenied</Code>");
    }

    /// The bucket is in the host's name.
    @Test
    void javascriptNamesTheBucketInTheHost() throws Exception {
        bucket("by-host").close();
        ScriptClient js = Clients.javascript(server().endpoint(), ACCOUNT, folder);
        Path file = Files.writeString(folder.resolve("by-host.txt"), "by host");
        js.call("upload", "by-host", "a/b c", file.toString());
        js.call("download", "by-host", "a/b c", folder.resolve("back.txt").toString());
        assertThat(folder.resolve("back.txt")).hasContent("by host");
        String url = (String) Objects.requireNonNull(js.call("presign", "by-host", "a/b c"));
        URI named = URI.create(url);
        assertThat(named.getHost()).startsWith("by-host.");
        String path = named.getRawPath() + "?" + named.getRawQuery();
        HttpResponse<String> answer = get(server().endpoint() + path, named.getRawAuthority());
        assertThat(answer.body()).isEqualTo("by host");
    }

    @Test
    void javascriptSpeaksHttp2WithPriorKnowledge() throws Exception {
        ScriptClient js = Clients.javascript(server().endpoint(), ACCOUNT, folder);
        assertThat(js.call("h2c")).isEqualTo(true);
    }

    /// Old clients of SQS send forms and read XML; today's send JSON.
    @Test
    void sqsIsSpokenInBothProtocols() throws Exception {
        try (SqsClient sqs = clients.sqs()) {
            String url = sqs.createQueue(create -> create.queueName("both")).queueUrl();
            Map<String, String> form = Map.of("content-type", "application/x-www-form-urlencoded");
            Raw raw = new Raw(server().port());
            String send = "Action=SendMessage&Version=2012-11-05&MessageBody=hello&QueueUrl=" + url;
            Raw.Sent sent = new Raw.Sent("POST", "/", form, send.getBytes(StandardCharsets.UTF_8));
            Raw.Answer answer = raw.send(sent, "sqs", ACCOUNT, "secret");
            assertThat(answer.status()).as(answer.text()).isEqualTo(200);
            assertThat(answer.text())
                    .contains("<SendMessageResponse")
                    .contains("<MD5OfMessageBody>5d41402abc4b2a76b9719d911017c592<");
            assertThat(sqs.receiveMessage(r -> r.queueUrl(url)).messages())
                    .singleElement()
                    .satisfies(message -> assertThat(message.body()).isEqualTo("hello"));
            String missing = send.replace("both", "missing");
            Raw.Answer refused =
                    raw.send(
                            new Raw.Sent(
                                    "POST", "/", form, missing.getBytes(StandardCharsets.UTF_8)),
                            "sqs",
                            ACCOUNT,
                            "secret");
            assertThat(refused.text())
                    .contains("<Code>AWS.SimpleQueueService.NonExistentQueue</Code>");
        }
    }

    private static HttpResponse<String> get(String url, String host) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url));
        if (!host.isEmpty()) {
            request.header("host", host);
        }
        return HttpClient.newHttpClient()
                .send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
}
