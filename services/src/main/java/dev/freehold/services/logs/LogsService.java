package dev.freehold.services.logs;

import dev.freehold.api.logs.CreateLogGroupRequest;
import dev.freehold.api.logs.CreateLogGroupResponse;
import dev.freehold.api.logs.CreateLogStreamRequest;
import dev.freehold.api.logs.CreateLogStreamResponse;
import dev.freehold.api.logs.DeleteLogGroupRequest;
import dev.freehold.api.logs.DeleteLogGroupResponse;
import dev.freehold.api.logs.DeleteLogStreamRequest;
import dev.freehold.api.logs.DeleteLogStreamResponse;
import dev.freehold.api.logs.DeleteRetentionPolicyRequest;
import dev.freehold.api.logs.DeleteRetentionPolicyResponse;
import dev.freehold.api.logs.DescribeLogGroupsRequest;
import dev.freehold.api.logs.DescribeLogGroupsResponse;
import dev.freehold.api.logs.DescribeLogStreamsRequest;
import dev.freehold.api.logs.DescribeLogStreamsResponse;
import dev.freehold.api.logs.FilterLogEventsRequest;
import dev.freehold.api.logs.FilterLogEventsResponse;
import dev.freehold.api.logs.GetLogEventsRequest;
import dev.freehold.api.logs.GetLogEventsResponse;
import dev.freehold.api.logs.InputLogEvent;
import dev.freehold.api.logs.InvalidParameterException;
import dev.freehold.api.logs.LogGroup;
import dev.freehold.api.logs.LogStream;
import dev.freehold.api.logs.LogsApi;
import dev.freehold.api.logs.PutLogEventsRequest;
import dev.freehold.api.logs.PutLogEventsResponse;
import dev.freehold.api.logs.PutRetentionPolicyRequest;
import dev.freehold.api.logs.PutRetentionPolicyResponse;
import dev.freehold.api.logs.ResourceAlreadyExistsException;
import dev.freehold.api.logs.ResourceNotFoundException;
import dev.freehold.protocol.Caller;
import dev.freehold.services.logs.LogsTables.Group;
import dev.freehold.services.logs.LogsTables.GroupKey;
import dev.freehold.services.logs.LogsTables.Scope;
import dev.freehold.services.logs.LogsTables.Stream;
import dev.freehold.services.logs.LogsTables.StreamKey;
import dev.freehold.storage.Cursor;
import dev.freehold.storage.KeyRange;
import dev.freehold.storage.Store;
import dev.freehold.storage.Transaction;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The front of CloudWatch Logs.
public final class LogsService implements LogsApi {
    private static final int DEFAULT_PAGE = 50;
    private static final int MAX_STREAMS = 10_000;
    private static final Set<Integer> RETENTIONS =
            Set.of(
                    1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192,
                    2557, 2922, 3288, 3653);

    private final Store store;
    private final InstantSource clock;
    private final Events events;

    public LogsService(Store store, InstantSource clock) {
        this.store = store;
        this.clock = clock;
        this.events = new Events(store, clock);
    }

    private static Scope scope(Caller caller) {
        return new Scope(caller.account(), caller.region());
    }

    @Override
    public CreateLogGroupResponse createLogGroup(CreateLogGroupRequest in, Caller caller) {
        if (in.kmsKeyId() != null) {
            throw new InvalidParameterException(
                    "Encryption with a KMS key is not implemented by Freehold.");
        }
        GroupKey key = new GroupKey(scope(caller), in.logGroupName());
        long now = clock.millis();
        store.updateOnly(tx -> {
            if (tx.get(LogsTables.GROUPS, key) != null) {
                throw new ResourceAlreadyExistsException("The specified log group already exists");
            }
            Map<String, String> tags = in.tags() == null ? Map.of() : in.tags();
            String logClass = in.logGroupClass() == null ? "STANDARD" : in.logGroupClass();
            tx.put(LogsTables.GROUPS, key, new Group(now, null, logClass, tags));
        });
        return CreateLogGroupResponse.builder().build();
    }

    static Group group(Transaction tx, Scope scope, String name) {
        Group group = tx.get(LogsTables.GROUPS, new GroupKey(scope, name));
        if (group == null) {
            throw new ResourceNotFoundException("The specified log group does not exist.");
        }
        return group;
    }

