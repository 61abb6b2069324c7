package dev.freehold.services.lambda;

import dev.freehold.api.lambda.EventSourceMappingConfiguration;
import dev.freehold.services.structures.StructureCodec;
import dev.freehold.storage.Codecs;
import dev.freehold.storage.Cursor;
import dev.freehold.storage.KeyRange;
import dev.freehold.storage.Table;
import dev.freehold.storage.Transaction;
import java.util.ArrayList;
import java.util.List;

/// The rows of Lambda: 240 to 279.
final class LambdaTables {
    /// The most functions or mappings that a listing looks at.
    static final int MAX_LISTED = 10_000;

    record FunctionKey(String account, String region, String name) {}

    record MappingKey(String account, String region, String id) {}

    static final Table<FunctionKey, FunctionRow> FUNCTIONS =
            new Table<>(
                    240,
                    "lambda.functions",
                    Codecs.key(
                            (key, out) ->
                                    out.string(key.account).string(key.region).string(key.name),
                            in -> new FunctionKey(in.string(), in.string(), in.string())),
                    FunctionRow.CODEC);

    static final Table<MappingKey, EventSourceMappingConfiguration> MAPPINGS =
            new Table<>(
                    241,
                    "lambda.event-source-mappings",
                    Codecs.key(
                            (key, out) -> out.string(key.account).string(key.region).string(key.id),
                            in -> new MappingKey(in.string(), in.string(), in.string())),
                    StructureCodec.of(
                            EventSourceMappingConfiguration.class,
                            EventSourceMappingConfiguration.SCHEMA));

    private LambdaTables() {}

    static List<FunctionRow> functions(Transaction tx, String account, String region) {
        List<FunctionRow> found = new ArrayList<>();
        KeyRange range = KeyRange.prefix(out -> out.string(account).string(region));
        try (Cursor<FunctionKey, FunctionRow> cursor = tx.scan(FUNCTIONS, range, MAX_LISTED)) {
            while (cursor.next()) {
                found.add(cursor.value());
            }
        }
        return found;
    }

    /// A mapping and where it is.
    record Mapping(MappingKey key, EventSourceMappingConfiguration configuration) {}

    static List<Mapping> mappings(Transaction tx) {
        List<Mapping> found = new ArrayList<>();
        try (Cursor<MappingKey, EventSourceMappingConfiguration> cursor =
                tx.scan(MAPPINGS, KeyRange.ALL, MAX_LISTED)) {
            while (cursor.next()) {
                found.add(new Mapping(cursor.key(), cursor.value()));
            }
        }
        return found;
    }
}
