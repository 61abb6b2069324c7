package dev.freehold.services.lambda;

import dev.freehold.api.lambda.AddPermissionRequest;
import dev.freehold.api.lambda.AddPermissionResponse;
import dev.freehold.api.lambda.CreateEventSourceMappingRequest;
import dev.freehold.api.lambda.CreateEventSourceMappingResponse;
import dev.freehold.api.lambda.CreateFunctionRequest;
import dev.freehold.api.lambda.CreateFunctionResponse;
import dev.freehold.api.lambda.DeadLetterConfig;
import dev.freehold.api.lambda.DeleteEventSourceMappingRequest;
import dev.freehold.api.lambda.DeleteEventSourceMappingResponse;
import dev.freehold.api.lambda.DeleteFunctionRequest;
import dev.freehold.api.lambda.DeleteFunctionResponse;
import dev.freehold.api.lambda.FunctionCode;
import dev.freehold.api.lambda.FunctionCodeLocation;
import dev.freehold.api.lambda.FunctionConfiguration;
import dev.freehold.api.lambda.GetEventSourceMappingRequest;
import dev.freehold.api.lambda.GetEventSourceMappingResponse;
import dev.freehold.api.lambda.GetFunctionConfigurationRequest;
import dev.freehold.api.lambda.GetFunctionConfigurationResponse;
import dev.freehold.api.lambda.GetFunctionRequest;
import dev.freehold.api.lambda.GetFunctionResponse;
import dev.freehold.api.lambda.GetPolicyRequest;
import dev.freehold.api.lambda.GetPolicyResponse;
import dev.freehold.api.lambda.InvalidRequestContentException;
import dev.freehold.api.lambda.InvokeRequest;
import dev.freehold.api.lambda.InvokeResponse;
import dev.freehold.api.lambda.LambdaApi;
import dev.freehold.api.lambda.ListEventSourceMappingsRequest;
import dev.freehold.api.lambda.ListEventSourceMappingsResponse;
import dev.freehold.api.lambda.ListFunctionsRequest;
import dev.freehold.api.lambda.ListFunctionsResponse;
import dev.freehold.api.lambda.ListTagsRequest;
import dev.freehold.api.lambda.ListTagsResponse;
import dev.freehold.api.lambda.PreconditionFailedException;
import dev.freehold.api.lambda.RemovePermissionRequest;
import dev.freehold.api.lambda.RemovePermissionResponse;
import dev.freehold.api.lambda.RequestTooLargeException;
import dev.freehold.api.lambda.ResourceConflictException;
import dev.freehold.api.lambda.ResourceNotFoundException;
import dev.freehold.api.lambda.TagResourceRequest;
import dev.freehold.api.lambda.TagResourceResponse;
import dev.freehold.api.lambda.UntagResourceRequest;
import dev.freehold.api.lambda.UntagResourceResponse;
import dev.freehold.api.lambda.UpdateEventSourceMappingRequest;
import dev.freehold.api.lambda.UpdateEventSourceMappingResponse;
import dev.freehold.api.lambda.UpdateFunctionCodeRequest;
import dev.freehold.api.lambda.UpdateFunctionCodeResponse;
import dev.freehold.api.lambda.UpdateFunctionConfigurationRequest;
import dev.freehold.api.lambda.UpdateFunctionConfigurationResponse;
import dev.freehold.protocol.Blob;
import dev.freehold.protocol.Caller;
import dev.freehold.protocol.NotImplementedError;
import dev.freehold.sandbox.InvocationResult;
import dev.freehold.services.deliveries.Deliveries;
import dev.freehold.services.deliveries.Delivery;
import dev.freehold.services.deliveries.RetryPolicy;
import dev.freehold.services.json.Json;
import dev.freehold.services.lambda.LambdaTables.FunctionKey;
import dev.freehold.services.structures.Copies;
import dev.freehold.storage.Store;
import dev.freehold.storage.Transaction;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// The front of Lambda: a method per operation.
public final class LambdaService implements LambdaApi {
    private static final int MAX_SYNCHRONOUS = 6 * 1024 * 1024;
    private static final int MAX_ASYNCHRONOUS = 1024 * 1024;
    private static final DateTimeFormatter MODIFIED =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'+0000'")
                    .withZone(ZoneOffset.UTC);

