package dev.freehold.services.lambda.ops;

import dev.freehold.api.lambda.FunctionUrlConfig;
import dev.freehold.services.lambda.state.FunctionId;
import dev.freehold.services.lambda.state.LambdaTables;
import dev.freehold.services.lambda.state.LambdaTables.Entry;
import dev.freehold.services.lambda.state.QualifiedKey;
import dev.freehold.storage.KeyRange;
import dev.freehold.storage.Transaction;

/// What hangs on a function's qualifiers, and goes with them.
final class Qualified {
    private Qualified() {}

    /// A version or alias is gone.
    static void forget(Transaction tx, FunctionId function, String qualifier) {
        QualifiedKey key = new QualifiedKey(function, qualifier);
        tx.delete(LambdaTables.POLICIES, key);
        tx.delete(LambdaTables.EVENT_CONFIGS, key);
        tx.delete(LambdaTables.PROVISIONED, key);
        tx.delete(LambdaTables.RUNTIMES, key);
        FunctionUrlConfig url = tx.get(LambdaTables.URLS, key);
        if (url != null) {
            forgetUrl(tx, key, url);
        }
    }

    static void forgetUrl(Transaction tx, QualifiedKey key, FunctionUrlConfig url) {
        tx.delete(LambdaTables.URLS, key);
        tx.delete(LambdaTables.URL_IDS, urlId(url));
    }

    /// The id at the beginning of a URL's host.
    static String urlId(FunctionUrlConfig url) {
        String rest = url.functionUrl().substring(url.functionUrl().indexOf("://") + 3);
        return rest.substring(0, rest.indexOf('.'));
    }

    /// A function is gone.
    static void forgetAll(Transaction tx, FunctionId id) {
        KeyRange all = LambdaTables.of(id);
        for (Entry<QualifiedKey, FunctionUrlConfig> url :
                LambdaTables.list(tx, LambdaTables.URLS, all)) {
            forgetUrl(tx, url.key(), url.value());
        }
        tx.deleteRange(LambdaTables.VERSIONS, all);
        tx.deleteRange(LambdaTables.UNPREPARED, all);
        tx.deleteRange(LambdaTables.ALIASES, all);
        tx.deleteRange(LambdaTables.POLICIES, all);
        tx.deleteRange(LambdaTables.EVENT_CONFIGS, all);
        tx.deleteRange(LambdaTables.PROVISIONED, all);
        tx.deleteRange(LambdaTables.RUNTIMES, all);
        tx.deleteRange(LambdaTables.SPENDING, all);
    }
}
