package dev.freehold.services.lambda.run;

import dev.freehold.protocol.Usage;
import dev.freehold.services.lambda.rules.Budget;
import dev.freehold.services.lambda.rules.Budget.Metric;
import dev.freehold.services.lambda.state.FunctionId;
import dev.freehold.services.lambda.state.LambdaTables;
import dev.freehold.services.lambda.state.LambdaTables.SpendingKey;
import dev.freehold.storage.Store;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToDoubleFunction;

/// Refuses the invocation that would pass a function's budget, before it starts.
///
/// What was spent is counted in memory and written every second, so that a check costs no disk and
/// a crash forgets at most a second. What an invocation will cost is only known in its end, except
/// for the least that it can be; so a budget can be passed by what is under way, never by what
/// starts after it is used up.
public final class Budgets {
    /// Spending is kept in billionths.
    private static final double UNIT = 1e9;

    private final Store store;
    private final InstantSource clock;
    private final ToDoubleFunction<Usage> prices;
    private final Map<SpendingKey, Spending> ledger = new ConcurrentHashMap<>();

    /// @param prices a usage's price in US dollars
    public Budgets(Store store, InstantSource clock, ToDoubleFunction<Usage> prices) {
        this.store = store;
        this.clock = clock;
        this.prices = prices;
    }

    private static final class Spending {
        private final Instant end;
        private long spent;
        private long unwritten;

        Spending(long spent, Instant end) {
            this.spent = spent;
            this.end = end;
        }

        synchronized boolean take(long least, long limit) {
            if (spent + least > limit) {
                return false;
            }
            add(least);
            return true;
        }

        synchronized void add(long amount) {
            spent += amount;
            unwritten += amount;
        }

        synchronized long takeUnwritten() {
            long amount = unwritten;
            unwritten = 0;
            return amount;
        }
    }

    /// An admitted invocation.
    ///
    /// @param least what was charged at its start
    record Admitted(FunctionId function, List<Budget> budgets, Usage least) {}

    /// Charges the least that an invocation can cost.
    ///
    /// @param memory of the function, in MiB
    /// @throws dev.freehold.protocol.ServiceError `TooManyRequestsException` that names the budget
    ///   which it would pass
    Admitted admit(FunctionId function, List<Budget> budgets, int memory) {
        Usage least = new Usage();
        least.add("lambda.requests", 1);
        least.add("lambda.gb-seconds", 0.001 * memory / 1024.0);
        Instant now = clock.instant();
        for (int i = 0; i < budgets.size(); i++) {
            Budget budget = budgets.get(i);
            long amount = amount(budget.metric(), least);
            long limit = (long) (budget.limit() * UNIT);
            if (!spending(function, budget, now).take(amount, limit)) {
                for (Budget charged : budgets.subList(0, i)) {
                    long back = -amount(charged.metric(), least);
                    spending(function, charged, now).add(back);
                }
                throw refusal(function, budget, now);
            }
        }
        return new Admitted(function, budgets, least);
    }

    private static RuntimeException refusal(FunctionId function, Budget budget, Instant now) {
        Instant end = budget.period().end(now);
        return Throttles.of(
                Throttles.RATE,
                "The budget "
                        + budget.text()
                        + " of function "
                        + function.name()
                        + " is used up until "
                        + end
                        + ".",
                Math.max(1, Duration.between(now, end).toSeconds()));
    }

    /// Charges what an invocation cost beyond that.
    void settle(Admitted admitted, Usage usage) {
        Instant now = clock.instant();
        for (Budget budget : admitted.budgets) {
            long rest = amount(budget.metric(), usage) - amount(budget.metric(), admitted.least);
            spending(admitted.function, budget, now).add(Math.max(0, rest));
        }
    }

    private long amount(Metric metric, Usage usage) {
        double amount =
                switch (metric) {
                    case REQUESTS -> usage.quantities().getOrDefault("lambda.requests", 0.0);
                    case GB_SECONDS -> usage.quantities().getOrDefault("lambda.gb-seconds", 0.0);
                    case USD -> prices.applyAsDouble(usage);
                };
        return (long) (amount * UNIT);
    }

    private Spending spending(FunctionId function, Budget budget, Instant now) {
        Instant start = budget.period().start(now);
        SpendingKey key =
                new SpendingKey(function, budget.metric().text(), start, budget.period().end(now));
        return ledger.computeIfAbsent(key, this::load);
    }

    private Spending load(SpendingKey key) {
        Long spent = store.read(tx -> tx.peek(LambdaTables.SPENDING, key));
        return new Spending(spent == null ? 0 : spent, key.end());
    }

    /// Writes what was spent since the last time, and forgets periods that are over. Called every
    /// second.
    public void flush() {
        Map<SpendingKey, Long> amounts = new LinkedHashMap<>();
        ledger.forEach((key, spending) -> {
            long amount = spending.takeUnwritten();
            if (amount != 0) {
                amounts.put(key, amount);
            }
        });
        if (!amounts.isEmpty()) {
            store.updateOnly(tx ->
                    amounts.forEach((key, amount) -> tx.add(LambdaTables.SPENDING, key, amount)));
        }
        forget(clock.instant().minus(Duration.ofHours(1)));
    }

    private void forget(Instant before) {
        Iterator<Map.Entry<SpendingKey, Spending>> entries = ledger.entrySet().iterator();
        while (entries.hasNext()) {
            Map.Entry<SpendingKey, Spending> entry = entries.next();
            if (entry.getValue().end.isBefore(before)) {
                entries.remove();
                store.updateOnly(tx -> tx.delete(LambdaTables.SPENDING, entry.getKey()));
            }
        }
    }
}
