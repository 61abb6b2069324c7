package dev.freehold.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What the engine itself logs as JSON, and its levels.
final class SystemLogTest {
    private static final Pattern TYPE = Pattern.compile("\"type\":\"platform\\.(\\w+)\"");

    private Host host;

    @BeforeEach
    void start() throws IOException {
        host = new Host();
    }

    @AfterEach
    void stop() {
        host.close();
    }

    private List<String> types(String level, String code) throws Exception {
        host.invoke(Host.named(Host.withJson(host.python(code), level)), "{}");
        Matcher types = TYPE.matcher(host.log());
        assertThat(host.log()).doesNotContain("RequestId: ", "INIT_START", "INIT_REPORT");
        return types.results().map(found -> found.group(1)).toList();
    }

    @Test
    void aLevelIsTheLeastThatIsLogged() throws Exception {
        String well = "def handler(e, c): return 1";

        assertThat(types("DEBUG", well))
                .containsExactly(
                        "initStart",
                        "initRuntimeDone",
                        "initReport",
                        "start",
                        "runtimeDone",
                        "report");
    }

    @Test
    void theBeginningAndTheReportAreOfTheMiddleLevel() throws Exception {
        assertThat(types("INFO", "def handler(e, c): return 1"))
                .containsExactly("initStart", "start", "report");
        assertThat(host.log())
                .contains(
                        "{\"time\":\"20",
                        "\"type\":\"platform.initStart\",\"record\":{\"initializationType\":"
                                + "\"on-demand\",\"phase\":\"init\",\"runtimeVersion\":\"python:",
                        "\"functionName\":\"named\",\"functionVersion\":\"$LATEST\"",
                        "\"type\":\"platform.report\",\"record\":{\"requestId\":\"r-",
                        "\"status\":\"success\",\"metrics\":{\"durationMs\":",
                        "\"freehold\":{\"queueMs\":",
                        "\"costUsd\":0.0}");
    }

    @Test
    void onlyWhatIsWrongIsOfTheHighest() throws Exception {
        assertThat(types("WARN", "def handler(e, c): return 1")).isEmpty();
        assertThat(types("WARN", "import os\ndef handler(e, c): os._exit(1)"))
                .containsExactly("runtimeDone", "report");
        assertThat(host.log()).contains("\"status\":\"error\",\"errorType\":\"Runtime.ExitError\"");
    }

    @Test
    void anInitialisationThatFailsIsLoggedForEachAttempt() throws Exception {
        assertThat(types("WARN", "raise ValueError('no')"))
                .containsExactly(
                        "initRuntimeDone", "initReport", "initRuntimeDone", "initReport", "report");
        assertThat(host.log()).containsSubsequence("\"phase\":\"init\"", "\"phase\":\"invoke\"");
    }
}
