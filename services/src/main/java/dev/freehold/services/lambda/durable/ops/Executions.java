package dev.freehold.services.lambda.durable.ops;

import dev.freehold.api.lambda.DurableConfig;
import dev.freehold.api.lambda.GetDurableExecutionHistoryRequest;
import dev.freehold.api.lambda.GetDurableExecutionHistoryResponse;
import dev.freehold.api.lambda.GetDurableExecutionRequest;
import dev.freehold.api.lambda.GetDurableExecutionResponse;
import dev.freehold.api.lambda.GetDurableExecutionStateRequest;
import dev.freehold.api.lambda.GetDurableExecutionStateResponse;
import dev.freehold.api.lambda.PauseDetails;
import dev.freehold.api.lambda.TraceHeader;
import dev.freehold.protocol.Caller;
import dev.freehold.services.lambda.durable.Checkpoints;
import dev.freehold.services.lambda.durable.HistoryPage;
import dev.freehold.services.lambda.durable.Payloads;
import dev.freehold.services.lambda.durable.StatePage;
import dev.freehold.services.lambda.durable.state.DurableTables;
import dev.freehold.services.lambda.durable.state.ExecutionArn;
import dev.freehold.services.lambda.durable.state.ExecutionRow;
import dev.freehold.services.lambda.durable.state.ExecutionRow.End;
import dev.freehold.services.lambda.durable.state.ExecutionRow.Origin;
import dev.freehold.services.lambda.durable.state.ExecutionRow.Pause;
import dev.freehold.services.lambda.rules.Errors;
import dev.freehold.storage.Store;
import dev.freehold.storage.Transaction;
import org.jspecify.annotations.Nullable;

/// Reads executions.
public record Executions(Store store) {
    private static final int DEFAULT_ITEMS = 100;

    /// How many items a page has at most.
    static int items(@Nullable Integer wanted) {
        return wanted == null || wanted == 0 ? DEFAULT_ITEMS : wanted;
    }

    public GetDurableExecutionResponse get(GetDurableExecutionRequest in, Caller caller) {
        ExecutionArn arn = ExecutionArns.of(in.durableExecutionArn(), caller);
        boolean data = !Boolean.FALSE.equals(in.includeExecutionData());
        return store.read(tx -> shown(tx, arn, row(tx, arn), data));
    }

    private static ExecutionRow row(Transaction tx, ExecutionArn arn) {
        ExecutionRow row = tx.get(DurableTables.EXECUTIONS, arn.key());
        if (row == null || !row.arn(arn.key()).equals(arn)) {
            throw Errors.notFound("Durable Execution does not exist");
        }
        return row;
    }

    private static GetDurableExecutionResponse shown(
            Transaction tx, ExecutionArn arn, ExecutionRow row, boolean data) {
        Origin origin = row.origin();
        End end = row.end();
        GetDurableExecutionResponse.Builder shown =
                GetDurableExecutionResponse.builder()
                        .durableExecutionArn(arn.toString())
                        .durableExecutionName(arn.key().name())
                        .functionArn(arn.functionArn())
                        .startTimestamp(origin.started())
                        .status(row.status())
                        .version(origin.version())
                        .executionDataIncluded(data)
                        .traceHeader(
                                origin.trace() == null
                                        ? null
                                        : TraceHeader.builder()
                                                .xAmznTraceId(origin.trace())
                                                .build())
                        .durableConfig(
                                DurableConfig.builder()
                                        .executionTimeout(origin.timeoutSeconds())
                                        .retentionPeriodInDays(origin.retentionDays())
                                        .build())
                        .pauseDetails(pause(row.pause()))
                        .expectedExecutionTimeoutTimestamp(
                                end == null ? row.progress().deadline() : null)
                        .endTimestamp(end == null ? null : end.time());
        if (data) {
            shown.inputPayload(Payloads.text(tx, arn.key(), origin.input()));
            shown.result(end == null ? null : Payloads.text(tx, arn.key(), end.result()));
            shown.error(end == null ? null : Payloads.error(tx, arn.key(), end.error()));
        }
        return shown.build();
    }

    private static @Nullable PauseDetails pause(@Nullable Pause pause) {
        return pause == null
                ? null
                : PauseDetails.builder()
                        .pauseRequestTimestamp(pause.requested())
                        .reason(pause.reason())
                        .executionTimeoutPaused(pause.stopsTimeout())
                        .build();
    }

    public GetDurableExecutionStateResponse state(
            GetDurableExecutionStateRequest in, Caller caller) {
        ExecutionArn arn = ExecutionArns.of(in.durableExecutionArn(), caller);
        int from = number(in.marker());
        StatePage page =
                store.read(tx -> {
                    Checkpoints.check(tx, arn, in.checkpointToken());
                    return StatePage.of(tx, arn.key(), from, items(in.maxItems()));
                });
        return GetDurableExecutionStateResponse.builder()
                .operations(page.operations())
                .nextMarker(page.next() == null ? null : page.next().toString())
                .build();
    }

    public GetDurableExecutionHistoryResponse history(
            GetDurableExecutionHistoryRequest in, Caller caller) {
        ExecutionArn arn = ExecutionArns.of(in.durableExecutionArn(), caller);
        int from = number(in.marker());
        HistoryPage.Wanted wanted =
                new HistoryPage.Wanted(
                        from,
                        items(in.maxItems()),
                        Boolean.TRUE.equals(in.reverseOrder()),
                        !Boolean.FALSE.equals(in.includeExecutionData()));
        HistoryPage page =
                store.read(tx -> {
                    row(tx, arn);
                    return HistoryPage.of(tx, arn.key(), wanted);
                });
        return GetDurableExecutionHistoryResponse.builder()
                .events(page.events())
                .nextMarker(page.next() == null ? null : page.next().toString())
                .build();
    }

    /// A marker: the number of an operation or event; 0 when there is none.
    private static int number(@Nullable String marker) {
        if (marker == null || marker.isEmpty()) {
            return 0;
        }
        try {
            return Integer.parseUnsignedInt(marker);
        } catch (NumberFormatException e) {
            throw Errors.invalid("Invalid Marker");
        }
    }
}
