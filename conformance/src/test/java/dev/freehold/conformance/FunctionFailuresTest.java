package dev.freehold.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.InvokeResponse;
import software.amazon.awssdk.services.lambda.model.LambdaException;
import software.amazon.awssdk.services.lambda.model.LogType;
import software.amazon.awssdk.services.lambda.model.State;
import software.amazon.awssdk.services.sns.SnsClient;

/// Functions that are wrong in all ways: callers get AWS's error type and text, and nothing is left
/// behind, no process, descriptor or file.
final class FunctionFailuresTest {
    private static final String ACCOUNT = "444444444444";
    private static final String ORPHAN = "orphan-of-a-crash";
    private static final AtomicInteger COUNT = new AtomicInteger();

    @TempDir static Path folder;
    private static @Nullable Server server;
    private static String role = "";

    @BeforeAll
    static void start() throws Exception {
        Path blobs = folder.resolve("data/blobs/%02x".formatted(ORPHAN.hashCode() & 0xFF));
        Files.createDirectories(blobs);
        Path orphan = Files.writeString(blobs.resolve(ORPHAN), "bytes without a row");
        Instant before = Instant.now().minus(Duration.ofMinutes(1));
        Files.setLastModifiedTime(orphan, FileTime.from(before));
        // Without pools, whose sizes grow with what is asked for: so that nothing may be left.
        Server started =
                Server.start(
                        folder.resolve("data"),
                        List.of("-Dfreehold.grace-seconds=2"),
                        List.of("--pool", "0"));
        server = started;
        try (IamClient iam = clients().iam()) {
            role =
                    iam.createRole(create ->
                                    create.roleName("runs")
                                            .assumeRolePolicyDocument(
                                                    "{\"Statement\":[{\"Effect\":\"Allow\","
                                                            + "\"Action\":\"sts:AssumeRole\","
                                                            + "\"Principal\":{\"Service\":"
                                                            + "\"lambda.amazonaws.com\"}}]}"))
                            .role()
                            .arn();
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

    private static JavaClients clients() {
        return new JavaClients(server().endpoint(), ACCOUNT);
    }

    /// Makes a function, calls it, and deletes it.
    ///
    /// @return the function's error, what was answered, and the log's end
    private static String outcome(String runtime, String handler, byte[] zip) throws Exception {
        String name = "f" + COUNT.incrementAndGet();
        try (LambdaClient lambda = clients().lambda()) {
            create(lambda, name, runtime, handler, zip);
            InvokeResponse answer =
                    lambda.invoke(call ->
                            call.functionName(name)
                                    .payload(SdkBytes.fromUtf8String("{}"))
                                    .logType(LogType.TAIL));
            lambda.deleteFunction(delete -> delete.functionName(name));
            byte[] log = java.util.Base64.getDecoder().decode(answer.logResult());
            return answer.functionError()
                    + " "
                    + answer.payload().asUtf8String()
                    + "\n"
                    + new String(log, StandardCharsets.UTF_8);
        }
    }

    private static void create(
            LambdaClient lambda, String name, String runtime, String handler, byte[] zip) {
        lambda.createFunction(create ->
                create.functionName(name)
                        .runtime(runtime)
                        .handler(handler)
                        .role(role)
                        .timeout(3)
                        .code(code -> code.zipFile(SdkBytes.fromByteArray(zip))));
        lambda.waiter().waitUntilFunctionActiveV2(get -> get.functionName(name));
    }

    private static String python(String code) throws Exception {
        return outcome("python3.11", "index.handler", Zips.of("index.py", code));
    }

    private static String node(String code) throws Exception {
        return outcome("nodejs20.x", "index.handler", Zips.of("index.js", code));
    }

    private static String bootstrap(byte[] program) throws Exception {
        return outcome("provided.al2023", "x", Zips.of(Map.of("bootstrap", program)));
    }

    @Test
    void wrongEntrypoints() throws Exception {
        byte[] foreign = elf(Architecture.FOREIGN);

        assertThat(bootstrap(foreign))
                .startsWith("Unhandled {\"errorType\":\"Runtime.InvalidEntrypoint\"")
                .contains("Error: fork/exec /var/task/bootstrap: exec format error\"}")
                .contains("Status: error\tError Type: Runtime.InvalidEntrypoint");
        assertThat(outcome("provided.al2023", "x", Zips.of("other", "x")))
                .contains("Runtime.InvalidEntrypoint")
                .contains("Couldn't find valid bootstrap(s): [/var/task/bootstrap /opt/bootstrap]");
        assertThat(bootstrap("#!/no/such/program\n".getBytes(StandardCharsets.UTF_8)))
                .contains("fork/exec /var/task/bootstrap: no such file or directory");
        assertThat(bootstrap("#!/bin/sh\nexit 7\n".getBytes(StandardCharsets.UTF_8)))
                .contains("\"errorType\":\"Runtime.ExitError\"")
                .containsPattern(
                        "RequestId: [-0-9a-f]{36} Error: Runtime exited with error: exit"
                                + " status 7");
    }

    private static final class Architecture {
        /// The machine's number in ELF of another than this.
        static final short FOREIGN =
                (short) (System.getProperty("os.arch").equals("aarch64") ? 62 : 183);
    }

    /// The head of a program for a machine.
    private static byte[] elf(short machine) {
        ByteBuffer head = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
        head.put(new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1}).position(16);
        head.putShort((short) 2).putShort(machine).putInt(1);
        return head.array();
    }

    @Test
    void wrongHandlersOfPython() throws Exception {
        assertThat(python("def other(e, c): pass"))
                .startsWith(
                        "Unhandled {\"errorMessage\": \"Handler 'handler' missing on module"
                                + " 'index'\", \"errorType\": \"Runtime.HandlerNotFound\"")
                .contains("[ERROR] Runtime.HandlerNotFound: Handler 'handler' missing");
        assertThat(outcome("python3.11", "gone.handler", Zips.of("index.py", "")))
                .contains("Unable to import module 'gone': No module named 'gone'")
                .contains("Runtime.ImportModuleError");
        assertThat(python("def handler(e, c)\n  pass")).contains("Runtime.UserCodeSyntaxError");
        assertThat(python("def handler(e, c): return {1}"))
                .contains("Runtime.MarshalError")
                .contains(
                        "Unable to marshal response: Object of type set is not JSON serializable");
        assertThat(python("raise ValueError('at once')"))
                .contains("\"errorType\": \"ValueError\"")
                .contains("Phase: init\tStatus: error\tError Type: ValueError")
                .contains("Phase: invoke\tStatus: error\tError Type: ValueError");
    }

    @Test
    void wrongHandlersOfNode() throws Exception {
        assertThat(node("exports.other = 1;"))
                .contains(
                        "Unhandled {\"errorType\":\"Runtime.HandlerNotFound\",\"errorMessage\":"
                                + "\"index.handler is undefined or not exported\"");
        assertThat(outcome("nodejs20.x", "gone.handler", Zips.of("index.js", "")))
                .contains("\"errorType\":\"Runtime.ImportModuleError\"")
                .contains("Error: Cannot find module 'gone'");
        assertThat(node("exports.handler = async () => {")).contains("Runtime.UserCodeSyntaxError");
        assertThat(node("exports.handler = async () => 1n;"))
                .contains("\"errorMessage\":\"Unable to stringify response body\"");
        assertThat(node("process.exit(9);")).contains("Runtime.ExitError", "exit status 9");
    }

    @Test
    void wrongHandlersOfRuby() throws Exception {
        assertThat(outcome("ruby3.3", "index.handler", Zips.of("index.rb", "require 'gone'")))
                .contains("\"errorType\":\"Init<LoadError>\"");
        assertThat(outcome("ruby3.3", "index.handler", Zips.of("index.rb", "")))
                .contains("Function<NoMethodError>");
    }

    @Test
    void invocationsThatTakeTooLong() throws Exception {
        assertThat(python("import time\ndef handler(e, c): time.sleep(60)"))
                .startsWith("Unhandled {\"errorType\":\"Sandbox.Timedout\"")
                .containsPattern(
                        "RequestId: [-0-9a-f]{36} Error: Task timed out after 3.00 seconds")
                .contains("Status: timeout");
        assertThat(python("while True: pass"))
                .contains("Sandbox.Timedout", "Task timed out after 3.00 seconds")
                .containsPattern(
                        "INIT_REPORT Init Duration: 10\\d\\d\\d\\.\\d\\d ms\tPhase: init"
                                + "\tStatus: timeout")
                .containsPattern(
                        "INIT_REPORT Init Duration: 3\\d\\d\\d\\.\\d\\d ms\tPhase: invoke"
                                + "\tStatus: timeout");
    }

    @Test
    void whatUsesUpItsMemory() throws Exception {
        assertThat(python("def handler(e, c): return len(b'x' * (512 << 20))"))
                .contains("Runtime exited with error: signal: killed")
                .contains("Error Type: Runtime.OutOfMemory");
    }

    @Test
    void packagesThatReachOutAreRefused() throws Exception {
        for (byte[] zip :
                List.of(
                        Zips.of("../../evil.py", "x"),
                        Zips.of("/evil.py", "x"),
                        Zips.of("a/../../evil.py", "x"),
                        Zips.ofLink("link", "/etc/passwd"),
                        Zips.ofLink("link", "../../../etc/passwd"),
                        "no zip".getBytes(StandardCharsets.UTF_8),
                        new byte[0])) {
            String name = "refused" + COUNT.incrementAndGet();
            try (LambdaClient lambda = clients().lambda()) {
                assertThatThrownBy(() -> create(lambda, name, "python3.11", "index.handler", zip))
                        .isInstanceOfSatisfying(
                                LambdaException.class,
                                e -> assertThat(e.statusCode()).isEqualTo(400));
                assertThat(lambda.listFunctions().functions())
                        .noneMatch(function -> function.functionName().equals(name));
            }
        }
    }

    @Test
    void aRuntimeThatThisHostLacksIsRefusedByName() throws Exception {
        try (LambdaClient lambda = clients().lambda()) {
            byte[] zip = Zips.of("App.dll", "x");
            assertThatThrownBy(() -> create(lambda, "none", "dotnet8", "App", zip))
                    .hasMessageContaining("this host has no interpreter for it");
        }
    }

    @Test
    void theStateOfAFunctionThatFailsIsActive() throws Exception {
        try (LambdaClient lambda = clients().lambda()) {
            create(lambda, "fails", "python3.11", "gone.handler", Zips.of("index.py", ""));
            lambda.invoke(call -> call.functionName("fails"));

            assertThat(lambda.getFunctionConfiguration(get -> get.functionName("fails")).state())
                    .isEqualTo(State.ACTIVE);
            lambda.deleteFunction(delete -> delete.functionName("fails"));
        }
    }

    @Test
    void aTopicTellsAFunctionByItsUrl() throws Exception {
        try (LambdaClient lambda = clients().lambda();
                SnsClient sns = clients().sns()) {
            byte[] zip =
                    Zips.of(
                            "index.py",
                            """
                            import json, urllib.request
                            def handler(e, c):
                                told = json.loads(e['body'])
                                return urllib.request.urlopen(told['SubscribeURL']).status
                            """);
            create(lambda, "told", "python3.11", "index.handler", zip);
            String url =
                    lambda.createFunctionUrlConfig(
                                    make -> make.functionName("told").authType("NONE"))
                            .functionUrl();
            for (String action : List.of("lambda:InvokeFunctionUrl", "lambda:InvokeFunction")) {
                lambda.addPermission(add ->
                        add.functionName("told")
                                .statementId(action.substring(action.indexOf(':') + 1))
                                .action(action)
                                .principal("*"));
            }
            String topic = sns.createTopic(make -> make.name("calls")).topicArn();
            String subscription =
                    sns.subscribe(to ->
                                    to.topicArn(topic)
                                            .protocol("http")
                                            .endpoint(url)
                                            .returnSubscriptionArn(true))
                            .subscriptionArn();

            Eventually.until(
                    "the function confirms",
                    Duration.ofSeconds(20),
                    () ->
                            sns.getSubscriptionAttributes(of -> of.subscriptionArn(subscription))
                                    .attributes()
                                    .get("PendingConfirmation"),
                    "false"::equals);
            lambda.deleteFunction(delete -> delete.functionName("told"));
        }
    }

    @Test
    void nothingIsLeftBehind() throws Exception {
        python("def handler(e, c): return 1");
        Leftovers before = Leftovers.of(server(), folder.resolve("data"));
        for (int i = 0; i < 3; i++) {
            python("def handler(e, c): return 1");
            python("import os\ndef handler(e, c): os._exit(1)");
            python("import os\nos._exit(1)");
            node("setInterval(() => {}, 10); exports.handler = async () => { throw 1; };");
            bootstrap(elf(Architecture.FOREIGN));
            python("import subprocess\ndef handler(e, c): subprocess.Popen(['sleep', '1000'])");
        }

        Leftovers none = new Leftovers(0, before.descriptors, 0, 0);
        Eventually.until(
                none.toString(),
                Duration.ofSeconds(30),
                () -> Leftovers.of(server(), folder.resolve("data")),
                now -> now.within(none));
    }

    @Test
    void whatACrashLeftIsRemoved() throws Exception {
        Path file =
                folder.resolve("data/blobs/%02x".formatted(ORPHAN.hashCode() & 0xFF))
                        .resolve(ORPHAN);
        Eventually.until(
                "the orphan goes",
                Duration.ofSeconds(30),
                () -> Files.exists(file),
                exists -> !exists);
    }

    /// What a server holds.
    private record Leftovers(long processes, long descriptors, long environments, long trees) {
        static Leftovers of(Server server, Path data) throws Exception {
            return new Leftovers(
                    server.process().descendants().count(),
                    count(Path.of("/proc", String.valueOf(server.process().pid()), "fd")),
                    count(data.resolve("run/environments")),
                    count(data.resolve("code")));
        }

        private static long count(Path directory) throws Exception {
            try (Stream<Path> all = Files.list(directory)) {
                return all.count();
            }
        }

        boolean within(Leftovers before) {
            return processes <= before.processes
                    && descriptors <= before.descriptors
                    && environments <= before.environments
                    && trees <= before.trees;
        }
    }
}
