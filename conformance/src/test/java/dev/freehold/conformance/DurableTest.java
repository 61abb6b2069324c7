package dev.freehold.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.Event;
import software.amazon.awssdk.services.lambda.model.EventType;
import software.amazon.awssdk.services.lambda.model.ExecutionStatus;
import software.amazon.awssdk.services.lambda.model.GetDurableExecutionResponse;
import software.amazon.awssdk.services.lambda.model.InvocationType;
import software.amazon.awssdk.services.lambda.model.InvokeResponse;

/// Durable functions by AWS's SDKs, unmodified: what they note, wait for and are told, and that
/// killing the server loses none of it.
final class DurableTest {
    private static final String ACCOUNT = "777777777777";
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private static final String PLAIN =
            """
            def handler(event, context):
                return {"plain": event["n"]}
            """;

    @TempDir static Path folder;

    private static @Nullable Server server;

    @BeforeAll
    static void start() throws Exception {
        Clients.install();
        server = Server.start(folder.resolve("data"));
        try (IamClient iam = clients().iam();
                LambdaClient lambda = clients().lambda()) {
            String role = role(iam);
            for (String language : List.of("javascript", "python")) {
                create(lambda, role, language);
            }
            SdkBytes plain = SdkBytes.fromByteArray(Zips.of("index.py", PLAIN));
            lambda.createFunction(create ->
                    create.functionName("plain")
                            .runtime("python3.13")
                            .handler("index.handler")
                            .role(role)
                            .code(code -> code.zipFile(plain)));
            lambda.waiter().waitUntilFunctionActiveV2(wait -> wait.functionName("plain"));
        }
    }

    private static String role(IamClient iam) {
        String trust =
                """
                {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole",
                 "Principal":{"Service":"lambda.amazonaws.com"}}]}\
                """;
        String policy =
                """
                {"Version":"2012-10-17","Statement":[
                 {"Effect":"Allow","Action":"lambda:InvokeFunction","Resource":"*"},
                 {"Effect":"Allow","Action":["lambda:CheckpointDurableExecution",
                  "lambda:GetDurableExecutionState"],
                  "Resource":"arn:aws:lambda:us-east-1:%s:function:*:*/durable-execution/*"}]}\
                """
                        .formatted(ACCOUNT);
        String role =
                iam.createRole(create -> create.roleName("flow").assumeRolePolicyDocument(trust))
                        .role()
                        .arn();
        iam.putRolePolicy(put -> put.roleName("flow").policyName("flow").policyDocument(policy));
        return role;
    }

