package dev.freehold.services.lambda.ops;

import dev.freehold.api.lambda.Concurrency;
import dev.freehold.api.lambda.CreateFunctionRequest;
import dev.freehold.api.lambda.DeleteFunctionRequest;
import dev.freehold.api.lambda.FunctionCode;
import dev.freehold.api.lambda.FunctionConfiguration;
import dev.freehold.api.lambda.GetFunctionResponse;
import dev.freehold.api.lambda.ListFunctionsRequest;
import dev.freehold.api.lambda.ListFunctionsResponse;
import dev.freehold.api.lambda.UpdateFunctionCodeRequest;
import dev.freehold.api.lambda.UpdateFunctionConfigurationRequest;
import dev.freehold.protocol.Caller;
import dev.freehold.protocol.CommonError;
import dev.freehold.protocol.NotImplementedError;
import dev.freehold.services.lambda.code.Packages;
import dev.freehold.services.lambda.ops.Drafts.Stamp;
import dev.freehold.services.lambda.rules.Errors;
import dev.freehold.services.lambda.rules.FunctionName;
import dev.freehold.services.lambda.rules.Lookup;
import dev.freehold.services.lambda.state.FunctionId;
import dev.freehold.services.lambda.state.FunctionRow;
import dev.freehold.services.lambda.state.LambdaTables;
import dev.freehold.services.lambda.state.LambdaTables.Entry;
import dev.freehold.services.lambda.state.VersionKey;
import dev.freehold.services.lambda.state.VersionRow;
import dev.freehold.storage.Transaction;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Functions as a whole, and `$LATEST`.
public final class Functions {
    private static final int MAX_NAME = 64;
    private static final int MAX_PAGE = 50;

    private final Context context;
    private final Drafts drafts;
    private final Roles roles;
    private final CodeSigning signing;
    private final Code code;

    public Functions(Context context, Roles roles, CodeSigning signing, Code code) {
        this.context = context;
        this.drafts = new Drafts(context);
        this.roles = roles;
        this.signing = signing;
        this.code = code;
    }

    public FunctionConfiguration create(CreateFunctionRequest in, Caller caller) {
        FunctionId id = named(in.functionName(), caller);
        Map<String, String> tags = in.tags() == null ? Map.of() : in.tags();
        Tags.check(tags, context.development());
        LayerRefs layers = layers(in.layers(), caller);
        context.settings().prepare(in.runtime());
        FunctionConfiguration.Builder configuration =
                context.settings().create(in, id, layers.shown().isEmpty() ? null : layers.shown());
        roles.check(in.role(), caller);
        context.store().read(tx -> absent(tx, id));
        signing.checkUnsigned(in.codeSigningConfigArn(), id.name());
        FunctionCode code = in.code();
        Code.Kept kept =
                this.code.keep(
                        code.imageUri(),
                        new Packages.Source(
                                code.zipFile(),
                                code.s3Bucket(),
                                code.s3Key(),
                                code.s3ObjectVersion()),
                        caller);
        layers.checkSize(kept.packaged().unpacked(), context.packages());
        configuration.codeSha256(kept.sha256()).codeSize(kept.size());
        Stamp stamp = drafts.stamp();
        Stamp published = drafts.stamp();
        VersionRow row = stamp.row(configuration, kept.packaged().code(), layers.codes(), true);
        boolean publish = Boolean.TRUE.equals(in.publish());
        context.store()
                .updateOnly(tx -> {
                    absent(tx, id);
                    tx.put(
                            LambdaTables.FUNCTIONS,
                            id,
                            FunctionRow.of(tags, in.codeSigningConfigArn()));
                    Drafts.put(tx, VersionKey.latest(id), row);
                    context.packages().reference(tx, kept.packaged());
                    row.layers().forEach(sha -> context.packages().reference(tx, sha));
                    if (publish) {
                        drafts.publish(tx, id, null, published, true);
                    }
                });
        context.preparations().begin(id);
        FunctionConfiguration shown = row.view(stamp.now());
        return publish ? shown.toBuilder().version("1").build() : shown;
    }

    private static FunctionId named(String text, Caller caller) {
        FunctionName name = FunctionName.parse(text, null, caller);
        if (!name.id().account().equals(caller.account())) {
            throw new CommonError("AccessDeniedException", 403, null);
        }
        if (name.id().name().length() > MAX_NAME) {
            throw Errors.invalid(
                    "1 validation error detected: Value '"
                            + name.id().name()
                            + "' at 'functionName' failed to satisfy constraint: Member must have"
                            + " length less than or equal to "
                            + MAX_NAME);
        }
        return name.id();
    }

    private static boolean absent(Transaction tx, FunctionId id) {
        if (tx.get(LambdaTables.FUNCTIONS, id) != null) {
            throw Errors.conflict("Function already exist: " + id.name());
        }
        return true;
    }

