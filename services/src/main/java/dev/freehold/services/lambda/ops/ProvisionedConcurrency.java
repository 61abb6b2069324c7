package dev.freehold.services.lambda.ops;

import dev.freehold.api.lambda.AliasConfiguration;
import dev.freehold.api.lambda.InvalidParameterValueException;
import dev.freehold.api.lambda.ListProvisionedConcurrencyConfigsRequest;
import dev.freehold.api.lambda.ListProvisionedConcurrencyConfigsResponse;
import dev.freehold.api.lambda.ProvisionedConcurrencyConfigListItem;
import dev.freehold.api.lambda.ProvisionedConcurrencyConfigNotFoundException;
import dev.freehold.api.lambda.PutProvisionedConcurrencyConfigRequest;
import dev.freehold.api.lambda.PutProvisionedConcurrencyConfigResponse;
import dev.freehold.protocol.Caller;
import dev.freehold.services.lambda.rules.Errors;
import dev.freehold.services.lambda.rules.FunctionName;
import dev.freehold.services.lambda.rules.Lookup;
import dev.freehold.services.lambda.run.Gate;
import dev.freehold.services.lambda.state.FunctionId;
import dev.freehold.services.lambda.state.LambdaTables;
import dev.freehold.services.lambda.state.LambdaTables.Entry;
import dev.freehold.services.lambda.state.Provisioned;
import dev.freehold.services.lambda.state.QualifiedKey;
import dev.freehold.storage.Transaction;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// Provisioned concurrency of aliases and published versions.
public final class ProvisionedConcurrency {
    private static final int MAX_PAGE = 50;

    private final Context context;

    public ProvisionedConcurrency(Context context) {
        this.context = context;
    }

    /// A configuration as it is answered, under the names that all answers share.
    public record View(int requested, int allocated, String status, String lastModified) {}

    private View view(Provisioned row, Lookup.Found found) {
        int live = context.invoker().available(found.key(), found.version());
        int available = Math.min(live, row.requested());
        return new View(
                row.requested(),
                available,
                available == row.requested() ? "READY" : "IN_PROGRESS",
                Context.text(row.modified()));
    }

    public PutProvisionedConcurrencyConfigResponse put(
            PutProvisionedConcurrencyConfigRequest in, Caller caller) {
        FunctionName name = FunctionName.parse(in.functionName(), in.qualifier(), caller);
        if (name.unqualified()) {
            throw Errors.invalid(
                    "Provisioned Concurrency Configs cannot be applied to unpublished function"
                            + " versions.");
        }
        int wanted = in.provisionedConcurrentExecutions();
        int reserved = context.gate().reserved(caller.account(), caller.region());
        Instant now = context.clock().instant();
        Provisioned row = new Provisioned(wanted, now);
        context.store()
                .updateOnly(tx -> {
                    Lookup.Found found = require(tx, name);
                    if (found.version().configuration().tenancyConfig() != null) {
                        throw Errors.tenancy("Provisioned concurrency");
                    }
                    checkConflicts(tx, name, found);
                    checkLimits(tx, name, found, wanted, Gate.ACCOUNT_CONCURRENCY - reserved);
                    tx.put(LambdaTables.PROVISIONED, key(name), row);
                });
        // the environments are started within a second, by the Provisioner
        View view = new View(wanted, 0, "IN_PROGRESS", Context.text(now));
        return PutProvisionedConcurrencyConfigResponse.builder()
                .requestedProvisionedConcurrentExecutions(view.requested())
                .allocatedProvisionedConcurrentExecutions(view.allocated())
                .availableProvisionedConcurrentExecutions(view.allocated())
                .status(view.status())
                .lastModified(view.lastModified())
                .build();
    }

    private static QualifiedKey key(FunctionName name) {
        return new QualifiedKey(name.id(), String.valueOf(name.qualifier()));
    }

    private static Lookup.Found require(Transaction tx, FunctionName name) {
        Lookup.Found found = Lookup.findOrNull(tx, name);
        if (found == null) {
            String qualifier = String.valueOf(name.qualifier());
            throw FunctionName.numeric(qualifier)
                    ? Errors.noFunction(name.arn())
                    : Aliases.missing(name.id(), qualifier);
        }
        return found;
    }

    /// A version has it by itself or by an alias, not both.
    private static void checkConflicts(Transaction tx, FunctionName name, Lookup.Found found) {
        if (found.alias() != null) {
            QualifiedKey version = new QualifiedKey(name.id(), found.key().version());
            if (tx.get(LambdaTables.PROVISIONED, version) != null) {
                throw Errors.conflict(
                        "Alias can't be used for Provisioned Concurrency configuration on an"
                                + " already Provisioned version");
            }
            return;
        }
        for (Entry<QualifiedKey, AliasConfiguration> alias :
                LambdaTables.list(tx, LambdaTables.ALIASES, LambdaTables.of(name.id()))) {
            if (found.key().version().equals(alias.value().functionVersion())
                    && tx.get(LambdaTables.PROVISIONED, alias.key()) != null) {
                throw Errors.conflict("Version is pointed by a Provisioned Concurrency alias");
            }
        }
    }

