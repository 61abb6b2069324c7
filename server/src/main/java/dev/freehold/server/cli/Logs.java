package dev.freehold.server.cli;

import dev.freehold.services.json.Json;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Prints what a function logged, and with `-f` what it logs from now on.
@Command(name = "logs", description = "Prints a function's log.")
public final class Logs implements Callable<Integer> {
    private static final long POLL_MILLIS = 300;

    /// Events can arrive a little out of order: those of the last moments are asked for again, and
    /// known by their ids.
    private static final long OVERLAP_MILLIS = 2000;

    private static final int MAX_SEEN = 20_000;

    @Mixin ApiOptions api = new ApiOptions();

    @Parameters(
            paramLabel = "FUNCTION",
            description = "Its name; or the name of a log group, beginning with '/'.")
    String function = "";

    @Option(
            names = {"-f", "--follow"},
            description = "Go on until Ctrl-C.")
    boolean follow;

    @Option(names = "--since", description = "How far back, such as PT10M (default: PT1H).")
    Duration since = Duration.ofHours(1);

    @Option(names = "--filter", description = "A filter pattern of CloudWatch Logs.")
    String filter = "";

    @Option(names = "--json", description = "Print each event as a line of JSON.")
    boolean json;

    @Spec CommandSpec spec = CommandSpec.create();

    private final Set<String> seen = new HashSet<>();
    private final Deque<String> order = new ArrayDeque<>();

    @Override
    public Integer call() throws InterruptedException {
        long from = Instant.now().minus(since).toEpochMilli();
        try {
            do {
                from = print(from);
                if (follow) {
                    TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
                }
            } while (follow);
            return 0;
        } catch (IOException e) {
            spec.commandLine().getErr().println(e.getMessage());
            return 1;
        }
    }

    /// Follows a function's log from now on, for another command.
    static int follow(ApiOptions api, String function, CommandSpec spec)
            throws InterruptedException {
        Logs logs = new Logs();
        logs.api = api;
        logs.function = function;
        logs.follow = true;
        logs.since = Duration.ZERO;
        logs.spec = spec;
        return logs.call();
    }

    /// Prints what is new since `from`, and says from when to ask next.
    private long print(long from) throws IOException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        long newest = from;
        Object token = null;
        do {
            Map<String, @Nullable Object> page = page(from, token);
            if (page.get("events") instanceof List<?> events) {
                for (Object event : events) {
                    if (event instanceof Map<?, ?> members) {
                        newest = Math.max(newest, print(members, out));
                    }
                }
            }
            token = page.get("nextToken");
        } while (token != null);
        out.flush();
        return Math.max(from, newest - OVERLAP_MILLIS);
    }

    private long print(Map<?, ?> event, PrintWriter out) {
        long time = event.get("timestamp") instanceof Number number ? number.longValue() : 0;
        String id = String.valueOf(event.get("eventId"));
        if (!seen.add(id)) {
            return time;
        }
        order.addLast(id);
        if (order.size() > MAX_SEEN) {
            seen.remove(order.removeFirst());
        }
        if (json) {
            out.println(Json.write(event));
        } else {
            out.println(
                    Instant.ofEpochMilli(time)
                            + " "
                            + String.valueOf(event.get("message")).stripTrailing());
        }
        return time;
    }

    private Map<String, @Nullable Object> page(long from, @Nullable Object token)
            throws IOException, InterruptedException {
        Map<String, Object> request = new LinkedHashMap<>();
        request.put(
                "logGroupName", function.startsWith("/") ? function : "/aws/lambda/" + function);
        request.put("startTime", from);
        request.put("interleaved", true);
        if (!filter.isEmpty()) {
            request.put("filterPattern", filter);
        }
        if (token != null) {
            request.put("nextToken", token);
        }
        HttpResponse<byte[]> answer =
                api.call(
                        "logs",
                        "/",
                        Map.of(
                                "content-type",
                                "application/x-amz-json-1.1",
                                "x-amz-target",
                                "Logs_20140328.FilterLogEvents"),
                        Json.write(request).getBytes(StandardCharsets.UTF_8));
        String text = new String(answer.body(), StandardCharsets.UTF_8);
        if (answer.statusCode() == 400 && text.contains("ResourceNotFoundException") && follow) {
            return Map.of();
        }
        if (answer.statusCode() != 200) {
            throw new IOException(text);
        }
        return Json.readObject(text);
    }
}
