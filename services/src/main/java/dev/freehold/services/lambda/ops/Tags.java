package dev.freehold.services.lambda.ops;

import dev.freehold.api.lambda.FunctionConfiguration;
import dev.freehold.protocol.Caller;
import dev.freehold.services.lambda.budgets.Budget;
import dev.freehold.services.lambda.rules.DebugTag;
import dev.freehold.services.lambda.rules.EgressTag;
import dev.freehold.services.lambda.rules.Errors;
import dev.freehold.services.lambda.rules.FunctionName;
import dev.freehold.services.lambda.rules.Lookup;
import dev.freehold.services.lambda.state.FunctionRow;
import dev.freehold.services.lambda.state.LambdaTables;
import dev.freehold.services.lambda.state.LambdaTables.Entry;
import dev.freehold.services.lambda.state.MappingKey;
import dev.freehold.services.lambda.state.MappingRow;
import dev.freehold.services.lambda.state.VersionKey;
import dev.freehold.services.lambda.state.VersionRow;
import dev.freehold.storage.Transaction;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/// Tags of functions and event source mappings.
public final class Tags {
    private static final int MAX_TAGS = 50;

    private final Context context;

    public Tags(Context context) {
        this.context = context;
    }

    static void check(Map<String, String> tags, boolean development) {
        if (tags.size() > MAX_TAGS) {
            throw Errors.invalid("Number of tags exceeds resource tag limit.");
        }
        Budget.of(tags);
        DebugTag.check(tags, development);
        EgressTag.of(tags);
    }

    public void tag(String arn, Map<String, String> tags, Caller caller) {
        if (tags.isEmpty()) {
            throw Errors.invalid("An error occurred and the request cannot be processed.");
        }
        change(
                arn,
                caller,
                before -> {
                    before.putAll(tags);
                    return before;
                });
    }

    public void untag(String arn, List<String> keys, Caller caller) {
        change(
                arn,
                caller,
                before -> {
                    keys.forEach(before::remove);
                    return before;
                });
    }

    public Map<String, String> list(String arn, Caller caller) {
        return context.store()
                .read(tx -> {
                    MappingKey mapping = mapping(arn);
                    return mapping == null
                            ? Lookup.function(tx, function(arn, caller)).tags()
                            : mapping(tx, mapping, arn).tags();
                });
    }

    private void change(String arn, Caller caller, UnaryOperator<Map<String, String>> change) {
        MappingKey mapping = mapping(arn);
        String revision = context.ids().get();
        List<Runnable> after = new ArrayList<>();
        context.store()
                .updateOnly(tx -> {
                    after.clear();
                    if (mapping != null) {
                        MappingRow row = mapping(tx, mapping, arn);
                        Map<String, String> tags = changed(row.tags(), change);
                        tx.put(LambdaTables.MAPPINGS, mapping, row.withTags(tags));
                        return;
                    }
                    FunctionName name = function(arn, caller);
                    FunctionRow row = Lookup.function(tx, name);
                    revise(tx, name, revision);
                    Map<String, String> tags = changed(row.tags(), change);
                    tx.put(LambdaTables.FUNCTIONS, name.id(), row.withTags(tags));
                    if (!EgressTag.of(tags).equals(EgressTag.of(row.tags()))) {
                        renew(tx, name, revision)
                                .forEach(version -> after.add(() -> retire(version, row.tags())));
                    }
                    if (DebugTag.port(tags) != DebugTag.port(row.tags())) {
                        LambdaTables.list(tx, LambdaTables.VERSIONS, LambdaTables.of(name.id()))
                                .forEach(version ->
                                        after.add(() -> endDebugging(version, row.tags())));
                    }
                });
        after.forEach(Runnable::run);
    }

    /// Gives all versions another generation: what runs has other ways out.
    ///
    /// @return what they were
    private static List<Entry<VersionKey, VersionRow>> renew(
            Transaction tx, FunctionName name, String generation) {
        List<Entry<VersionKey, VersionRow>> versions =
                LambdaTables.list(tx, LambdaTables.VERSIONS, LambdaTables.of(name.id()));
        for (Entry<VersionKey, VersionRow> version : versions) {
            VersionKey key = version.key();
            tx.put(LambdaTables.VERSIONS, key, version.value().withGeneration(generation));
            if (tx.get(LambdaTables.UNPREPARED, key) != null) {
                tx.put(LambdaTables.UNPREPARED, key, generation);
            }
        }
        return versions;
    }

    private void retire(Entry<VersionKey, VersionRow> version, Map<String, String> before) {
        context.invoker().retire(version.key(), version.value(), before);
    }

    private void endDebugging(Entry<VersionKey, VersionRow> version, Map<String, String> before) {
        context.invoker().endDebugging(version.key(), version.value(), before);
    }

    /// AWS: other tags are another revision of the function.
    private static void revise(Transaction tx, FunctionName name, String revision) {
        VersionKey latest = VersionKey.latest(name.id());
        VersionRow version = tx.get(LambdaTables.VERSIONS, latest);
        if (version != null) {
            FunctionConfiguration next =
                    version.configuration().toBuilder().revisionId(revision).build();
            tx.put(LambdaTables.VERSIONS, latest, version.with(next));
        }
    }

    private Map<String, String> changed(
            Map<String, String> before, UnaryOperator<Map<String, String>> change) {
        Map<String, String> tags = change.apply(new LinkedHashMap<>(before));
        check(tags, context.development());
        return tags;
    }

    private static FunctionName function(String arn, Caller caller) {
        String kind = arn.split(":", 7)[5];
        if (kind.equals("capacity-provider")) {
            throw Errors.notFound("Capacity provider not found: " + arn);
        }
        if (kind.equals("code-signing-config")) {
            throw new dev.freehold.protocol.NotImplementedError(
                    "Tags of code signing configurations");
        }
        FunctionName name = FunctionName.parse(arn, null, caller);
        if (name.qualifier() != null) {
            throw Errors.invalid(
                    "Tags on function aliases and versions are not supported. Please specify a"
                            + " function ARN.");
        }
        return name;
    }

    private static @org.jspecify.annotations.Nullable MappingKey mapping(String arn) {
        String[] parts = arn.split(":", 7);
        return parts.length == 7 && parts[5].equals("event-source-mapping")
                ? new MappingKey(parts[4], parts[3], parts[6])
                : null;
    }

    private static MappingRow mapping(Transaction tx, MappingKey key, String arn) {
        MappingRow row = tx.get(LambdaTables.MAPPINGS, key);
        if (row == null) {
            throw Errors.notFound("Event source mapping not found: " + arn);
        }
        return row;
    }
}
