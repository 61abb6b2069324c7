package dev.freehold.services.lambda.rules;

import dev.freehold.api.lambda.AliasConfiguration;
import dev.freehold.services.lambda.state.FunctionId;
import dev.freehold.services.lambda.state.FunctionRow;
import dev.freehold.services.lambda.state.LambdaTables;
import dev.freehold.services.lambda.state.QualifiedKey;
import dev.freehold.services.lambda.state.VersionKey;
import dev.freehold.services.lambda.state.VersionRow;
import dev.freehold.storage.Transaction;
import org.jspecify.annotations.Nullable;

/// Finds what requests name.
public final class Lookup {
    private Lookup() {}

    /// A function's version, and the alias by which it was named.
    public record Found(
            FunctionRow function,
            VersionKey key,
            VersionRow version,
            @Nullable AliasConfiguration alias) {}

    /// @throws dev.freehold.protocol.ServiceError when there is no such function, version or alias
    public static Found find(Transaction tx, FunctionName name) {
        Found found = findOrNull(tx, name);
        if (found == null) {
            throw Errors.noFunction(name.arn());
        }
        return found;
    }

    /// [#find] where a missing function is no error.
    public static @Nullable Found findOrNull(Transaction tx, FunctionName name) {
        FunctionRow function = tx.get(LambdaTables.FUNCTIONS, name.id());
        if (function == null) {
            return null;
        }
        String qualifier = name.qualifier();
        AliasConfiguration alias = null;
        VersionKey key = VersionKey.latest(name.id());
        if (qualifier != null && !name.unqualified()) {
            alias = alias(tx, name.id(), qualifier);
            String version = alias == null ? qualifier : String.valueOf(alias.functionVersion());
            key = version(name.id(), version);
        }
        VersionRow row = key == null ? null : tx.get(LambdaTables.VERSIONS, key);
        return key == null || row == null ? null : new Found(function, key, row, alias);
    }

    /// What a version is called, as a key; null when it is no version's name.
    public static @Nullable VersionKey version(FunctionId function, String version) {
        if (version.equals(VersionKey.LATEST)) {
            return VersionKey.latest(function);
        }
        boolean number = FunctionName.numeric(version) && !version.equals("0");
        return number ? new VersionKey(function, Integer.parseInt(version)) : null;
    }

    public static @Nullable AliasConfiguration alias(
            Transaction tx, FunctionId function, String name) {
        return tx.get(LambdaTables.ALIASES, new QualifiedKey(function, name));
    }

    /// The function itself.
    ///
    /// @throws dev.freehold.protocol.ServiceError when there is none
    public static FunctionRow function(Transaction tx, FunctionName name) {
        FunctionRow row = tx.get(LambdaTables.FUNCTIONS, name.id());
        if (row == null) {
            throw Errors.noFunction(name.arn());
        }
        return row;
    }
}