    private LayerRefs layers(@Nullable List<String> arns, Caller caller) {
        List<String> wanted = arns == null ? List.of() : arns;
        return context.store().read(tx -> LayerRefs.of(tx, wanted, caller));
    }

    public GetFunctionResponse get(String text, @Nullable String qualifier, Caller caller) {
        FunctionName name = FunctionName.parse(text, qualifier, caller);
        Instant now = context.clock().instant();
        Lookup.Found found = context.invoker().find(name);
        Integer reserved = found.function().reserved();
        Map<String, String> tags = found.function().tags();
        return GetFunctionResponse.builder()
                .configuration(shown(found, name, now))
                .code(code.location(found.version(), now))
                .tags(tags.isEmpty() ? null : tags)
                .concurrency(
                        reserved == null
                                ? null
                                : Concurrency.builder()
                                        .reservedConcurrentExecutions(reserved)
                                        .build())
                .build();
    }

    public FunctionConfiguration configuration(
            String text, @Nullable String qualifier, Caller caller) {
        FunctionName name = FunctionName.parse(text, qualifier, caller);
        return shown(context.invoker().find(name), name, context.clock().instant());
    }

    /// A version under the name by which it was asked for.
    private FunctionConfiguration shown(Lookup.Found found, FunctionName name, Instant now) {
        return found.version().view(now).toBuilder().functionArn(name.arn()).build();
    }

    public ListFunctionsResponse list(ListFunctionsRequest in, Caller caller) {
        boolean all = "ALL".equals(in.functionVersion());
        List<Entry<VersionKey, VersionRow>> rows =
                context.store()
                        .read(tx ->
                                LambdaTables.list(
                                        tx,
                                        LambdaTables.VERSIONS,
                                        LambdaTables.in(caller.account(), caller.region())));
        List<FunctionConfiguration> found = new ArrayList<>();
        Instant now = context.clock().instant();
        for (Entry<VersionKey, VersionRow> entry : rows) {
            if (all || entry.key().number() == 0) {
                FunctionConfiguration shown = Versions.listed(entry.value(), now);
                String qualifier = all ? entry.key().version() : null;
                FunctionId id = entry.key().function();
                found.add(shown.toBuilder().functionArn(id.arn(qualifier)).build());
            }
        }
        Pages.Page<FunctionConfiguration> page =
                Pages.of(
                        found,
                        f -> String.valueOf(f.functionArn()),
                        in.marker(),
                        in.maxItems(),
                        MAX_PAGE);
        return ListFunctionsResponse.builder()
                .functions(page.items())
                .nextMarker(page.next())
                .build();
    }

    public FunctionConfiguration updateCode(UpdateFunctionCodeRequest in, Caller caller) {
        FunctionName name = FunctionName.parse(in.functionName(), null, caller);
        if (in.publishTo() != null) {
            throw new NotImplementedError("PublishTo of Lambda functions");
        }
        Stamp stamp = drafts.stamp();
        Stamp published = drafts.stamp();
        Lookup.Found found =
                context.store().read(tx -> drafts.stable(tx, name, in.revisionId(), stamp.now()));
        Code.check(found.version(), in.imageUri());
        signing.checkUnsigned(found.function().codeSigning(), name.id().name());
        Code.Kept kept =
                code.keep(
                        in.imageUri(),
                        new Packages.Source(
                                in.zipFile(), in.s3Bucket(), in.s3Key(), in.s3ObjectVersion()),
                        caller);
        List<String> layers = found.version().layers();
        new LayerRefs(List.of(), layers).checkSize(kept.packaged().unpacked(), context.packages());
        if (Boolean.TRUE.equals(in.dryRun())) {
            return coded(found, kept, in).build();
        }
        Lookup.Found before =
                context.store()
                        .update(tx -> {
                            Lookup.Found now =
                                    drafts.stable(tx, name, in.revisionId(), stamp.now());
                            VersionRow row =
                                    stamp.row(
                                            coded(now, kept, in),
                                            kept.packaged().code(),
                                            now.version().layers(),
                                            false);
                            context.packages().reference(tx, kept.packaged());
                            if (in.imageUri() == null) {
                                Drafts.put(tx, now.key(), row);
                                context.packages().release(tx, now.version().code(), stamp.now());
                            } else {
                                Drafts.put(tx, now.key(), row.replacing(now.version()));
                            }
                            if (Boolean.TRUE.equals(in.publish())) {
                                drafts.publish(tx, name.id(), null, published, true);
                            }
                            return now;
                        });
        if (in.imageUri() == null) {
            retire(before);
        }
        context.preparations().begin(name.id());
        return updated(name.id(), Boolean.TRUE.equals(in.publish()), stamp.now());
    }

    private static FunctionConfiguration.Builder coded(
            Lookup.Found found, Code.Kept kept, UpdateFunctionCodeRequest in) {
        FunctionConfiguration.Builder changed =
                found.version().configuration().toBuilder()
                        .codeSha256(kept.sha256())
                        .codeSize(kept.size());
        return in.architectures() == null ? changed : changed.architectures(in.architectures());
    }

