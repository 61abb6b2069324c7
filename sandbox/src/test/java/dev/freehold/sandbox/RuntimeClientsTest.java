package dev.freehold.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// AWS's own Runtime Interface Clients work unmodified. Each is fetched from its registry, and its
/// test is left out, with the reason, where that or its language is not there.
final class RuntimeClientsTest {
    private static final String GO_CLIENT = "github.com/aws/aws-lambda-go@v1.55.1";
    private static final String PYTHON_CLIENT = "awslambdaric==4.2.2";

    private static Host host;

    @BeforeAll
    static void start() throws IOException {
        host = new Host();
    }

    @AfterAll
    static void stop() {
        host.close();
    }

    @Test
    void goByAwsLambdaGo() throws Exception {
        FunctionSpec spec = host.function("provided.al2023", "main.go", GO_FUNCTION);
        Map<String, String> variables = Map.of("CGO_ENABLED", "0", "GOFLAGS", "-mod=mod");
        run(spec.code(), variables, "go", "mod", "init", "example.com/function");
        run(spec.code(), variables, "go", "get", GO_CLIENT);
        run(spec.code(), variables, "go", "build", "-o", "bootstrap", ".");

        assertThat(Host.text(host.invoke(spec, "{\"name\":\"Ada\"}")))
                .matches("\\{\"hello\":\"Ada\",\"id\":\"r-\\d+\"}");
        assertThat(Host.text(host.invoke(spec, "{\"name\":\"\"}")))
                .isEqualTo("{\"errorMessage\":\"nobody\",\"errorType\":\"errorString\"}");
        assertThat(Host.text(host.invoke(spec, "{\"name\":\"panic\"}")))
                .contains("\"errorMessage\":\"at the disco\"", "stackTrace");
    }

    private static final String GO_FUNCTION =
            """
            package main

            import (
                "context"
                "errors"

                "github.com/aws/aws-lambda-go/lambda"
                "github.com/aws/aws-lambda-go/lambdacontext"
            )

            type event struct{ Name string }

            func handle(ctx context.Context, e event) (map[string]string, error) {
                if e.Name == "" {
                    return nil, errors.New("nobody")
                }
                if e.Name == "panic" {
                    panic("at the disco")
                }
                c, _ := lambdacontext.FromContext(ctx)
                return map[string]string{"hello": e.Name, "id": c.AwsRequestID}, nil
            }

            func main() { lambda.Start(handle) }
            """;

    @Test
    void pythonByAwslambdaric() throws Exception {
        FunctionSpec spec =
                host.function(
                        "provided.al2023",
                        "index.py",
                        """
                        def handler(event, context):
                            if event['a'] == 0:
                                raise ValueError('nothing')
                            return [event['a'] + 1, context.invoked_function_arn.split(':')[-1]]
                        """);
        Path python = python311();
        Path bootstrap = spec.code().resolve("bootstrap");
        Files.writeString(bootstrap, "#!/bin/sh\nexec " + python + " -m awslambdaric $_HANDLER\n");
        Host.allow(bootstrap);
        run(
                spec.code(),
                Map.of(),
                python.toString(),
                "-m",
                "pip",
                "install",
                "--quiet",
                "--target",
                ".",
                PYTHON_CLIENT);

        assertThat(Host.text(host.invoke(spec, "{\"a\":1}"))).isEqualTo("[2, \"f\"]");
        assertThat(Host.text(host.invoke(spec, "{\"a\":0}")))
                .contains("\"errorMessage\": \"nothing\"", "\"errorType\": \"ValueError\"");
    }

    /// One that a sandbox sees.
    private static Path python311() {
        return host.runtimes.all().stream()
                .filter(one -> one.language() == Interpreter.Language.PYTHON)
                .filter(one -> one.executable().startsWith("/usr"))
                .findFirst()
                .orElseThrow()
                .executable();
    }

    private static void run(Path directory, Map<String, String> variables, String... command)
            throws Exception {
        ProcessBuilder builder =
                new ProcessBuilder(List.of(command))
                        .directory(directory.toFile())
                        .redirectErrorStream(true);
        builder.environment().putAll(variables);
        Path log = Files.createTempFile(host.data, "run", ".log");
        String reason;
        try {
            Process process = builder.redirectOutput(log.toFile()).start();
            boolean ended = process.waitFor(3, TimeUnit.MINUTES);
            process.destroyForcibly();
            reason =
                    ended && process.waitFor() == 0
                            ? ""
                            : Files.readString(log, StandardCharsets.UTF_8);
        } catch (IOException e) {
            reason = String.valueOf(e.getMessage());
        }
        String why = reason;
        assumeTrue(why.isEmpty(), () -> String.join(" ", command) + ": " + why);
    }
}
