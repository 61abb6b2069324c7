package dev.freehold.services.lambda.durable.ops;

import dev.freehold.api.lambda.Execution;
import dev.freehold.api.lambda.ListDurableExecutionsByFunctionRequest;
import dev.freehold.api.lambda.ListDurableExecutionsByFunctionResponse;
import dev.freehold.protocol.Caller;
import dev.freehold.services.lambda.durable.state.DurableTables;
import dev.freehold.services.lambda.durable.state.DurableTables.StartKey;
import dev.freehold.services.lambda.durable.state.ExecutionKey;
import dev.freehold.services.lambda.durable.state.ExecutionRow;
import dev.freehold.services.lambda.rules.Errors;
import dev.freehold.services.lambda.rules.FunctionName;
import dev.freehold.services.lambda.rules.Lookup;
import dev.freehold.services.lambda.state.FunctionId;
import dev.freehold.storage.Cursor;
import dev.freehold.storage.KeyRange;
import dev.freehold.storage.KeyWriter;
import dev.freehold.storage.Store;
import dev.freehold.storage.Transaction;
import dev.freehold.storage.Transaction.Direction;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Lists a function's executions, by their starts.
public record Listings(Store store) {
    /// The most executions that one page looks at, those that are not wanted included.
    private static final int MAX_LOOKED = 10_000;

    public ListDurableExecutionsByFunctionResponse list(
            ListDurableExecutionsByFunctionRequest in, Caller caller) {
        FunctionName name = FunctionName.parse(in.functionName(), in.qualifier(), caller);
        return store.read(tx -> {
            Lookup.Found found = Lookup.find(tx, name);
            String version = name.qualifier() == null ? null : found.key().version();
            return page(tx, in, name.id(), version);
        });
    }

    private static ListDurableExecutionsByFunctionResponse page(
            Transaction tx,
            ListDurableExecutionsByFunctionRequest in,
            FunctionId function,
            @Nullable String version) {
        boolean reverse = Boolean.TRUE.equals(in.reverseOrder());
        KeyRange range = range(in.marker(), function, reverse);
        int most = Executions.items(in.maxItems());
        List<Execution> executions = new ArrayList<>();
        StartKey last = null;
        int looked = 0;
        try (Cursor<StartKey, Boolean> cursor =
                tx.scan(
                        DurableTables.STARTED,
                        range,
                        reverse ? Direction.REVERSE : Direction.FORWARD,
                        MAX_LOOKED + 1)) {
            while (cursor.next()) {
                if (last != null && (executions.size() == most || looked == MAX_LOOKED)) {
                    return answer(executions, marker(last));
                }
                last = cursor.key();
                looked++;
                ExecutionKey key = new ExecutionKey(function, last.name());
                ExecutionRow row = tx.get(DurableTables.EXECUTIONS, key);
                if (row != null && wanted(in, key, row, version)) {
                    executions.add(shown(key, row));
                }
            }
        }
        return answer(executions, null);
    }

    private static ListDurableExecutionsByFunctionResponse answer(
            List<Execution> executions, @Nullable String next) {
        return ListDurableExecutionsByFunctionResponse.builder()
                .durableExecutions(executions)
                .nextMarker(next)
                .build();
    }

    private static boolean wanted(
            ListDurableExecutionsByFunctionRequest in,
            ExecutionKey key,
            ExecutionRow row,
            @Nullable String version) {
        Instant started = row.origin().started();
        String name = in.durableExecutionName();
        List<String> statuses = in.statuses();
        Instant after = in.startedAfter();
        Instant before = in.startedBefore();
        return (version == null || version.equals(row.origin().version()))
                && (name == null || name.equals(key.name()))
                && (statuses == null || statuses.isEmpty() || statuses.contains(row.status()))
                && (after == null || started.isAfter(after))
                && (before == null || started.isBefore(before));
    }

    private static Execution shown(ExecutionKey key, ExecutionRow row) {
        return Execution.builder()
                .durableExecutionArn(row.arn(key).toString())
                .durableExecutionName(key.name())
                .functionArn(row.arn(key).functionArn())
                .status(row.status())
                .startTimestamp(row.origin().started())
                .endTimestamp(row.end() == null ? null : row.end().time())
                .build();
    }

    private static String marker(StartKey last) {
        String plain = last.started().toEpochMilli() + "/" + last.name();
        return Base64.getUrlEncoder().encodeToString(plain.getBytes(StandardCharsets.UTF_8));
    }

    private static KeyRange range(@Nullable String marker, FunctionId function, boolean reverse) {
        KeyRange all = DurableTables.started(function);
        if (marker == null || marker.isEmpty()) {
            return all;
        }
        StartKey last = parse(marker, function);
        return reverse
                ? all.endingBefore(out -> write(last, out))
                : all.startingAfter(out -> write(last, out));
    }

    private static void write(StartKey key, KeyWriter out) {
        out.string(key.function().account())
                .string(key.function().region())
                .string(key.function().name())
                .instant(key.started())
                .string(key.name());
    }

    private static StartKey parse(String marker, FunctionId function) {
        try {
            byte[] plain = Base64.getUrlDecoder().decode(marker);
            String[] both = new String(plain, StandardCharsets.UTF_8).split("/", 2);
            Instant started = Instant.ofEpochMilli(Long.parseLong(both[0]));
            return new StartKey(function, started, both.length == 2 ? both[1] : "");
        } catch (IllegalArgumentException e) {
            throw Errors.invalid("Invalid Marker");
        }
    }
}
