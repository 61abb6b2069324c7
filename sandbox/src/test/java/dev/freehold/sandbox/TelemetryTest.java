package dev.freehold.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The Telemetry and the Logs API: what subscribers get, and when. They tell what they got in the
/// log.
final class TelemetryTest {
    private static final String COLLECTS =
            """
            got = []
            def took(events):
                got.extend(events)
                if any(e['type'] == 'platform.report' for e in events) or len(got) > 100:
                    say('GOT', json.dumps(got))
            """;

    private Host host;

    @BeforeEach
    void start() throws IOException {
        host = new Host();
    }

    @AfterEach
    void stop() {
        host.close();
    }

    private FunctionSpec with(FunctionSpec spec, String program) throws IOException {
        return Host.named(
                Host.withLayers(spec, Layer.of(host, Map.of("sub.py", COLLECTS + program))));
    }

    /// Calls once, ends the environment, and gives the events that the extension has got.
    private String got(FunctionSpec spec) throws Exception {
        host.invoke(spec, "{}");
        host.engine.retire(spec.key());
        List<String> told = new ArrayList<>();
        Eventually.holds(() -> {
            told.clear();
            host.log().lines().filter(line -> line.startsWith("sub.py GOT")).forEach(told::add);
            assertThat(told).isNotEmpty();
        });
        return told.getLast();
    }

    @Test
    void allThatHappensIsToldFromTheBeginning() throws Exception {
        FunctionSpec spec =
                with(
                        host.node(
                                """
                                for (const begun = Date.now(); Date.now() - begun < 300; );
                                exports.handler = async () => { console.log('hi'); return 1 };
                                """),
                        """
                        listen(4243, took)
                        me = register(['INVOKE', 'SHUTDOWN'])
                        subscribe(me, 4243, ['platform', 'function', 'extension'])
                        subscribe(me, 4243, ['platform'])
                        subscribe(me, 4243, ['platform'], '2020-08-15', '/2020-08-15/logs')
                        while next(me)['eventType'] != 'SHUTDOWN': pass
                        time.sleep(0.5)
                        """);
        String events = got(spec);

        assertThat(events)
                .containsSubsequence(
                        "\"type\": \"platform.initStart\", \"record\": {\"initializationType\":"
                                + " \"on-demand\", \"phase\": \"init\", \"runtimeVersion\":"
                                + " \"nodejs:",
                        "\"functionName\": \"named\", \"functionVersion\": \"$LATEST\","
                                + " \"instanceId\": \"id-",
                        "\"instanceMaxMemory\": 268435456}",
                        "\"type\": \"platform.telemetrySubscription\", \"record\": {\"name\":"
                                + " \"sub.py\", \"state\": \"Subscribed\","
                                + " \"types\": [\"platform\","
                                + " \"function\", \"extension\"]}",
                        "\"type\": \"platform.initRuntimeDone\", \"record\":"
                                + " {\"initializationType\": \"on-demand\", \"phase\": \"init\","
                                + " \"status\": \"success\"}",
                        "\"type\": \"platform.extension\", \"record\": {\"name\": \"sub.py\","
                                + " \"state\": \"Ready\", \"events\": [\"INVOKE\", \"SHUTDOWN\"]}",
                        "\"type\": \"platform.initReport\"",
                        "\"status\": \"success\", \"metrics\": {\"durationMs\": ",
                        "\"type\": \"platform.start\", \"record\": {\"requestId\": \"r-",
                        "\"version\": \"$LATEST\"}",
                        "\"type\": \"function\", \"record\": \"20",
                        "\\tINFO\\thi\\n\"}",
                        "\"type\": \"platform.runtimeDone\", \"record\": {\"requestId\": \"r-",
                        "\"status\": \"success\", \"spans\": [{\"name\": \"responseLatency\","
                                + " \"start\": \"20",
                        "\"responseDuration\"",
                        "\"runtimeOverhead\"",
                        "\"metrics\": {\"durationMs\": ",
                        "\"producedBytes\": 1}",
                        "\"type\": \"platform.report\", \"record\": {\"requestId\": \"r-",
                        "\"metrics\": {\"durationMs\": ",
                        "\"billedDurationMs\": ",
                        "\"memorySizeMB\": 256, \"maxMemoryUsedMB\": ",
                        "\"initDurationMs\": ")
                .containsPattern(
                        "\"time\": \"20\\d\\d-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d.\\d{3}Z\"")
                .contains("\"type\": \"extension\", \"record\": \"sub.py subscribed")
                .doesNotContain("platform.end", "platform.fault", "platform.logsSubscription");
        assertThat(host.log())
                .contains(
                        "subscribed 200 \"OK\"\n",
                        "subscribed 200 \"AlreadySubcribed\"\n",
                        "subscribed 400 {\"errorMessage\":\"The extension has subscribed by",
                        "TELEMETRY\tName: sub.py\tState: Subscribed\tTypes: [Platform, Function,"
                                + " Extension]\n");
    }

