package dev.freehold.server.cli;

import dev.freehold.services.json.Json;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Says where the time of an invocation went, as long as the server remembers it: the last thousand
/// cold starts and some thousand others.
@Command(name = "trace", description = "Says where the time of an invocation went.")
public final class TraceCommand implements Callable<Integer> {
    private static final int BAR = 40;

    @Mixin ApiOptions api = new ApiOptions();

    @Parameters(
            paramLabel = "REQUEST_ID",
            description = "The invocation's, as its log and the answer's x-amzn-RequestId have it.")
    String requestId = "";

    @Option(names = "--json", description = "Print it as JSON.")
    boolean json;

    @Spec CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        try {
            String id = URLEncoder.encode(requestId, StandardCharsets.UTF_8);
            HttpResponse<byte[]> answer = api.page("/_freehold/traces/" + id);
            String text = new String(answer.body(), StandardCharsets.UTF_8);
            if (answer.statusCode() != 200) {
                err.println(
                        answer.statusCode() == 404
                                ? "The server does not remember an invocation " + requestId + "."
                                : text);
                return 1;
            }
            if (json) {
                out.println(text);
            } else {
                print(Json.readObject(text), out);
            }
            out.flush();
            return 0;
        } catch (IOException e) {
            err.println(e.getMessage());
            return 1;
        }
    }

    private static void print(Map<String, @Nullable Object> trace, PrintWriter out) {
        double total = number(trace.get("total"));
        out.printf("%s  version %s%n", trace.get("function"), trace.get("version"));
        out.printf(
                "%s  %s%s%n",
                trace.get("begun"),
                trace.get("start"),
                Boolean.TRUE.equals(trace.get("failed")) ? ", failed" : "");
        if (trace.get("phases") instanceof Map<?, ?> phases) {
            phases.forEach((name, took) -> line(String.valueOf(name), number(took), total, out));
        }
        line("total", total, total, out);
        out.printf(
                Locale.ROOT,
                "CPU %.3f ms, billed %s ms, at most %s MB%n",
                number(trace.get("cpu")),
                trace.get("billed"),
                trace.get("maxMemoryMb"));
    }

    private static void line(String name, double took, double total, PrintWriter out) {
        String bar = "#".repeat((int) Math.round(total <= 0 ? 0 : BAR * took / total));
        out.printf(Locale.ROOT, "  %-10s %10.3f ms  %s%n", name, took, bar);
    }

    private static double number(@Nullable Object value) {
        return value instanceof Number number ? number.doubleValue() : 0;
    }
}