    private void retire(Lookup.Found before) {
        context.invoker().retire(before.key(), before.version(), before.function().tags());
    }

    private FunctionConfiguration updated(FunctionId id, boolean published, Instant now) {
        return context.store()
                .read(tx -> {
                    FunctionRow function = tx.get(LambdaTables.FUNCTIONS, id);
                    int number = function == null || !published ? 0 : function.lastVersion();
                    VersionRow row = tx.get(LambdaTables.VERSIONS, new VersionKey(id, number));
                    if (row == null) {
                        throw Errors.noFunction(id.arn());
                    }
                    return row.view(now);
                });
    }

    public FunctionConfiguration updateConfiguration(
            UpdateFunctionConfigurationRequest in, Caller caller) {
        FunctionName name = FunctionName.parse(in.functionName(), null, caller);
        Stamp stamp = drafts.stamp();
        context.store().read(tx -> drafts.stable(tx, name, in.revisionId(), stamp.now()));
        if (in.role() != null) {
            roles.check(in.role(), caller);
        }
        LayerRefs layers = in.layers() == null ? null : layers(in.layers(), caller);
        context.settings().prepare(in.runtime());
        Lookup.Found before =
                context.store()
                        .update(tx -> {
                            Lookup.Found now =
                                    drafts.stable(tx, name, in.revisionId(), stamp.now());
                            VersionRow old = now.version();
                            FunctionConfiguration.Builder changed =
                                    context.settings()
                                            .update(
                                                    old.configuration(),
                                                    in,
                                                    layers == null ? null : layers.shown());
                            List<String> codes = layers == null ? old.layers() : layers.codes();
                            if (layers != null) {
                                codes.forEach(sha -> context.packages().reference(tx, sha));
                                old.layers()
                                        .forEach(sha ->
                                                context.packages().release(tx, sha, stamp.now()));
                            }
                            Drafts.put(tx, now.key(), stamp.row(changed, old.code(), codes, false));
                            return now;
                        });
        retire(before);
        context.preparations().begin(name.id());
        return updated(name.id(), false, stamp.now());
    }

    public void delete(DeleteFunctionRequest in, Caller caller) {
        FunctionName name = FunctionName.parse(in.functionName(), in.qualifier(), caller);
        String qualifier = name.qualifier();
        if (qualifier == null) {
            deleteAll(name.id());
            return;
        }
        if (qualifier.equals(VersionKey.LATEST)) {
            throw Errors.invalid(
                    "$LATEST version cannot be deleted without deleting the function.");
        }
        VersionKey version = Lookup.version(name.id(), qualifier);
        if (version == null && qualifier.indexOf('$') >= 0) {
            throw Errors.noFunction(name.id().arn());
        }
        if (version == null) {
            throw Errors.invalid("Deletion of aliases is not currently supported.");
        }
        deleteVersion(version);
    }

    private void deleteVersion(VersionKey version) {
        Instant now = context.clock().instant();
        VersionRow gone =
                context.store()
                        .update(tx -> {
                            Lookup.function(tx, new FunctionName(version.function(), null));
                            VersionRow row = tx.get(LambdaTables.VERSIONS, version);
                            List<String> aliases = Aliases.pointingTo(tx, version);
                            if (!aliases.isEmpty()) {
                                throw Errors.conflict(
                                        "Unable to delete version because the following aliases"
                                                + " reference it: "
                                                + aliases);
                            }
                            if (row != null) {
                                tx.delete(LambdaTables.VERSIONS, version);
                                release(tx, row, now);
                                Qualified.forget(tx, version.function(), version.version());
                            }
                            return row;
                        });
        if (gone != null) {
            context.invoker().retire(version, gone, Map.of());
        }
    }

    private void release(Transaction tx, VersionRow row, Instant now) {
        row.packages().forEach(sha -> context.packages().release(tx, sha, now));
        row.layers().forEach(sha -> context.packages().release(tx, sha, now));
    }

    /// What a function was.
    private record Gone(List<Entry<VersionKey, VersionRow>> versions, Map<String, String> tags) {}

    private void deleteAll(FunctionId id) {
        Instant now = context.clock().instant();
        Gone gone =
                context.store()
                        .update(tx -> {
                            FunctionRow row = Lookup.function(tx, new FunctionName(id, null));
                            List<Entry<VersionKey, VersionRow>> versions =
                                    LambdaTables.list(
                                            tx, LambdaTables.VERSIONS, LambdaTables.of(id));
                            versions.forEach(entry -> release(tx, entry.value(), now));
                            tx.delete(LambdaTables.FUNCTIONS, id);
                            Qualified.forgetAll(tx, id);
                            return new Gone(versions, row.tags());
                        });
        context.gate().reservationsChanged(id);
        for (Entry<VersionKey, VersionRow> entry : gone.versions()) {
            context.invoker().retire(entry.key(), entry.value(), gone.tags());
        }
    }
}