    private static void create(LambdaClient lambda, String role, String language) throws Exception {
        boolean python = language.equals("python");
        String file = python ? "index.py" : "index.mjs";
        Path code = Server.root().resolve("conformance/clients/durable").resolve(language);
        byte[] zip = Zips.of(Clients.durable(language), code.resolve(file));
        lambda.createFunction(create ->
                create.functionName(language)
                        .runtime(python ? "python3.13" : "nodejs22.x")
                        .handler("index.handler")
                        .role(role)
                        .timeout(60)
                        .memorySize(512)
                        .durableConfig(durable -> durable.executionTimeout(600))
                        .code(of -> of.zipFile(SdkBytes.fromByteArray(zip)))
                        .publish(true));
        lambda.waiter().waitUntilFunctionActiveV2(wait -> wait.functionName(language));
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

    private static JavaClients clients() {
        return new JavaClients(server().endpoint(), ACCOUNT);
    }

    private static String run(String language, String input) {
        try (LambdaClient lambda = clients().lambda()) {
            InvokeResponse answer =
                    lambda.invoke(invoke ->
                            invoke.functionName(language)
                                    .qualifier("1")
                                    .payload(SdkBytes.fromUtf8String(input)));
            assertThat(answer.durableExecutionArn()).contains("/durable-execution/");
            return answer.payload().asUtf8String();
        }
    }

    /// Starts an execution and does not wait.
    private static String begin(String language, String name, String input) {
        try (LambdaClient lambda = clients().lambda()) {
            return lambda.invoke(invoke ->
                            invoke.functionName(language)
                                    .qualifier("1")
                                    .durableExecutionName(name)
                                    .invocationType(InvocationType.EVENT)
                                    .payload(SdkBytes.fromUtf8String(input)))
                    .durableExecutionArn();
        }
    }

    private static List<Event> history(String arn) {
        try (LambdaClient lambda = clients().lambda()) {
            return lambda
                    .getDurableExecutionHistoryPaginator(get ->
                            get.durableExecutionArn(arn).includeExecutionData(true).maxItems(3))
                    .events()
                    .stream()
                    .toList();
        }
    }

    private static List<Event> awaitEvent(String arn, EventType type, String name)
            throws Exception {
        return Eventually.until(
                type + " of " + name,
                PATIENCE,
                () -> history(arn),
                events ->
                        events.stream()
                                .anyMatch(e ->
                                        e.eventType() == type
                                                && (name.isEmpty() || name.equals(e.name()))));
    }

    private static GetDurableExecutionResponse awaitEnd(String arn) throws Exception {
        try (LambdaClient lambda = clients().lambda()) {
            return Eventually.until(
                    "the end of " + arn,
                    PATIENCE,
                    () -> lambda.getDurableExecution(get -> get.durableExecutionArn(arn)),
                    execution -> execution.status() != ExecutionStatus.RUNNING);
        }
    }

    private static long count(List<Event> events, EventType type) {
        return events.stream().filter(event -> event.eventType() == type).count();
    }

    @ParameterizedTest
    @ValueSource(strings = {"javascript", "python"})
    void stepsWaitsAndRetries(String language) throws Exception {
        String arn = begin(language, "steps", "{\"kind\":\"steps\",\"n\":4}");
        assertThat(awaitEnd(arn).result()).isEqualToIgnoringWhitespace("{\"one\":5,\"two\":50}");
        List<Event> events = history(arn);
        assertThat(count(events, EventType.WAIT_SUCCEEDED)).isEqualTo(1);
        assertThat(count(events, EventType.STEP_FAILED)).isEqualTo(1);
        assertThat(count(events, EventType.STEP_SUCCEEDED)).isEqualTo(2);
        assertThat(count(events, EventType.INVOCATION_COMPLETED)).isBetween(2L, 3L);
        assertThat(events.getLast().eventType()).isEqualTo(EventType.EXECUTION_SUCCEEDED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"javascript", "python"})
    void branchesAndContexts(String language) {
        assertThat(run(language, "{\"kind\":\"branches\",\"numbers\":[1,2,3]}"))
                .isEqualToIgnoringWhitespace(
                        "{\"parallel\":[\"l\",\"r\"],\"mapped\":[1,4,9],\"child\":\"in\"}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"javascript", "python"})
    void callbacks(String language) throws Exception {
        String arn = begin(language, "callback", "{\"kind\":\"callback\"}");
        String id =
                awaitEvent(arn, EventType.CALLBACK_STARTED, "").stream()
                        .filter(event -> event.eventType() == EventType.CALLBACK_STARTED)
                        .findFirst()
                        .orElseThrow()
                        .callbackStartedDetails()
                        .callbackId();
        try (LambdaClient lambda = clients().lambda()) {
            lambda.sendDurableExecutionCallbackSuccess(
                    send -> send.callbackId(id).result(SdkBytes.fromUtf8String("\"yes\"")));
        }
        assertThat(awaitEnd(arn).result()).contains("yes");
    }

    @ParameterizedTest
    @ValueSource(strings = {"javascript", "python"})
    void callbacksThatNobodyAnswersFailTheirExecution(String language) throws Exception {
        String input = "{\"kind\":\"callback\",\"timeout\":1}";
        GetDurableExecutionResponse ended = awaitEnd(begin(language, "late", input));
        assertThat(ended.status()).isEqualTo(ExecutionStatus.FAILED);
        assertThat(ended.error().errorType()).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"javascript", "python"})
    void otherFunctions(String language) {
        String input =
                "{\"kind\":\"chain\",\"plain\":\"plain\",\"durable\":\"%s:1\"}".formatted(language);
        assertThat(run(language, input))
                .containsIgnoringWhitespaces("\"plain\":{\"plain\":1}", "\"durable\":4")
                .doesNotContain("\"refused\":\"\"", "\"refused\": \"\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"javascript", "python"})
    void failures(String language) {
        try (LambdaClient lambda = clients().lambda()) {
            InvokeResponse answer =
                    lambda.invoke(invoke ->
                            invoke.functionName(language)
                                    .qualifier("1")
                                    .payload(SdkBytes.fromUtf8String("{\"kind\":\"fails\"}")));
            assertThat(answer.functionError()).isEqualTo("Unhandled");
            assertThat(answer.payload().asUtf8String()).contains("broken");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"javascript", "python"})
    void beingKilledWhileItWaitsAndInAStepLosesNothing(String language) throws Exception {
        String arn = begin(language, "crash", "{\"kind\":\"crash\"}");
        String one = result(awaitEvent(arn, EventType.WAIT_STARTED, "long"), "one");
        restart();
        awaitEvent(arn, EventType.STEP_STARTED, "slow");
        restart();
        GetDurableExecutionResponse ended = awaitEnd(arn);
        assertThat(ended.status()).isEqualTo(ExecutionStatus.SUCCEEDED);
        assertThat(ended.result()).contains(one, "slow");
        assertThat(count(history(arn), EventType.STEP_SUCCEEDED)).isEqualTo(2);
        assertThat(begin(language, "crash", "{\"kind\":\"crash\"}")).isEqualTo(arn);
        try (LambdaClient lambda = clients().lambda()) {
            var found =
                    lambda.listDurableExecutionsByFunction(
                            list -> list.functionName(language).durableExecutionName("crash"));
            assertThat(found.durableExecutions()).hasSize(1);
            assertThat(found.durableExecutions().getFirst().durableExecutionArn()).isEqualTo(arn);
        }
    }

    private static void restart() throws Exception {
        server().kill();
        server = Server.start(folder.resolve("data"));
    }

    /// What a step had returned, a text without its quotation marks.
    private static String result(List<Event> events, String step) {
        return events.stream()
                .filter(e -> e.eventType() == EventType.STEP_SUCCEEDED && step.equals(e.name()))
                .findFirst()
                .orElseThrow()
                .stepSucceededDetails()
                .result()
                .payload()
                .replace("\"", "");
    }
}
