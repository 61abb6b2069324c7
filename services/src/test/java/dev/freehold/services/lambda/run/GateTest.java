package dev.freehold.services.lambda.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.freehold.api.lambda.TooManyRequestsException;
import dev.freehold.services.FakeClock;
import dev.freehold.services.lambda.state.FunctionId;
import dev.freehold.services.lambda.state.FunctionRow;
import dev.freehold.services.lambda.state.LambdaTables;
import dev.freehold.services.lambda.state.VersionKey;
import dev.freehold.storage.memory.MemoryStore;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class GateTest {
    private static final FunctionId HELLO = new FunctionId("000000000000", "us-east-1", "hello");
    private static final FunctionId OTHER = new FunctionId("000000000000", "us-east-1", "other");

    private final MemoryStore store = new MemoryStore();
    private final FakeClock clock = new FakeClock();
    private final Gate gate = new Gate(store, clock);

    @Test
    void aFunctionHasNoMoreThanItHasReserved() {
        Gate.Place first = gate.enter(VersionKey.latest(HELLO), 1);
        assertThat(reason(HELLO, 1)).isEqualTo("ReservedFunctionConcurrentInvocationLimitExceeded");
        assertThat(gate.running(HELLO)).isEqualTo(1);
        first.close();
        gate.enter(VersionKey.latest(HELLO), 1).close();
        assertThat(gate.running(HELLO)).isZero();
    }

    @Test
    void aFunctionThatReservedNothingIsStopped() {
        assertThat(reason(HELLO, 0)).isEqualTo("ReservedFunctionConcurrentInvocationLimitExceeded");
    }

    @Test
    void theOthersShareWhatIsNotReserved() {
        store.updateOnly(tx ->
                tx.put(
                        LambdaTables.FUNCTIONS,
                        OTHER,
                        FunctionRow.of(Map.of(), null).withReserved(900)));
        for (int i = 0; i < 100; i++) {
            gate.enter(VersionKey.latest(HELLO), null);
        }
        assertThat(reason(HELLO, null)).isEqualTo("ConcurrentInvocationLimitExceeded");
        gate.enter(VersionKey.latest(OTHER), 900).close();
    }

    @Test
    void aReservationCountsFromTheTimeThatItChanges() {
        gate.enter(VersionKey.latest(HELLO), null).close();
        store.updateOnly(tx ->
                tx.put(
                        LambdaTables.FUNCTIONS,
                        OTHER,
                        FunctionRow.of(Map.of(), null).withReserved(1000)));
        gate.enter(VersionKey.latest(HELLO), null).close();
        gate.reservationsChanged(OTHER);
        assertThat(reason(HELLO, null)).isEqualTo("ConcurrentInvocationLimitExceeded");
    }

    @Test
    void whatIsKeptForAVersionIsForNoOther() {
        VersionKey version = new VersionKey(HELLO, 1);
        gate.provisioned(Map.of(version, 2), Set.of(HELLO));
        assertThat(reason(HELLO, 2)).isEqualTo("ReservedFunctionConcurrentInvocationLimitExceeded");
        Gate.Place first = gate.enter(version, 2);
        Gate.Place second = gate.enter(version, 2);
        assertThatThrownBy(() -> gate.enter(version, 2))
                .isInstanceOf(TooManyRequestsException.class);
        first.close();
        gate.enter(version, 2).close();
        gate.enter(version, 3).close();
        second.close();
    }

    @Test
    void tenRequestsASecondGoWithEachEnvironment() {
        for (int i = 0; i < 10; i++) {
            gate.enter(VersionKey.latest(HELLO), 1).close();
        }
        assertThat(reason(HELLO, 1)).isEqualTo("ReservedFunctionInvocationRateLimitExceeded");
        clock.advance(Duration.ofMillis(100));
        gate.enter(VersionKey.latest(HELLO), 1).close();
    }

    private @org.jspecify.annotations.Nullable String reason(
            FunctionId function, @org.jspecify.annotations.Nullable Integer reserved) {
        try (Gate.Place _ = gate.enter(VersionKey.latest(function), reserved)) {
            return "admitted";
        } catch (TooManyRequestsException e) {
            assertThat(e.getMessage()).isEqualTo("Rate Exceeded.");
            TooManyRequestsException.Members members = e.body();
            return members == null ? null : members.reason();
        }
    }

    @Test
    void aRefusalIsAThrottle() {
        assertThatThrownBy(() -> gate.enter(VersionKey.latest(HELLO), 0))
                .isInstanceOfSatisfying(
                        TooManyRequestsException.class,
                        e -> assertThat(e.shape().status()).isEqualTo(429));
    }
}
