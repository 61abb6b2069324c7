package dev.freehold.services.lambda.run;

import dev.freehold.services.lambda.rules.Throttles;
import dev.freehold.services.lambda.state.FunctionId;
import dev.freehold.services.lambda.state.FunctionRow;
import dev.freehold.services.lambda.state.LambdaTables;
import dev.freehold.services.lambda.state.LambdaTables.Entry;
import dev.freehold.services.lambda.state.VersionKey;
import dev.freehold.storage.Store;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Counts what runs, and refuses what would be more than an account or a function may. All in
/// memory: after a restart nothing runs.
///
/// See <https://docs.aws.amazon.com/lambda/latest/dg/lambda-concurrency.html>.
public final class Gate {
    /// How many invocations an account may have at a time in a region.
    public static final int ACCOUNT_CONCURRENCY = 1000;

    /// How many of them can't be reserved for single functions.
    public static final int MIN_UNRESERVED = 100;

    /// How many requests a second go with each unit of concurrency.
    private static final int RATE_PER_CONCURRENCY = 10;

    /// The most functions whose rate is remembered; the rest starts anew.
    private static final int MAX_RATES = 100_000;

    private final Store store;
    private final InstantSource clock;
    private final Map<Region, Counts> regions = new ConcurrentHashMap<>();
    private final Map<Object, Rate> rates = new ConcurrentHashMap<>();
    private volatile Kept kept = new Kept(Map.of(), Map.of());

    public Gate(Store store, InstantSource clock) {
        this.store = store;
        this.clock = clock;
    }

    private record Region(String account, String name) {
        static Region of(FunctionId function) {
            return new Region(function.account(), function.region());
        }
    }

    private static final class Counts {
        private final Map<String, Integer> byFunction = new HashMap<>();
        private final Map<VersionKey, Integer> inProvisioned = new HashMap<>();
        private int unreserved;
        private @Nullable Integer reserved;
    }

    /// A place. Closed when the call has ended.
    public interface Place extends AutoCloseable {
        @Override
        void close();
    }

    /// Takes a place for one invocation.
    ///
    /// @param reserved the function's reserved concurrency, or null
    /// @throws dev.freehold.protocol.ServiceError `TooManyRequestsException` when there is none
    public Place enter(VersionKey version, @Nullable Integer reserved) {
        FunctionId function = version.function();
        Region region = Region.of(function);
        Counts counts = regions.computeIfAbsent(region, _ -> new Counts());
        Map<VersionKey, Integer> own = kept.byFunction.getOrDefault(function, Map.of());
        int elsewhere = reserved == null ? kept.byRegion.getOrDefault(region, 0) : total(own);
        synchronized (counts) {
            int limit = reserved == null ? ACCOUNT_CONCURRENCY - sum(region, counts) : reserved;
            int used = counts.inProvisioned.getOrDefault(version, 0);
            boolean ours = used < own.getOrDefault(version, 0);
            int running =
                    reserved == null
                            ? counts.unreserved
                            : counts.byFunction.getOrDefault(function.name(), 0);
            if (!ours && running >= limit - elsewhere) {
                throw Throttles.of(reserved == null ? Throttles.ACCOUNT : Throttles.RESERVED);
            }
            if (!rate(reserved == null ? region : function)
                    .take((double) limit * RATE_PER_CONCURRENCY, clock.millis())) {
                throw Throttles.of(reserved == null ? Throttles.RATE : Throttles.RESERVED_RATE);
            }
            if (ours) {
                counts.inProvisioned.merge(version, 1, Integer::sum);
                return () -> leave(counts, version);
            }
            counts.byFunction.merge(function.name(), 1, Integer::sum);
            counts.unreserved += reserved == null ? 1 : 0;
        }
        return () -> leave(counts, function, reserved == null);
    }

    private static int total(Map<VersionKey, Integer> kept) {
        return kept.values().stream().mapToInt(Integer::intValue).sum();
    }

    /// The environments that are kept for versions.
    ///
    /// @param byRegion how many functions have that reserved nothing
    private record Kept(
            Map<FunctionId, Map<VersionKey, Integer>> byFunction, Map<Region, Integer> byRegion) {}

    /// Tells which environments are kept for versions: places that only those have, and that are
    /// taken from what their functions may have otherwise.
    ///
    /// @param reserving the functions that have reserved concurrency
    void provisioned(Map<VersionKey, Integer> counts, Set<FunctionId> reserving) {
        Map<FunctionId, Map<VersionKey, Integer>> byFunction = new HashMap<>();
        Map<Region, Integer> byRegion = new HashMap<>();
        counts.forEach((version, count) -> {
            FunctionId function = version.function();
            byFunction.computeIfAbsent(function, _ -> new HashMap<>()).put(version, count);
            if (!reserving.contains(function)) {
                byRegion.merge(Region.of(function), count, Integer::sum);
            }
        });
        kept = new Kept(byFunction, byRegion);
    }

    private Rate rate(Object key) {
        if (rates.size() > MAX_RATES) {
            rates.clear();
        }
        return rates.computeIfAbsent(key, _ -> new Rate());
    }

    private static void leave(Counts counts, VersionKey version) {
        synchronized (counts) {
            counts.inProvisioned.computeIfPresent(
                    version, (_, running) -> running == 1 ? null : running - 1);
        }
    }

    private static void leave(Counts counts, FunctionId function, boolean unreserved) {
        synchronized (counts) {
            counts.byFunction.computeIfPresent(
                    function.name(), (_, running) -> running == 1 ? null : running - 1);
            counts.unreserved -= unreserved ? 1 : 0;
        }
    }

    private int sum(Region region, Counts counts) {
        if (counts.reserved == null) {
            counts.reserved = reserved(region.account, region.name);
        }
        return counts.reserved;
    }

    /// What the functions of a region have reserved together.
    public int reserved(String account, String region) {
        return store.read(tx -> {
            int sum = 0;
            for (Entry<FunctionId, FunctionRow> entry :
                    LambdaTables.list(
                            tx, LambdaTables.FUNCTIONS, LambdaTables.in(account, region))) {
                Integer own = entry.value().reserved();
                sum += own == null ? 0 : own;
            }
            return sum;
        });
    }

    /// Tells that a function's reservation has changed.
    public void reservationsChanged(FunctionId function) {
        Counts counts = regions.get(Region.of(function));
        if (counts != null) {
            synchronized (counts) {
                counts.reserved = null;
            }
        }
    }

    /// How many invocations of a function run.
    public int running(FunctionId function) {
        Counts counts = regions.get(Region.of(function));
        if (counts == null) {
            return 0;
        }
        synchronized (counts) {
            return counts.byFunction.getOrDefault(function.name(), 0);
        }
    }
}
