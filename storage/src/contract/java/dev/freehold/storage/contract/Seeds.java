package dev.freehold.storage.contract;

import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.LongStream;

/// The seeds of random tests: the same few in each build, others when asked.
///
/// * `-Dseed=N` runs that one;
/// * `-Dseeds=N` runs so many fresh ones.
public final class Seeds {
    private static final int EACH_BUILD = 6;

    private Seeds() {}

    /// A test of one seed.
    @FunctionalInterface
    public interface Test {
        void run(RandomGenerator random) throws Exception;
    }

    /// Runs a test with each seed. A failure names its seed and the command that runs it again.
    public static void run(String module, Class<?> testClass, Test test) {
        for (long seed : seeds()) {
            try {
                test.run(RandomGeneratorFactory.of("L64X128MixRandom").create(seed));
            } catch (Exception | AssertionError e) {
                throw new AssertionError(
                        "Seed "
                                + seed
                                + " failed; again: ./mvnw test -pl "
                                + module
                                + " -am -Dtest="
                                + testClass.getSimpleName()
                                + " -Dseed="
                                + seed,
                        e);
            }
        }
    }

    private static List<Long> seeds() {
        if (Long.getLong("seed") != null) {
            return List.of(Long.getLong("seed"));
        }
        int fresh = Integer.getInteger("seeds", 0);
        if (fresh > 0) {
            long first = System.nanoTime();
            return LongStream.range(first, first + fresh).boxed().toList();
        }
        return LongStream.rangeClosed(1, EACH_BUILD).boxed().toList();
    }
}
