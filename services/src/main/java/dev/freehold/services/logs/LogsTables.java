package dev.freehold.services.logs;

import dev.freehold.api.logs.MetricFilter;
import dev.freehold.api.logs.ResourcePolicy;
import dev.freehold.api.logs.SubscriptionFilter;
import dev.freehold.services.structures.StructureCodec;
import dev.freehold.storage.Codecs;
import dev.freehold.storage.KeyCodec;
import dev.freehold.storage.KeyRange;
import dev.freehold.storage.KeyReader;
import dev.freehold.storage.KeyWriter;
import dev.freehold.storage.Table;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The rows of CloudWatch Logs: 330 to 349.
final class LogsTables {
    /// A place in which names are unique.
    record Scope(String account, String region) {
        void write(KeyWriter out) {
            out.string(account).string(region);
        }
    }

    record GroupKey(Scope scope, String group) {}

    record StreamKey(Scope scope, String group, String stream) {}

    /// An event, ordered in its stream by time.
    ///
    /// @param sequence unique among the events of a millisecond
    record EventKey(Scope scope, String group, String stream, long time, String sequence) {
        void write(KeyWriter out) {
            scope.write(out);
            out.string(group).string(stream).int64(time).string(sequence);
        }
    }

    /// An event, ordered in its group by time.
    record TimeKey(Scope scope, String group, long time, String sequence) {
        EventKey in(String stream) {
            return new EventKey(scope, group, stream, time, sequence);
        }
    }

    /// A further part of an event's message: values of the store are small.
    record PartKey(EventKey event, int part) {}

    /// A filter or another thing that a group has under a name.
    record NamedKey(Scope scope, String group, String name) {}

    /// A log group.
    ///
    /// @param created in milliseconds since 1970
    /// @param retention in days, or null for ever
    /// @param kept whether it is protected from deletion
    /// @param subscriptions how many subscription filters it has
    record Group(
            long created,
            @Nullable Integer retention,
            String logClass,
            Map<String, String> tags,
            boolean kept,
            int subscriptions) {
        Group withRetention(@Nullable Integer days) {
            return new Group(created, days, logClass, tags, kept, subscriptions);
        }

        Group withTags(Map<String, String> changed) {
            return new Group(created, retention, logClass, changed, kept, subscriptions);
        }

        Group withKept(boolean protect) {
            return new Group(created, retention, logClass, tags, protect, subscriptions);
        }

        Group withSubscriptions(int count) {
            return new Group(created, retention, logClass, tags, kept, count);
        }
    }

    record Stream(long created, long first, long last, long ingested) {}

    /// @param message its first part
    /// @param parts how many further parts it has
    /// @param bytes the size of the whole message
    record Event(String message, int parts, int bytes, long ingested) {}

    static final Table<GroupKey, Group> GROUPS =
            new Table<>(
                    334,
                    "logs.groups",
                    Codecs.key(
                            (key, out) -> {
                                key.scope.write(out);
                                out.string(key.group);
                            },
                            in -> new GroupKey(scope(in), in.string())),
                    Codecs.of(
                            (out, g) ->
                                    out.int64(g.created)
                                            .optional(g.retention, (o, days) -> o.int32(days))
                                            .string(g.logClass)
                                            .strings(g.tags)
                                            .bool(g.kept)
                                            .int32(g.subscriptions),
                            in ->
                                    new Group(
                                            in.int64(),
                                            in.optional(i -> i.int32()),
                                            in.string(),
                                            in.strings(),
                                            in.bool(),
                                            in.int32())));

    static final Table<StreamKey, Stream> STREAMS =
            new Table<>(
                    331,
                    "logs.streams",
                    Codecs.key(
                            (key, out) -> {
                                key.scope.write(out);
                                out.string(key.group).string(key.stream);
                            },
                            in -> new StreamKey(scope(in), in.string(), in.string())),
                    Codecs.of(
                            (out, s) ->
                                    out.int64(s.created)
                                            .int64(s.first)
                                            .int64(s.last)
                                            .int64(s.ingested),
                            in -> new Stream(in.int64(), in.int64(), in.int64(), in.int64())));

