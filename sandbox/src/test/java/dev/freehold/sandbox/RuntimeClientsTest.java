package dev.freehold.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Languages that bring their own runtime: AWS's Runtime Interface Clients for Go and Rust,
/// unmodified, and a program of .NET that speaks the Runtime API itself. Those for Python, Node.js
/// and Java are in [RuntimeParityTest].
final class RuntimeClientsTest {
    private static final String GO_CLIENT = "github.com/aws/aws-lambda-go@v1.55.1";
    private static final Path RUST_KEPT = Path.of("target", "rust").toAbsolutePath();

    private static Host host;

    @BeforeAll
    static void start() throws IOException {
        host = new Host();
    }

    @AfterAll
    static void stop() {
        host.close();
    }

    private static String call(FunctionSpec spec, String event) throws Exception {
        return Host.text(host.invoke(spec, event));
    }

    @Test
    void goByAwsLambdaGo() throws Exception {
        FunctionSpec spec = host.function("provided.al2023", "main.go", GO_FUNCTION);
        Map<String, String> variables = Map.of("CGO_ENABLED", "0", "GOFLAGS", "-mod=mod");
        OfficialClients.run(spec.code(), variables, "go", "mod", "init", "example.com/function");
        OfficialClients.run(spec.code(), variables, "go", "get", GO_CLIENT);
        OfficialClients.run(spec.code(), variables, "go", "build", "-o", "bootstrap", ".");

        assertThat(call(spec, "{\"name\":\"Ada\"}"))
                .matches("\\{\"hello\":\"Ada\",\"id\":\"r-\\d+\",\"left\":true\\}");
        assertThat(call(spec, "{\"name\":\"\"}"))
                .isEqualTo("{\"errorMessage\":\"nobody\",\"errorType\":\"errorString\"}");
        assertThat(call(spec, "{\"name\":\"panic\"}"))
                .contains("\"errorMessage\":\"at the disco\"", "stackTrace");
        assertThat(call(spec, "{\"name\":\"Ada\"}")).contains("Ada");
    }

    private static final String GO_FUNCTION =
            """
            package main

            import (
                "context"
                "errors"
                "time"

                "github.com/aws/aws-lambda-go/lambda"
                "github.com/aws/aws-lambda-go/lambdacontext"
            )

            type event struct{ Name string }

            func handle(ctx context.Context, e event) (map[string]any, error) {
                if e.Name == "" {
                    return nil, errors.New("nobody")
                }
                if e.Name == "panic" {
                    panic("at the disco")
                }
                c, _ := lambdacontext.FromContext(ctx)
                deadline, _ := ctx.Deadline()
                left := time.Until(deadline) > 0
                return map[string]any{"hello": e.Name, "id": c.AwsRequestID, "left": left}, nil
            }

            func main() { lambda.Start(handle) }
            """;

    @Test
    void rustByLambdaRuntime() throws Exception {
        Files.createDirectories(RUST_KEPT.resolve("src"));
        Files.writeString(RUST_KEPT.resolve("Cargo.toml"), CARGO);
        Files.writeString(RUST_KEPT.resolve("src/main.rs"), RUST_FUNCTION);
        OfficialClients.run(RUST_KEPT, Map.of(), "cargo", "build", "--quiet");
        FunctionSpec spec = host.function("provided.al2023", "none", "");
        Path bootstrap = spec.code().resolve("bootstrap");
        Files.copy(RUST_KEPT.resolve("target/debug/bootstrap"), bootstrap);
        Host.allow(bootstrap);

        spec = Host.withVariables(spec, Map.of("AWS_LAMBDA_FUNCTION_NAME", "f"));
        assertThat(call(spec, "{\"name\":\"Ada\"}"))
                .matches("\\{\"hello\":\"Ada\",\"id\":\"r-\\d+\"\\}");
        assertThat(call(spec, "{}"))
                .contains("\"errorMessage\":\"nobody\"")
                .contains("\"errorType\":");
        assertThat(call(spec, "{\"name\":\"Ada\"}")).contains("Ada");
    }

    private static final String CARGO =
            """
            [package]
            name = "bootstrap"
            version = "0.1.0"
            edition = "2021"

            [dependencies]
            lambda_runtime = "1.5"
            serde_json = "1"
            tokio = { version = "1", features = ["macros"] }
            """;

    private static final String RUST_FUNCTION =
            """
            use lambda_runtime::{service_fn, Error, LambdaEvent};
            use serde_json::{json, Value};

            async fn handle(event: LambdaEvent<Value>) -> Result<Value, Error> {
                let name = event.payload["name"].as_str().ok_or("nobody")?;
                Ok(json!({ "hello": name, "id": event.context.request_id }))
            }

            #[tokio::main]
            async fn main() -> Result<(), Error> {
                lambda_runtime::run(service_fn(handle)).await
            }
            """;

    @Test
    void dotnetByMono() throws Exception {
        FunctionSpec spec =
                host.provided("#!/bin/sh\nexec mono /var/task/function.exe $_HANDLER\n");
        Files.writeString(spec.code().resolve("Function.cs"), CSHARP_FUNCTION);
        OfficialClients.run(spec.code(), Map.of(), "mcs", "-out:function.exe", "Function.cs");

        assertThat(call(spec, "{\"a\":1}"))
                .matches("\\{\"event\":\\{\"a\":1\\},\"id\":\"r-\\d+\"\\}");
        assertThat(call(spec, "[]"))
                .isEqualTo("{\"errorType\":\"ArgumentException\",\"errorMessage\":\"no object\"}");
        assertThat(call(spec, "{\"a\":1}")).contains("\"a\":1");
    }

    private static final String CSHARP_FUNCTION =
            """
            using System;
            using System.IO;
            using System.Net;
            using System.Text;

            static class Function {
                static string Handle(string e, string id) {
                    if (!e.StartsWith("{")) throw new ArgumentException("no object");
                    return "{\\"event\\":" + e + ",\\"id\\":\\"" + id + "\\"}";
                }

                static void Post(string url, string body) {
                    using (var client = new WebClient())
                        client.UploadData(url, Encoding.UTF8.GetBytes(body));
                }

                static void Main() {
                    var api = "http://" + Environment.GetEnvironmentVariable("AWS_LAMBDA_RUNTIME_API")
                        + "/2018-06-01/runtime/invocation/";
                    while (true) {
                        var next = (HttpWebRequest) WebRequest.Create(api + "next");
                        next.Timeout = System.Threading.Timeout.Infinite;
                        string id, e;
                        using (var answer = next.GetResponse())
                        using (var reader = new StreamReader(answer.GetResponseStream())) {
                            id = answer.Headers["Lambda-Runtime-Aws-Request-Id"];
                            e = reader.ReadToEnd();
                        }
                        try {
                            Post(api + id + "/response", Handle(e, id));
                        } catch (ArgumentException x) {
                            Post(api + id + "/error", "{\\"errorType\\":\\"" + x.GetType().Name
                                + "\\",\\"errorMessage\\":\\"" + x.Message + "\\"}");
                        }
                    }
                }
            }
            """;
}
