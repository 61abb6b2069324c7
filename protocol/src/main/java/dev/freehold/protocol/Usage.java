package dev.freehold.protocol;

import java.util.LinkedHashMap;
import java.util.Map;

/// The usage facts of one call: what was used, how much. The price book turns them into money. Emit
/// them outside a transaction's body, which may run again. Safe for use by several threads.
public final class Usage {
    private final Map<String, Double> quantities = new LinkedHashMap<>();

    /// Adds `quantity` to a meter of the price book, such as `dynamodb.write-request-units`.
    public synchronized void add(String meter, double quantity) {
        quantities.merge(meter, quantity, Double::sum);
    }

    /// A copy of what was used so far.
    public synchronized Map<String, Double> quantities() {
        return new LinkedHashMap<>(quantities);
    }
}
