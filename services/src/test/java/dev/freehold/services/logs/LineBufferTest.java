package dev.freehold.services.logs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freehold.api.logs.CreateLogStreamRequest;
import dev.freehold.api.logs.DeleteLogStreamRequest;
import dev.freehold.api.logs.DescribeLogGroupsRequest;
import dev.freehold.api.logs.FilterLogEventsRequest;
import dev.freehold.api.logs.FilterLogEventsResponse;
import dev.freehold.api.logs.FilteredLogEvent;
import dev.freehold.api.logs.GetLogEventsRequest;
import dev.freehold.api.logs.GetLogEventsResponse;
import dev.freehold.api.logs.InputLogEvent;
import dev.freehold.api.logs.LogGroup;
import dev.freehold.api.logs.OutputLogEvent;
import dev.freehold.api.logs.PutLogEventsRequest;
import dev.freehold.api.logs.PutRetentionPolicyRequest;
import dev.freehold.api.logs.PutSubscriptionFilterRequest;
import dev.freehold.protocol.Caller;
import dev.freehold.protocol.Principal;
import dev.freehold.protocol.Usage;
import dev.freehold.services.FakeClock;
import dev.freehold.services.deliveries.Deliveries;
import dev.freehold.services.deliveries.Delivery;
import dev.freehold.storage.Cursor;
import dev.freehold.storage.KeyRange;
import dev.freehold.storage.Transaction;
import dev.freehold.storage.memory.MemoryStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// What functions log: written together, read one by one.
class LineBufferTest {
    private static final String ACCOUNT = "111122223333";
    private static final String REGION = "us-east-1";
    private static final int MANY = 1_000;

    private final FakeClock clock = new FakeClock();
    private final MemoryStore store = new MemoryStore();
    private final List<Delivery> told = new ArrayList<>();
    private final Deliveries deliveries =
            new Deliveries() {
                @Override
                public void enqueue(Transaction tx, Delivery delivery, Instant due) {
                    told.add(delivery);
                }

                @Override
                public void wake() {}
            };
    private final LogsService logs = new LogsService(store, clock, deliveries);
    private final Caller caller =
            new Caller(ACCOUNT, REGION, new Principal.Root(ACCOUNT), "r", Map.of(), new Usage());

    private void write(String stream, String text) {
        logs.write(ACCOUNT, REGION, "g", stream, text);
    }

    private List<String> read(String stream) {
        return messages(get(stream, null, 10_000, true));
    }

    private GetLogEventsResponse get(
            String stream, @Nullable String token, int limit, boolean fromHead) {
        return logs.getLogEvents(
                GetLogEventsRequest.builder()
                        .logGroupName("g")
                        .logStreamName(stream)
                        .limit(limit)
                        .startFromHead(fromHead)
                        .nextToken(token)
                        .build(),
                caller);
    }

    private static List<String> messages(GetLogEventsResponse response) {
        List<OutputLogEvent> events = response.events() == null ? List.of() : response.events();
        return events.stream().map(e -> String.valueOf(e.message())).toList();
    }

    private FilterLogEventsResponse filter(
            @Nullable String pattern, @Nullable String token, int limit) {
        return logs.filterLogEvents(
                FilterLogEventsRequest.builder()
                        .logGroupName("g")
                        .filterPattern(pattern)
                        .limit(limit)
                        .nextToken(token)
                        .build(),
                caller);
    }

    private static List<String> found(FilterLogEventsResponse response) {
        List<FilteredLogEvent> events = response.events() == null ? List.of() : response.events();
        return events.stream().map(e -> String.valueOf(e.message())).toList();
    }

    private int chunks() {
        return store.read(tx -> {
            int count = 0;
            try (Cursor<LogsTables.EventKey, Chunk> cursor =
                    tx.scan(LogsTables.CHUNKS, KeyRange.ALL, 10_000)) {
                while (cursor.next()) {
                    count++;
                }
            }
            return count;
        });
    }

    @Test
    void linesAreWrittenTogetherAndReadAtOnce() {
        write("s", "START\nhello\n");
        write("s", "END\n");
        assertThat(chunks()).isZero();

        assertThat(read("s")).containsExactly("START\n", "hello\n", "END\n");
        assertThat(chunks()).isEqualTo(1);
    }

