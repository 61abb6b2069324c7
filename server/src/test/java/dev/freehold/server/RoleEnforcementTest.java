package dev.freehold.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freehold.api.dynamodb.DynamodbDispatch;
import dev.freehold.api.iam.IamDispatch;
import dev.freehold.api.sts.StsDispatch;
import dev.freehold.http.Authentication;
import dev.freehold.http.Endpoint;
import dev.freehold.http.Gateway;
import dev.freehold.http.Hosts;
import dev.freehold.protocol.Blob;
import dev.freehold.protocol.Bodies;
import dev.freehold.protocol.ByteStream;
import dev.freehold.protocol.Headers;
import dev.freehold.protocol.Request;
import dev.freehold.protocol.Response;
import dev.freehold.protocol.signing.Signer;
import dev.freehold.services.dynamodb.DynamodbPermissions;
import dev.freehold.services.dynamodb.DynamodbService;
import dev.freehold.services.iam.Credentials;
import dev.freehold.services.iam.IamPermissions;
import dev.freehold.services.iam.IamService;
import dev.freehold.services.iam.PolicyAuthorizer;
import dev.freehold.services.sts.StsPermissions;
import dev.freehold.services.sts.StsService;
import dev.freehold.storage.Store;
import dev.freehold.storage.memory.MemoryStore;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What a role may do, from the signed request to the answer, as the issue asks: its only statement
/// allows reading one table.
class RoleEnforcementTest {
    private static final String ACCOUNT = "000000000000";
    private static final String TABLE = "arn:aws:dynamodb:us-east-1:" + ACCOUNT + ":table/Users";
    private static final Signer.Key ROOT = new Signer.Key("test", "test", null);
    private static final Pattern KEY =
            Pattern.compile(
                    "(?s)<AccessKeyId>(.*?)</AccessKeyId>.*<SecretAccessKey>(.*?)</SecretAccessKey>"
                            + ".*<SessionToken>(.*?)</SessionToken>");

    private final InstantSource clock = InstantSource.system();
    private final Store store = new MemoryStore();
    private final Credentials credentials = new Credentials(store, clock, Ids::letters);
    private final Gateway gateway =
            new Gateway(
                    List.of(
                            new Endpoint(
                                    new IamDispatch(new IamService(store, clock, Ids::letters)),
                                    new IamPermissions()),
                            new Endpoint(
                                    new StsDispatch(new StsService(credentials)),
                                    new StsPermissions(credentials)),
                            new Endpoint(
                                    new DynamodbDispatch(
                                            new DynamodbService(store, clock, Ids::uuid)),
                                    new DynamodbPermissions(store))),
                    new Hosts(Set.of()),
                    new Authentication(credentials, clock, true),
                    new PolicyAuthorizer(store),
                    usage -> 0,
                    new Gateway.Fronts(
                            (id, request) -> none(),
                            (id, request, _) -> none(),
                            (id, request) -> none(),
                            (_, _) -> null));

    private static Response none() {
        return Response.empty(404, Headers.EMPTY);
    }

    @BeforeEach
    void createTableAndRole() {
        table(
                ROOT,
                "CreateTable",
                """
                {"TableName":"Users","BillingMode":"PAY_PER_REQUEST",
                 "AttributeDefinitions":[{"AttributeName":"id","AttributeType":"S"}],
                 "KeySchema":[{"AttributeName":"id","KeyType":"HASH"}]}
                """);
        table(ROOT, "PutItem", "{\"TableName\":\"Users\",\"Item\":{\"id\":{\"S\":\"ada\"}}}");
        query(
                ROOT,
                "iam",
                Map.of(
                        "Action",
                        "CreateRole",
                        "Version",
                        "2010-05-08",
                        "RoleName",
                        "reader",
                        "AssumeRolePolicyDocument",
                        "{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\","
                                + "\"Principal\":{\"AWS\":\"000000000000\"},"
                                + "\"Action\":\"sts:AssumeRole\"}}"));
        query(
                ROOT,
                "iam",
                Map.of(
                        "Action",
                        "PutRolePolicy",
                        "Version",
                        "2010-05-08",
                        "RoleName",
                        "reader",
                        "PolicyName",
                        "read",
                        "PolicyDocument",
                        "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\","
                                + "\"Action\":[\"dynamodb:GetItem\"],\"Resource\":\""
                                + TABLE
                                + "\"}]}"));
    }