    private static void checkLimits(
            Transaction tx, FunctionName name, Lookup.Found found, int wanted, int unreserved) {
        Provisioned before = tx.get(LambdaTables.PROVISIONED, key(name));
        int own = before == null ? 0 : before.requested();
        int total = total(tx, name.id()) - own + wanted;
        Integer reserved = found.function().reserved();
        if (reserved != null) {
            if (total > reserved) {
                throw Errors.invalid(
                        "Requested Provisioned Concurrency should not be greater than the"
                                + " reservedConcurrentExecution for function");
            }
            return;
        }
        if (total > unreserved) {
            throw new InvalidParameterValueException(
                    "Specified ConcurrentExecutions for function is greater than account's"
                            + " unreserved concurrency ["
                            + unreserved
                            + "].");
        }
        if (unreserved - total < Gate.MIN_UNRESERVED) {
            throw new InvalidParameterValueException(
                    "Specified ConcurrentExecutions for function decreases account's"
                            + " UnreservedConcurrentExecution below its minimum value of ["
                            + Gate.MIN_UNRESERVED
                            + "].");
        }
    }

    /// What a function's aliases and versions have together.
    static int total(Transaction tx, FunctionId id) {
        int total = 0;
        for (Entry<QualifiedKey, Provisioned> entry :
                LambdaTables.list(tx, LambdaTables.PROVISIONED, LambdaTables.of(id))) {
            total += entry.value().requested();
        }
        return total;
    }

    public View get(String function, String qualifier, Caller caller) {
        FunctionName name = published(function, qualifier, caller);
        Lookup.Found found = context.store().read(tx -> require(tx, name));
        Provisioned row = context.store().read(tx -> tx.get(LambdaTables.PROVISIONED, key(name)));
        if (row == null) {
            throw new ProvisionedConcurrencyConfigNotFoundException(
                    "No Provisioned Concurrency Config found for this function",
                    ProvisionedConcurrencyConfigNotFoundException.Members.builder()
                            .type("User")
                            .build());
        }
        return view(row, found);
    }

    private static FunctionName published(String function, String qualifier, Caller caller) {
        FunctionName name = FunctionName.parse(function, qualifier, caller);
        if (name.unqualified()) {
            throw Errors.invalid(
                    "The function resource provided must be an alias or a published version.");
        }
        return name;
    }

    public void delete(String function, String qualifier, Caller caller) {
        FunctionName name = published(function, qualifier, caller);
        context.store()
                .updateOnly(tx -> {
                    require(tx, name);
                    tx.delete(LambdaTables.PROVISIONED, key(name));
                });
    }

    public ListProvisionedConcurrencyConfigsResponse list(
            ListProvisionedConcurrencyConfigsRequest in, Caller caller) {
        FunctionName name = FunctionName.parse(in.functionName(), null, caller);
        List<ProvisionedConcurrencyConfigListItem> found = new ArrayList<>();
        List<Entry<QualifiedKey, Provisioned>> rows =
                context.store()
                        .read(tx -> {
                            Lookup.function(tx, name);
                            return LambdaTables.list(
                                    tx, LambdaTables.PROVISIONED, LambdaTables.of(name.id()));
                        });
        for (Entry<QualifiedKey, Provisioned> entry : rows) {
            FunctionName one = new FunctionName(name.id(), entry.key().qualifier());
            View view = view(entry.value(), context.store().read(tx -> require(tx, one)));
            found.add(
                    ProvisionedConcurrencyConfigListItem.builder()
                            .functionArn(name.id().arn(entry.key().qualifier()))
                            .requestedProvisionedConcurrentExecutions(view.requested())
                            .allocatedProvisionedConcurrentExecutions(view.allocated())
                            .availableProvisionedConcurrentExecutions(view.allocated())
                            .status(view.status())
                            .lastModified(view.lastModified())
                            .build());
        }
        Pages.Page<ProvisionedConcurrencyConfigListItem> page =
                Pages.of(
                        found,
                        item -> String.valueOf(item.functionArn()),
                        in.marker(),
                        in.maxItems(),
                        MAX_PAGE);
        return ListProvisionedConcurrencyConfigsResponse.builder()
                .provisionedConcurrencyConfigs(page.items())
                .nextMarker(page.next())
                .build();
    }
}
