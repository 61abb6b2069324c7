package dev.freehold.services.lambda.run;

import dev.freehold.sandbox.FunctionSpec;
import dev.freehold.sandbox.LogSink;
import dev.freehold.services.lambda.state.FunctionId;
import dev.freehold.services.logs.LogsService;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;

/// Hands what functions log to CloudWatch Logs, which writes it in the background.
public final class LambdaLogs implements LogSink.Factory {
    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("yyyy/MM/dd");

    private final LogsService logs;
    private final InstantSource clock;

    public LambdaLogs(LogsService logs, InstantSource clock) {
        this.logs = logs;
        this.clock = clock;
    }

    @Override
    public LogSink.Opened open(FunctionSpec spec, String environment) {
        EnvironmentKey key = EnvironmentKey.parse(spec.key());
        FunctionId function = key.function();
        boolean shared = !key.logGroup().equals("/aws/lambda/" + function.name());
        String stream =
                DAY.format(LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC))
                        + "/"
                        + (shared ? function.name() : "")
                        + "["
                        + spec.version()
                        + "]"
                        + hex(environment);
        return new LogSink.Opened(
                new Stream(logs, function.account(), function.region(), key.logGroup(), stream),
                key.logGroup(),
                stream);
    }

    /// AWS names streams by 32 hexadecimal digits.
    private static String hex(String environment) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256")
                            .digest(environment.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /// One environment's stream.
    private record Stream(
            LogsService logs, String account, String region, String group, String name)
            implements LogSink {
        @Override
        public void write(String text) {
            logs.write(account, region, group, name, text);
        }

        @Override
        public void message(String text) {
            logs.message(account, region, group, name, text);
        }
    }
}
