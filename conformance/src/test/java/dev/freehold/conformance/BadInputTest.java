package dev.freehold.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.freehold.conformance.Raw.Answer;
import dev.freehold.conformance.Raw.Sent;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.iam.model.AccessKey;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.LambdaException;
import software.amazon.awssdk.services.s3.S3Client;

/// Bad input gets AWS's error, changes nothing, and is never a 500.
final class BadInputTest {
    private static final String ACCOUNT = "777777777777";

    @TempDir static Path folder;
    private static @Nullable Server server;
    private static String id = "";
    private static String secret = "";

    @BeforeAll
    static void start() throws Exception {
        Server started = Server.start(folder.resolve("data"));
        server = started;
        JavaClients clients = new JavaClients(started.endpoint(), ACCOUNT);
        try (IamClient iam = clients.iam();
                DynamoDbClient dynamodb = clients.dynamodb();
                S3Client s3 = clients.s3()) {
            iam.createUser(create -> create.userName("ada"));
            iam.attachUserPolicy(attach ->
                    attach.userName("ada")
                            .policyArn("arn:aws:iam::aws:policy/AdministratorAccess"));
            AccessKey key = iam.createAccessKey(create -> create.userName("ada")).accessKey();
            id = key.accessKeyId();
            secret = key.secretAccessKey();
            Tables.create(dynamodb, "items", "pk");
            s3.createBucket(create -> create.bucket("bad-input"));
        }
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

    private static Answer send(Sent sent, String service) throws Exception {
        return new Raw(server().port()).send(sent, service, id, secret);
    }

    private static Sent put(String key, Map<String, String> headers, String body) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        return new Sent("PUT", "/bad-input/" + key, headers, bytes);
    }

    private static void assertNoObjects() {
        JavaClients clients = new JavaClients(server().endpoint(), ACCOUNT);
        try (S3Client s3 = clients.s3()) {
            assertThat(s3.listObjectsV2(list -> list.bucket("bad-input")).contents()).isEmpty();
        }
    }

    private static void assertNoItems() {
        JavaClients clients = new JavaClients(server().endpoint(), ACCOUNT);
        try (DynamoDbClient dynamodb = clients.dynamodb()) {
            assertThat(dynamodb.scan(scan -> scan.tableName("items")).items()).isEmpty();
        }
    }

    @Test
    void aRightRequestIsAnswered() throws Exception {
        Answer answer = send(Sent.json("DynamoDB_20120810.ListTables", "{}"), "dynamodb");
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    }

    @Test
    void aWrongSignatureIsRefused() throws Exception {
        Raw raw = new Raw(server().port());
        Answer json =
                raw.send(Sent.json("DynamoDB_20120810.ListTables", "{}"), "dynamodb", id, "wrong");
        assertThat(json.text()).contains("InvalidSignatureException");
        assertThat(json.status()).isEqualTo(400);
        Answer xml = raw.send(put("a", Map.of(), "x"), "s3", id, "wrong");
        assertThat(xml.status()).isEqualTo(403);
        assertThat(xml.text()).contains("<Code>SignatureDoesNotMatch</Code>");
        assertNoObjects();
    }