    private final Store store;
    private final Deliveries deliveries;
    private final InstantSource clock;
    private final Supplier<String> ids;
    private final Settings settings;
    private final Packages packages;
    private final Invoker invoker;
    private final Mappings mappings;

    /// @param ids makes UUIDs
    LambdaService(
            Store store,
            Deliveries deliveries,
            InstantSource clock,
            Supplier<String> ids,
            Settings settings,
            Packages packages,
            Invoker invoker) {
        this.store = store;
        this.deliveries = deliveries;
        this.clock = clock;
        this.ids = ids;
        this.settings = settings;
        this.packages = packages;
        this.invoker = invoker;
        this.mappings = new Mappings(store, clock, ids);
    }

    @Override
    public CreateFunctionResponse createFunction(CreateFunctionRequest in, Caller caller) {
        FunctionName name = name(in.functionName(), null, caller);
        FunctionConfiguration.Builder configuration = settings.create(in);
        FunctionCode code = in.code();
        if (code.imageUri() != null) {
            throw new NotImplementedError("ImageUri of Lambda functions");
        }
        if (store.read(tx -> tx.get(LambdaTables.FUNCTIONS, name.key())) != null) {
            throw exists(name);
        }
        Packages.Kept kept =
                packages.keep(
                        code.zipFile(),
                        code.s3Bucket(),
                        code.s3Key(),
                        code.s3ObjectVersion(),
                        caller);
        configuration.functionName(name.name()).functionArn(name.arn());
        FunctionRow row =
                new FunctionRow(
                        coded(configuration, kept).build(),
                        kept.blob(),
                        in.tags() == null ? Map.of() : in.tags(),
                        Map.of());
        store.updateOnly(tx -> {
            if (tx.get(LambdaTables.FUNCTIONS, name.key()) != null) {
                throw exists(name);
            }
            tx.put(LambdaTables.FUNCTIONS, name.key(), row);
        });
        return Copies.of(row.configuration(), CreateFunctionResponse.builder()).build();
    }

    private static ResourceConflictException exists(FunctionName name) {
        return new ResourceConflictException("Function already exist: " + name.name());
    }

    private FunctionConfiguration.Builder coded(
            FunctionConfiguration.Builder configuration, Packages.Kept kept) {
        return changed(configuration).codeSha256(kept.sha256()).codeSize(kept.size());
    }

    private FunctionConfiguration.Builder changed(FunctionConfiguration.Builder configuration) {
        return configuration
                .lastModified(MODIFIED.format(clock.instant()))
                .revisionId(ids.get())
                .state("Active")
                .lastUpdateStatus("Successful");
    }

    private static FunctionName name(String text, @Nullable String qualifier, Caller caller) {
        FunctionName name = FunctionName.parse(text, qualifier, caller);
        if (name == null) {
            throw new dev.freehold.protocol.CommonError(
                    "ValidationException",
                    400,
                    "1 validation error detected: Value '"
                            + text
                            + "' at 'functionName' failed to satisfy constraint: Member must satisfy"
                            + " regular expression pattern:"
                            + " (arn:(aws[a-zA-Z-]*)?:lambda:)?([a-z]{2}(-gov)?-[a-z]+-\\d{1}:)?(\\d{12}:)?(function:)?([a-zA-Z0-9-_]+)(:(\\$LATEST|[a-zA-Z0-9-_]+))?");
        }
        return name;
    }

    private static FunctionRow row(Transaction tx, FunctionName name) {
        FunctionRow row = tx.get(LambdaTables.FUNCTIONS, name.key());
        boolean qualified = name.qualifier() != null && !name.qualifier().equals("$LATEST");
        if (row == null || qualified) {
            throw new ResourceNotFoundException(
                    "Function not found: " + name.arn(),
                    ResourceNotFoundException.Members.builder().type("User").build());
        }
        return row;
    }

