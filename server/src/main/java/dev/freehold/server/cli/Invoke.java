package dev.freehold.server.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Invokes a function: its answer goes to standard output, the end of its log to standard error.
@Command(
        name = "invoke",
        description = "Invokes a function and prints its answer; its log goes to standard error.")
public final class Invoke implements Callable<Integer> {
    @Mixin ApiOptions api = new ApiOptions();

    @Parameters(paramLabel = "FUNCTION", description = "Its name or ARN.")
    String function = "";

    @Option(
            names = {"-p", "--payload"},
            description = "The event: JSON, or @FILE, or - for standard input (default: {}).")
    String payload = "{}";

    @Option(names = "--qualifier", description = "A version or an alias.")
    String qualifier = "";

    @Option(
            names = {"-q", "--quiet"},
            description = "Without the log.")
    boolean quiet;

    @Spec CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        try {
            String path =
                    "/2015-03-31/functions/"
                            + URLEncoder.encode(function, StandardCharsets.UTF_8)
                            + "/invocations"
                            + (qualifier.isEmpty()
                                    ? ""
                                    : "?Qualifier="
                                            + URLEncoder.encode(qualifier, StandardCharsets.UTF_8));
            HttpResponse<byte[]> answer =
                    api.call(
                            "lambda",
                            path,
                            Map.of("x-amz-log-type", quiet ? "None" : "Tail"),
                            payload());
            answer.headers()
                    .firstValue("x-amz-log-result")
                    .map(log -> new String(Base64.getDecoder().decode(log), StandardCharsets.UTF_8))
                    .ifPresent(err::print);
            err.flush();
            String text = new String(answer.body(), StandardCharsets.UTF_8);
            boolean failed =
                    answer.statusCode() >= 300
                            || answer.headers().firstValue("x-amz-function-error").isPresent();
            (answer.statusCode() >= 300 ? err : out).println(text);
            out.flush();
            return failed ? 1 : 0;
        } catch (IOException e) {
            err.println(e.getMessage());
            return 1;
        }
    }

    private byte[] payload() throws IOException {
        if (payload.equals("-")) {
            return System.in.readAllBytes();
        }
        return payload.startsWith("@")
                ? Files.readAllBytes(Path.of(payload.substring(1)))
                : payload.getBytes(StandardCharsets.UTF_8);
    }
}
