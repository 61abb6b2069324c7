package dev.freehold.services.lambda.ops;

import dev.freehold.api.lambda.AccountLimit;
import dev.freehold.api.lambda.AccountUsage;
import dev.freehold.api.lambda.GetAccountSettingsResponse;
import dev.freehold.protocol.Caller;
import dev.freehold.services.lambda.code.CodePackage;
import dev.freehold.services.lambda.run.Gate;
import dev.freehold.services.lambda.state.LambdaTables;
import dev.freehold.storage.KeyRange;
import dev.freehold.storage.Transaction;

/// What an account has in a region, and how much it may have.
public final class Account {
    /// All code of an account in a region.
    private static final long MAX_CODE = 300L * 1024 * 1024 * 1024;

    private static final long MAX_ZIP = 52_428_800;

    private final Context context;

    public Account(Context context) {
        this.context = context;
    }

    public GetAccountSettingsResponse settings(Caller caller) {
        KeyRange all = LambdaTables.in(caller.account(), caller.region());
        AccountUsage usage = context.store().read(tx -> usage(tx, all));
        int reserved = context.gate().reserved(caller.account(), caller.region());
        AccountLimit limit =
                AccountLimit.builder()
                        .totalCodeSize(MAX_CODE)
                        .codeSizeUnzipped(CodePackage.MAX_UNPACKED)
                        .codeSizeZipped(MAX_ZIP)
                        .concurrentExecutions(Gate.ACCOUNT_CONCURRENCY)
                        .unreservedConcurrentExecutions(Gate.ACCOUNT_CONCURRENCY - reserved)
                        .build();
        return GetAccountSettingsResponse.builder().accountLimit(limit).accountUsage(usage).build();
    }

    private static AccountUsage usage(Transaction tx, KeyRange all) {
        long size = 0;
        for (var version : LambdaTables.list(tx, LambdaTables.VERSIONS, all)) {
            Long own = version.value().configuration().codeSize();
            size += own == null ? 0 : own;
        }
        for (var layer : LambdaTables.list(tx, LambdaTables.LAYERS, all)) {
            size += layer.value().size();
        }
        long functions = LambdaTables.list(tx, LambdaTables.FUNCTIONS, all).size();
        return AccountUsage.builder().totalCodeSize(size).functionCount(functions).build();
    }
}