    @Override
    public GetFunctionResponse getFunction(GetFunctionRequest in, Caller caller) {
        FunctionName name = name(in.functionName(), in.qualifier(), caller);
        FunctionRow row = store.read(tx -> row(tx, name));
        return GetFunctionResponse.builder()
                .configuration(row.configuration())
                .code(FunctionCodeLocation.builder().repositoryType("S3").build())
                .tags(row.tags().isEmpty() ? null : row.tags())
                .build();
    }

    @Override
    public GetFunctionConfigurationResponse getFunctionConfiguration(
            GetFunctionConfigurationRequest in, Caller caller) {
        FunctionName name = name(in.functionName(), in.qualifier(), caller);
        FunctionRow row = store.read(tx -> row(tx, name));
        return Copies.of(row.configuration(), GetFunctionConfigurationResponse.builder()).build();
    }

    @Override
    public ListFunctionsResponse listFunctions(ListFunctionsRequest in, Caller caller) {
        List<FunctionRow> all =
                store.read(tx -> LambdaTables.functions(tx, caller.account(), caller.region()));
        int limit = in.maxItems() == null ? 50 : Math.min(in.maxItems(), 50);
        List<FunctionConfiguration> found =
                all.stream()
                        .filter(row -> in.marker() == null || row.name().compareTo(in.marker()) > 0)
                        .map(FunctionRow::configuration)
                        .toList();
        boolean more = found.size() > limit;
        List<FunctionConfiguration> page = more ? found.subList(0, limit) : found;
        return ListFunctionsResponse.builder()
                .functions(page)
                .nextMarker(more ? page.getLast().functionName() : null)
                .build();
    }

    @Override
    public UpdateFunctionCodeResponse updateFunctionCode(
            UpdateFunctionCodeRequest in, Caller caller) {
        if (in.imageUri() != null || Boolean.TRUE.equals(in.publish())) {
            throw new NotImplementedError("ImageUri and Publish of UpdateFunctionCode");
        }
        FunctionName name = name(in.functionName(), null, caller);
        store.read(tx -> row(tx, name));
        Packages.Kept kept =
                packages.keep(
                        in.zipFile(), in.s3Bucket(), in.s3Key(), in.s3ObjectVersion(), caller);
        if (Boolean.TRUE.equals(in.dryRun())) {
            packages.discard(kept.blob());
            FunctionRow row = store.read(tx -> row(tx, name));
            return Copies.of(row.configuration(), UpdateFunctionCodeResponse.builder()).build();
        }
        Change change =
                change(
                        name,
                        in.revisionId(),
                        row ->
                                row.withCode(
                                        coded(row.configuration().toBuilder(), kept).build(),
                                        kept.blob()));
        invoker.retire(change.before, true);
        packages.discard(change.before.blob());
        return Copies.of(change.after.configuration(), UpdateFunctionCodeResponse.builder())
                .build();
    }

    private record Change(FunctionRow before, FunctionRow after) {}

    private Change change(
            FunctionName name, @Nullable String revision, UnaryOperator<FunctionRow> change) {
        return store.update(tx -> {
            FunctionRow before = row(tx, name);
            if (revision != null && !revision.equals(before.configuration().revisionId())) {
                throw new PreconditionFailedException(
                        "The Revision Id provided does not match the latest Revision Id. Call"
                                + " the GetFunction/GetAlias API to retrieve the latest"
                                + " Revision Id");
            }
            FunctionRow after = change.apply(before);
            tx.put(LambdaTables.FUNCTIONS, name.key(), after);
            return new Change(before, after);
        });
    }

    @Override
    public UpdateFunctionConfigurationResponse updateFunctionConfiguration(
            UpdateFunctionConfigurationRequest in, Caller caller) {
        FunctionName name = name(in.functionName(), null, caller);
        Change change =
                change(
                        name,
                        in.revisionId(),
                        row -> row.with(changed(settings.update(row.configuration(), in)).build()));
        invoker.retire(change.before, false);
        return Copies.of(
                        change.after.configuration(), UpdateFunctionConfigurationResponse.builder())
                .build();
    }

