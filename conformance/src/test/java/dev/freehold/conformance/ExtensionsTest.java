package dev.freehold.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// An extension made with AWS's own crate, unmodified, as a layer that the aws CLI deploys.
final class ExtensionsTest {
    private static final String GROUP = "/aws/lambda/probed";
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir static Path folder;

    private static boolean cargo() {
        return Pattern.compile(File.pathSeparator)
                .splitAsStream(System.getenv("PATH"))
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, "cargo")));
    }

    @Test
    void anExtensionIsToldOfInvocationsOfTelemetryAndOfTheEnd() throws Exception {
        assumeTrue(cargo(), "cargo is missing; on Debian: apt-get install cargo");
        Clients.install();
        Path layer = Clients.extension();
        try (Server server = Server.start(folder.resolve("data"))) {
            CliClient cli = Clients.cli(server.endpoint(), "111111111111");
            deploy(cli, layer);
            cli.aws(
                    "lambda",
                    "invoke",
                    "--function-name",
                    "probed",
                    folder.resolve("answer").toString());
            assertThat(folder.resolve("answer")).hasContent("{\"said\": \"hello\"}");
            assertThat(logged(cli, "PlatformReport"))
                    .contains(
                            "TELEMETRY\\tName: probe\\tState: Subscribed\\tTypes: [Platform,",
                            "EXTENSION\\tName: probe\\tState: Ready\\tEvents: [INVOKE, SHUTDOWN]",
                            "probe TELEMETRY PlatformInitStart",
                            "probe TELEMETRY PlatformTelemetrySubscription",
                            "probe TELEMETRY PlatformInitRuntimeDone",
                            "probe TELEMETRY PlatformExtension",
                            "probe TELEMETRY PlatformInitReport",
                            "probe TELEMETRY PlatformStart",
                            "probe TELEMETRY Function(\\\"hello",
                            "probe TELEMETRY PlatformRuntimeDone",
                            "\\\"extensionOverhead\\\"")
                    .containsPattern("probe INVOKE [0-9a-f-]{36} arn:aws:lambda:us-east-1:111111");
            // What is configured otherwise runs in other environments.
            cli.aws(
                    "lambda",
                    "update-function-configuration",
                    "--function-name",
                    "probed",
                    "--timeout",
                    "20");
            assertThat(logged(cli, "probe SHUTDOWN")).contains("probe SHUTDOWN spindown");
        }
    }

    private static void deploy(CliClient cli, Path layer) throws Exception {
        Path code = folder.resolve("code.zip");
        Files.write(
                code,
                Zips.of(
                        "index.py",
                        """
                        def handler(event, context):
                            print('hello')
                            return {'said': 'hello'}
                        """));
        cli.aws(
                "iam",
                "create-role",
                "--role-name",
                "probed",
                "--assume-role-policy-document",
                "{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":\"Allow\",\"Action\":"
                        + "\"sts:AssumeRole\",\"Principal\":{\"Service\":"
                        + "\"lambda.amazonaws.com\"}}}");
        cli.aws(
                "lambda",
                "publish-layer-version",
                "--layer-name",
                "probe",
                "--zip-file",
                "fileb://" + layer);
        cli.aws(
                "lambda",
                "create-function",
                "--function-name",
                "probed",
                "--runtime",
                "python3.12",
                "--handler",
                "index.handler",
                "--role",
                "arn:aws:iam::111111111111:role/probed",
                "--layers",
                "arn:aws:lambda:us-east-1:111111111111:layer:probe:1",
                "--zip-file",
                "fileb://" + code);
        cli.aws("lambda", "wait", "function-active-v2", "--function-name", "probed");
    }

    private static String logged(CliClient cli, String last) throws Exception {
        return Eventually.until(
                "the log has " + last,
                PATIENCE,
                () -> cli.aws("logs", "filter-log-events", "--log-group-name", GROUP),
                log -> log.contains(last));
    }
}
