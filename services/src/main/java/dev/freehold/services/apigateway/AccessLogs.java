package dev.freehold.services.apigateway;

import dev.freehold.api.apigatewayv2.AccessLogSettings;
import dev.freehold.api.apigatewayv2.Stage;
import dev.freehold.protocol.Arn;
import dev.freehold.protocol.Request;
import dev.freehold.protocol.Response;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Writes a line for each request into the log group that a stage names, in the background.
///
/// See
/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging-variables.html>.
final class AccessLogs {
    private static final Pattern VARIABLE = Pattern.compile("\\$context\\.([A-Za-z0-9_.-]+)");
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("dd/MMM/yyyy:HH:mm:ss Z", Locale.ENGLISH)
                    .withZone(ZoneOffset.UTC);

    /// The most lines that are on their way; beyond them a request waits for its own.
    private static final int MAX_WAITING = 256;

    private final HttpApis.LogLines sink;
    private final InstantSource clock;
    private final Executor executor;
    private final Semaphore waiting = new Semaphore(MAX_WAITING);

    AccessLogs(HttpApis.LogLines sink, InstantSource clock, Executor executor) {
        this.sink = sink;
        this.clock = clock;
        this.executor = executor;
    }

    /// The name of the log group that an ARN names, or null when it names none.
    static @Nullable String group(String arn) {
        Arn parsed = Arn.parse(arn);
        boolean logs =
                parsed != null
                        && parsed.service().equals("logs")
                        && parsed.resource().startsWith("log-group:");
        return logs
                ? parsed.resource().substring("log-group:".length()).replaceAll(":\\*$", "")
                : null;
    }

    /// @param key the key of the route that took it, or null when none did
    void write(
            ApiRow row, Stage stage, @Nullable RouteKey key, Request request, Response response) {
        AccessLogSettings settings = stage.accessLogSettings();
        if (settings == null || settings.destinationArn() == null || settings.format() == null) {
            return;
        }
        String group = group(settings.destinationArn());
        if (group == null) {
            return;
        }
        String line = line(settings.format(), variables(row, stage, key, request, response));
        String stream = stage.stageName().replace("$", "") + "-" + row.id();
        Runnable write = () -> sink.write(row.account(), row.region(), group, stream, line);
        if (!waiting.tryAcquire()) {
            write.run();
            return;
        }
        executor.execute(() -> {
            try {
                write.run();
            } finally {
                waiting.release();
            }
        });
    }

    /// The format with its variables replaced; one that has no value is `-`.
    static String line(String format, Map<String, String> variables) {
        Matcher matcher = VARIABLE.matcher(format);
        StringBuilder line = new StringBuilder();
        while (matcher.find()) {
            String value = variables.getOrDefault(matcher.group(1), "-");
            matcher.appendReplacement(line, Matcher.quoteReplacement(value));
        }
        return matcher.appendTail(line).toString();
    }

    private Map<String, String> variables(
            ApiRow row, Stage stage, @Nullable RouteKey key, Request request, Response response) {
        Instant now = clock.instant();
        Map<String, String> variables = new HashMap<>();
        variables.put("accountId", row.account());
        variables.put("apiId", row.id());
        variables.put("domainName", request.host());
        variables.put("extendedRequestId", request.requestId());
        variables.put("requestId", request.requestId());
        variables.put("httpMethod", request.method());
        variables.put("path", request.rawPath());
        variables.put("protocol", "HTTP/1.1");
        variables.put("identity.sourceIp", request.sourceIp());
        String agent = request.headers().first("user-agent");
        variables.put("identity.userAgent", agent == null ? "-" : agent);
        variables.put("requestTime", TIME.format(now));
        variables.put("requestTimeEpoch", String.valueOf(now.toEpochMilli()));
        variables.put("stage", stage.stageName());
        variables.put("status", String.valueOf(response.status()));
        variables.put("integrationStatus", String.valueOf(response.status()));
        variables.put("responseLength", String.valueOf(response.body().length()));
        if (key != null) {
            variables.put("routeKey", key.text());
            variables.put("resourcePath", key.text());
        }
        return variables;
    }
}