    @Test
    void aBodyThatWasChangedIsRefused() throws Exception {
        String other = "0".repeat(64);
        Answer answer = send(put("a", Map.of("x-amz-content-sha256", other), "x"), "s3");
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.text()).contains("<Code>XAmzContentSHA256Mismatch</Code>");
        assertNoObjects();
    }

    @Test
    void aBodyThatIsCutShortIsRefused() throws Exception {
        Map<String, String> headers =
                Map.of("content-length", "100", "x-amz-content-sha256", "UNSIGNED-PAYLOAD");
        Answer answer = send(put("a", headers, "only this"), "s3");
        assertThat(answer.status()).isIn(0, 400);
        assertThat(answer.text()).doesNotContain("InternalError");
        assertNoObjects();
    }

    @Test
    void aWrongChecksumIsRefused() throws Exception {
        Answer crc = send(put("a", Map.of("x-amz-checksum-crc32", "AAAAAA=="), "x"), "s3");
        assertThat(crc.status()).isEqualTo(400);
        assertThat(crc.text()).contains("<Code>BadDigest</Code>");
        Answer md5 = send(put("a", Map.of("content-md5", "AAAAAAAAAAAAAAAAAAAAAA=="), "x"), "s3");
        assertThat(md5.status()).isEqualTo(400);
        assertThat(md5.text()).contains("<Code>BadDigest</Code>");
        Answer malformed = send(put("a", Map.of("content-md5", "nonsense"), "x"), "s3");
        assertThat(malformed.status()).isEqualTo(400);
        assertThat(malformed.text()).contains("<Code>InvalidDigest</Code>");
        assertNoObjects();
    }

    @Test
    void anItemThatIsTooLargeIsRefused() throws Exception {
        String item =
                "{\"TableName\":\"items\",\"Item\":{\"pk\":{\"S\":\"a\"},\"d\":{\"S\":\""
                        + "x".repeat(401 * 1024)
                        + "\"}}}";
        Answer answer = send(Sent.json("DynamoDB_20120810.PutItem", item), "dynamodb");
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.text())
                .contains("ValidationException")
                .contains("Item size has exceeded the maximum allowed size");
        assertNoItems();
    }

    @Test
    void malformedJsonIsRefused() throws Exception {
        for (String body :
                List.of("{", "[]", "nul", "{\"TableName\":", "{\"TableName\":\"items\"}}", "\0")) {
            Answer answer = send(Sent.json("DynamoDB_20120810.PutItem", body), "dynamodb");
            assertThat(answer.status()).as(body + answer.text()).isEqualTo(400);
            assertThat(answer.text()).as(body).contains("SerializationException");
        }
        Answer type =
                send(
                        Sent.json(
                                "DynamoDB_20120810.PutItem",
                                "{\"TableName\":\"items\",\"Item\":[1]}"),
                        "dynamodb");
        assertThat(type.status()).isEqualTo(400);
        assertThat(type.text()).contains("SerializationException");
        String deep = "[".repeat(100_000);
        Answer nested = send(Sent.json("DynamoDB_20120810.PutItem", deep), "dynamodb");
        assertThat(nested.status()).as(nested.text()).isEqualTo(400);
        assertNoItems();
    }

    @Test
    void malformedXmlIsRefused() throws Exception {
        for (String body :
                List.of(
                        "<Delete",
                        "not XML",
                        "<Delete><Object></Delete>",
                        "<!DOCTYPE a [<!ENTITY b SYSTEM \"file:///etc/passwd\">]><Delete>&b;</Delete>",
                        "<a>".repeat(10_000))) {
            Sent sent =
                    new Sent(
                            "POST",
                            "/bad-input?delete",
                            Map.of(),
                            body.getBytes(StandardCharsets.UTF_8));
            Answer answer = new Raw(server().port()).sendQuery(sent, "delete=", id, secret);
            assertThat(answer.status()).as(body + answer.text()).isEqualTo(400);
            assertThat(answer.text()).contains("<Code>").doesNotContain("root:");
        }
    }

    @Test
    void anUnknownOperationIsRefused() throws Exception {
        Answer json = send(Sent.json("DynamoDB_20120810.DoMagic", "{}"), "dynamodb");
        assertThat(json.status()).isEqualTo(400);
        assertThat(json.text()).contains("UnknownOperationException");
        Sent query =
                new Sent(
                        "POST",
                        "/",
                        Map.of("content-type", "application/x-www-form-urlencoded"),
                        "Action=DoMagic&Version=2010-05-08".getBytes(StandardCharsets.UTF_8));
        Answer xml = send(query, "iam");
        assertThat(xml.status()).isEqualTo(400);
        assertThat(xml.text()).contains("InvalidAction");
    }

    @Test
    void aPackageThatLeavesItsFolderIsRefused() throws Exception {
        assertRefused("evil", "../../../../tmp/evil-of-freehold", new byte[10]);
        assertRefused("absolute", "/tmp/evil-of-freehold", new byte[10]);
        assertThat(Path.of("/tmp/evil-of-freehold")).doesNotExist();
    }

    @Test
    void aPackageThatUnpacksToTooMuchIsRefused() throws Exception {
        assertRefused("bomb", "zeros", new byte[263 * 1024 * 1024]);
    }

    private static void assertRefused(String name, String entry, byte[] content) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            zip.putNextEntry(new ZipEntry(entry));
            zip.write(content);
        }
        SdkBytes code = SdkBytes.fromByteArray(bytes.toByteArray());
        JavaClients clients = new JavaClients(server().endpoint(), ACCOUNT);
        String trust =
                """
                {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole",
                 "Principal":{"Service":"lambda.amazonaws.com"}}]}\
                """;
        try (LambdaClient lambda = clients.lambda();
                IamClient iam = clients.iam()) {
            String role =
                    iam.createRole(c -> c.roleName(name).assumeRolePolicyDocument(trust))
                            .role()
                            .arn();
            assertThatThrownBy(() ->
                            lambda.createFunction(create ->
                                    create.functionName(name)
                                            .runtime("python3.11")
                                            .handler("a.b")
                                            .role(role)
                                            .code(c -> c.zipFile(code))))
                    .isInstanceOfSatisfying(
                            LambdaException.class,
                            e -> {
                                assertThat(e.statusCode()).isEqualTo(400);
                                assertThat(e.awsErrorDetails().errorCode())
                                        .isEqualTo("InvalidParameterValueException");
                            });
            assertThat(lambda.listFunctions().functions())
                    .noneMatch(function -> function.functionName().equals(name));
        }
    }
}