    @Test
    void pagesLeadThroughChunksBothWays() {
        List<String> all = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            all.add("line " + i + "\n");
            write("s", all.getLast());
            clock.advance(Duration.ofMillis(7));
            if (i % 100 == 0) {
                logs.flush();
            }
        }
        assertThat(pages(true)).isEqualTo(all);
        assertThat(pages(false)).isEqualTo(all.reversed());
    }

    private List<String> pages(boolean fromHead) {
        List<String> read = new ArrayList<>();
        String token = null;
        while (true) {
            GetLogEventsResponse page = get("s", token, 33, fromHead);
            List<String> messages = messages(page);
            if (messages.isEmpty()) {
                return read;
            }
            read.addAll(fromHead ? messages : messages.reversed());
            token = fromHead ? page.nextForwardToken() : page.nextBackwardToken();
        }
    }

    @Test
    void aGroupIsReadByTimeOverStreamsAndPutEvents() {
        List<String> all = new ArrayList<>();
        write("a", "first\n");
        logs.flush();
        logs.createLogStream(
                CreateLogStreamRequest.builder().logGroupName("g").logStreamName("put").build(),
                caller);
        all.add("first\n");
        for (int i = 0; i < MANY; i++) {
            clock.advance(Duration.ofMillis(1));
            String line = "line " + i + "\n";
            all.add(line);
            if (i % 3 == 0) {
                InputLogEvent event =
                        InputLogEvent.builder().timestamp(clock.millis()).message(line).build();
                logs.putLogEvents(
                        PutLogEventsRequest.builder()
                                .logGroupName("g")
                                .logStreamName("put")
                                .logEvents(List.of(event))
                                .build(),
                        caller);
            } else {
                write(i % 3 == 1 ? "a" : "b", line);
            }
        }
        List<String> read = new ArrayList<>();
        FilterLogEventsResponse page = filter("", null, 77);
        while (page.nextToken() != null) {
            read.addAll(found(page));
            page = filter("", page.nextToken(), 77);
        }
        read.addAll(found(page));
        assertThat(read).isEqualTo(all);
        assertThat(found(filter("\"line 77\"", null, 10))).first().isEqualTo("line 77\n");
    }

    @Test
    void whoeverWritesMoreThanMayWaitWritesItToTheStore() {
        String line = "x".repeat(999) + "\n";
        for (int i = 0; i < 1_200; i++) {
            write("s", line);
        }
        assertThat(chunks()).isBetween(20, 40);
        assertThat(read("s")).hasSize(1_048); // a page has at most 1 MiB
    }

    @Test
    void aLongLineComesBackWhole() {
        String line = "é".repeat(60_000) + "\n";
        write("s", "before\n");
        write("s", line);
        assertThat(read("s")).containsExactly("before\n", line);
    }

    @Test
    void retentionRemovesChunksAndTheirBytes() {
        write("s", "old\n");
        logs.flush();
        logs.putRetentionPolicy(
                PutRetentionPolicyRequest.builder().logGroupName("g").retentionInDays(1).build(),
                caller);
        clock.advance(Duration.ofHours(25));
        write("s", "newer\n");
        logs.flush();
        logs.sweep(clock.instant());

        assertThat(read("s")).containsExactly("newer\n");
        assertThat(
                        logs.describeLogGroups(DescribeLogGroupsRequest.builder().build(), caller)
                                .logGroups())
                .extracting(LogGroup::storedBytes)
                .containsExactly(6L);
    }

    @Test
    void aStreamGoesWithItsChunks() {
        write("s", "gone\n");
        write("t", "stays\n");
        logs.deleteLogStream(
                DeleteLogStreamRequest.builder().logGroupName("g").logStreamName("s").build(),
                caller);
        assertThat(found(filter("", null, 10))).containsExactly("stays\n");
        assertThat(chunks()).isEqualTo(1);
    }

    @Test
    void aSubscribedFunctionIsToldOfWhatComesAfter() {
        write("s", "ERROR before\n");
        logs.flush();
        logs.putSubscriptionFilter(
                PutSubscriptionFilterRequest.builder()
                        .logGroupName("g")
                        .filterName("errors")
                        .filterPattern("ERROR")
                        .destinationArn("arn:aws:lambda:us-east-1:111122223333:function:f")
                        .build(),
                caller);
        write("s", "fine\nERROR after\n");
        assertThat(told).isEmpty();
        logs.flush();
        assertThat(told).hasSize(1);
    }
}
