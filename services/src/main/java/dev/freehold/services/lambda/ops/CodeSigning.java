package dev.freehold.services.lambda.ops;

import dev.freehold.api.lambda.CodeSigningConfig;
import dev.freehold.api.lambda.CodeSigningConfigNotFoundException;
import dev.freehold.api.lambda.CodeSigningPolicies;
import dev.freehold.api.lambda.CodeVerificationFailedException;
import dev.freehold.api.lambda.CreateCodeSigningConfigRequest;
import dev.freehold.api.lambda.GetFunctionCodeSigningConfigResponse;
import dev.freehold.api.lambda.ListCodeSigningConfigsRequest;
import dev.freehold.api.lambda.ListCodeSigningConfigsResponse;
import dev.freehold.api.lambda.ListFunctionsByCodeSigningConfigRequest;
import dev.freehold.api.lambda.ListFunctionsByCodeSigningConfigResponse;
import dev.freehold.api.lambda.ResourceNotFoundException;
import dev.freehold.api.lambda.UpdateCodeSigningConfigRequest;
import dev.freehold.protocol.Caller;
import dev.freehold.protocol.NotImplementedError;
import dev.freehold.services.lambda.rules.Errors;
import dev.freehold.services.lambda.rules.FunctionName;
import dev.freehold.services.lambda.rules.Lookup;
import dev.freehold.services.lambda.state.FunctionId;
import dev.freehold.services.lambda.state.FunctionRow;
import dev.freehold.services.lambda.state.LambdaTables;
import dev.freehold.services.lambda.state.LambdaTables.Entry;
import dev.freehold.services.lambda.state.RegionKey;
import dev.freehold.storage.Transaction;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Code signing configurations. There is no signer here, so that every package is an unsigned one:
/// a function whose configuration says `Enforce` can't be deployed to, one that says `Warn` can.
public final class CodeSigning {
    private static final int MAX_PAGE = 50;
    private static final int ID_LENGTH = 17;

    private final Context context;

    public CodeSigning(Context context) {
        this.context = context;
    }

    public CodeSigningConfig create(CreateCodeSigningConfigRequest in, Caller caller) {
        if (in.tags() != null && !in.tags().isEmpty()) {
            throw new NotImplementedError("Tags of code signing configurations");
        }
        String id = "csc-" + context.ids().get().replace("-", "").substring(0, ID_LENGTH);
        CodeSigningPolicies policies =
                in.codeSigningPolicies() == null
                        ? CodeSigningPolicies.builder()
                                .untrustedArtifactOnDeployment("Warn")
                                .build()
                        : in.codeSigningPolicies();
        CodeSigningConfig config =
                CodeSigningConfig.builder()
                        .codeSigningConfigId(id)
                        .codeSigningConfigArn(
                                caller.arn("lambda", "code-signing-config:" + id).toString())
                        .description(in.description() == null ? "" : in.description())
                        .allowedPublishers(in.allowedPublishers())
                        .codeSigningPolicies(policies)
                        .lastModified(time(context.clock().instant()))
                        .build();
        RegionKey key = new RegionKey(caller.account(), caller.region(), id);
        context.store().updateOnly(tx -> tx.put(LambdaTables.CODE_SIGNING, key, config));
        return config;
    }

    private static String time(Instant now) {
        return Context.text(now);
    }

    private static RegionKey key(String arn) {
        String[] parts = arn.split(":", 7);
        return new RegionKey(parts[4], parts[3], parts[6]);
    }

    private static CodeSigningConfig require(Transaction tx, String arn) {
        CodeSigningConfig config = tx.get(LambdaTables.CODE_SIGNING, key(arn));
        if (config == null) {
            throw new ResourceNotFoundException(
                    "The Lambda code signing configuration " + arn + " can not be found.");
        }
        return config;
    }

    public CodeSigningConfig get(String arn) {
        return context.store().read(tx -> require(tx, arn));
    }

    public CodeSigningConfig update(UpdateCodeSigningConfigRequest in) {
        Instant now = context.clock().instant();
        return context.store()
                .update(tx -> {
                    CodeSigningConfig.Builder next =
                            require(tx, in.codeSigningConfigArn()).toBuilder()
                                    .lastModified(time(now));
                    if (in.description() != null) {
                        next.description(in.description());
                    }
                    if (in.allowedPublishers() != null) {
                        next.allowedPublishers(in.allowedPublishers());
                    }
                    if (in.codeSigningPolicies() != null) {
                        next.codeSigningPolicies(in.codeSigningPolicies());
                    }
                    CodeSigningConfig after = next.build();
                    tx.put(LambdaTables.CODE_SIGNING, key(in.codeSigningConfigArn()), after);
                    return after;
                });
    }

