package dev.freehold.services.lambda.run;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class LineageTest {
    private static final String HELLO = "arn:aws:lambda:us-east-1:000000000000:function:hello";
    private static final String OTHER = "arn:aws:lambda:us-east-1:000000000000:function:other";
    private static final String ROOT = "1-67891233-abcdef012345678912345678";
    private static final String PARENT = "0123456789abcdef";

    @Test
    void eachPassThroughAFunctionCounts() {
        String header = null;
        for (int i = 0; i < Lineage.MAX_HOPS; i++) {
            assertThat(Lineage.hops(header, HELLO)).isEqualTo(i);
            header = Lineage.next(header, HELLO, ROOT, PARENT, false);
        }
        assertThat(Lineage.hops(header, HELLO)).isEqualTo(Lineage.MAX_HOPS);
        assertThat(Lineage.hops(header, OTHER)).isZero();
    }

    @Test
    void functionsOnTheWayAreRemembered() {
        String header = Lineage.next(null, HELLO, ROOT, PARENT, false);
        header = Lineage.next(header, OTHER, ROOT, PARENT, false);
        assertThat(Lineage.hops(header, HELLO)).isEqualTo(1);
        assertThat(Lineage.hops(header, OTHER)).isEqualTo(1);
    }

    @Test
    void theRootStaysAndSamplingIsNotLost() {
        String first = Lineage.next(null, HELLO, ROOT, PARENT, true);
        assertThat(first).startsWith("Root=" + ROOT + ";Parent=" + PARENT + ";Sampled=1;Lineage=");
        String other = "1-00000000-000000000000000000000000";
        assertThat(Lineage.next(first, OTHER, other, PARENT, false))
                .startsWith("Root=" + ROOT + ";Parent=" + PARENT + ";Sampled=1;");
    }

    @Test
    void aHeaderThatMakesNoSenseBeginsAnew() {
        assertThat(Lineage.hops("Lineage=;;x=|:", HELLO)).isZero();
        assertThat(Lineage.next("Root=evil\n;Lineage=zzz", HELLO, ROOT, PARENT, false))
                .startsWith("Root=" + ROOT + ";");
    }
}