    private static final KeyCodec<EventKey> EVENT_KEY =
            Codecs.key(EventKey::write, LogsTables::eventKey);

    static final Table<EventKey, Event> EVENTS =
            new Table<>(
                    335,
                    "logs.events",
                    EVENT_KEY,
                    Codecs.of(
                            (out, e) ->
                                    out.string(e.message)
                                            .int32(e.parts)
                                            .int32(e.bytes)
                                            .int64(e.ingested),
                            in -> new Event(in.string(), in.int32(), in.int32(), in.int64())));

    static final Table<PartKey, String> PARTS =
            new Table<>(
                    336,
                    "logs.event-parts",
                    Codecs.key(
                            (key, out) -> {
                                key.event.write(out);
                                out.uint8(key.part);
                            },
                            in -> new PartKey(eventKey(in), in.uint8())),
                    Codecs.STRING);

    private static final KeyCodec<TimeKey> TIME_KEY =
            Codecs.key(
                    (key, out) -> {
                        key.scope.write(out);
                        out.string(key.group).int64(key.time).string(key.sequence);
                    },
                    in -> new TimeKey(scope(in), in.string(), in.int64(), in.string()));

    /// The streams of a group's events, by time.
    static final Table<TimeKey, String> BY_TIME =
            new Table<>(337, "logs.events-by-time", TIME_KEY, Codecs.STRING);

    /// Events that were written together, under the time and the sequence of the first.
    static final Table<EventKey, Chunk> CHUNKS =
            new Table<>(345, "logs.chunks", EVENT_KEY, Chunk.CODEC);

    /// The streams of a group's chunks, by time.
    static final Table<TimeKey, String> CHUNKS_BY_TIME =
            new Table<>(346, "logs.chunks-by-time", TIME_KEY, Codecs.STRING);

    /// How many bytes a group's events have.
    static final Table<GroupKey, Long> BYTES =
            new Table<>(
                    338,
                    "logs.bytes",
                    Codecs.key(
                            (key, out) -> {
                                key.scope.write(out);
                                out.string(key.group);
                            },
                            in -> new GroupKey(scope(in), in.string())),
                    Codecs.INT64);

    private static final KeyCodec<NamedKey> NAMED_KEY =
            Codecs.key(
                    (key, out) -> {
                        key.scope.write(out);
                        out.string(key.group).string(key.name);
                    },
                    in -> new NamedKey(scope(in), in.string(), in.string()));

    static final Table<NamedKey, SubscriptionFilter> SUBSCRIPTIONS =
            new Table<>(
                    339,
                    "logs.subscription-filters",
                    NAMED_KEY,
                    StructureCodec.of(SubscriptionFilter.class, SubscriptionFilter.SCHEMA));

    static final Table<NamedKey, MetricFilter> METRIC_FILTERS =
            new Table<>(
                    340,
                    "logs.metric-filters",
                    NAMED_KEY,
                    StructureCodec.of(MetricFilter.class, MetricFilter.SCHEMA));

    /// An account's resource policies, under the empty group.
    static final Table<NamedKey, ResourcePolicy> RESOURCE_POLICIES =
            new Table<>(
                    341,
                    "logs.resource-policies",
                    NAMED_KEY,
                    StructureCodec.of(ResourcePolicy.class, ResourcePolicy.SCHEMA));

    private LogsTables() {}

    private static EventKey eventKey(KeyReader in) {
        return new EventKey(scope(in), in.string(), in.string(), in.int64(), in.string());
    }

    private static Scope scope(KeyReader in) {
        String account = in.string();
        return new Scope(account, in.string());
    }

    static KeyRange groups(Scope scope, String prefix) {
        return KeyRange.prefix(out -> {
            scope.write(out);
            out.stringPrefix(prefix);
        });
    }

    static KeyRange inGroup(Scope scope, String group) {
        return KeyRange.prefix(out -> {
            scope.write(out);
            out.string(group);
        });
    }

    static KeyRange inStream(Scope scope, String group, String stream) {
        return KeyRange.prefix(out -> {
            scope.write(out);
            out.string(group).string(stream);
        });
    }

    static KeyRange parts(EventKey event) {
        return KeyRange.prefix(event::write);
    }
}
