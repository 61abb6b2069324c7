package dev.freehold.services.lambda.ops;

import dev.freehold.api.lambda.DestinationConfig;
import dev.freehold.api.lambda.FunctionEventInvokeConfig;
import dev.freehold.api.lambda.ListFunctionEventInvokeConfigsRequest;
import dev.freehold.api.lambda.ListFunctionEventInvokeConfigsResponse;
import dev.freehold.api.lambda.OnFailure;
import dev.freehold.api.lambda.OnSuccess;
import dev.freehold.api.lambda.PutFunctionEventInvokeConfigRequest;
import dev.freehold.api.lambda.UpdateFunctionEventInvokeConfigRequest;
import dev.freehold.protocol.Arn;
import dev.freehold.protocol.Caller;
import dev.freehold.protocol.NotImplementedError;
import dev.freehold.services.lambda.rules.Errors;
import dev.freehold.services.lambda.rules.FunctionName;
import dev.freehold.services.lambda.rules.Lookup;
import dev.freehold.services.lambda.state.FunctionId;
import dev.freehold.services.lambda.state.LambdaTables;
import dev.freehold.services.lambda.state.LambdaTables.Entry;
import dev.freehold.services.lambda.state.QualifiedKey;
import dev.freehold.services.lambda.state.VersionKey;
import dev.freehold.storage.Transaction;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// How asynchronous invocations are retried, and where their ends are told.
public final class EventConfigs {
    private static final int MAX_PAGE = 50;
    private static final Set<String> SUCCESS = Set.of("sqs", "sns", "lambda", "events");
    private static final Set<String> FAILURE = Set.of("sqs", "sns", "lambda", "events", "s3");

    private final Context context;

    public EventConfigs(Context context) {
        this.context = context;
    }

    /// What a request wants.
    private record Wanted(
            @Nullable Integer retries,
            @Nullable Integer age,
            @Nullable DestinationConfig destinations) {
        boolean nothing() {
            return retries == null && age == null && destinations == null;
        }
    }

    public FunctionEventInvokeConfig put(PutFunctionEventInvokeConfigRequest in, Caller caller) {
        FunctionName name = named(in.functionName(), in.qualifier(), caller);
        Wanted wanted =
                new Wanted(
                        in.maximumRetryAttempts(),
                        in.maximumEventAgeInSeconds(),
                        in.destinationConfig());
        return set(name, wanted, false);
    }

    public FunctionEventInvokeConfig update(
            UpdateFunctionEventInvokeConfigRequest in, Caller caller) {
        FunctionName name = named(in.functionName(), in.qualifier(), caller);
        Wanted wanted =
                new Wanted(
                        in.maximumRetryAttempts(),
                        in.maximumEventAgeInSeconds(),
                        in.destinationConfig());
        return set(name, wanted, true);
    }

    private static FunctionName named(String text, @Nullable String qualifier, Caller caller) {
        FunctionName name = FunctionName.parse(text, qualifier, caller);
        return name.qualifier() == null ? new FunctionName(name.id(), VersionKey.LATEST) : name;
    }

    private static QualifiedKey key(FunctionName name) {
        return new QualifiedKey(name.id(), String.valueOf(name.qualifier()));
    }

    private FunctionEventInvokeConfig set(FunctionName name, Wanted wanted, boolean merge) {
        Instant now = context.clock().instant();
        return context.store()
                .update(tx -> {
                    require(tx, name);
                    if (wanted.nothing()) {
                        throw Errors.invalid(
                                "You must specify at least one of error handling or destination setting.");
                    }
                    FunctionEventInvokeConfig before =
                            tx.get(LambdaTables.EVENT_CONFIGS, key(name));
                    if (merge && before == null) {
                        throw missing(name);
                    }
                    if (wanted.destinations() != null) {
                        checkDestinations(tx, name.id(), wanted.destinations());
                    }
                    FunctionEventInvokeConfig.Builder next =
                            merge && before != null
                                    ? before.toBuilder()
                                    : FunctionEventInvokeConfig.builder()
                                            .functionArn(name.arn())
                                            .destinationConfig(filled(null));
                    if (wanted.retries() != null) {
                        next.maximumRetryAttempts(wanted.retries());
                    }
                    if (wanted.age() != null) {
                        next.maximumEventAgeInSeconds(wanted.age());
                    }
                    if (wanted.destinations() != null) {
                        next.destinationConfig(filled(wanted.destinations()));
                    }
                    FunctionEventInvokeConfig after = next.lastModified(now).build();
                    tx.put(LambdaTables.EVENT_CONFIGS, key(name), after);
                    return after;
                });
    }

