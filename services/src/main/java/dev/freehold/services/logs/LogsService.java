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
import dev.freehold.api.logs.InvalidParameterException;
import dev.freehold.api.logs.ListLogGroupsRequest;
import dev.freehold.api.logs.ListLogGroupsResponse;
import dev.freehold.api.logs.ListTagsForResourceRequest;
import dev.freehold.api.logs.ListTagsForResourceResponse;
import dev.freehold.api.logs.ListTagsLogGroupRequest;
import dev.freehold.api.logs.ListTagsLogGroupResponse;
import dev.freehold.api.logs.LogGroup;
import dev.freehold.api.logs.LogGroupSummary;
import dev.freehold.api.logs.LogStream;
import dev.freehold.api.logs.PutLogEventsRequest;
import dev.freehold.api.logs.PutLogEventsResponse;
import dev.freehold.api.logs.PutLogGroupDeletionProtectionRequest;
import dev.freehold.api.logs.PutLogGroupDeletionProtectionResponse;
import dev.freehold.api.logs.PutRetentionPolicyRequest;
import dev.freehold.api.logs.PutRetentionPolicyResponse;
import dev.freehold.api.logs.ResourceAlreadyExistsException;
import dev.freehold.api.logs.ResourceNotFoundException;
import dev.freehold.api.logs.TagLogGroupRequest;
import dev.freehold.api.logs.TagLogGroupResponse;
import dev.freehold.api.logs.TagResourceRequest;
import dev.freehold.api.logs.TagResourceResponse;
import dev.freehold.api.logs.TooManyTagsException;
import dev.freehold.api.logs.UntagLogGroupRequest;
import dev.freehold.api.logs.UntagLogGroupResponse;
import dev.freehold.api.logs.UntagResourceRequest;
import dev.freehold.api.logs.UntagResourceResponse;
import dev.freehold.api.logs.ValidationException;
import dev.freehold.protocol.Caller;
import dev.freehold.protocol.NotImplementedError;
import dev.freehold.services.deliveries.Deliveries;
import dev.freehold.services.logs.LogsTables.Group;
import dev.freehold.services.logs.LogsTables.GroupKey;
import dev.freehold.services.logs.LogsTables.Scope;
import dev.freehold.services.logs.LogsTables.Stream;
import dev.freehold.services.logs.LogsTables.StreamKey;
import dev.freehold.services.structures.Copies;
import dev.freehold.storage.Cursor;
import dev.freehold.storage.KeyRange;
import dev.freehold.storage.Store;
import dev.freehold.storage.Transaction;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The front of CloudWatch Logs.
public final class LogsService implements FilterOperations {
    private static final int DEFAULT_PAGE = 50;
    private static final int MAX_TAGS = 50;

    /// The most batches of events of one group that one sweep removes.
    private static final int MAX_BATCHES = 20;

    private static final long DAY_MILLIS = 86_400_000;
    private static final int MAX_STREAMS = 10_000;
    private static final int MAX_GROUPS = 100_000;
    private static final Set<Integer> RETENTIONS =
            Set.of(
                    1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192,
                    2557, 2922, 3288, 3653);

    private final Store store;
    private final InstantSource clock;
    private final Events events;
    private final LineBuffer buffer;
    private final Reading reading;
    private final Filters filters;
    private final Subscriptions subscriptions;

    /// @param deliveries where what subscription filters let through is written
    public LogsService(Store store, InstantSource clock, Deliveries deliveries) {
        this.store = store;
        this.clock = clock;
        this.subscriptions = new Subscriptions(store, clock, deliveries);
        this.events = new Events(store, clock, subscriptions);
        this.buffer = new LineBuffer(events);
        this.reading = new Reading(store);
        this.filters = new Filters(store, clock);
    }

    @Override
    public Filters filters() {
        return filters;
    }

    @Override
    public Subscriptions subscriptions() {
        // Lines that were written before a filter was are not for it.
        buffer.flush();
        return subscriptions;
    }

    /// Removes the events that their groups' retention has ended for, a bounded number at a time.
    public void sweep(Instant now) {
        Map<GroupKey, Integer> retained = new LinkedHashMap<>();
        store.read(tx -> {
            try (Cursor<GroupKey, Group> cursor =
                    tx.scan(LogsTables.GROUPS, KeyRange.ALL, MAX_GROUPS)) {
                while (cursor.next()) {
                    Integer days = cursor.value().retention();
                    if (days != null) {
                        retained.put(cursor.key(), days);
                    }
                }
            }
            return retained;
        });
        retained.forEach((group, days) -> {
            long before = now.toEpochMilli() - days * DAY_MILLIS;
            for (int i = 0; i < MAX_BATCHES && events.expire(group, before); i++) {
                // Each batch is a transaction of its own.
            }
        });
    }

