package dev.freehold.services.lambda.ops;

import dev.freehold.api.lambda.AliasConfiguration;
import dev.freehold.api.lambda.AliasRoutingConfiguration;
import dev.freehold.api.lambda.CreateAliasRequest;
import dev.freehold.api.lambda.DeleteAliasRequest;
import dev.freehold.api.lambda.GetAliasRequest;
import dev.freehold.api.lambda.InvalidParameterValueException;
import dev.freehold.api.lambda.ListAliasesRequest;
import dev.freehold.api.lambda.ListAliasesResponse;
import dev.freehold.api.lambda.UpdateAliasRequest;
import dev.freehold.protocol.Caller;
import dev.freehold.services.lambda.rules.Errors;
import dev.freehold.services.lambda.rules.FunctionName;
import dev.freehold.services.lambda.rules.Lookup;
import dev.freehold.services.lambda.state.FunctionId;
import dev.freehold.services.lambda.state.LambdaTables;
import dev.freehold.services.lambda.state.LambdaTables.Entry;
import dev.freehold.services.lambda.state.QualifiedKey;
import dev.freehold.services.lambda.state.VersionKey;
import dev.freehold.storage.Transaction;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Aliases: names for versions, with weights for two of them.
public final class Aliases {
    private static final int MAX_PAGE = 50;

    private final Context context;

    public Aliases(Context context) {
        this.context = context;
    }

    public AliasConfiguration create(CreateAliasRequest in, Caller caller) {
        FunctionName name = FunctionName.parse(in.functionName(), null, caller);
        AliasConfiguration alias =
                AliasConfiguration.builder()
                        .aliasArn(name.id().arn(in.name()))
                        .name(in.name())
                        .functionVersion(in.functionVersion())
                        .description(in.description() == null ? "" : in.description())
                        .routingConfig(routing(in.routingConfig()))
                        .revisionId(context.ids().get())
                        .build();
        context.store()
                .updateOnly(tx -> {
                    check(tx, name.id(), alias);
                    QualifiedKey key = new QualifiedKey(name.id(), in.name());
                    if (tx.get(LambdaTables.ALIASES, key) != null) {
                        throw Errors.conflict("Alias already exists: " + alias.aliasArn());
                    }
                    tx.put(LambdaTables.ALIASES, key, alias);
                });
        return alias;
    }

    /// No weights is no routing.
    private static @Nullable AliasRoutingConfiguration routing(
            @Nullable AliasRoutingConfiguration in) {
        Map<String, Double> weights = in == null ? null : in.additionalVersionWeights();
        if (weights == null || weights.isEmpty()) {
            return null;
        }
        if (weights.size() > 1) {
            throw Errors.invalid(
                    "Number of items in AdditionalVersionWeights cannot be greater than 1");
        }
        return in;
    }

    private static void check(Transaction tx, FunctionId id, AliasConfiguration alias) {
        String version = String.valueOf(alias.functionVersion());
        Map<String, Double> weights = weights(alias);
        if (!weights.isEmpty() && version.equals(VersionKey.LATEST)) {
            throw new InvalidParameterValueException(
                    "$LATEST is not supported for an alias pointing to more than 1 version");
        }
        if (weights.containsKey(version)) {
            throw Errors.invalid(
                    "Invalid function version "
                            + version
                            + ". Function version "
                            + version
                            + " is already included in routing configuration.");
        }
        require(tx, id, version);
        weights.keySet().forEach(other -> require(tx, id, other));
    }

    private static void require(Transaction tx, FunctionId id, String version) {
        VersionKey key = Lookup.version(id, version);
        if (key == null || tx.get(LambdaTables.VERSIONS, key) == null) {
            throw Errors.noFunction(id.arn(version));
        }
    }

    private static Map<String, Double> weights(AliasConfiguration alias) {
        AliasRoutingConfiguration routing = alias.routingConfig();
        return routing == null || routing.additionalVersionWeights() == null
                ? Map.of()
                : routing.additionalVersionWeights();
    }

    public AliasConfiguration get(GetAliasRequest in, Caller caller) {
        FunctionName name = FunctionName.parse(in.functionName(), null, caller);
        AliasConfiguration alias =
                context.store().read(tx -> Lookup.alias(tx, name.id(), in.name()));
        if (alias == null) {
            throw missing(name.id(), in.name());
        }
        return alias;
    }

    static RuntimeException missing(FunctionId id, String alias) {
        return Errors.notFound("Cannot find alias arn: " + id.arn(alias));
    }

    public ListAliasesResponse list(ListAliasesRequest in, Caller caller) {
        FunctionName name = FunctionName.parse(in.functionName(), null, caller);
        List<AliasConfiguration> found =
                context.store()
                        .read(tx -> {
                            Lookup.function(tx, name);
                            return all(tx, name.id())
                                    .filter(alias ->
                                            in.functionVersion() == null
                                                    || in.functionVersion()
                                                            .equals(alias.functionVersion()))
                                    .toList();
                        });
        Pages.Page<AliasConfiguration> page =
                Pages.of(
                        found,
                        alias -> String.valueOf(alias.name()),
                        in.marker(),
                        in.maxItems(),
                        MAX_PAGE);
        return ListAliasesResponse.builder().aliases(page.items()).nextMarker(page.next()).build();
    }

    private static Stream<AliasConfiguration> all(Transaction tx, FunctionId id) {
        return LambdaTables.list(tx, LambdaTables.ALIASES, LambdaTables.of(id)).stream()
                .map(Entry::value);
    }

    /// The names of the aliases that point to a version.
    static List<String> pointingTo(Transaction tx, VersionKey version) {
        return all(tx, version.function())
                .filter(alias ->
                        version.version().equals(alias.functionVersion())
                                || weights(alias).containsKey(version.version()))
                .map(alias -> String.valueOf(alias.name()))
                .toList();
    }

    public AliasConfiguration update(UpdateAliasRequest in, Caller caller) {
        FunctionName name = FunctionName.parse(in.functionName(), null, caller);
        QualifiedKey key = new QualifiedKey(name.id(), in.name());
        String revision = context.ids().get();
        return context.store()
                .update(tx -> {
                    AliasConfiguration before = tx.get(LambdaTables.ALIASES, key);
                    if (before == null) {
                        throw Errors.notFound("Alias not found: " + name.id().arn(in.name()));
                    }
                    if (in.revisionId() != null && !in.revisionId().equals(before.revisionId())) {
                        throw Errors.revision("GetFunction/GetAlias");
                    }
                    AliasConfiguration.Builder next = before.toBuilder().revisionId(revision);
                    if (in.functionVersion() != null) {
                        next.functionVersion(in.functionVersion());
                    }
                    if (in.description() != null) {
                        next.description(in.description());
                    }
                    if (in.routingConfig() != null) {
                        next.routingConfig(routing(in.routingConfig()));
                    }
                    AliasConfiguration after = next.build();
                    check(tx, name.id(), after);
                    tx.put(LambdaTables.ALIASES, key, after);
                    return after;
                });
    }

    /// Deleting what isn't there is no error.
    public void delete(DeleteAliasRequest in, Caller caller) {
        FunctionName name = FunctionName.parse(in.functionName(), null, caller);
        context.store()
                .updateOnly(tx -> {
                    tx.delete(LambdaTables.ALIASES, new QualifiedKey(name.id(), in.name()));
                    Qualified.forget(tx, name.id(), in.name());
                });
    }
}