    static Stream stream(Transaction tx, Scope scope, String group, String name) {
        Stream stream = tx.get(LogsTables.STREAMS, new StreamKey(scope, group, name));
        if (stream == null) {
            throw new ResourceNotFoundException("The specified log stream does not exist.");
        }
        return stream;
    }

    @Override
    public DeleteLogGroupResponse deleteLogGroup(DeleteLogGroupRequest in, Caller caller) {
        Scope scope = scope(caller);
        store.updateOnly(tx -> {
            group(tx, scope, in.logGroupName());
            tx.delete(LogsTables.GROUPS, new GroupKey(scope, in.logGroupName()));
            KeyRange all = LogsTables.inGroup(scope, in.logGroupName());
            tx.deleteRange(LogsTables.STREAMS, all);
            tx.deleteRange(LogsTables.EVENTS, all);
            tx.deleteRange(LogsTables.BY_STREAM, all);
        });
        return DeleteLogGroupResponse.builder().build();
    }

    @Override
    public DescribeLogGroupsResponse describeLogGroups(DescribeLogGroupsRequest in, Caller caller) {
        Scope scope = scope(caller);
        String prefix = in.logGroupNamePrefix() == null ? "" : in.logGroupNamePrefix();
        int limit = in.limit() == null ? DEFAULT_PAGE : in.limit();
        List<LogGroup> found = new ArrayList<>();
        String token = in.nextToken();
        KeyRange all = LogsTables.groups(scope, prefix);
        KeyRange range =
                token == null
                        ? all
                        : all.startingAfter(out -> {
                            scope.write(out);
                            out.string(Tokens.read(token));
                        });
        String pattern = in.logGroupNamePattern();
        store.read(tx -> {
            try (Cursor<GroupKey, Group> cursor = tx.scan(LogsTables.GROUPS, range, MAX_STREAMS)) {
                while (found.size() <= limit && cursor.next()) {
                    String name = cursor.key().group();
                    if (pattern == null || name.contains(pattern)) {
                        found.add(view(caller, name, cursor.value()));
                    }
                }
            }
            return found;
        });
        boolean more = found.size() > limit;
        List<LogGroup> page = more ? found.subList(0, limit) : found;
        return DescribeLogGroupsResponse.builder()
                .logGroups(List.copyOf(page))
                .nextToken(
                        more ? Tokens.write(String.valueOf(page.getLast().logGroupName())) : null)
                .build();
    }

    private static LogGroup view(Caller caller, String name, Group group) {
        String arn = caller.arn("logs", "log-group:" + name).toString();
        return LogGroup.builder()
                .logGroupName(name)
                .creationTime(group.created())
                .retentionInDays(group.retention())
                .metricFilterCount(0)
                .arn(arn + ":*")
                .logGroupArn(arn)
                .logGroupClass(group.logClass())
                .storedBytes(0L)
                .build();
    }

    @Override
    public PutRetentionPolicyResponse putRetentionPolicy(
            PutRetentionPolicyRequest in, Caller caller) {
        if (!RETENTIONS.contains(in.retentionInDays())) {
            throw new InvalidParameterException("Invalid retention value");
        }
        retention(caller, in.logGroupName(), in.retentionInDays());
        return PutRetentionPolicyResponse.builder().build();
    }

    @Override
    public DeleteRetentionPolicyResponse deleteRetentionPolicy(
            DeleteRetentionPolicyRequest in, Caller caller) {
        retention(caller, in.logGroupName(), null);
        return DeleteRetentionPolicyResponse.builder().build();
    }

    private void retention(Caller caller, String name, @Nullable Integer days) {
        Scope scope = scope(caller);
        store.updateOnly(tx -> {
            Group before = group(tx, scope, name);
            tx.put(
                    LogsTables.GROUPS,
                    new GroupKey(scope, name),
                    new Group(before.created(), days, before.logClass(), before.tags()));
        });
    }

