package dev.freehold.protocol;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.StringJoiner;

/// The usage facts of one call: what was used, how much. The price book turns them into money. Emit
/// them outside a transaction's body, which may run again. Safe for use by several threads.
public final class Usage {
    private final Map<String, Double> quantities = new LinkedHashMap<>();
    private final Map<String, Double> left = new LinkedHashMap<>();

    /// Adds `quantity` to a meter of the price book, such as `dynamodb.write-request-units`.
    public synchronized void add(String meter, double quantity) {
        quantities.merge(meter, quantity, Double::sum);
    }

    /// Adds what another has, and takes its budgets' rests.
    public void addAll(Usage other) {
        other.quantities().forEach(this::add);
        other.left().forEach(this::left);
    }

    /// Notes what is left of a budget that the call counts against.
    ///
    /// @param budget its name, without characters that separate elements of a header
    public synchronized void left(String budget, double amount) {
        left.put(budget, amount);
    }

    /// A copy of what is left of such budgets.
    public synchronized Map<String, Double> left() {
        return new LinkedHashMap<>(left);
    }

    /// What is left of them, as a header: `usd=5/day;left=4.2, requests=9/hour;left=3`. Empty when
    /// there are none.
    public synchronized String leftText() {
        StringJoiner all = new StringJoiner(", ");
        left.forEach((budget, amount) -> {
            BigDecimal shown = new BigDecimal(amount, new MathContext(9)).stripTrailingZeros();
            all.add(budget + ";left=" + shown.toPlainString());
        });
        return all.toString();
    }

    /// A copy of what was used so far.
    public synchronized Map<String, Double> quantities() {
        return new LinkedHashMap<>(quantities);
    }
}