    @Test
    void theOlderApiTellsItsOwnEvents() throws Exception {
        FunctionSpec spec =
                with(
                        host.python("import os\ndef handler(e, c): os._exit(9)"),
                        """
                        listen(4243, took)
                        me = register(['SHUTDOWN'])
                        subscribe(me, 4243, ['platform'], '2021-03-18', '/2020-08-15/logs')
                        next(me)
                        time.sleep(0.5)
                        """);
        String events = got(spec);

        assertThat(events)
                .containsSubsequence(
                        "\"type\": \"platform.logsSubscription\", \"record\": {\"name\":"
                                + " \"sub.py\", \"state\": \"Subscribed\", \"types\":"
                                + " [\"platform\"]}",
                        "\"type\": \"platform.start\"",
                        "\"type\": \"platform.runtimeDone\"",
                        "\"status\": \"error\", \"errorType\": \"Runtime.ExitError\"",
                        "\"type\": \"platform.fault\", \"record\": \"RequestId: r-",
                        "Status: error\\tErrorType: Runtime.ExitError\"",
                        "\"type\": \"platform.end\", \"record\": {\"requestId\": \"r-",
                        "\"type\": \"platform.report\"",
                        "\"status\": \"error\", \"errorType\": \"Runtime.ExitError\"")
                .doesNotContain("platform.initStart", "telemetrySubscription");
        assertThat(host.log()).contains("LOGS\tName: sub.py\tState: Subscribed\tTypes: [Platform]");
    }

    @Test
    void linesComeByTcp() throws Exception {
        FunctionSpec spec =
                with(
                        host.python("def handler(e, c): print('over tcp')"),
                        """
                        server = socket.create_server(('127.0.0.1', 4300))
                        def take():
                            for line in server.accept()[0].makefile():
                                took([json.loads(line)])
                        threading.Thread(target=take, daemon=True).start()
                        me = register(['SHUTDOWN'])
                        subscribe(me, 0, ['platform', 'function'],
                                  destination={'protocol': 'TCP', 'port': 4300})
                        next(me)
                        time.sleep(0.5)
                        """);

        assertThat(got(spec))
                .containsSubsequence(
                        "platform.initStart",
                        "platform.start",
                        "\"type\": \"function\", \"record\": \"over tcp\\n\"",
                        "platform.report");
    }

    @Test
    void theRuntimesEndIsToldWhileTheExtensionStillWorks() throws Exception {
        FunctionSpec spec =
                with(
                        host.python("def handler(e, c): return 1"),
                        """
                        done = threading.Event()
                        listen(4243, lambda events: [done.set() for e in events
                                                     if e['type'] == 'platform.runtimeDone'])
                        me = register(['INVOKE'])
                        subscribe(me, 4243, ['platform'])
                        next(me)
                        say('waited', done.wait(4))
                        next(me)
                        """);
        InvocationResult result = host.invoke(spec, "{}");

        assertThat(result.logTail()).contains("sub.py waited True\n");
        assertThat(result.timings().duration()).isLessThan(Duration.ofSeconds(3));
    }

    @Test
    void subscriptionsThatAreLateOrNotValidAreRefused() throws Exception {
        FunctionSpec spec =
                with(
                        host.python("def handler(e, c): return 1"),
                        """
                        me = register(['INVOKE'])
                        subscribe(me, 4243, [])
                        subscribe(me, 4243, ['platform'], '2019-01-01', '/2020-08-15/logs')
                        subscribe({}, 4243, ['platform'])
                        nobody = '11111111-2222-3333-4444-555555555555'
                        subscribe({'Lambda-Extension-Identifier': nobody}, 4243, ['platform'])
                        next(me)
                        subscribe(me, 4243, ['platform'])
                        subscribe(me, 4243, ['platform'], '2020-08-15', '/2020-08-15/logs')
                        next(me)
                        """);
        String log = host.invoke(spec, "{}").logTail();

        assertThat(log)
                .contains(
                        "400 {\"errorMessage\":\"types should not be empty\",\"errorType\":"
                                + "\"ValidationError\"}",
                        "400 {\"errorMessage\":\"schemaVersion should be one of [2020-08-15,"
                                + " 2021-03-18]\",\"errorType\":\"Logs.ValidationError\"}",
                        "403 {\"errorMessage\":\"Missing Lambda-Extension-Identifier header\"",
                        "403 {\"errorMessage\":\"Unknown extension 11111111-2222-3333-4444-5555",
                        "403 {\"errorMessage\":\"Telemetry API subscription is closed already\","
                                + "\"errorType\":\"Telemetry.SubscriptionClosed\"}",
                        "403 {\"errorMessage\":\"Logs API subscription is closed already\","
                                + "\"errorType\":\"Logs.SubscriptionClosed\"}");
    }

    @Test
    void aSubscriberThatDoesNotListenDelaysNobody() throws Exception {
        FunctionSpec spec =
                with(
                        host.python("def handler(e, c): [print('x' * 1000) for _ in range(2000)]"),
                        """
                        deaf = socket.create_server(('127.0.0.1', 4301))
                        me = register(['INVOKE'])
                        subscribe(me, 4301, ['function'])
                        while True: next(me)
                        """);
        host.invoke(spec, "{}");

        assertThat(host.invoke(spec, "{}").timings().duration()).isLessThan(Duration.ofSeconds(2));
    }

    @Test
    void recordsOfJsonLogsAreObjects() throws Exception {
        FunctionSpec spec =
                with(
                        host.node("exports.handler = async () => { console.log('hi'); return 1 }"),
                        """
                        listen(4243, took)
                        me = register(['SHUTDOWN'])
                        subscribe(me, 4243, ['platform', 'function'])
                        next(me)
                        time.sleep(0.5)
                        """);
        String events = got(Host.withJson(spec, "WARN"));

        assertThat(events).contains("\"type\": \"function\", \"record\": {\"timestamp\": \"20");
        assertThat(host.log()).doesNotContain("platform.report\",\"record", "START RequestId");
    }
}
