package dev.freehold.services.lambda.state;

import dev.freehold.api.lambda.AliasConfiguration;
import dev.freehold.api.lambda.CodeSigningConfig;
import dev.freehold.api.lambda.FunctionEventInvokeConfig;
import dev.freehold.api.lambda.FunctionUrlConfig;
import dev.freehold.api.lambda.PutRuntimeManagementConfigResponse;
import dev.freehold.services.structures.StructureCodec;
import dev.freehold.storage.Codec;
import dev.freehold.storage.Codecs;
import dev.freehold.storage.Cursor;
import dev.freehold.storage.KeyCodec;
import dev.freehold.storage.KeyRange;
import dev.freehold.storage.KeyReader;
import dev.freehold.storage.KeyWriter;
import dev.freehold.storage.Table;
import dev.freehold.storage.Transaction;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// The tables of Lambda: 240 to 279. 240 and 241 were an older layout and are not used again.
public final class LambdaTables {
    /// The most rows that a listing looks at.
    public static final int MAX_LISTED = 10_000;

    private static final KeyCodec<FunctionId> FUNCTION_KEY =
            Codecs.key(LambdaTables::write, LambdaTables::function);
    private static final KeyCodec<QualifiedKey> QUALIFIED_KEY =
            Codecs.key(
                    (key, out) -> {
                        write(key.function(), out);
                        out.string(key.qualifier());
                    },
                    in -> new QualifiedKey(function(in), in.string()));
    private static final KeyCodec<VersionKey> VERSION_KEY =
            Codecs.key(
                    (key, out) -> {
                        write(key.function(), out);
                        out.int32(key.number());
                    },
                    in -> new VersionKey(function(in), in.int32()));
    private static final KeyCodec<RegionKey> REGION_KEY =
            Codecs.key(
                    (key, out) -> out.string(key.account()).string(key.region()).string(key.name()),
                    in -> new RegionKey(in.string(), in.string(), in.string()));
    private static final KeyCodec<LayerKey> LAYER_KEY =
            Codecs.key(
                    (key, out) ->
                            out.string(key.account())
                                    .string(key.region())
                                    .string(key.name())
                                    .int32(key.version()),
                    in -> new LayerKey(in.string(), in.string(), in.string(), in.int32()));
    private static final Codec<Integer> COUNT =
            Codecs.of((out, value) -> out.int32(value), in -> in.int32());

    public static final Table<FunctionId, FunctionRow> FUNCTIONS =
            new Table<>(
                    242, "lambda.functions", FUNCTION_KEY, Codecs.remembering(FunctionRow.CODEC));

    /// `$LATEST` is number 0.
    public static final Table<VersionKey, VersionRow> VERSIONS =
            new Table<>(243, "lambda.versions", VERSION_KEY, Codecs.remembering(VersionRow.CODEC));

    /// The versions whose changes are under way, and the generation that each changes to.
    public static final Table<VersionKey, String> UNPREPARED =
            new Table<>(259, "lambda.unprepared", VERSION_KEY, Codecs.STRING);

    public static final Table<QualifiedKey, AliasConfiguration> ALIASES =
            new Table<>(
                    244,
                    "lambda.aliases",
                    QUALIFIED_KEY,
                    StructureCodec.of(AliasConfiguration.class, AliasConfiguration.SCHEMA));

    public static final Table<QualifiedKey, PolicyRow> POLICIES =
            new Table<>(245, "lambda.policies", QUALIFIED_KEY, Codecs.remembering(PolicyRow.CODEC));

    public static final Table<QualifiedKey, FunctionEventInvokeConfig> EVENT_CONFIGS =
            new Table<>(
                    246,
                    "lambda.event-invoke-configs",
                    QUALIFIED_KEY,
                    StructureCodec.of(
                            FunctionEventInvokeConfig.class, FunctionEventInvokeConfig.SCHEMA));

    public static final Table<QualifiedKey, FunctionUrlConfig> URLS =
            new Table<>(
                    247,
                    "lambda.urls",
                    QUALIFIED_KEY,
                    StructureCodec.of(FunctionUrlConfig.class, FunctionUrlConfig.SCHEMA));

    /// The function and qualifier of a URL's id.
    public static final Table<String, QualifiedKey> URL_IDS =
            new Table<>(
                    248,
                    "lambda.url-ids",
                    Codecs.STRING_KEY,
                    Codecs.of(
                            (out, key) ->
                                    out.string(key.function().account())
                                            .string(key.function().region())
                                            .string(key.function().name())
                                            .string(key.qualifier()),
                            in ->
                                    new QualifiedKey(
                                            new FunctionId(in.string(), in.string(), in.string()),
                                            in.string())));

