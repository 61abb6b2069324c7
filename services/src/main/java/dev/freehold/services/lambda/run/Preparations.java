package dev.freehold.services.lambda.run;

import dev.freehold.services.lambda.code.Packages;
import dev.freehold.services.lambda.state.FunctionId;
import dev.freehold.services.lambda.state.LambdaTables;
import dev.freehold.services.lambda.state.LambdaTables.Entry;
import dev.freehold.services.lambda.state.VersionKey;
import dev.freehold.services.lambda.state.VersionRow;
import dev.freehold.services.lambda.state.VersionRow.Failure;
import dev.freehold.storage.KeyRange;
import dev.freehold.storage.Store;
import dev.freehold.storage.Transaction;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/// Makes ready what versions need that were created or changed: their unpacked code, their layers,
/// and an environment when they have SnapStart. When that is there they are `Active`.
///
/// What is to be done is written with the change itself, so that it is done after a crash too, or
/// done again: nothing here minds that.
public final class Preparations {
    private static final System.Logger LOG = System.getLogger(Preparations.class.getName());

    /// The most that are under way; the others wait. More would only make each slower.
    private static final int MAX_RUNNING = 4;

    private final Store store;
    private final Invoker invoker;
    private final Packages packages;
    private final InstantSource clock;
    private final Semaphore places = new Semaphore(MAX_RUNNING);
    private final Set<VersionKey> running = ConcurrentHashMap.newKeySet();

    public Preparations(Store store, Invoker invoker, Packages packages, InstantSource clock) {
        this.store = store;
        this.invoker = invoker;
        this.packages = packages;
        this.clock = clock;
    }

    /// Begins what is to be done for a function that has just been changed.
    public void begin(FunctionId function) {
        begin(LambdaTables.of(function));
    }

    /// Begins what a crash has left. The server calls it every second.
    public void resume() {
        begin(KeyRange.ALL);
    }

    private void begin(KeyRange keys) {
        List<Entry<VersionKey, String>> found =
                store.read(tx -> LambdaTables.list(tx, LambdaTables.UNPREPARED, keys));
        for (Entry<VersionKey, String> entry : found) {
            if (running.add(entry.key())) {
                Thread.ofVirtual().name("prepare").start(() -> prepare(entry.key(), entry.value()));
            }
        }
    }

    private void prepare(VersionKey key, String generation) {
        try {
            places.acquire();
            try {
                VersionRow row = store.read(tx -> tx.get(LambdaTables.VERSIONS, key));
                boolean current = row != null && row.generation().equals(generation);
                Failure failure = row == null || !current ? null : attempt(key, row);
                store.updateOnly(tx -> ended(tx, key, generation, failure));
                if (row != null && current && row.running() != row && failure == null) {
                    invoker.retire(key, row.running(), Map.of());
                }
            } finally {
                places.release();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            running.remove(key);
        }
    }

    private void ended(
            Transaction tx, VersionKey key, String generation, @Nullable Failure failure) {
        VersionRow now = tx.get(LambdaTables.VERSIONS, key);
        if (now != null && now.generation().equals(generation)) {
            VersionRow then = now.prepared(failure);
            tx.put(LambdaTables.VERSIONS, key, then);
            if (now.running() != now) {
                String unused = failure == null ? now.running().code() : now.code();
                packages.release(tx, unused, clock.instant());
            }
        }
        if (generation.equals(tx.get(LambdaTables.UNPREPARED, key))) {
            tx.delete(LambdaTables.UNPREPARED, key);
        }
    }

    private @Nullable Failure attempt(VersionKey key, VersionRow row) {
        try {
            return invoker.prepare(key, row);
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.WARNING, "A version can't be prepared: " + key, e);
            return new Failure("InternalError", "The function can't be prepared on this host.");
        }
    }
}
