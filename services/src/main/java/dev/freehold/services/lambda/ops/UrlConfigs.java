package dev.freehold.services.lambda.ops;

import dev.freehold.api.lambda.CreateFunctionUrlConfigRequest;
import dev.freehold.api.lambda.FunctionUrlConfig;
import dev.freehold.api.lambda.ListFunctionUrlConfigsRequest;
import dev.freehold.api.lambda.ListFunctionUrlConfigsResponse;
import dev.freehold.api.lambda.UpdateFunctionUrlConfigRequest;
import dev.freehold.protocol.Caller;
import dev.freehold.protocol.NotImplementedError;
import dev.freehold.services.lambda.rules.Errors;
import dev.freehold.services.lambda.rules.FunctionName;
import dev.freehold.services.lambda.rules.Lookup;
import dev.freehold.services.lambda.state.LambdaTables;
import dev.freehold.services.lambda.state.LambdaTables.Entry;
import dev.freehold.services.lambda.state.QualifiedKey;
import dev.freehold.storage.Transaction;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Function URLs: an HTTP endpoint of a function or alias.
public final class UrlConfigs {
    private static final int MAX_PAGE = 50;

    private final Context context;
    private final String template;

    /// @param template a URL with `{id}` and `{region}`
    public UrlConfigs(Context context, String template) {
        this.context = context;
        this.template = template;
    }

    public FunctionUrlConfig create(CreateFunctionUrlConfigRequest in, Caller caller) {
        FunctionName name = FunctionName.parse(in.functionName(), in.qualifier(), caller);
        refuseStreams(in.invokeMode());
        String id = context.ids().get().replace("-", "");
        String url = template.replace("{id}", id).replace("{region}", caller.region());
        String now = Context.text(context.clock().instant());
        FunctionUrlConfig config =
                FunctionUrlConfig.builder()
                        .functionUrl(url)
                        .functionArn(name.arn())
                        .authType(in.authType())
                        .cors(in.cors())
                        .invokeMode(in.invokeMode() == null ? "BUFFERED" : in.invokeMode())
                        .creationTime(now)
                        .lastModifiedTime(now)
                        .build();
        QualifiedKey key = key(name);
        context.store()
                .updateOnly(tx -> {
                    Lookup.Found found = require(tx, name);
                    if (found.version().configuration().tenancyConfig() != null) {
                        throw Errors.tenancy("A function URL");
                    }
                    if (tx.get(LambdaTables.URLS, key) != null) {
                        throw Errors.conflict(
                                "Failed to create function url config for [functionArn = "
                                        + name.arn()
                                        + "]. Error message:  FunctionUrlConfig exists for this Lambda"
                                        + " function");
                    }
                    tx.put(LambdaTables.URLS, key, config);
                    tx.put(LambdaTables.URL_IDS, id, key);
                });
        return config;
    }

    private static void refuseStreams(@Nullable String mode) {
        if ("RESPONSE_STREAM".equals(mode)) {
            throw new NotImplementedError("InvokeMode RESPONSE_STREAM of function URLs");
        }
    }

    private static QualifiedKey key(FunctionName name) {
        return new QualifiedKey(name.id(), name.qualifier() == null ? "" : name.qualifier());
    }

    private static Lookup.Found require(Transaction tx, FunctionName name) {
        Lookup.Found found = Lookup.findOrNull(tx, name);
        if (found == null) {
            throw Errors.notFound("Function does not exist");
        }
        return found;
    }

    public FunctionUrlConfig get(String function, @Nullable String qualifier, Caller caller) {
        FunctionName name = FunctionName.parse(function, qualifier, caller);
        FunctionUrlConfig found = context.store().read(tx -> tx.get(LambdaTables.URLS, key(name)));
        if (found == null) {
            throw Errors.noResource();
        }
        return found;
    }

    public FunctionUrlConfig update(UpdateFunctionUrlConfigRequest in, Caller caller) {
        FunctionName name = FunctionName.parse(in.functionName(), in.qualifier(), caller);
        refuseStreams(in.invokeMode());
        QualifiedKey key = key(name);
        String now = Context.text(context.clock().instant());
        return context.store()
                .update(tx -> {
                    require(tx, name);
                    FunctionUrlConfig before = tx.get(LambdaTables.URLS, key);
                    if (before == null) {
                        throw Errors.noResource();
                    }
                    FunctionUrlConfig.Builder next = before.toBuilder().lastModifiedTime(now);
                    if (in.authType() != null) {
                        next.authType(in.authType());
                    }
                    if (in.cors() != null) {
                        next.cors(in.cors());
                    }
                    if (in.invokeMode() != null) {
                        next.invokeMode(in.invokeMode());
                    }
                    FunctionUrlConfig after = next.build();
                    tx.put(LambdaTables.URLS, key, after);
                    return after;
                });
    }

    public void delete(String function, @Nullable String qualifier, Caller caller) {
        FunctionName name = FunctionName.parse(function, qualifier, caller);
        QualifiedKey key = key(name);
        context.store()
                .updateOnly(tx -> {
                    FunctionUrlConfig before = tx.get(LambdaTables.URLS, key);
                    if (before == null) {
                        throw Errors.noResource();
                    }
                    Qualified.forgetUrl(tx, key, before);
                });
    }

    public ListFunctionUrlConfigsResponse list(ListFunctionUrlConfigsRequest in, Caller caller) {
        FunctionName name = FunctionName.parse(in.functionName(), null, caller);
        List<FunctionUrlConfig> found =
                context.store()
                        .read(tx -> {
                            require(tx, name);
                            return LambdaTables.list(
                                            tx, LambdaTables.URLS, LambdaTables.of(name.id()))
                                    .stream()
                                    .map(Entry::value)
                                    .toList();
                        });
        Pages.Page<FunctionUrlConfig> page =
                Pages.of(
                        found,
                        FunctionUrlConfig::functionArn,
                        in.marker(),
                        in.maxItems(),
                        MAX_PAGE);
        return ListFunctionUrlConfigsResponse.builder()
                .functionUrlConfigs(page.items())
                .nextMarker(page.next())
                .build();
    }
}
