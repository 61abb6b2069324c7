package dev.freehold.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Budgets, states, SnapStart and hot reload, by boto3.
final class FunctionOptionsTest {
    @TempDir static Path folder;

    private static Server server;
    private static ScriptClient boto3;

    @BeforeAll
    static void start() throws Exception {
        Clients.install();
        server = Server.start(folder.resolve("data"));
        boto3 = Clients.functions(server.endpoint(), "000000000000");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> run(String... arguments) throws Exception {
        return (Map<String, Object>) Objects.requireNonNull(boto3.call(arguments));
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> part(Map<String, Object> said, String name) {
        return (Map<String, Object>) Objects.requireNonNull(said.get(name), name);
    }

    @Test
    void theCallThatWouldPassABudgetIsToldWhich() throws Exception {
        Map<String, Object> said = run("budget");
        assertThat(said.get("answers")).asString().isEqualTo("[0, 1, 2]");
        Map<String, Object> refused = part(said, "refused");
        assertThat(refused.get("status")).asString().isEqualTo("429");
        assertThat(refused.get("code")).isEqualTo("TooManyRequestsException");
        assertThat(refused.get("message"))
                .asString()
                .startsWith("The budget requests=3/day of function limited is used up until ");
        assertThat(refused.get("reason")).isEqualTo("FunctionInvocationRateLimitExceeded");
    }

    @Test
    void statesAreWhatWaitersWaitFor() throws Exception {
        Map<String, Object> said = run("states");
        assertThat(said.get("created")).isEqualTo("Pending");
        assertThat(said.get("updated")).isEqualTo("InProgress");
        assertThat(said.get("after")).isEqualTo(List.of("Active", "Successful"));
        assertThat(said.get("revised")).isEqualTo(true);
    }

    @Test
    void aVersionWithSnapStartIsInitialisedBeforeItIsActive() throws Exception {
        Map<String, Object> said = run("snapstart");
        assertThat(said.get("published")).isEqualTo(List.of("Pending", "On"));
        assertThat(part(said, "early").get("code")).isEqualTo("SnapStartNotReadyException");
        assertThat(said.get("type")).isEqualTo("snap-start");
        assertThat(said.get("failed"))
                .isEqualTo(List.of("Failed", "FunctionError", "ValueError: not today"));
        assertThat(part(said, "javascript").get("message"))
                .isEqualTo("nodejs20.x is not supported for SnapStart enabled functions.");
    }

    @Test
    void theNextCallAfterAChangeOfItsFolderRunsTheNewCode() throws Exception {
        Path live = Files.createDirectory(folder.resolve("live")).toRealPath();
        Map<String, Object> said = run("reload", live.toString());
        String all = IntStream.rangeClosed(0, 20).boxed().toList().toString();
        assertThat(said.get("seen")).asString().isEqualTo(all);
    }
}