    public static final Table<QualifiedKey, Provisioned> PROVISIONED =
            new Table<>(249, "lambda.provisioned", QUALIFIED_KEY, Provisioned.CODEC);

    public static final Table<QualifiedKey, PutRuntimeManagementConfigResponse> RUNTIMES =
            new Table<>(
                    250,
                    "lambda.runtime-management",
                    QUALIFIED_KEY,
                    StructureCodec.of(
                            PutRuntimeManagementConfigResponse.class,
                            PutRuntimeManagementConfigResponse.SCHEMA));

    /// The last version number of a layer; never given again.
    public static final Table<RegionKey, Integer> LAYER_NUMBERS =
            new Table<>(251, "lambda.layer-numbers", REGION_KEY, COUNT);

    public static final Table<LayerKey, LayerRow> LAYERS =
            new Table<>(252, "lambda.layers", LAYER_KEY, LayerRow.CODEC);

    public static final Table<LayerKey, PolicyRow> LAYER_POLICIES =
            new Table<>(253, "lambda.layer-policies", LAYER_KEY, PolicyRow.CODEC);

    /// By ARN's last part: `csc-...`.
    public static final Table<RegionKey, CodeSigningConfig> CODE_SIGNING =
            new Table<>(
                    254,
                    "lambda.code-signing",
                    REGION_KEY,
                    StructureCodec.of(CodeSigningConfig.class, CodeSigningConfig.SCHEMA));

    public static final Table<MappingKey, MappingRow> MAPPINGS =
            new Table<>(
                    255,
                    "lambda.event-source-mappings",
                    Codecs.key(
                            (key, out) ->
                                    out.string(key.account()).string(key.region()).string(key.id()),
                            in -> new MappingKey(in.string(), in.string(), in.string())),
                    MappingRow.CODEC);

    /// Zips by the SHA-256 of their content, in base 64.
    public static final Table<String, PackageRow> PACKAGES =
            new Table<>(256, "lambda.packages", Codecs.STRING_KEY, PackageRow.CODEC);

    /// Blobs that no package names any more, or not yet: to be deleted once they are old.
    public static final Table<String, Long> GARBAGE =
            new Table<>(257, "lambda.garbage", Codecs.STRING_KEY, Codecs.INT64);

    /// What a function has used of a budget's metric in a period; or an account, which has neither
    /// a region nor a name.
    public record SpendingKey(FunctionId function, String metric, Instant start, Instant end) {}

    /// Spending in billionths of the metric's unit.
    public static final Table<SpendingKey, Long> SPENDING =
            new Table<>(
                    258,
                    "lambda.spending",
                    Codecs.key(
                            (key, out) -> {
                                write(key.function(), out);
                                out.string(key.metric()).instant(key.start()).instant(key.end());
                            },
                            in ->
                                    new SpendingKey(
                                            function(in), in.string(), in.instant(), in.instant())),
                    Codecs.INT64);

    /// The budgets of accounts, as texts.
    public static final Table<String, String> ACCOUNT_BUDGETS =
            new Table<>(270, "lambda.account-budgets", Codecs.STRING_KEY, Codecs.STRING);

    private LambdaTables() {}

    private static void write(FunctionId key, KeyWriter out) {
        out.string(key.account()).string(key.region()).string(key.name());
    }

    private static FunctionId function(KeyReader in) {
        return new FunctionId(in.string(), in.string(), in.string());
    }

    /// All that belongs to a function, in tables whose keys begin with it.
    public static KeyRange of(FunctionId function) {
        return KeyRange.prefix(out -> write(function, out));
    }

    /// All that an account has in a region, in tables whose keys begin with these.
    public static KeyRange in(String account, String region) {
        return KeyRange.prefix(out -> out.string(account).string(region));
    }

    /// All versions of a layer.
    public static KeyRange ofLayer(LayerKey layer) {
        return KeyRange.prefix(
                out -> out.string(layer.account()).string(layer.region()).string(layer.name()));
    }

    /// A row and where it is.
    public record Entry<K, V>(K key, V value) {}

    /// The rows of a range, at most [#MAX_LISTED].
    public static <K, V> List<Entry<K, V>> list(Transaction tx, Table<K, V> table, KeyRange range) {
        List<Entry<K, V>> found = new ArrayList<>();
        try (Cursor<K, V> cursor = tx.scan(table, range, MAX_LISTED)) {
            while (cursor.next()) {
                found.add(new Entry<>(cursor.key(), cursor.value()));
            }
        }
        return found;
    }
}
