package dev.freehold.services.lambda.durable;

import dev.freehold.api.lambda.ErrorObject;
import dev.freehold.api.lambda.InvokeRequest;
import dev.freehold.api.lambda.InvokeResponse;
import dev.freehold.api.lambda.LambdaApi;
import dev.freehold.protocol.Blob;
import dev.freehold.protocol.Caller;
import dev.freehold.protocol.ServiceError;
import dev.freehold.services.deliveries.DeliveryHandler.Outcome;
import dev.freehold.services.lambda.durable.state.ExecutionArn;
import dev.freehold.services.lambda.durable.state.OperationRow;
import dev.freehold.services.lambda.rules.FunctionName;
import dev.freehold.services.lambda.rules.Lookup;
import dev.freehold.services.lambda.run.RoleCallers;
import dev.freehold.services.lambda.state.FunctionId;
import dev.freehold.services.lambda.state.LambdaTables;
import dev.freehold.services.lambda.state.VersionKey;
import dev.freehold.services.lambda.state.VersionRow;
import dev.freehold.storage.Transaction;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Performs chained invocations, with the rights of the calling function's execution role. A
/// durable function is started, under a name that follows from the operation, so that it is started
/// once; its end ends the operation. Any other function is run here.
final class Chains {
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final Durables.Parts parts;
    private final LambdaApi lambda;
    private final RoleCallers roles;

    /// @param lambda as functions see it: authorised
    Chains(Durables.Parts parts, LambdaApi lambda, RoleCallers roles) {
        this.parts = parts;
        this.lambda = lambda;
        this.roles = roles;
    }

    /// @param role the calling function's, or null when that is gone
    private record Chained(String input, @Nullable String role, boolean durable) {}

    Outcome perform(Work work) {
        ExecutionArn arn = work.execution();
        String operation = String.valueOf(work.facts().get(Work.OPERATION));
        String function = String.valueOf(work.facts().get(Work.FUNCTION));
        Instant now = parts.now();
        Chained chained =
                parts.store().read(tx -> chained(parts.scope(tx, now), arn, operation, function));
        if (chained == null || chained.role == null) {
            return new Outcome.Done();
        }
        try {
            InvokeResponse answer =
                    lambda.invoke(request(chained, work), caller(chained, arn, operation));
            if (!chained.durable) {
                finish(arn, operation, answer);
            }
        } catch (ServiceError e) {
            int status = e.shape().status();
            if (status == 429 || status >= 500) {
                return new Outcome.Later(PAUSE);
            }
            finish(arn, operation, "FAILED", null, error(e.shape().name(), e.getMessage()));
        }
        return new Outcome.Done();
    }

    private static @Nullable Chained chained(
            Ledger.Scope scope, ExecutionArn arn, String operation, String function) {
        Ledger ledger = Ledger.open(scope, arn);
        OperationRow row = ledger == null || ledger.ended() ? null : ledger.operation(operation);
        if (ledger == null || row == null || !row.is("CHAINED_INVOKE", "STARTED")) {
            return null;
        }
        Transaction tx = scope.tx();
        VersionKey version = Lookup.version(arn.key().function(), arn.version());
        VersionRow caller = version == null ? null : tx.get(LambdaTables.VERSIONS, version);
        FunctionName name =
                new FunctionName(
                        Objects.requireNonNull(FunctionId.ofArn(function)),
                        FunctionId.qualifierOf(function));
        Lookup.Found found = Lookup.findOrNull(tx, name);
        return new Chained(
                Objects.requireNonNull(Payloads.text(tx, arn.key(), row.result())),
                caller == null ? null : caller.configuration().role(),
                found != null && Durables.durable(found));
    }

    private static InvokeRequest request(Chained chained, Work work) {
        String operation = String.valueOf(work.facts().get(Work.OPERATION));
        InvokeRequest.Builder request =
                InvokeRequest.builder()
                        .functionName(String.valueOf(work.facts().get(Work.FUNCTION)))
                        .tenantId(work.facts().get(Work.TENANT))
                        .payload(Blob.ofUtf8(chained.input))
                        .invocationType(chained.durable ? "Event" : "RequestResponse");
        return chained.durable
                ? request.durableExecutionName(childName(work.execution(), operation)).build()
                : request.build();
    }

    /// The same for the same operation of the same execution, and for no other.
    private static String childName(ExecutionArn arn, String operation) {
        byte[] whose = (arn + " " + operation).getBytes(StandardCharsets.UTF_8);
        return UUID.nameUUIDFromBytes(whose).toString();
    }

    private Caller caller(Chained chained, ExecutionArn arn, String operation) {
        FunctionId function = arn.key().function();
        String role = String.valueOf(chained.role);
        return roles.of(role, function.name(), function.region(), parts.ids().get())
                .withFact(Durables.PARENT, arn + " " + operation);
    }

    private void finish(ExecutionArn arn, String operation, InvokeResponse answer) {
        Blob payload = answer.payload() == null ? Blob.EMPTY : answer.payload();
        if (answer.functionError() != null) {
            finish(arn, operation, "FAILED", null, Results.error(payload.bytes()));
        } else if (payload.length() > DurableLimits.MAX_CHAINED_BYTES) {
            String message =
                    "CHAINED_INVOKE output payload size must be less than or equal to "
                            + DurableLimits.MAX_CHAINED_BYTES
                            + " bytes.";
            finish(arn, operation, "FAILED", null, error(null, message));
        } else {
            finish(arn, operation, "SUCCEEDED", payload.utf8(), null);
        }
    }

    private static ErrorObject error(@Nullable String type, @Nullable String message) {
        return ErrorObject.builder().errorType(type).errorMessage(message).build();
    }

    private void finish(
            ExecutionArn arn,
            String operation,
            String status,
            @Nullable String result,
            @Nullable ErrorObject error) {
        Instant now = parts.now();
        parts.store()
                .updateOnly(tx -> {
                    Ledger ledger = Ledger.open(parts.scope(tx, now), arn);
                    if (ledger == null || ledger.ended()) {
                        return;
                    }
                    OperationRow row = ledger.operation(operation);
                    if (row != null && row.is("CHAINED_INVOKE", "STARTED")) {
                        Completion.finish(ledger, row, status, result, error);
                        ledger.save();
                    }
                });
        parts.committed(arn.key());
    }
}
