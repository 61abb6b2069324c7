package dev.freehold.services.lambda.run;

import dev.freehold.services.lambda.rules.FunctionName;
import dev.freehold.services.lambda.rules.Lookup;
import dev.freehold.services.lambda.state.LambdaTables;
import dev.freehold.services.lambda.state.LambdaTables.Entry;
import dev.freehold.services.lambda.state.Provisioned;
import dev.freehold.services.lambda.state.QualifiedKey;
import dev.freehold.storage.KeyRange;
import dev.freehold.storage.Store;
import java.util.HashMap;
import java.util.Map;

/// Keeps as many environments initialised as provisioned concurrency configurations ask for: what
/// is asked for is read from the store, so that it holds after a restart too.
public final class Provisioner {
    private static final System.Logger LOG = System.getLogger(Provisioner.class.getName());

    private final Store store;
    private final Invoker invoker;
    private final Map<QualifiedKey, Kept> kept = new HashMap<>();

    private record Kept(Lookup.Found found, int count) {
        boolean same(Lookup.Found other, int wanted) {
            return count == wanted
                    && found.key().equals(other.key())
                    && found.version().generation().equals(other.version().generation());
        }
    }

    public Provisioner(Store store, Invoker invoker) {
        this.store = store;
        this.invoker = invoker;
    }

    /// Tells the engine what has changed. The server calls it every second, on one thread.
    public void refresh() {
        Map<QualifiedKey, Kept> wanted = new HashMap<>();
        for (Entry<QualifiedKey, Provisioned> entry :
                store.read(tx -> LambdaTables.list(tx, LambdaTables.PROVISIONED, KeyRange.ALL))) {
            QualifiedKey key = entry.key();
            FunctionName name = new FunctionName(key.function(), key.qualifier());
            Lookup.Found found = store.read(tx -> Lookup.findOrNull(tx, name));
            if (found != null) {
                wanted.put(key, new Kept(found, entry.value().requested()));
            }
        }
        kept.forEach((key, old) -> {
            Kept now = wanted.get(key);
            if (now == null || !now.found.key().equals(old.found.key())) {
                // not by its package: that may be gone with the function
                invoker.retire(old.found.key(), old.found.version(), Map.of());
            }
        });
        kept.keySet().retainAll(wanted.keySet());
        wanted.forEach(this::keep);
    }

    /// What can't be started now does not hold up the others; it is tried again at the next turn.
    private void keep(QualifiedKey key, Kept now) {
        Kept old = kept.get(key);
        if (old != null && old.same(now.found, now.count)) {
            return;
        }
        kept.remove(key);
        try {
            invoker.provision(now.found.key(), now.found.version(), now.count);
            kept.put(key, now);
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.WARNING, "Environments of " + key + " can't be kept", e);
        }
    }
}
