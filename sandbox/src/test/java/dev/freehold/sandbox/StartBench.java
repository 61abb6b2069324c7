package dev.freehold.sandbox;

import dev.freehold.sandbox.InvocationResult.ColdStart;
import dev.freehold.sandbox.egress.Egress;
import dev.freehold.sandbox.isolation.Machine;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// Measures cold starts from the pool, warm invocations, and what an idle environment holds. Not a
/// test: `java ... dev.freehold.sandbox.StartBench [COUNT]`.
final class StartBench {
    private StartBench() {}

    public static void main(String[] arguments) throws Exception {
        int count = arguments.length == 0 ? 200 : Integer.parseInt(arguments[0]);
        try (Host host = new Host(2)) {
            FunctionSpec node = host.node("exports.handler = async (event) => event;");
            FunctionSpec python = host.python("def handler(event, context): return event");
            for (FunctionSpec spec : List.of(node, python)) {
                String name = spec.runtime().language() + " " + spec.runtime().version();
                host.engine.warm(spec.runtime());
                cold(host, spec, 40); // the virtual machine warms up
                System.out.println(name + " cold " + cold(host, spec, count));
                host.invoke(spec, "{}");
                warm(host, spec, 5_000);
                System.out.println(name + " warm " + warm(host, spec, 10_000));
                System.out.println(name + " thaw " + thawed(host, spec, 100));
                System.out.println(name + " without a pool " + alone(spec, host, 20));
            }
            System.out.println("node, idle generic: " + idle(host, node, 20));
        }
    }

    private static String cold(Host host, FunctionSpec spec, int count) throws Exception {
        long[] times = new long[count];
        long[][] phases = new long[5][count];
        for (int i = 0; i < count; i++) {
            host.engine.retire(spec.key());
            Thread.sleep(120); // the pool fills
            long begun = System.nanoTime();
            InvocationResult result = host.invoke(spec, "{}");
            times[i] = System.nanoTime() - begun;
            ColdStart start = result.timings().coldStart();
            if (start == null) {
                throw new IllegalStateException("it was warm");
            }
            phases[3][i] = result.timings().duration().toNanos();
            phases[4][i] = start.queue().toNanos();
            phases[0][i] = start.sandbox().toNanos();
            phases[1][i] = start.code().toNanos();
            phases[2][i] = start.init().toNanos();
        }
        return times(times)
                + "; sandbox "
                + times(phases[0])
                + "; code "
                + times(phases[1])
                + "; init "
                + times(phases[2])
                + "; handler "
                + times(phases[3])
                + "; queue "
                + times(phases[4]);
    }

    private static String warm(Host host, FunctionSpec spec, int count) throws Exception {
        long[] times = new long[count];
        for (int i = 0; i < count; i++) {
            long begun = System.nanoTime();
            host.invoke(spec, "{}");
            times[i] = System.nanoTime() - begun;
        }
        return times(times);
    }

    private static String thawed(Host host, FunctionSpec spec, int count) throws Exception {
        long[] times = new long[count];
        for (int i = 0; i < count; i++) {
            Thread.sleep(60); // it is frozen
            long begun = System.nanoTime();
            host.invoke(spec, "{}");
            times[i] = System.nanoTime() - begun;
        }
        return times(times);
    }

    private static String alone(FunctionSpec spec, Host host, int count) throws Exception {
        long[] times = new long[count];
        try (Host other = new Host(0)) {
            FunctionSpec own =
                    spec.runtime().language() == Interpreter.Language.NODEJS
                            ? other.node("exports.handler = async (event) => event;")
                            : other.python("def handler(event, context): return event");
            for (int i = 0; i < count; i++) {
                long begun = System.nanoTime();
                other.invoke(own, "{}");
                times[i] = System.nanoTime() - begun;
                other.engine.retire(own.key());
            }
        }
        return times(times);
    }

    private static String idle(Host host, FunctionSpec spec, int count) throws IOException {
        List<Environment> all = new ArrayList<>();
        Sandbox sandbox = new Sandbox(host.layout, true, Host.PORT);
        long memory = 0;
        for (int i = 0; i < count; i++) {
            Machine machine = Machine.STANDARD.with(Egress.NONE);
            Sandbox.Shape shape = new Sandbox.Shape(spec.runtime().home(), 512, machine, null);
            Environment environment =
                    new Environment(
                            "idle" + i, spec.runtime(), sandbox, java.time.Instant::now, shape);
            environment.start(false);
            all.add(environment);
        }
        for (Environment environment : all) {
            memory += environment.look();
        }
        all.forEach(Environment::close);
        return String.format(
                Locale.ROOT,
                "%.1f MiB each, %d per GiB",
                memory / 1048576.0 / count,
                (1L << 30) * count / memory);
    }

    private static String times(long[] nanos) {
        Arrays.sort(nanos);
        return String.format(
                Locale.ROOT,
                "p50 %.2f p99 %.2f ms",
                nanos[nanos.length / 2] / 1e6,
                nanos[(int) (nanos.length * 0.99)] / 1e6);
    }
}
