package dev.freehold.services.logs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.freehold.api.logs.CreateLogGroupRequest;
import dev.freehold.api.logs.CreateLogStreamRequest;
import dev.freehold.api.logs.DescribeLogGroupsRequest;
import dev.freehold.api.logs.DescribeLogGroupsResponse;
import dev.freehold.api.logs.GetLogEventsRequest;
import dev.freehold.api.logs.GetLogEventsResponse;
import dev.freehold.api.logs.InputLogEvent;
import dev.freehold.api.logs.InvalidParameterException;
import dev.freehold.api.logs.LogGroup;
import dev.freehold.api.logs.OutputLogEvent;
import dev.freehold.api.logs.PutLogEventsRequest;
import dev.freehold.api.logs.PutLogEventsResponse;
import dev.freehold.api.logs.PutRetentionPolicyRequest;
import dev.freehold.api.logs.PutSubscriptionFilterRequest;
import dev.freehold.api.logs.RejectedLogEventsInfo;
import dev.freehold.protocol.Caller;
import dev.freehold.protocol.Principal;
import dev.freehold.protocol.Usage;
import dev.freehold.services.FakeClock;
import dev.freehold.services.deliveries.Deliveries;
import dev.freehold.services.deliveries.Delivery;
import dev.freehold.storage.Transaction;
import dev.freehold.storage.memory.MemoryStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Writing and reading events.
class EventsTest {
    private static final String ACCOUNT = "111122223333";

    private final FakeClock clock = new FakeClock();
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
    private final LogsService logs = new LogsService(new MemoryStore(), clock, deliveries);
    private final Caller caller =
            new Caller(
                    ACCOUNT, "us-east-1", new Principal.Root(ACCOUNT), "r", Map.of(), new Usage());

    private void create() {
        logs.createLogGroup(CreateLogGroupRequest.builder().logGroupName("g").build(), caller);
        logs.createLogStream(
                CreateLogStreamRequest.builder().logGroupName("g").logStreamName("s").build(),
                caller);
    }

    private static InputLogEvent event(long time, String message) {
        return InputLogEvent.builder().timestamp(time).message(message).build();
    }

    private PutLogEventsResponse put(InputLogEvent... events) {
        return logs.putLogEvents(
                PutLogEventsRequest.builder()
                        .logGroupName("g")
                        .logStreamName("s")
                        .logEvents(List.of(events))
                        .build(),
                caller);
    }

    private GetLogEventsResponse get(@Nullable String token, int limit) {
        return logs.getLogEvents(
                GetLogEventsRequest.builder()
                        .logGroupName("g")
                        .logStreamName("s")
                        .limit(limit)
                        .startFromHead(true)
                        .nextToken(token)
                        .build(),
                caller);
    }

    private static List<String> messages(GetLogEventsResponse response) {
        List<OutputLogEvent> events = response.events() == null ? List.of() : response.events();
        return events.stream().map(e -> String.valueOf(e.message())).toList();
    }

    @Test
    void aLongMessageComesBackWhole() {
        create();
        String message = "\uD83D\uDE00x".repeat(30_000);
        put(event(clock.millis(), message));
        assertThat(messages(get(null, 10))).containsExactly(message);
    }

    @Test
    void tokensLeadForwardAndBackAndStayAtTheEnd() {
        create();
        long now = clock.millis();
        put(event(now, "a"), event(now + 1, "b"), event(now + 2, "c"));

        GetLogEventsResponse first = get(null, 2);
        GetLogEventsResponse second = get(first.nextForwardToken(), 2);
        GetLogEventsResponse end = get(second.nextForwardToken(), 2);
        assertThat(messages(first)).containsExactly("a", "b");
        assertThat(messages(second)).containsExactly("c");
        assertThat(messages(end)).isEmpty();
        assertThat(end.nextForwardToken()).isEqualTo(second.nextForwardToken());
        assertThat(messages(get(second.nextBackwardToken(), 2))).containsExactly("a", "b");
    }

    @Test
    void whatIsTooOldOrTooNewIsLeftOutAndSaid() {
        create();
        long now = clock.millis();
        PutLogEventsResponse old = put(event(now - Duration.ofDays(15).toMillis(), "old"));
        PutLogEventsResponse early = put(event(now + Duration.ofHours(3).toMillis(), "early"));

        assertThat(old.rejectedLogEventsInfo())
                .isEqualTo(RejectedLogEventsInfo.builder().tooOldLogEventEndIndex(1).build());
        assertThat(early.rejectedLogEventsInfo())
                .isEqualTo(RejectedLogEventsInfo.builder().tooNewLogEventStartIndex(0).build());
        assertThat(messages(get(null, 10))).isEmpty();
    }

    @Test
    void aBatchInAnotherOrderThanTimesIsRefused() {
        create();
        long now = clock.millis();
        assertThatThrownBy(() -> put(event(now, "a"), event(now - 1, "b")))
                .isInstanceOf(InvalidParameterException.class)
                .hasMessage(
                        "Log events in a single PutLogEvents request must be in chronological"
                                + " order.");
    }

    @Test
    void retentionRemovesWhatIsOlder() {
        create();
        put(event(clock.millis(), "old"));
        logs.putRetentionPolicy(
                PutRetentionPolicyRequest.builder().logGroupName("g").retentionInDays(1).build(),
                caller);
        clock.advance(Duration.ofHours(25));
        put(event(clock.millis(), "new"));
        logs.sweep(clock.instant());

        assertThat(messages(get(null, 10))).containsExactly("new");
        DescribeLogGroupsResponse groups =
                logs.describeLogGroups(DescribeLogGroupsRequest.builder().build(), caller);
        assertThat(groups.logGroups()).extracting(LogGroup::storedBytes).containsExactly(3L);
    }

    @Test
    void aSubscribedFunctionIsToldWhatMatches() {
        create();
        String function = "arn:aws:lambda:us-east-1:111122223333:function:f";
        logs.putSubscriptionFilter(
                PutSubscriptionFilterRequest.builder()
                        .logGroupName("g")
                        .filterName("errors")
                        .filterPattern("ERROR")
                        .destinationArn(function)
                        .build(),
                caller);
        put(event(clock.millis(), "fine"));
        assertThat(told).isEmpty();
        put(event(clock.millis(), "ERROR bad"), event(clock.millis(), "fine"));
        assertThat(told).hasSize(1);
        assertThat(told.getFirst().target()).isEqualTo(function);
        assertThat(told.getFirst().attributes())
                .containsEntry("sourceArn", "arn:aws:logs:us-east-1:111122223333:log-group:g:*");
    }
}
