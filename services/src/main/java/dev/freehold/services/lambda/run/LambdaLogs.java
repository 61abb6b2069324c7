package dev.freehold.services.lambda.run;

import dev.freehold.api.logs.InputLogEvent;
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
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;

/// Hands what functions log to CloudWatch Logs, in the background and in order.
public final class LambdaLogs implements LogSink.Factory {
    /// The most lines of one environment that wait; a function that logs faster waits for the
    /// store.
    private static final int MAX_WAITING = 10_000;

    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("yyyy/MM/dd");

    private final LogsService logs;
    private final InstantSource clock;
    private final Executor executor;

    /// @param executor runs each batch on a thread of its own
    public LambdaLogs(LogsService logs, InstantSource clock, Executor executor) {
        this.logs = logs;
        this.clock = clock;
        this.executor = executor;
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
                new Stream(function.account(), function.region(), key.logGroup(), stream),
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
    private final class Stream implements LogSink {
        private final String account;
        private final String region;
        private final String group;
        private final String name;
        private final ReentrantLock lock = new ReentrantLock();
        private List<InputLogEvent> waiting = new ArrayList<>();
        private boolean writing;

        Stream(String account, String region, String group, String name) {
            this.account = account;
            this.region = region;
            this.group = group;
            this.name = name;
        }

        @Override
        public void write(String text) {
            take(text.split("(?<=\n)", -1));
        }

        @Override
        public void message(String text) {
            take(text);
        }

        private void take(String... messages) {
            long now = clock.millis();
            boolean full;
            lock.lock();
            try {
                for (String each : messages) {
                    if (!each.isEmpty()) {
                        waiting.add(InputLogEvent.builder().timestamp(now).message(each).build());
                    }
                }
                full = waiting.size() > MAX_WAITING;
                if (writing && !full) {
                    return;
                }
                writing = true;
            } finally {
                lock.unlock();
            }
            if (full) {
                drain();
            } else {
                executor.execute(this::drain);
            }
        }

        private void drain() {
            while (true) {
                List<InputLogEvent> batch;
                lock.lock();
                try {
                    if (waiting.isEmpty()) {
                        writing = false;
                        return;
                    }
                    batch = waiting;
                    waiting = new ArrayList<>();
                } finally {
                    lock.unlock();
                }
                try {
                    logs.append(account, region, group, name, batch);
                } catch (RuntimeException e) {
                    System.getLogger(LambdaLogs.class.getName())
                            .log(
                                    System.Logger.Level.WARNING,
                                    "Log lines of a function are lost",
                                    e);
                }
            }
        }
    }
}
