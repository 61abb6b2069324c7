package dev.freehold.services.logs;

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

    /// An event, ordered in its group by time.
    ///
    /// @param sequence unique among the events of a millisecond
    record EventKey(Scope scope, String group, long time, String sequence) {}

    /// An event, ordered in its stream by time.
    record StreamEventKey(Scope scope, String group, String stream, long time, String sequence) {}

    /// @param created in milliseconds since 1970
    /// @param retention in days, or null for ever
    record Group(
            long created, @Nullable Integer retention, String logClass, Map<String, String> tags) {}

    record Stream(long created, long first, long last, long ingested) {}

    record Event(String stream, String message, long ingested) {}

    static final Table<GroupKey, Group> GROUPS =
            new Table<>(
                    330,
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
                                            .strings(g.tags),
                            in ->
                                    new Group(
                                            in.int64(),
                                            in.optional(i -> i.int32()),
                                            in.string(),
                                            in.strings())));

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
            Codecs.key(
                    (key, out) -> {
                        key.scope.write(out);
                        out.string(key.group).int64(key.time).string(key.sequence);
                    },
                    in -> new EventKey(scope(in), in.string(), in.int64(), in.string()));

    static final Table<EventKey, Event> EVENTS =
            new Table<>(
                    332,
                    "logs.events",
                    EVENT_KEY,
                    Codecs.of(
                            (out, e) -> out.string(e.stream).string(e.message).int64(e.ingested),
                            in -> new Event(in.string(), in.string(), in.int64())));

    static final Table<StreamEventKey, Boolean> BY_STREAM =
            new Table<>(
                    333,
                    "logs.events-by-stream",
                    Codecs.key(
                            (key, out) -> {
                                key.scope.write(out);
                                out.string(key.group)
                                        .string(key.stream)
                                        .int64(key.time)
                                        .string(key.sequence);
                            },
                            in ->
                                    new StreamEventKey(
                                            scope(in),
                                            in.string(),
                                            in.string(),
                                            in.int64(),
                                            in.string())),
                    Codecs.PRESENT);

    private LogsTables() {}

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
}