    @Test
    void aRoleReadsItsTableAndDoesNothingElse() {
        Signer.Key reader = assume("");
        assertThat(table(reader, "GetItem", item("Users"))).startsWith("200 ").contains("ada");
        assertThat(
                        table(
                                reader,
                                "PutItem",
                                "{\"TableName\":\"Users\",\"Item\":{\"id\":{\"S\":\"b\"}}}"))
                .startsWith("400 ")
                .contains("AccessDeniedException")
                .contains(
                        "User: arn:aws:sts::000000000000:assumed-role/reader/session is not"
                                + " authorized to perform: dynamodb:PutItem on resource: "
                                + TABLE
                                + " because no identity-based policy allows the dynamodb:PutItem"
                                + " action");
        assertThat(table(reader, "GetItem", item("Others"))).contains("AccessDeniedException");
        assertThat(table(reader, "ListTables", "{}")).contains("AccessDeniedException");
        assertThat(query(reader, "iam", Map.of("Action", "ListRoles", "Version", "2010-05-08")))
                .startsWith("403 ")
                .contains("<Code>AccessDenied</Code>");
    }

    @Test
    void statementsAreAllowedByTheTableTheyNameAndWhatTheyDo() {
        policy(
                "{\"Effect\":\"Allow\",\"Action\":[\"dynamodb:PartiQLSelect\","
                        + "\"dynamodb:PartiQLUpdate\"],\"Resource\":\""
                        + TABLE
                        + "\"},{\"Effect\":\"Deny\",\"Action\":\"dynamodb:PartiQLSelect\","
                        + "\"Resource\":\"*\",\"Condition\":{\"Bool\":"
                        + "{\"dynamodb:FullTableScan\":\"true\"}}}");
        Signer.Key reader = assume("");

        assertThat(execute(reader, "SELECT * FROM Users WHERE id = 'ada'"))
                .startsWith("200 ")
                .contains("ada");
        assertThat(execute(reader, "UPDATE Users SET n = 1 WHERE id = 'ada'")).startsWith("200 ");
        assertThat(execute(reader, "SELECT * FROM Users"))
                .contains("AccessDeniedException", "dynamodb:PartiQLSelect on resource: " + TABLE)
                .contains("with an explicit deny");
        assertThat(execute(reader, "DELETE FROM Users WHERE id = 'ada'"))
                .contains("AccessDeniedException", "dynamodb:PartiQLDelete on resource: " + TABLE);
        assertThat(execute(reader, "INSERT INTO Users VALUE {'id': 'b'}"))
                .contains("AccessDeniedException", "dynamodb:PartiQLInsert on resource: " + TABLE);
        assertThat(execute(reader, "SELECT * FROM Others WHERE id = 'ada'"))
                .contains("AccessDeniedException", ":table/Others because");
        assertThat(execute(reader, "SELECT * FROM Users.Names WHERE id = 'ada'"))
                .contains("AccessDeniedException", TABLE + "/index/Names");
        assertThat(execute(reader, "not a statement")).contains("ValidationException");
        assertThat(
                        table(
                                reader,
                                "ExecuteTransaction",
                                "{\"TransactStatements\":[{\"Statement\":"
                                        + "\"DELETE FROM Users WHERE id = 'ada'\"}]}"))
                .contains("AccessDeniedException", "dynamodb:PartiQLDelete");
        assertThat(
                        table(
                                reader,
                                "BatchExecuteStatement",
                                "{\"Statements\":[{\"Statement\":"
                                        + "\"DELETE FROM Users WHERE id = 'ada'\"}]}"))
                .contains("AccessDeniedException", "dynamodb:PartiQLDelete");
    }

