package dev.freehold.sandbox.scaling;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class ScalingTest {
    @Test
    void aFunctionGetsAThousandEnvironmentsAtOnceAndThenAHundredASecond() {
        TokenBucket bucket = new TokenBucket(1000, 100, 0);
        assertThat(taken(bucket, 2000, 0)).isEqualTo(1000);
        assertThat(taken(bucket, 2000, 1_000_000_000L)).isEqualTo(100);
        assertThat(taken(bucket, 2000, 3600_000_000_000L)).isEqualTo(1000);
    }

    private static int taken(TokenBucket bucket, int attempts, long now) {
        int taken = 0;
        for (int i = 0; i < attempts; i++) {
            taken += bucket.take(now) ? 1 : 0;
        }
        return taken;
    }

    @Test
    void environmentsAreKeptForTheLongestUsualPause() {
        KeepAlive keepAlive = new KeepAlive();
        assertThat(keepAlive.keep()).isEqualTo(Duration.ofMinutes(15));
        for (int i = 0; i < 99; i++) {
            keepAlive.observe(Duration.ofMinutes(5));
        }
        keepAlive.observe(Duration.ofMinutes(200));
        assertThat(keepAlive.keep()).isEqualTo(Duration.ofMinutes(6));
        for (int i = 0; i < 200; i++) {
            keepAlive.observe(Duration.ofHours(10));
        }
        assertThat(keepAlive.keep()).isEqualTo(Duration.ofMinutes(15));
    }

    @Test
    void aPoolIsAsLargeAsTheLastHoursBursts() {
        CreationRate rate = new CreationRate(0);
        assertThat(rate.burst(0)).isZero();
        for (int i = 0; i < 7; i++) {
            rate.count(10);
        }
        rate.count(20);
        assertThat(rate.burst(30)).isEqualTo(7);
        assertThat(rate.burst(3615)).isEqualTo(1);
        assertThat(rate.burst(100_000)).isZero();
    }

    @Test
    void whatWasUsedOftenLongAgoGoesBeforeWhatIsUsedNow() {
        GreedyDual rule = new GreedyDual();
        double hotOnce = rule.priority(20, 10, 10);
        double cold = rule.priority(1, 10, 10);
        assertThat(cold).isLessThan(hotOnce);
        for (int i = 0; i < 30; i++) { // others come and go
            rule.gaveUp(rule.priority(1, 10, 10));
        }
        assertThat(rule.priority(1, 10, 10)).isGreaterThan(hotOnce);
    }

    @Test
    void whatIsCheapToHaveAgainOrLargeGoesFirst() {
        GreedyDual rule = new GreedyDual();
        assertThat(rule.priority(1, 5, 10)).isLessThan(rule.priority(1, 500, 10));
        assertThat(rule.priority(1, 5, 100)).isLessThan(rule.priority(1, 5, 10));
    }
}