    @Override
    public DeleteFunctionResponse deleteFunction(DeleteFunctionRequest in, Caller caller) {
        FunctionName name = name(in.functionName(), in.qualifier(), caller);
        FunctionRow gone =
                store.update(tx -> {
                    FunctionRow row = row(tx, name);
                    tx.delete(LambdaTables.FUNCTIONS, name.key());
                    return row;
                });
        invoker.retire(gone, true);
        packages.discard(gone.blob());
        return DeleteFunctionResponse.builder().statusCode(204).build();
    }

    @Override
    public InvokeResponse invoke(InvokeRequest in, Caller caller) {
        FunctionName name = name(in.functionName(), in.qualifier(), caller);
        FunctionRow row = store.read(tx -> row(tx, name));
        String type = in.invocationType() == null ? "RequestResponse" : in.invocationType();
        if (in.tenantId() != null || in.durableExecutionName() != null) {
            throw new NotImplementedError("Tenants and durable executions of Lambda");
        }
        byte[] payload = in.payload() == null ? new byte[0] : in.payload().bytes();
        checkPayload(payload, type);
        return switch (type) {
            case "DryRun" ->
                    InvokeResponse.builder().statusCode(204).executedVersion("$LATEST").build();
            case "Event" -> {
                enqueue(row, payload, in.clientContext(), caller);
                yield InvokeResponse.builder().statusCode(202).build();
            }
            default -> {
                InvocationResult result = invoker.invoke(row, name, payload, context(in), caller);
                String tail =
                        "Tail".equals(in.logType())
                                ? Base64.getEncoder()
                                        .encodeToString(
                                                result.logTail().getBytes(StandardCharsets.UTF_8))
                                : null;
                yield InvokeResponse.builder()
                        .statusCode(200)
                        .functionError(result.failed() ? "Unhandled" : null)
                        .logResult(tail)
                        .payload(Blob.wrap(result.payload()))
                        .executedVersion("$LATEST")
                        .build();
            }
        };
    }

    private static @Nullable String context(InvokeRequest in) {
        try {
            return in.clientContext() == null ? null : Blob.ofBase64(in.clientContext()).utf8();
        } catch (IllegalArgumentException e) {
            throw new InvalidRequestContentException("Could not base64 decode client context.");
        }
    }

    private static void checkPayload(byte[] payload, String type) {
        int limit = type.equals("Event") ? MAX_ASYNCHRONOUS : MAX_SYNCHRONOUS;
        if (payload.length > limit) {
            throw new RequestTooLargeException(
                    payload.length
                            + " byte payload is too large for the "
                            + type
                            + " invocation type (limit "
                            + limit
                            + " bytes)");
        }
        if (payload.length > 0) {
            try {
                Json.read(payload);
            } catch (IllegalArgumentException e) {
                throw new InvalidRequestContentException(
                        "Could not parse request body into json: " + e.getMessage());
            }
        }
    }

    /// An asynchronous invocation is a delivery to the function.
    private void enqueue(
            FunctionRow row, byte[] payload, @Nullable String clientContext, Caller caller) {
        Instant now = clock.instant();
        DeadLetterConfig dead = row.configuration().deadLetterConfig();
        Delivery delivery =
                new Delivery(
                        caller.requestId(),
                        "lambda.async",
                        caller.account(),
                        caller.region(),
                        row.arn(),
                        clientContext == null ? Map.of() : Map.of("clientContext", clientContext),
                        Blob.wrap(payload),
                        now,
                        0,
                        new RetryPolicy(
                                3,
                                Duration.ofHours(6),
                                Duration.ofMinutes(1),
                                Duration.ofMinutes(2),
                                dead == null ? null : dead.targetArn()));
        store.updateOnly(tx -> deliveries.enqueue(tx, delivery, now));
        deliveries.wake();
    }

    @Override
    public AddPermissionResponse addPermission(AddPermissionRequest in, Caller caller) {
        FunctionName name = name(in.functionName(), in.qualifier(), caller);
        String statement = Statements.of(in, name);
        change(
                name,
                in.revisionId(),
                row -> {
                    if (row.permissions().containsKey(in.statementId())) {
                        throw new ResourceConflictException(
                                "The statement id ("
                                        + in.statementId()
                                        + ") provided already exists. Please provide a new statement"
                                        + " id, or remove the existing statement.");
                    }
                    return row.withPermission(in.statementId(), statement);
                });
        return AddPermissionResponse.builder().statement(statement).build();
    }

