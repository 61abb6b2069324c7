package dev.freehold.services.lambda.ops;

import dev.freehold.api.lambda.FunctionConfiguration;
import dev.freehold.api.lambda.ListVersionsByFunctionRequest;
import dev.freehold.api.lambda.ListVersionsByFunctionResponse;
import dev.freehold.api.lambda.PublishVersionRequest;
import dev.freehold.protocol.Caller;
import dev.freehold.protocol.NotImplementedError;
import dev.freehold.services.lambda.code.LiveFolder;
import dev.freehold.services.lambda.ops.Drafts.Stamp;
import dev.freehold.services.lambda.rules.Errors;
import dev.freehold.services.lambda.rules.FunctionName;
import dev.freehold.services.lambda.rules.Lookup;
import dev.freehold.services.lambda.state.LambdaTables;
import dev.freehold.services.lambda.state.LambdaTables.Entry;
import dev.freehold.services.lambda.state.VersionKey;
import dev.freehold.services.lambda.state.VersionRow;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// Published versions.
public final class Versions {
    private static final int MAX_PAGE = 50;

    private final Context context;
    private final Drafts drafts;

    public Versions(Context context) {
        this.context = context;
        this.drafts = new Drafts(context);
    }

    public FunctionConfiguration publish(PublishVersionRequest in, Caller caller) {
        if (in.publishTo() != null) {
            throw new NotImplementedError("PublishTo of Lambda functions");
        }
        FunctionName name = FunctionName.parse(in.functionName(), null, caller);
        Stamp stamp = drafts.stamp();
        VersionRow row =
                context.store()
                        .update(tx -> {
                            Lookup.Found found =
                                    drafts.stable(tx, name, in.revisionId(), stamp.now());
                            String current =
                                    String.valueOf(found.version().configuration().codeSha256());
                            String wanted = in.codeSha256();
                            boolean live = LiveFolder.of(found.version().code()) != null;
                            if (!live
                                    && wanted != null
                                    && !wanted.isEmpty()
                                    && !wanted.equals(current)) {
                                throw Errors.invalid(
                                        "CodeSHA256 ("
                                                + wanted
                                                + ") is different from current CodeSHA256 in $LATEST ("
                                                + current
                                                + "). Please try again with the CodeSHA256 in $LATEST.");
                            }
                            return drafts.publish(tx, name.id(), in.description(), stamp, false);
                        });
        return row.view(stamp.now());
    }

    public ListVersionsByFunctionResponse list(ListVersionsByFunctionRequest in, Caller caller) {
        FunctionName name = FunctionName.parse(in.functionName(), null, caller);
        Instant now = context.clock().instant();
        List<Entry<VersionKey, VersionRow>> rows =
                context.store()
                        .read(tx -> {
                            Lookup.function(tx, name);
                            return LambdaTables.list(
                                    tx, LambdaTables.VERSIONS, LambdaTables.of(name.id()));
                        });
        List<FunctionConfiguration> found = new ArrayList<>();
        for (Entry<VersionKey, VersionRow> entry : rows) {
            String arn = name.id().arn(entry.key().version());
            found.add(listed(entry.value(), now).toBuilder().functionArn(arn).build());
        }
        Pages.Page<FunctionConfiguration> page =
                Pages.of(
                        found,
                        f -> String.valueOf(f.version()),
                        in.marker(),
                        in.maxItems(),
                        MAX_PAGE);
        return ListVersionsByFunctionResponse.builder()
                .versions(page.items())
                .nextMarker(page.next())
                .build();
    }

    /// AWS: listings leave the states out, and which runtime version it is.
    static FunctionConfiguration listed(VersionRow row, Instant now) {
        return row.view(now).toBuilder()
                .state(null)
                .stateReason(null)
                .stateReasonCode(null)
                .lastUpdateStatus(null)
                .lastUpdateStatusReason(null)
                .lastUpdateStatusReasonCode(null)
                .runtimeVersionConfig(null)
                .build();
    }
}