    private static Scope scope(Caller caller) {
        return new Scope(caller.account(), caller.region());
    }

    @Override
    public CreateLogGroupResponse createLogGroup(CreateLogGroupRequest in, Caller caller) {
        if (in.kmsKeyId() != null) {
            throw new NotImplementedError("KmsKeyId of log groups");
        }
        checkTags(in.tags());
        GroupKey key = new GroupKey(scope(caller), in.logGroupName());
        long now = clock.millis();
        store.updateOnly(tx -> {
            if (tx.get(LogsTables.GROUPS, key) != null) {
                throw new ResourceAlreadyExistsException("The specified log group already exists");
            }
            Map<String, String> tags = in.tags() == null ? Map.of() : in.tags();
            boolean kept = Boolean.TRUE.equals(in.deletionProtectionEnabled());
            String logClass = in.logGroupClass() == null ? "STANDARD" : in.logGroupClass();
            tx.put(LogsTables.GROUPS, key, new Group(now, null, logClass, tags, kept, 0));
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
        buffer.flush();
        store.updateOnly(tx -> {
            if (group(tx, scope, in.logGroupName()).kept()) {
                throw new ValidationException(
                        "Log group cannot be deleted because deletion protection is enabled.");
            }
            tx.delete(LogsTables.GROUPS, new GroupKey(scope, in.logGroupName()));
            tx.delete(LogsTables.BYTES, new GroupKey(scope, in.logGroupName()));
            KeyRange all = LogsTables.inGroup(scope, in.logGroupName());
            tx.deleteRange(LogsTables.STREAMS, all);
            tx.deleteRange(LogsTables.EVENTS, all);
            tx.deleteRange(LogsTables.PARTS, all);
            tx.deleteRange(LogsTables.BY_TIME, all);
            tx.deleteRange(LogsTables.CHUNKS, all);
            tx.deleteRange(LogsTables.CHUNKS_BY_TIME, all);
            tx.deleteRange(LogsTables.SUBSCRIPTIONS, all);
            tx.deleteRange(LogsTables.METRIC_FILTERS, all);
        });
        return DeleteLogGroupResponse.builder().build();
    }

    @Override
    public DescribeLogGroupsResponse describeLogGroups(DescribeLogGroupsRequest in, Caller caller) {
        if (in.logGroupNamePrefix() != null && in.logGroupNamePattern() != null) {
            throw new InvalidParameterException(
                    "LogGroup name prefix and LogGroup name pattern are mutually exclusive"
                            + " parameters.");
        }
        if (in.logGroupIdentifiers() != null && !in.logGroupIdentifiers().isEmpty()) {
            Set<String> names =
                    in.logGroupIdentifiers().stream()
                            .map(identifier -> Names.group(null, identifier))
                            .collect(Collectors.toSet());
            return describe(in, caller, "", names::contains);
        }
        String pattern = in.logGroupNamePattern();
        String prefix = in.logGroupNamePrefix() == null ? "" : in.logGroupNamePrefix();
        String lower = pattern == null ? "" : pattern.toLowerCase(Locale.ROOT);
        return describe(in, caller, prefix, name -> name.toLowerCase(Locale.ROOT).contains(lower));
    }

    private DescribeLogGroupsResponse describe(
            DescribeLogGroupsRequest in, Caller caller, String prefix, Predicate<String> wanted) {
        int limit = in.limit() == null ? DEFAULT_PAGE : in.limit();
        String logClass = in.logGroupClass();
        List<LogGroup> found =
                groups(
                        caller,
                        prefix,
                        in.nextToken(),
                        limit + 1,
                        (name, group) ->
                                wanted.test(name)
                                        && (logClass == null || logClass.equals(group.logClass())));
        boolean more = found.size() > limit;
        List<LogGroup> page = more ? found.subList(0, limit) : found;
        // AWS: a search by pattern answers from an index that does not know everything.
        boolean sparse = in.logGroupNamePattern() != null;
        return DescribeLogGroupsResponse.builder()
                .logGroups(
                        sparse
                                ? page.stream().map(LogsService::sparse).toList()
                                : List.copyOf(page))
                .nextToken(
                        more ? Tokens.write(String.valueOf(page.getLast().logGroupName())) : null)
                .build();
    }

    private static LogGroup sparse(LogGroup group) {
        return group.toBuilder().storedBytes(null).deletionProtectionEnabled(null).build();
    }

    /// At most `limit` groups in the order of their names.
    private List<LogGroup> groups(
            Caller caller,
            String prefix,
            @Nullable String token,
            int limit,
            BiPredicate<String, Group> wanted) {
        Scope scope = scope(caller);
        KeyRange all = LogsTables.groups(scope, prefix);
        KeyRange range =
                token == null
                        ? all
                        : all.startingAfter(out -> {
                            scope.write(out);
                            out.string(Tokens.read(token));
                        });
        buffer.flush();
        return store.read(tx -> {
            List<LogGroup> found = new ArrayList<>();
            try (Cursor<GroupKey, Group> cursor = tx.scan(LogsTables.GROUPS, range, MAX_GROUPS)) {
                while (found.size() < limit && cursor.next()) {
                    if (wanted.test(cursor.key().group(), cursor.value())) {
                        found.add(view(tx, caller, cursor.key(), cursor.value()));
                    }
                }
            }
            return found;
        });
    }

    private static LogGroup view(Transaction tx, Caller caller, GroupKey key, Group group) {
        String arn = caller.arn("logs", "log-group:" + key.group()).toString();
        Long bytes = tx.peek(LogsTables.BYTES, key);
        return LogGroup.builder()
                .logGroupName(key.group())
                .creationTime(group.created())
                .retentionInDays(group.retention())
                .metricFilterCount(Filters.count(tx, key.scope(), key.group()))
                .arn(arn + ":*")
                .logGroupArn(arn)
                .logGroupClass(group.logClass())
                .storedBytes(bytes == null ? 0 : bytes)
                .deletionProtectionEnabled(group.kept())
                .build();
    }

    @Override
    public ListLogGroupsResponse listLogGroups(ListLogGroupsRequest in, Caller caller) {
        if (in.logGroupTags() != null || in.dataSources() != null || in.fieldIndexNames() != null) {
            throw new NotImplementedError("LogGroupTags, DataSources and FieldIndexNames");
        }
        int limit = in.limit() == null ? DEFAULT_PAGE : in.limit();
        com.google.re2j.Pattern pattern = pattern(in.logGroupNamePattern());
        String logClass = in.logGroupClass();
        List<LogGroup> found =
                groups(
                        caller,
                        "",
                        in.nextToken(),
                        limit + 1,
                        (name, group) ->
                                pattern.matcher(name).find()
                                        && (logClass == null || logClass.equals(group.logClass())));
        boolean more = found.size() > limit;
        List<LogGroup> page = more ? found.subList(0, limit) : found;
        return ListLogGroupsResponse.builder()
                .logGroups(
                        page.stream()
                                .map(g -> Copies.of(g, LogGroupSummary.builder()).build())
                                .toList())
                .nextToken(
                        more ? Tokens.write(String.valueOf(page.getLast().logGroupName())) : null)
                .build();
    }

    /// A regular expression, in linear time whoever wrote it.
    private static com.google.re2j.Pattern pattern(@Nullable String text) {
        try {
            return com.google.re2j.Pattern.compile(text == null ? "" : text);
        } catch (com.google.re2j.PatternSyntaxException e) {
            throw new InvalidParameterException("The log group name pattern is invalid.");
        }
    }

    @Override
    public PutLogGroupDeletionProtectionResponse putLogGroupDeletionProtection(
            PutLogGroupDeletionProtectionRequest in, Caller caller) {
        change(
                caller,
                Names.group(null, in.logGroupIdentifier()),
                group -> group.withKept(in.deletionProtectionEnabled()));
        return PutLogGroupDeletionProtectionResponse.builder().build();
    }

    private void change(Caller caller, String name, UnaryOperator<Group> change) {
        Scope scope = scope(caller);
        store.updateOnly(tx -> {
            Group after = change.apply(group(tx, scope, name));
            tx.put(LogsTables.GROUPS, new GroupKey(scope, name), after);
        });
    }

    private static void checkTags(@Nullable Map<String, String> tags) {
        if (tags != null && tags.keySet().stream().anyMatch(key -> key.startsWith("aws:"))) {
            throw new InvalidParameterException("Tag keys can't begin with aws:");
        }
        if (tags != null && tags.size() > MAX_TAGS) {
            throw new TooManyTagsException("The resource can't have more than 50 tags.");
        }
    }

    private void tag(Caller caller, String group, Map<String, String> more) {
        checkTags(more);
        change(
                caller,
                group,
                before -> {
                    Map<String, String> tags = new LinkedHashMap<>(before.tags());
                    tags.putAll(more);
                    checkTags(tags);
                    return before.withTags(tags);
                });
    }

    private void untag(Caller caller, String group, List<String> keys) {
        change(
                caller,
                group,
                before -> {
                    Map<String, String> tags = new LinkedHashMap<>(before.tags());
                    keys.forEach(tags::remove);
                    return before.withTags(tags);
                });
    }

    private Map<String, String> tags(Caller caller, String group) {
        return store.read(tx -> group(tx, scope(caller), group)).tags();
    }

    @Override
    public TagLogGroupResponse tagLogGroup(TagLogGroupRequest in, Caller caller) {
        tag(caller, in.logGroupName(), in.tags());
        return TagLogGroupResponse.builder().build();
    }

    @Override
    public UntagLogGroupResponse untagLogGroup(UntagLogGroupRequest in, Caller caller) {
        untag(caller, in.logGroupName(), in.tags());
        return UntagLogGroupResponse.builder().build();
    }

    @Override
    public ListTagsLogGroupResponse listTagsLogGroup(ListTagsLogGroupRequest in, Caller caller) {
        return ListTagsLogGroupResponse.builder().tags(tags(caller, in.logGroupName())).build();
    }

    @Override
    public TagResourceResponse tagResource(TagResourceRequest in, Caller caller) {
        tag(caller, Names.tagged(in.resourceArn()), in.tags());
        return TagResourceResponse.builder().build();
    }

    @Override
    public UntagResourceResponse untagResource(UntagResourceRequest in, Caller caller) {
        untag(caller, Names.tagged(in.resourceArn()), in.tagKeys());
        return UntagResourceResponse.builder().build();
    }

    @Override
    public ListTagsForResourceResponse listTagsForResource(
            ListTagsForResourceRequest in, Caller caller) {
        return ListTagsForResourceResponse.builder()
                .tags(tags(caller, Names.tagged(in.resourceArn())))
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
        change(caller, name, group -> group.withRetention(days));
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
        buffer.flush();
        events.deleteStream(scope, in.logGroupName(), in.logStreamName());
        return DeleteLogStreamResponse.builder().build();
    }

    @Override
    public DescribeLogStreamsResponse describeLogStreams(
            DescribeLogStreamsRequest in, Caller caller) {
        Scope scope = scope(caller);
        if (in.logGroupName() != null && in.logGroupIdentifier() != null) {
            throw new ValidationException(
                    "LogGroup name and LogGroup ARN are mutually exclusive parameters.");
        }
        String group = Names.group(in.logGroupName(), in.logGroupIdentifier());
        String prefix = in.logStreamNamePrefix() == null ? "" : in.logStreamNamePrefix();
        List<LogStream> all = new ArrayList<>();
        buffer.flush();
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
        boolean byTime = "LastEventTime".equals(in.orderBy());
        if (byTime && !prefix.isEmpty()) {
            throw new InvalidParameterException(
                    "Cannot order by LastEventTime with a logStreamNamePrefix.");
        }
        if (byTime) {
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
        int bytes = Limits.check(in.logEvents());
        Scope scope = scope(caller);
        Integer retention =
                store.read(tx -> {
                    Group group = group(tx, scope, in.logGroupName());
                    stream(tx, scope, in.logGroupName(), in.logStreamName());
                    return group.retention();
                });
        Limits.Taken taken = Limits.taken(in.logEvents(), retention, clock.millis());
        events.put(scope, in, taken.events());
        caller.usage().add("logs.ingested-bytes", bytes);
        return PutLogEventsResponse.builder()
                .nextSequenceToken(String.valueOf(clock.millis()))
                .rejectedLogEventsInfo(taken.rejected())
                .build();
    }

    /// Takes text as it comes from functions; the group and the stream are made when missing. It is
    /// seen by whoever reads from now on, and durable after the next [#flush].
    ///
    /// @param text one or more lines; each is an event
    public void write(String account, String region, String group, String stream, String text) {
        buffer.add(new StreamKey(new Scope(account, region), group, stream), clock.millis(), text);
    }

    /// [#write] of one message, which is one event whatever it has.
    public void message(String account, String region, String group, String stream, String text) {
        StreamKey key = new StreamKey(new Scope(account, region), group, stream);
        buffer.addMessage(key, clock.millis(), text);
    }

    /// Makes what was taken by [#write] durable. The server calls it several times a second, and
    /// when it ends.
    public void flush() {
        buffer.flush();
    }

    @Override
    public GetLogEventsResponse getLogEvents(GetLogEventsRequest in, Caller caller) {
        buffer.flush();
        return reading.get(scope(caller), in);
    }

    @Override
    public FilterLogEventsResponse filterLogEvents(FilterLogEventsRequest in, Caller caller) {
        buffer.flush();
        return reading.filter(scope(caller), in);
    }
}