    @Override
    public CreateLogStreamResponse createLogStream(CreateLogStreamRequest in, Caller caller) {
        Scope scope = scope(caller);
        StreamKey key = new StreamKey(scope, in.logGroupName(), in.logStreamName());
        long now = clock.millis();
        store.updateOnly(tx -> {
            group(tx, scope, in.logGroupName());
            if (tx.get(LogsTables.STREAMS, key) != null) {
                throw new ResourceAlreadyExistsException("The specified log stream already exists");
            }
            tx.put(LogsTables.STREAMS, key, new Stream(now, 0, 0, 0));
        });
        return CreateLogStreamResponse.builder().build();
    }

    @Override
    public DeleteLogStreamResponse deleteLogStream(DeleteLogStreamRequest in, Caller caller) {
        Scope scope = scope(caller);
        events.deleteStream(scope, in.logGroupName(), in.logStreamName());
        return DeleteLogStreamResponse.builder().build();
    }

    @Override
    public DescribeLogStreamsResponse describeLogStreams(
            DescribeLogStreamsRequest in, Caller caller) {
        Scope scope = scope(caller);
        String group = Names.group(in.logGroupName(), in.logGroupIdentifier());
        String prefix = in.logStreamNamePrefix() == null ? "" : in.logStreamNamePrefix();
        List<LogStream> all = new ArrayList<>();
        store.read(tx -> {
            group(tx, scope, group);
            try (Cursor<StreamKey, Stream> cursor =
                    tx.scan(LogsTables.STREAMS, LogsTables.inGroup(scope, group), MAX_STREAMS)) {
                while (cursor.next()) {
                    if (cursor.key().stream().startsWith(prefix)) {
                        all.add(view(caller, group, cursor.key().stream(), cursor.value()));
                    }
                }
            }
            return all;
        });
        if ("LastEventTime".equals(in.orderBy())) {
            all.sort(
                    Comparator.comparingLong(
                            s -> s.lastEventTimestamp() == null ? 0 : s.lastEventTimestamp()));
        }
        List<LogStream> ordered = Boolean.TRUE.equals(in.descending()) ? all.reversed() : all;
        int start = in.nextToken() == null ? 0 : Integer.parseInt(Tokens.read(in.nextToken()));
        int end =
                Math.min(ordered.size(), start + (in.limit() == null ? DEFAULT_PAGE : in.limit()));
        return DescribeLogStreamsResponse.builder()
                .logStreams(List.copyOf(ordered.subList(Math.min(start, end), end)))
                .nextToken(end < ordered.size() ? Tokens.write(String.valueOf(end)) : null)
                .build();
    }

    private static LogStream view(Caller caller, String group, String name, Stream stream) {
        boolean empty = stream.ingested() == 0;
        return LogStream.builder()
                .logStreamName(name)
                .creationTime(stream.created())
                .firstEventTimestamp(empty ? null : stream.first())
                .lastEventTimestamp(empty ? null : stream.last())
                .lastIngestionTime(empty ? null : stream.ingested())
                .uploadSequenceToken(empty ? null : String.valueOf(stream.ingested()))
                .arn(caller.arn("logs", "log-group:" + group + ":log-stream:" + name).toString())
                .storedBytes(0L)
                .build();
    }

    @Override
    public PutLogEventsResponse putLogEvents(PutLogEventsRequest in, Caller caller) {
        int bytes = 0;
        long before = Long.MIN_VALUE;
        for (InputLogEvent event : in.logEvents()) {
            bytes += event.message().length() + 26;
            if (event.timestamp() < before) {
                throw new InvalidParameterException(
                        "Log events in a single PutLogEvents request must be in chronological order.");
            }
            before = event.timestamp();
        }
        if (bytes > 1_048_576) {
            throw new InvalidParameterException(
                    "Upload too large: " + bytes + " bytes exceeds limit of 1048576");
        }
        caller.usage().add("logs.ingested-bytes", bytes);
        return events.put(scope(caller), in);
    }

    /// Appends lines as they come from functions; the group and the stream are made when missing.
    public void append(
            String account, String region, String group, String stream, List<InputLogEvent> lines) {
        events.append(new Scope(account, region), group, stream, lines);
    }

    @Override
    public GetLogEventsResponse getLogEvents(GetLogEventsRequest in, Caller caller) {
        return events.get(scope(caller), in);
    }

    @Override
    public FilterLogEventsResponse filterLogEvents(FilterLogEventsRequest in, Caller caller) {
        return events.filter(scope(caller), in);
    }
}