    @Override
    public RemovePermissionResponse removePermission(RemovePermissionRequest in, Caller caller) {
        FunctionName name = name(in.functionName(), in.qualifier(), caller);
        change(
                name,
                in.revisionId(),
                row -> {
                    if (!row.permissions().containsKey(in.statementId())) {
                        throw new ResourceNotFoundException(
                                "Statement "
                                        + in.statementId()
                                        + " is not found in resource policy.");
                    }
                    return row.withPermission(in.statementId(), null);
                });
        return RemovePermissionResponse.builder().build();
    }

    @Override
    public GetPolicyResponse getPolicy(GetPolicyRequest in, Caller caller) {
        FunctionName name = name(in.functionName(), in.qualifier(), caller);
        FunctionRow row = store.read(tx -> row(tx, name));
        String policy = row.policy();
        if (policy == null) {
            throw new ResourceNotFoundException("The resource you requested does not exist.");
        }
        return GetPolicyResponse.builder()
                .policy(policy)
                .revisionId(row.configuration().revisionId())
                .build();
    }

    @Override
    public TagResourceResponse tagResource(TagResourceRequest in, Caller caller) {
        change(
                name(in.resource(), null, caller),
                null,
                row -> {
                    Map<String, String> tags = new LinkedHashMap<>(row.tags());
                    tags.putAll(in.tags());
                    return row.withTags(tags);
                });
        return TagResourceResponse.builder().build();
    }

    @Override
    public UntagResourceResponse untagResource(UntagResourceRequest in, Caller caller) {
        change(
                name(in.resource(), null, caller),
                null,
                row -> {
                    Map<String, String> tags = new LinkedHashMap<>(row.tags());
                    in.tagKeys().forEach(tags::remove);
                    return row.withTags(tags);
                });
        return UntagResourceResponse.builder().build();
    }

    @Override
    public ListTagsResponse listTags(ListTagsRequest in, Caller caller) {
        FunctionName name = name(in.resource(), null, caller);
        return ListTagsResponse.builder().tags(store.read(tx -> row(tx, name)).tags()).build();
    }

    @Override
    public CreateEventSourceMappingResponse createEventSourceMapping(
            CreateEventSourceMappingRequest in, Caller caller) {
        FunctionName name = name(in.functionName(), null, caller);
        store.read(tx -> row(tx, name));
        return Copies.of(
                        mappings.create(in, name, caller),
                        CreateEventSourceMappingResponse.builder())
                .build();
    }

    @Override
    public GetEventSourceMappingResponse getEventSourceMapping(
            GetEventSourceMappingRequest in, Caller caller) {
        return Copies.of(mappings.get(in.uuid(), caller), GetEventSourceMappingResponse.builder())
                .build();
    }

    @Override
    public ListEventSourceMappingsResponse listEventSourceMappings(
            ListEventSourceMappingsRequest in, Caller caller) {
        String arn = in.functionName() == null ? null : name(in.functionName(), null, caller).arn();
        return ListEventSourceMappingsResponse.builder()
                .eventSourceMappings(mappings.list(in.eventSourceArn(), arn, caller))
                .build();
    }

    @Override
    public UpdateEventSourceMappingResponse updateEventSourceMapping(
            UpdateEventSourceMappingRequest in, Caller caller) {
        return Copies.of(mappings.update(in, caller), UpdateEventSourceMappingResponse.builder())
                .build();
    }

    @Override
    public DeleteEventSourceMappingResponse deleteEventSourceMapping(
            DeleteEventSourceMappingRequest in, Caller caller) {
        return Copies.of(
                        mappings.delete(in.uuid(), caller),
                        DeleteEventSourceMappingResponse.builder())
                .build();
    }

    /// A function for the other parts of Lambda.
    @Nullable FunctionRow find(FunctionKey key) {
        return store.read(tx -> tx.peek(LambdaTables.FUNCTIONS, key));
    }
}