    private String execute(Signer.Key key, String statement) {
        return table(key, "ExecuteStatement", "{\"Statement\":\"" + statement + "\"}");
    }

    private void policy(String statements) {
        query(
                ROOT,
                "iam",
                Map.of(
                        "Action",
                        "PutRolePolicy",
                        "Version",
                        "2010-05-08",
                        "RoleName",
                        "reader",
                        "PolicyName",
                        "more",
                        "PolicyDocument",
                        "{\"Version\":\"2012-10-17\",\"Statement\":[" + statements + "]}"));
    }

    @Test
    void anotherSecretOrTokenIsRefused() {
        Signer.Key reader = assume("");
        Signer.Key forged = new Signer.Key(reader.id(), "x" + reader.secret(), reader.token());
        Signer.Key bare = new Signer.Key(reader.id(), reader.secret(), "FHother");
        // AWS: DynamoDB's answers to what a caller did wrong are all 400.
        assertThat(table(forged, "GetItem", item("Users")))
                .startsWith("400 ")
                .contains("InvalidSignatureException");
        assertThat(table(bare, "GetItem", item("Users")))
                .startsWith("400 ")
                .contains("UnrecognizedClientException");
    }

    @Test
    void aSessionPolicyTakesAway() {
        Signer.Key limited =
                assume(
                        "{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\","
                                + "\"Action\":\"dynamodb:Query\",\"Resource\":\"*\"}}");
        assertThat(table(limited, "GetItem", item("Users")))
                .contains("because no session policy allows the dynamodb:GetItem action");
    }

    private static String item(String table) {
        return "{\"TableName\":\"" + table + "\",\"Key\":{\"id\":{\"S\":\"ada\"}}}";
    }

    private Signer.Key assume(String policy) {
        Map<String, String> parameters =
                new java.util.LinkedHashMap<>(
                        Map.of(
                                "Action", "AssumeRole",
                                "Version", "2011-06-15",
                                "RoleArn", "arn:aws:iam::000000000000:role/reader",
                                "RoleSessionName", "session"));
        if (!policy.isEmpty()) {
            parameters.put("Policy", policy);
        }
        String answer = query(ROOT, "sts", parameters);
        Matcher key = KEY.matcher(answer);
        assertThat(key.find()).as(answer).isTrue();
        return new Signer.Key(key.group(1), key.group(2), key.group(3));
    }

    private String table(Signer.Key key, String operation, String body) {
        Headers headers =
                Headers.builder()
                        .set("x-amz-target", "DynamoDB_20120810." + operation)
                        .set("content-type", "application/x-amz-json-1.0")
                        .build();
        return send(key, "dynamodb", headers, body);
    }

    private String query(Signer.Key key, String service, Map<String, String> parameters) {
        String form =
                parameters.entrySet().stream()
                        .map(p ->
                                p.getKey()
                                        + "="
                                        + URLEncoder.encode(p.getValue(), StandardCharsets.UTF_8))
                        .collect(Collectors.joining("&"));
        Headers headers =
                Headers.builder().set("content-type", "application/x-www-form-urlencoded").build();
        return send(key, service, headers, form);
    }

    /// The answer's status and body.
    private String send(Signer.Key key, String service, Headers headers, String body) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        Request unsigned = request(headers, bytes);
        Headers.Builder all = headers.toBuilder();
        new Signer(key, "us-east-1", service, clock).sign(unsigned, bytes).forEach(all::set);
        Response response = gateway.answer(request(all.build(), bytes));
        try (InputStream in = response.body().open()) {
            String text = new String(in.readNBytes(Bodies.MAX_IN_MEMORY), StandardCharsets.UTF_8);
            return response.status() + " " + text;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static Request request(Headers headers, byte[] body) {
        return new Request(
                "POST",
                "/",
                "",
                headers,
                ByteStream.of(Blob.wrap(body)),
                "localhost:4566",
                "127.0.0.1",
                false,
                "request");
    }
}
