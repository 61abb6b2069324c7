package dev.freehold.conformance;

import dev.freehold.services.json.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.apigatewayv2.ApiGatewayV2Client;
import software.amazon.awssdk.services.apigatewayv2.model.CreateApiResponse;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.FunctionResponseType;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.Event;
import software.amazon.awssdk.services.s3.model.FilterRule;
import software.amazon.awssdk.services.s3.model.LambdaFunctionConfiguration;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/// The AWS SDK for Java v2.
final class JavaClient implements Client {
    private static final String TRUST =
            """
            {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole",
             "Principal":{"Service":"lambda.amazonaws.com"}}]}\
            """;

    private final JavaClients clients;

    JavaClient(String endpoint, String account) {
        this.clients = new JavaClients(endpoint, account);
    }

    @Override
    public String account() {
        return clients.account();
    }

    /// One object of the applications' description.
    private record Part(Map<String, Object> members) {
        @SuppressWarnings("unchecked")
        static Part of(Object json) {
            return new Part((Map<String, Object>) json);
        }

        String text(String name) {
            return (String) Objects.requireNonNull(members.get(name));
        }

        @Nullable Part part(String name) {
            Object part = members.get(name);
            return part == null ? null : of(part);
        }

        @SuppressWarnings("unchecked")
        List<Part> parts(String name) {
            List<Object> parts =
                    (List<Object>) Objects.requireNonNullElse(members.get(name), List.of());
            return parts.stream().map(Part::of).toList();
        }

        @SuppressWarnings("unchecked")
        List<String> texts(String name) {
            return (List<String>) Objects.requireNonNull(members.get(name));
        }

        Map<String, String> map(String name) {
            Map<String, String> map = new TreeMap<>();
            Part part = part(name);
            if (part != null) {
                part.members.keySet().forEach(key -> map.put(key, part.text(key)));
            }
            return map;
        }
    }

    @Override
    public Deployed deploy(String application, String listener) throws Exception {
        String text =
                Files.readString(Server.root().resolve("conformance/clients/applications.json"))
                        .replace("{account}", account())
                        .replace("{bucket}", bucket())
                        .replace("{listener}", listener);
        Part parts =
                Objects.requireNonNull(
                        Part.of(Objects.requireNonNull(Json.read(text))).part(application));
        try (DynamoDbClient dynamodb = clients.dynamodb()) {
            for (Part table : parts.parts("tables")) {
                Tables.create(
                        dynamodb, table.text("name"), table.texts("keys").toArray(String[]::new));
            }
        }
        Map<String, String> queues = createQueues(parts);
        createTopic(parts.part("topic"));
        Map<String, String> functions = createFunctions(parts, queues);
        createBucket(parts.part("bucket"), functions);
        createSource(parts.part("source"));
        return new Deployed(createApi(parts.part("api"), functions), queues);
    }

    private Map<String, String> createQueues(Part parts) {
        Map<String, String> queues = new LinkedHashMap<>();
        try (SqsClient sqs = clients.sqs()) {
            for (Part queue : parts.parts("queues")) {
                String name = queue.text("name");
                queues.put(
                        name,
                        sqs.createQueue(create ->
                                        create.queueName(name)
                                                .attributesWithStrings(queue.map("attributes")))
                                .queueUrl());
            }
        }
        return queues;
    }

    private void createTopic(@Nullable Part topic) {
        if (topic == null) {
            return;
        }
        try (SnsClient sns = clients.sns()) {
            String arn = sns.createTopic(create -> create.name(topic.text("name"))).topicArn();
            topic.map("subscriptions")
                    .forEach((protocol, endpoint) ->
                            sns.subscribe(subscribe ->
                                    subscribe.topicArn(arn).protocol(protocol).endpoint(endpoint)));
        }
    }

    private Map<String, String> createFunctions(Part parts, Map<String, String> queues)
            throws Exception {
        Map<String, String> functions = new TreeMap<>();
        for (Part function : parts.parts("functions")) {
            functions.put(function.text("name"), createFunction(function, queues));
        }
        return functions;
    }

    private String createFunction(Part function, Map<String, String> queues) throws Exception {
        String name = function.text("name");
        String role = createRole(function);
        Map<String, String> variables = function.map("environment");
        queues.forEach((queue, url) ->
                variables.replaceAll((k, v) -> v.replace("{queue:" + queue + "}", url)));
        Path folder = Server.root().resolve("examples").resolve(function.text("folder"));
        SdkBytes zip = SdkBytes.fromByteArray(Zips.of(folder));
        try (LambdaClient lambda = clients.lambda()) {
            String arn =
                    lambda.createFunction(create ->
                                    create.functionName(name)
                                            .runtime(function.text("runtime"))
                                            .handler(function.text("handler"))
                                            .role(role)
                                            .timeout(10)
                                            .memorySize(256)
                                            .environment(e -> e.variables(variables))
                                            .code(code -> code.zipFile(zip)))
                            .functionArn();
            lambda.waiter().waitUntilFunctionActiveV2(wait -> wait.functionName(name));
            return arn;
        }
    }

