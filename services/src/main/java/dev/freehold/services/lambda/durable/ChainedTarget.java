package dev.freehold.services.lambda.durable;

import dev.freehold.api.lambda.ChainedInvokeOptions;
import dev.freehold.api.lambda.ErrorObject;
import dev.freehold.protocol.Caller;
import dev.freehold.protocol.Principal;
import dev.freehold.protocol.Usage;
import dev.freehold.services.lambda.rules.Errors;
import dev.freehold.services.lambda.rules.FunctionName;
import dev.freehold.services.lambda.rules.Lookup;
import dev.freehold.services.lambda.state.FunctionId;
import dev.freehold.services.lambda.state.VersionKey;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The function that a chained invocation names: looked for when the invocation is noted, so that a
/// handler learns at once that there is none.
///
/// @param arn with its qualifier, when it was named with one
/// @param tenant for whom, or null
/// @param error why it can't be invoked, or null
record ChainedTarget(
        String arn,
        @Nullable String tenant,
        Map<String, Object> details,
        @Nullable ErrorObject error) {
    static ChainedTarget of(Ledger ledger, ChainedInvokeOptions options) {
        FunctionId own = ledger.key().function();
        FunctionName name = FunctionName.parse(options.functionName(), null, caller(own));
        if (!name.id().account().equals(own.account())) {
            throw Errors.invalid("Cannot start a CHAINED_INVOKE on a function in another account.");
        }
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("FunctionName", options.functionName());
        if (options.tenantId() != null) {
            details.put("TenantId", options.tenantId());
        }
        Lookup.Found found = Lookup.findOrNull(ledger.scope().tx(), name);
        if (found != null) {
            details.put("ExecutedVersion", found.key().version());
            return new ChainedTarget(name.arn(), options.tenantId(), details, null);
        }
        String qualifier = name.qualifier() == null ? VersionKey.LATEST : name.qualifier();
        ErrorObject error =
                ErrorObject.builder()
                        .errorType("ResourceNotFoundException")
                        .errorMessage("Function not found: " + name.id().arn(qualifier))
                        .build();
        return new ChainedTarget(name.arn(), options.tenantId(), details, error);
    }

    /// Names are understood as in the function's own account and region.
    private static Caller caller(FunctionId own) {
        Principal lambda = new Principal.Service("lambda.amazonaws.com", own.arn());
        return new Caller(own.account(), own.region(), lambda, "", Map.of(), new Usage());
    }
}
