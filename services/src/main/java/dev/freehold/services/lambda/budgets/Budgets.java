package dev.freehold.services.lambda.budgets;

import dev.freehold.protocol.Usage;
import dev.freehold.services.lambda.budgets.Budget.Metric;
import dev.freehold.services.lambda.rules.Throttles;
import dev.freehold.services.lambda.state.FunctionId;
import dev.freehold.services.lambda.state.LambdaTables;
import dev.freehold.services.lambda.state.LambdaTables.SpendingKey;
import dev.freehold.storage.Store;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/// Refuses the invocation that would pass a budget of its function or of its account, before it
/// starts.
///
/// What was spent is counted in memory and written every second, so that a check costs no disk and
/// a crash forgets at most a second. What an invocation will cost is only known in its end, except
/// for the least that it can be; so a budget can be passed by what is under way, one invocation in
/// each environment, never by what is asked for after it is used up.
public final class Budgets {
    /// Spending is kept in billionths.
    private static final double UNIT = 1e9;

    private final Store store;
    private final InstantSource clock;
    private final ToDoubleFunction<Usage> prices;
    private final AccountBudgets accounts;
    private final Map<SpendingKey, Spending> ledger = new ConcurrentHashMap<>();

    /// @param prices a usage's price in US dollars
    public Budgets(
            Store store,
            InstantSource clock,
            ToDoubleFunction<Usage> prices,
            AccountBudgets accounts) {
        this.store = store;
        this.clock = clock;
        this.prices = prices;
        this.accounts = accounts;
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

        synchronized long spent() {
            return spent;
        }

        synchronized long takeUnwritten() {
            long amount = unwritten;
            unwritten = 0;
            return amount;
        }
    }

    /// A budget, and whose it is.
    ///
    /// @param owner a function, or an account: see [#ofAccount]
    record Owned(FunctionId owner, Budget budget) {
        boolean account() {
            return owner.name().isEmpty();
        }

        String name() {
            return account() ? "account " + owner.account() : "function " + owner.name();
        }
    }

    /// What stands for an account as the owner of budgets: no function has its name.
    private static FunctionId ofAccount(String account) {
        return new FunctionId(account, "", "");
    }

    /// An admitted invocation.
    ///
    /// @param least what was charged at its start
    public record Admitted(List<Owned> budgets, Usage least) {}

    /// Charges the least that an invocation can cost.
    ///
    /// @param tags the function's
    /// @param memory of the function, in MiB
    /// @return null when it has no budget, and neither has its account
    /// @throws dev.freehold.protocol.ServiceError `TooManyRequestsException` that names the budget
    ///   which it would pass
    public @Nullable Admitted admit(FunctionId function, Map<String, String> tags, int memory) {
        List<Owned> budgets = owned(function, tags);
        if (budgets.isEmpty()) {
            return null;
        }
        Usage least = new Usage();
        least.add("lambda.requests", 1);
        least.add("lambda.gb-seconds", 0.001 * memory / 1024.0);
        Instant now = clock.instant();
        for (int i = 0; i < budgets.size(); i++) {
            Owned one = budgets.get(i);
            long amount = amount(one.budget.metric(), least);
            long limit = (long) (one.budget.limit() * UNIT);
            if (!spending(one, now).take(amount, limit)) {
                for (Owned charged : budgets.subList(0, i)) {
                    long back = -amount(charged.budget.metric(), least);
                    spending(charged, now).add(back);
                }
                throw refusal(one, now);
            }
        }
        return new Admitted(budgets, least);
    }

    private List<Owned> owned(FunctionId function, Map<String, String> tags) {
        List<Budget> whole = accounts.of(function.account());
        if (whole.isEmpty() && !tags.containsKey(Budget.TAG)) {
            return List.of();
        }
        List<Owned> all = new ArrayList<>();
        Budget.of(tags).forEach(budget -> all.add(new Owned(function, budget)));
        FunctionId account = ofAccount(function.account());
        whole.forEach(budget -> all.add(new Owned(account, budget)));
        return all;
    }

    private static RuntimeException refusal(Owned passed, Instant now) {
        Instant end = passed.budget.period().end(now);
        return Throttles.of(
                Throttles.RATE,
                "The budget "
                        + passed.budget.text()
                        + " of "
                        + passed.name()
                        + " is used up until "
                        + end
                        + ".",
                Math.max(1, Duration.between(now, end).toSeconds()));
    }

    /// Charges what an invocation cost beyond that.
    ///
    /// @param used what it used; its budgets' rests are put there
    public void settle(Admitted admitted, Usage used) {
        Instant now = clock.instant();
        for (Owned one : admitted.budgets) {
            Metric metric = one.budget.metric();
            long rest = amount(metric, used) - amount(metric, admitted.least);
            spending(one, now).add(Math.max(0, rest));
            used.left((one.account() ? "account:" : "") + one.budget.text(), left(one, now));
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

    private Spending spending(Owned one, Instant now) {
        return ledger.computeIfAbsent(key(one, now), this::load);
    }

    private static SpendingKey key(Owned one, Instant now) {
        Budget.Period period = one.budget.period();
        String metric = one.budget.metric().text();
        return new SpendingKey(one.owner, metric, period.start(now), period.end(now));
    }

    private Spending load(SpendingKey key) {
        Long spent = store.read(tx -> tx.peek(LambdaTables.SPENDING, key));
        return new Spending(spent == null ? 0 : spent, key.end());
    }

    private double left(Owned one, Instant now) {
        SpendingKey key = key(one, now);
        Spending known = ledger.get(key);
        long spent = known == null ? load(key).spent() : known.spent();
        return Math.max(0, one.budget.limit() - spent / UNIT);
    }

    /// How a budget stands.
    ///
    /// @param owner `account`, or the function's name
    /// @param left in the metric's unit, at least 0
    /// @param resets when its period ends
    public record State(String owner, Budget budget, double left, Instant resets) {}

    /// How an account's budgets stand.
    List<State> ofWhole(String account) {
        FunctionId owner = ofAccount(account);
        return accounts.of(account).stream().map(b -> state(new Owned(owner, b))).toList();
    }

    /// How a function's budgets stand.
    List<State> of(FunctionId function, Map<String, String> tags) {
        return Budget.of(tags).stream().map(b -> state(new Owned(function, b))).toList();
    }

    private State state(Owned one) {
        Instant now = clock.instant();
        String owner = one.account() ? "account" : one.owner.name();
        return new State(owner, one.budget, left(one, now), one.budget.period().end(now));
    }

    /// Writes what was spent since the last time, and forgets periods that are over. Called every
    /// second, and in the end.
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
