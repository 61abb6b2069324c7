package dev.freehold.services.lambda.budgets;

import dev.freehold.services.lambda.state.LambdaTables;
import dev.freehold.storage.Store;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// The budgets of whole accounts: of all their functions together, in all regions. Durable, and in
/// memory for who asks with every invocation.
public final class AccountBudgets {
    /// The most accounts that are remembered; the others are read again.
    private static final int MAX_KNOWN = 10_000;

    private final Store store;
    private final Map<String, List<Budget>> known = new ConcurrentHashMap<>();

    public AccountBudgets(Store store) {
        this.store = store;
    }

    List<Budget> of(String account) {
        if (known.size() > MAX_KNOWN) {
            known.clear();
        }
        return known.computeIfAbsent(account, this::read);
    }

    private List<Budget> read(String account) {
        String text = store.read(tx -> tx.peek(LambdaTables.ACCOUNT_BUDGETS, account));
        return text == null ? List.of() : parse(text);
    }

    private static List<Budget> parse(String text) {
        return Budget.parseAll(text, "An account's budget");
    }

    /// Sets an account's budgets instead of those that it had.
    ///
    /// @param text the budgets; blank for none
    /// @throws dev.freehold.protocol.ServiceError when it can't be understood
    void set(String account, String text) {
        if (!text.isBlank()) {
            parse(text);
        }
        store.updateOnly(tx -> {
            if (text.isBlank()) {
                tx.delete(LambdaTables.ACCOUNT_BUDGETS, account);
            } else {
                tx.put(LambdaTables.ACCOUNT_BUDGETS, account, text);
            }
        });
        known.remove(account);
    }
}