    private static void require(Transaction tx, FunctionName name) {
        if (Lookup.findOrNull(tx, name) == null) {
            throw Errors.notFound("The function doesn't exist.");
        }
    }

    private static RuntimeException missing(FunctionName name) {
        return Errors.notFound("The function " + name.arn() + " doesn't have an EventInvokeConfig");
    }

    /// AWS answers both sides, also when nothing is in them.
    private static DestinationConfig filled(@Nullable DestinationConfig in) {
        OnSuccess success = in == null ? null : in.onSuccess();
        OnFailure failure = in == null ? null : in.onFailure();
        return DestinationConfig.builder()
                .onSuccess(success == null ? OnSuccess.builder().build() : success)
                .onFailure(failure == null ? OnFailure.builder().build() : failure)
                .build();
    }

    private static void checkDestinations(
            Transaction tx, FunctionId function, DestinationConfig config) {
        String success = config.onSuccess() == null ? null : config.onSuccess().destination();
        String failure = config.onFailure() == null ? null : config.onFailure().destination();
        check(tx, function, success, SUCCESS, config);
        check(tx, function, failure, FAILURE, config);
    }

    private static void check(
            Transaction tx,
            FunctionId function,
            @Nullable String destination,
            Set<String> services,
            DestinationConfig config) {
        if (destination == null || destination.isEmpty()) {
            return;
        }
        Arn arn = Arn.parse(destination);
        if (arn == null || !services.contains(arn.service())) {
            throw Errors.invalid(
                    "The provided destination config DestinationConfig(onSuccess="
                            + shown(
                                    "OnSuccess",
                                    config.onSuccess() == null
                                            ? null
                                            : config.onSuccess().destination())
                            + ", onFailure="
                            + shown(
                                    "OnFailure",
                                    config.onFailure() == null
                                            ? null
                                            : config.onFailure().destination())
                            + ") is invalid.");
        }
        if (arn.service().equals("events")) {
            throw new NotImplementedError("EventBridge destinations of Lambda functions");
        }
        if (!arn.service().equals("lambda")) {
            return;
        }
        FunctionId target = FunctionId.ofArn(destination);
        if (target == null || tx.get(LambdaTables.FUNCTIONS, target) == null) {
            throw Errors.invalid("The destination ARN " + destination + " is invalid.");
        }
        if (target.equals(function)) {
            throw Errors.invalid("You can't specify the function as a destination for itself.");
        }
    }

    private static String shown(String side, @Nullable String destination) {
        return destination == null ? "null" : side + "(destination=" + destination + ")";
    }

    public FunctionEventInvokeConfig get(
            String function, @Nullable String qualifier, Caller caller) {
        FunctionName name = named(function, qualifier, caller);
        FunctionEventInvokeConfig found =
                context.store().read(tx -> tx.get(LambdaTables.EVENT_CONFIGS, key(name)));
        if (found == null) {
            throw missing(name);
        }
        return found;
    }

    public void delete(String function, @Nullable String qualifier, Caller caller) {
        FunctionName name = named(function, qualifier, caller);
        context.store()
                .updateOnly(tx -> {
                    if (tx.get(LambdaTables.EVENT_CONFIGS, key(name)) == null) {
                        throw missing(name);
                    }
                    tx.delete(LambdaTables.EVENT_CONFIGS, key(name));
                });
    }

    public ListFunctionEventInvokeConfigsResponse list(
            ListFunctionEventInvokeConfigsRequest in, Caller caller) {
        FunctionName name = FunctionName.parse(in.functionName(), null, caller);
        List<FunctionEventInvokeConfig> found =
                context.store()
                        .read(tx -> {
                            require(tx, name);
                            return LambdaTables.list(
                                            tx,
                                            LambdaTables.EVENT_CONFIGS,
                                            LambdaTables.of(name.id()))
                                    .stream()
                                    .map(Entry::value)
                                    .toList();
                        });
        Pages.Page<FunctionEventInvokeConfig> page =
                Pages.of(
                        found,
                        item -> String.valueOf(item.functionArn()),
                        in.marker(),
                        in.maxItems(),
                        MAX_PAGE);
        return ListFunctionEventInvokeConfigsResponse.builder()
                .functionEventInvokeConfigs(page.items())
                .nextMarker(page.next())
                .build();
    }
}
