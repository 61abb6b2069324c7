package dev.freehold.benchmarks;

import java.nio.file.Path;
import java.util.Arrays;

/// How long a start takes, and what a server holds that nobody calls.
final class StartBench {
    private static final int STARTS = 7;
    private static final long SETTLE_MILLIS = 5000;

    private StartBench() {}

    static void start() throws Exception {
        Print.title("Start to the first answered request, the launcher included");
        double[] own = new double[STARTS];
        double[] jvm = new double[STARTS];
        for (int i = 0; i < STARTS; i++) {
            try (Server server = Server.start()) {
                own[i] = server.startMillis();
            }
            jvm[i] = bare();
        }
        Arrays.sort(own);
        Arrays.sort(jvm);
        Print.figure("freehold up, median of " + STARTS, own[STARTS / 2], "ms", "target: <= 1000");
        Print.figure("slowest", own[STARTS - 1], "ms", "");
        Print.figure("java -version, median", jvm[STARTS / 2], "ms", "");
        Print.figure("ratio", own[STARTS / 2] / jvm[STARTS / 2], "x", "");
    }

    private static double bare() throws Exception {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        long begun = System.nanoTime();
        new ProcessBuilder(java, "-version").start().waitFor();
        return (System.nanoTime() - begun) / 1e6;
    }

    static void memory() throws Exception {
        Print.title("Memory of an idle server (proportional set size)");
        try (Server server = Server.start()) {
            Thread.sleep(SETTLE_MILLIS);
            Server.Memory memory = server.memory();
            Print.figure("the server", memory.server(), "MB", "");
            Print.figure("its pools", memory.sandboxes(), "MB", "");
            double all = memory.server() + memory.sandboxes();
            Print.figure("together", all, "MB", "target: <= 250");
        }
    }
}
