package dev.freehold.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.Event;
import software.amazon.awssdk.services.s3.model.QueueConfiguration;
import software.amazon.awssdk.services.s3.model.S3Object;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/// Kills a server under load, starts it again on its folder, and looks for everything that it had
/// acknowledged: items and their index, objects and their notifications, messages, asynchronous
/// invocations; none half done.
///
///     ./mvnw test -pl conformance -am -Dtest=CrashTest -Dcrash.rounds=50 -Dcrash.seed=N
final class CrashTest {
    private static final String ACCOUNT = "333333333333";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final String RECORDER =
            """
            import os, boto3
            table = boto3.resource("dynamodb").Table("ran")

            def handler(event, context):
                table.put_item(Item={"id": event["id"]})
            """;

    private final long seed = Long.getLong("crash.seed", System.nanoTime());
    private final int rounds = Integer.getInteger("crash.rounds", 3);
    private String jobs = "";
    private String told = "";

    @Test
    void whatWasAcknowledgedSurvivesBeingKilled(@TempDir Path folder) throws Exception {
        System.out.println("CrashTest: -Dcrash.seed=" + seed + " -Dcrash.rounds=" + rounds);
        Random random = new Random(seed);
        Server server = Server.start(folder);
        try {
            create(new JavaClients(server.endpoint(), ACCOUNT));
            for (int round = 0; round < rounds; round++) {
                JavaClients clients = new JavaClients(server.endpoint(), ACCOUNT);
                CrashLoad load = new CrashLoad(clients, at(server, jobs), "r" + round);
                load.run(random, server::kill);
                server = Server.start(folder);
                check(server, load);
                System.out.printf(
                        "CrashTest: round %d: %d items, %d objects, %d messages, %d invocations%n",
                        round,
                        load.items.size(),
                        load.objects.size(),
                        load.messages.size(),
                        load.invocations.size());
            }
        } catch (Exception | AssertionError e) {
            throw new AssertionError(
                    "again: ./mvnw test -pl conformance -am -Dtest=CrashTest -Dcrash.seed="
                            + seed
                            + "\n"
                            + server.log(),
                    e);
        } finally {
            server.kill();
        }
    }

    /// The port is another one after each start.
    private static String at(Server server, String queueUrl) {
        return queueUrl.replaceFirst(":\\d+/", ":" + server.port() + "/");
    }

    private void create(JavaClients clients) throws Exception {
        try (DynamoDbClient dynamodb = clients.dynamodb();
                SqsClient sqs = clients.sqs();
                S3Client s3 = clients.s3();
                IamClient iam = clients.iam();
                LambdaClient lambda = clients.lambda()) {
            Tables.createIndexed(dynamodb, "crash", "pk", "group");
            Tables.create(dynamodb, "ran", "id");
            jobs = sqs.createQueue(create -> create.queueName("jobs")).queueUrl();
            told = sqs.createQueue(create -> create.queueName("told")).queueUrl();
            createBucket(s3, sqs);
            createFunction(iam, lambda);
        }
    }

    private void createBucket(S3Client s3, SqsClient sqs) {
        String arn = "arn:aws:sqs:us-east-1:" + ACCOUNT + ":told";
        String policy =
                """
                {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sqs:SendMessage",
                 "Principal":{"Service":"s3.amazonaws.com"},"Resource":"%s"}]}\
                """
                        .formatted(arn);
        sqs.setQueueAttributes(
                set -> set.queueUrl(told).attributes(Map.of(QueueAttributeName.POLICY, policy)));
        s3.createBucket(create -> create.bucket("crash"));
        QueueConfiguration queue =
                QueueConfiguration.builder().queueArn(arn).events(Event.S3_OBJECT_CREATED).build();
        s3.putBucketNotificationConfiguration(put ->
                put.bucket("crash").notificationConfiguration(n -> n.queueConfigurations(queue)));
    }

    private static void createFunction(IamClient iam, LambdaClient lambda) throws Exception {
        String trust =
                """
                {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole",
                 "Principal":{"Service":"lambda.amazonaws.com"}}]}\
                """;
        String policy =
                """
                {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"dynamodb:PutItem",
                 "Resource":"arn:aws:dynamodb:us-east-1:%s:table/ran"}]}\
                """
                        .formatted(ACCOUNT);
        String role =
                iam.createRole(create -> create.roleName("crash").assumeRolePolicyDocument(trust))
                        .role()
                        .arn();
        iam.putRolePolicy(put -> put.roleName("crash").policyName("ran").policyDocument(policy));
        SdkBytes zip = SdkBytes.fromByteArray(Zips.of("index.py", RECORDER));
        lambda.createFunction(create ->
                create.functionName("crash")
                        .runtime("python3.11")
                        .handler("index.handler")
                        .role(role)
                        .timeout(30)
                        .code(code -> code.zipFile(zip)));
        lambda.waiter().waitUntilFunctionActiveV2(wait -> wait.functionName("crash"));
    }

