package dev.freehold.services.lambda.budgets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.freehold.api.lambda.InvalidParameterValueException;
import dev.freehold.api.lambda.TooManyRequestsException;
import dev.freehold.protocol.Usage;
import dev.freehold.services.FakeClock;
import dev.freehold.services.lambda.state.FunctionId;
import dev.freehold.storage.memory.MemoryStore;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

final class BudgetsTest {
    private static final FunctionId HELLO = new FunctionId("000000000000", "us-east-1", "hello");

    private final MemoryStore store = new MemoryStore();
    private final FakeClock clock = new FakeClock();
    private final AccountBudgets accounts = new AccountBudgets(store);
    private Budgets budgets = new Budgets(store, clock, BudgetsTest::price, accounts);

    private static double price(Usage usage) {
        return usage.quantities().getOrDefault("lambda.requests", 0.0);
    }

    private static Map<String, String> of(String text) {
        return Map.of(Budget.TAG, text);
    }

    private Budgets.Admitted admit(String text) {
        return Objects.requireNonNull(budgets.admit(HELLO, of(text), 128));
    }

    @Test
    void theCallThatWouldPassTheBudgetIsRefusedAndToldWhich() {
        Map<String, String> two = of("requests=2/day");
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
        Map<String, String> one = of("requests=1/hour");
        budgets.admit(HELLO, one, 128);
        clock.advance(Duration.ofHours(1));
        budgets.admit(HELLO, one, 128);
    }

    @Test
    void whatAnInvocationCostBeyondTheLeastIsChargedAtItsEnd() {
        Map<String, String> seconds = of("gb-seconds=1/month");
        Budgets.Admitted admitted = Objects.requireNonNull(budgets.admit(HELLO, seconds, 1024));
        Usage used = new Usage();
        used.add("lambda.requests", 1);
        used.add("lambda.gb-seconds", 1);
        budgets.settle(admitted, used);
        assertThatThrownBy(() -> budgets.admit(HELLO, seconds, 1024))
                .isInstanceOf(TooManyRequestsException.class);
    }

    @Test
    void aRefusedCallIsChargedToNoneOfTheBudgets() {
        Map<String, String> both = of("requests=2/day usd=1/day");
        budgets.admit(HELLO, both, 128);
        assertThatThrownBy(() -> budgets.admit(HELLO, both, 128)).hasMessageContaining("usd=1/day");
        budgets.admit(HELLO, of("requests=2/day"), 128);
    }

    @Test
    void whatWasSpentIsKnownAfterARestart() {
        Map<String, String> one = of("requests=1/month");
        budgets.admit(HELLO, one, 128);
        budgets.flush();
        budgets = new Budgets(store, clock, BudgetsTest::price, new AccountBudgets(store));
        assertThatThrownBy(() -> budgets.admit(HELLO, one, 128))
                .isInstanceOf(TooManyRequestsException.class);
    }

    @Test
    void anAccountsBudgetIsOfAllItsFunctionsTogether() {
        accounts.set(HELLO.account(), "requests=2/day");
        budgets.admit(HELLO, Map.of(), 128);
        FunctionId other = new FunctionId(HELLO.account(), "eu-west-1", "other");
        budgets.admit(other, Map.of(), 128);
        assertThatThrownBy(() -> budgets.admit(other, Map.of(), 128))
                .hasMessageStartingWith("The budget requests=2/day of account 000000000000 is");
        FunctionId foreign = new FunctionId("000000000002", "us-east-1", "hello");
        assertThat(budgets.admit(foreign, Map.of(), 128)).isNull();

        accounts.set(HELLO.account(), "");
        assertThat(budgets.admit(other, Map.of(), 128)).isNull();
    }

    @Test
    void anAccountsBudgetIsKnownAfterARestart() {
        accounts.set(HELLO.account(), "requests=0/day");
        budgets = new Budgets(store, clock, BudgetsTest::price, new AccountBudgets(store));
        assertThatThrownBy(() -> budgets.admit(HELLO, Map.of(), 128))
                .isInstanceOf(TooManyRequestsException.class);
        assertThat(budgets.ofWhole(HELLO.account()))
                .extracting(Budgets.State::left)
                .containsOnly(0.0);
    }

    @Test
    void whatIsLeftIsToldWithTheAnswer() {
        Budgets.Admitted admitted = admit("requests=3/day gb-seconds=0.5/hour");
        Usage used = new Usage();
        used.add("lambda.requests", 1);
        used.add("lambda.gb-seconds", 0.25);
        budgets.settle(admitted, used);
        assertThat(used.leftText())
                .isEqualTo("requests=3/day;left=2, gb-seconds=0.5/hour;left=0.25");
    }

    @Test
    void aTagThatIsNoBudgetIsRefused() {
        for (String text : List.of("", "5", "usd=5", "eur=5/month", "usd=-5/month", "usd=5/year")) {
            assertThatThrownBy(() -> Budget.of(of(text)))
                    .as(text)
                    .isInstanceOf(InvalidParameterValueException.class);
        }
        assertThat(Budget.of(of("usd=0.5/month requests=10/hour"))).hasSize(2);
    }
}
