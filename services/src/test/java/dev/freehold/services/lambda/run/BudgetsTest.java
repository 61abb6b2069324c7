package dev.freehold.services.lambda.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.freehold.api.lambda.InvalidParameterValueException;
import dev.freehold.api.lambda.TooManyRequestsException;
import dev.freehold.protocol.Usage;
import dev.freehold.services.FakeClock;
import dev.freehold.services.lambda.rules.Budget;
import dev.freehold.services.lambda.state.FunctionId;
import dev.freehold.storage.memory.MemoryStore;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class BudgetsTest {
    private static final FunctionId HELLO = new FunctionId("000000000000", "us-east-1", "hello");

    private final MemoryStore store = new MemoryStore();
    private final FakeClock clock = new FakeClock();
    private Budgets budgets = new Budgets(store, clock, BudgetsTest::price);

    private static double price(Usage usage) {
        return usage.quantities().getOrDefault("lambda.requests", 0.0);
    }

    private static List<Budget> of(String text) {
        return Budget.of(Map.of(Budget.TAG, text));
    }

    @Test
    void theCallThatWouldPassTheBudgetIsRefusedAndToldWhich() {
        List<Budget> two = of("requests=2/day");
        budgets.admit(HELLO, two, 128);
        budgets.admit(HELLO, two, 128);
        assertThatThrownBy(() -> budgets.admit(HELLO, two, 128))
                .isInstanceOf(TooManyRequestsException.class)
                .hasMessage(
                        "The budget requests=2/day of function hello is used up until"
                                + " 2026-11-25T00:00:00Z.");
    }

    @Test
    void anotherPeriodIsAnotherBudget() {
        List<Budget> one = of("requests=1/hour");
        budgets.admit(HELLO, one, 128);
        clock.advance(Duration.ofHours(1));
        budgets.admit(HELLO, one, 128);
    }

    @Test
    void whatAnInvocationCostBeyondTheLeastIsChargedAtItsEnd() {
        List<Budget> seconds = of("gb-seconds=1/month");
        Budgets.Admitted admitted = budgets.admit(HELLO, seconds, 1024);
        Usage used = new Usage();
        used.add("lambda.requests", 1);
        used.add("lambda.gb-seconds", 1);
        budgets.settle(admitted, used);
        assertThatThrownBy(() -> budgets.admit(HELLO, seconds, 1024))
                .isInstanceOf(TooManyRequestsException.class);
    }

    @Test
    void aRefusedCallIsChargedToNoneOfTheBudgets() {
        List<Budget> both = of("requests=2/day usd=1/day");
        budgets.admit(HELLO, both, 128);
        assertThatThrownBy(() -> budgets.admit(HELLO, both, 128)).hasMessageContaining("usd=1/day");
        budgets.admit(HELLO, of("requests=2/day"), 128);
    }

    @Test
    void whatWasSpentIsKnownAfterARestart() {
        List<Budget> one = of("requests=1/month");
        budgets.admit(HELLO, one, 128);
        budgets.flush();
        budgets = new Budgets(store, clock, BudgetsTest::price);
        assertThatThrownBy(() -> budgets.admit(HELLO, one, 128))
                .isInstanceOf(TooManyRequestsException.class);
    }

    @Test
    void aTagThatIsNoBudgetIsRefused() {
        for (String text : List.of("", "5", "usd=5", "eur=5/month", "usd=-5/month", "usd=5/year")) {
            assertThatThrownBy(() -> of(text))
                    .as(text)
                    .isInstanceOf(InvalidParameterValueException.class);
        }
        assertThat(of("usd=0.5/month requests=10/hour")).hasSize(2);
    }
}