    private void check(Server server, CrashLoad load) throws Exception {
        JavaClients clients = new JavaClients(server.endpoint(), ACCOUNT);
        try (DynamoDbClient dynamodb = clients.dynamodb();
                SqsClient sqs = clients.sqs();
                S3Client s3 = clients.s3()) {
            checkItems(dynamodb, load.items);
            checkObjects(s3, load.objects);
            Function<Message, String> body = Message::body;
            receive(sqs, at(server, jobs), "messages", load.messages, body);
            receive(sqs, at(server, told), "notifications", load.objects.keySet(), CrashTest::key);
            Eventually.until(
                    "invocations run",
                    PATIENCE,
                    () -> missing(load.invocations, scan(dynamodb, "ran", "id")),
                    Set::isEmpty);
        }
    }

    private static Set<String> missing(Set<String> expected, Set<String> found) {
        Set<String> missing = new TreeSet<>(expected);
        missing.removeAll(found);
        return missing;
    }

    /// Every acknowledged item is there, whole, and an index row is there exactly when its item is.
    private static void checkItems(DynamoDbClient dynamodb, Set<String> acknowledged) {
        Set<String> all = scan(dynamodb, "crash", "pk");
        assertThat(missing(acknowledged, all)).as("lost items").isEmpty();
        Set<String> indexed = new TreeSet<>();
        dynamodb.queryPaginator(query ->
                        query.tableName("crash")
                                .indexName("by-group")
                                .keyConditionExpression("#g = :g")
                                .expressionAttributeNames(Map.of("#g", "group"))
                                .expressionAttributeValues(Map.of(":g", AttributeValue.fromS("g"))))
                .items()
                .forEach(item -> {
                    String id = text(item, "pk");
                    assertThat(text(item, "data")).isEqualTo("data of " + id);
                    indexed.add(id);
                });
        assertThat(indexed).as("the index").isEqualTo(all);
    }

    private static String text(Map<String, AttributeValue> item, String name) {
        return Objects.requireNonNull(item.get(name)).s();
    }

    private static Set<String> scan(DynamoDbClient dynamodb, String table, String key) {
        Set<String> found = new TreeSet<>();
        dynamodb.scanPaginator(scan -> scan.tableName(table).consistentRead(true))
                .items()
                .forEach(item -> found.add(text(item, key)));
        return found;
    }

    /// Every acknowledged object is there, and the bytes of every object are what its ETag says.
    private static void checkObjects(S3Client s3, Map<String, String> acknowledged)
            throws Exception {
        Set<String> found = new TreeSet<>();
        for (S3Object object : s3.listObjectsV2Paginator(list -> list.bucket("crash")).contents()) {
            byte[] bytes =
                    s3.getObjectAsBytes(get -> get.bucket("crash").key(object.key())).asByteArray();
            String md5 = HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(bytes));
            assertThat(object.eTag()).as(object.key()).isEqualTo("\"" + md5 + "\"");
            String promised = acknowledged.get(object.key());
            assertThat(promised == null || promised.equals(object.eTag()))
                    .as(object.key())
                    .isTrue();
            found.add(object.key());
        }
        assertThat(missing(acknowledged.keySet(), found)).as("lost objects").isEmpty();
    }

    private static void receive(
            SqsClient sqs,
            String queue,
            String what,
            Set<String> expected,
            Function<Message, String> name)
            throws Exception {
        Set<String> found = new TreeSet<>();
        Eventually.until(
                what + " arrive",
                PATIENCE,
                () -> {
                    List<Message> some =
                            sqs.receiveMessage(r ->
                                            r.queueUrl(queue)
                                                    .maxNumberOfMessages(10)
                                                    .visibilityTimeout(300))
                                    .messages();
                    while (!some.isEmpty()) {
                        some.forEach(message -> found.add(name.apply(message)));
                        some =
                                sqs.receiveMessage(r ->
                                                r.queueUrl(queue)
                                                        .maxNumberOfMessages(10)
                                                        .visibilityTimeout(300))
                                        .messages();
                    }
                    return missing(expected, found);
                },
                Set::isEmpty);
    }

    private static String key(Message notification) {
        String body = notification.body();
        int at = body.indexOf("\"key\":\"");
        return at < 0 ? body : body.substring(at + 7, body.indexOf('"', at + 7));
    }
}