    public void delete(String arn, Caller caller) {
        context.store()
                .updateOnly(tx -> {
                    require(tx, arn);
                    if (!functions(tx, arn, caller).isEmpty()) {
                        throw Errors.conflict(
                                "The code signing configuration "
                                        + arn
                                        + " is in use by functions.");
                    }
                    tx.delete(LambdaTables.CODE_SIGNING, key(arn));
                });
    }

    public ListCodeSigningConfigsResponse list(ListCodeSigningConfigsRequest in, Caller caller) {
        List<CodeSigningConfig> found =
                context.store()
                        .read(tx ->
                                LambdaTables.list(
                                                tx,
                                                LambdaTables.CODE_SIGNING,
                                                LambdaTables.in(caller.account(), caller.region()))
                                        .stream()
                                        .map(Entry::value)
                                        .toList());
        Pages.Page<CodeSigningConfig> page =
                Pages.of(
                        found,
                        CodeSigningConfig::codeSigningConfigArn,
                        in.marker(),
                        in.maxItems(),
                        MAX_PAGE);
        return ListCodeSigningConfigsResponse.builder()
                .codeSigningConfigs(page.items())
                .nextMarker(page.next())
                .build();
    }

    public ListFunctionsByCodeSigningConfigResponse functions(
            ListFunctionsByCodeSigningConfigRequest in, Caller caller) {
        List<String> found =
                context.store()
                        .read(tx -> {
                            require(tx, in.codeSigningConfigArn());
                            return functions(tx, in.codeSigningConfigArn(), caller);
                        });
        Pages.Page<String> page = Pages.of(found, arn -> arn, in.marker(), in.maxItems(), MAX_PAGE);
        return ListFunctionsByCodeSigningConfigResponse.builder()
                .functionArns(page.items())
                .nextMarker(page.next())
                .build();
    }

    private static List<String> functions(Transaction tx, String arn, Caller caller) {
        return LambdaTables.list(
                        tx,
                        LambdaTables.FUNCTIONS,
                        LambdaTables.in(caller.account(), caller.region()))
                .stream()
                .filter(entry -> arn.equals(entry.value().codeSigning()))
                .map(entry -> entry.key().arn())
                .toList();
    }

    /// AWS: nothing is answered about a function that has none.
    public GetFunctionCodeSigningConfigResponse ofFunction(String text, Caller caller) {
        FunctionName name = FunctionName.parse(text, null, caller);
        FunctionRow row = context.store().read(tx -> Lookup.function(tx, name));
        return GetFunctionCodeSigningConfigResponse.builder()
                .codeSigningConfigArn(row.codeSigning())
                .functionName(row.codeSigning() == null ? null : name.id().name())
                .build();
    }

    /// @param arn the configuration, or null for none
    public FunctionId assign(String text, @Nullable String arn, Caller caller) {
        FunctionName name = FunctionName.parse(text, null, caller);
        context.store()
                .updateOnly(tx -> {
                    if (arn != null && tx.get(LambdaTables.CODE_SIGNING, key(arn)) == null) {
                        throw unknown(arn);
                    }
                    FunctionRow row = Lookup.function(tx, name);
                    tx.put(LambdaTables.FUNCTIONS, name.id(), row.withCodeSigning(arn));
                });
        return name.id();
    }

    private static CodeSigningConfigNotFoundException unknown(String arn) {
        return new CodeSigningConfigNotFoundException(
                "The code signing configuration cannot be found. Check that the provided"
                        + " configuration is not deleted: "
                        + arn
                        + ".",
                CodeSigningConfigNotFoundException.Members.builder().type("User").build());
    }

    /// Whether a function may get a package that nobody has signed.
    ///
    /// @param arn its configuration, or null
    /// @throws dev.freehold.protocol.ServiceError when it may not
    void checkUnsigned(@Nullable String arn, String function) {
        if (arn == null) {
            return;
        }
        CodeSigningConfig config =
                context.store().read(tx -> tx.get(LambdaTables.CODE_SIGNING, key(arn)));
        if (config == null) {
            throw unknown(arn);
        }
        String policy = config.codeSigningPolicies().untrustedArtifactOnDeployment();
        if ("Enforce".equals(policy)) {
            throw new CodeVerificationFailedException(
                    "Lambda cannot deploy the function. The function or layer might be signed"
                            + " using a signature that the client is not configured to accept."
                            + " Check the provided signature for "
                            + function
                            + ".",
                    CodeVerificationFailedException.Members.builder().type("User").build());
        }
    }
}