    private String createRole(Part function) {
        String name = function.text("name");
        try (IamClient iam = clients.iam()) {
            String role =
                    iam.createRole(c -> c.roleName(name).assumeRolePolicyDocument(TRUST))
                            .role()
                            .arn();
            Part allow = function.part("allow");
            if (allow != null) {
                List<Object> statements = new ArrayList<>();
                allow.members()
                        .forEach((resource, actions) ->
                                statements.add(
                                        Map.of(
                                                "Effect",
                                                "Allow",
                                                "Action",
                                                actions,
                                                "Resource",
                                                resource)));
                String policy =
                        Json.write(Map.of("Version", "2012-10-17", "Statement", statements));
                iam.putRolePolicy(
                        put -> put.roleName(name).policyName("access").policyDocument(policy));
            }
            return role;
        }
    }

    private void createBucket(@Nullable Part bucket, Map<String, String> functions) {
        if (bucket == null) {
            return;
        }
        String name = bucket.text("name");
        allow(bucket.text("function"), "s3.amazonaws.com", "arn:aws:s3:::" + name);
        try (S3Client s3 = clients.s3()) {
            s3.createBucket(create -> create.bucket(name));
            FilterRule prefix =
                    FilterRule.builder().name("prefix").value(bucket.text("prefix")).build();
            LambdaFunctionConfiguration told =
                    LambdaFunctionConfiguration.builder()
                            .lambdaFunctionArn(functions.get(bucket.text("function")))
                            .events(Event.S3_OBJECT_CREATED)
                            .filter(f -> f.key(key -> key.filterRules(prefix)))
                            .build();
            s3.putBucketNotificationConfiguration(put ->
                    put.bucket(name)
                            .notificationConfiguration(n -> n.lambdaFunctionConfigurations(told)));
        }
    }

    private void allow(String function, String service, String source) {
        try (LambdaClient lambda = clients.lambda()) {
            lambda.addPermission(add ->
                    add.functionName(function)
                            .statementId("by-" + service.replace('.', '-'))
                            .action("lambda:InvokeFunction")
                            .principal(service)
                            .sourceArn(source));
        }
    }

    private void createSource(@Nullable Part source) {
        if (source == null) {
            return;
        }
        try (LambdaClient lambda = clients.lambda()) {
            lambda.createEventSourceMapping(create ->
                    create.functionName(source.text("function"))
                            .eventSourceArn(source.text("queue"))
                            .functionResponseTypes(
                                    FunctionResponseType.REPORT_BATCH_ITEM_FAILURES));
        }
    }

    private String createApi(@Nullable Part api, Map<String, String> functions) {
        if (api == null) {
            return "";
        }
        try (ApiGatewayV2Client apis = clients.apis()) {
            CreateApiResponse made =
                    apis.createApi(create -> create.name(api.text("name")).protocolType("HTTP"));
            String integration =
                    apis.createIntegration(create ->
                                    create.apiId(made.apiId())
                                            .integrationType("AWS_PROXY")
                                            .payloadFormatVersion("2.0")
                                            .integrationUri(functions.get(api.text("function"))))
                            .integrationId();
            for (String route : api.texts("routes")) {
                apis.createRoute(create ->
                        create.apiId(made.apiId())
                                .routeKey(route)
                                .target("integrations/" + integration));
            }
            apis.createStage(
                    create -> create.apiId(made.apiId()).stageName("$default").autoDeploy(true));
            allow(
                    api.text("function"),
                    "apigateway.amazonaws.com",
                    "arn:aws:execute-api:us-east-1:" + account() + ":" + made.apiId() + "/*");
            return made.apiEndpoint();
        }
    }

    @Override
    public void upload(String key, Path file) {
        try (S3Client s3 = clients.s3()) {
            s3.putObject(put -> put.bucket(bucket()).key(key), file);
        }
    }

    @Override
    public void download(String key, Path file) {
        try (S3Client s3 = clients.s3()) {
            s3.getObject(get -> get.bucket(bucket()).key(key), file);
        }
    }

    @Override
    public List<Map<String, String>> scan(String table) {
        try (DynamoDbClient dynamodb = clients.dynamodb()) {
            return dynamodb.scanPaginator(scan -> scan.tableName(table)).items().stream()
                    .map(item -> {
                        Map<String, String> texts = new TreeMap<>();
                        item.forEach((name, value) ->
                                texts.put(name, value.s() == null ? value.n() : value.s()));
                        return texts;
                    })
                    .toList();
        }
    }

    @Override
    public List<String> receive(String queueUrl) {
        try (SqsClient sqs = clients.sqs()) {
            return sqs
                    .receiveMessage(
                            r -> r.queueUrl(queueUrl).maxNumberOfMessages(10).waitTimeSeconds(1))
                    .messages()
                    .stream()
                    .map(message -> message.body())
                    .toList();
        }
    }
}
