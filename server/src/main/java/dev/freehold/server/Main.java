package dev.freehold.server;

import dev.freehold.sandbox.Interpreter;
import dev.freehold.sandbox.Runtimes;
import dev.freehold.sandbox.SandboxException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// The command line.
@Command(
        name = "freehold",
        description = "The serverless cloud that you own.",
        mixinStandardHelpOptions = true,
        version = "freehold 0.1.0",
        subcommands = {Main.Up.class, Main.ListRuntimes.class, Main.Version.class})
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Main()).execute(arguments));
    }

    /// Runs the server until it is told to stop.
    @Command(name = "up", description = "Runs the server in the foreground.")
    static final class Up implements Callable<Integer> {
        @Option(
                names = "--port",
                description = "Where it listens (default: 4566; 0: any free one).")
        int port = 4566;

        @Option(names = "--bind", description = "The address (default: 127.0.0.1).")
        String bind = "127.0.0.1";

        @Option(names = "--data", description = "The folder of its data (default: .freehold).")
        Path data = Path.of(".freehold");

        @Option(names = "--mode", description = "dev or production (default: dev).")
        String mode = "dev";

        @Option(names = "--host-name", description = "Another name by which it may be called.")
        Set<String> hostNames = Set.of();

        @Option(names = "--isolation", description = "sandbox or none (default: sandbox).")
        String isolation = "sandbox";

        @Option(
                names = "--pool",
                description = "Environments of each runtime that wait (default: 2).")
        int pool = 2;

        @Override
        public Integer call() throws InterruptedException {
            if (!Set.of("dev", "production").contains(mode)
                    || !Set.of("sandbox", "none").contains(isolation)) {
                System.err.println("--mode is dev or production; --isolation is sandbox or none.");
                return 2;
            }
            boolean local =
                    bind.equals("127.0.0.1") || bind.equals("localhost") || bind.equals("::1");
            if (mode.equals("dev") && !local) {
                System.err.println(
                        "Warning: in dev mode whoever reaches "
                                + bind
                                + " is root. Use --mode production.");
            }
            Config config =
                    new Config(
                            port,
                            bind,
                            data,
                            Config.defaultRuntimes(),
                            mode.equals("dev"),
                            hostNames,
                            isolation.equals("sandbox"),
                            pool);
            CountDownLatch stop = new CountDownLatch(1);
            try {
                Freehold server = new Freehold(config);
                Runtime.getRuntime()
                        .addShutdownHook(
                                Thread.ofPlatform()
                                        .unstarted(() -> {
                                            server.close();
                                            stop.countDown();
                                        }));
                System.out.println("Freehold listens on http://" + bind + ":" + server.port());
                System.out.println("Ready.");
                stop.await();
                return 0;
            } catch (IOException | SandboxException e) {
                System.err.println(e.getMessage());
                return 1;
            }
        }
    }

    /// Lists interpreters.
    @Command(name = "runtimes", description = "Lists the interpreters that functions can have.")
    static final class ListRuntimes implements Callable<Integer> {
        @Override
        public Integer call() {
            for (Interpreter runtime : Runtimes.find(Config.defaultRuntimes()).all()) {
                System.out.printf(
                        "%-8s %-10s %s%n",
                        runtime.language().name().toLowerCase(java.util.Locale.ROOT),
                        runtime.version(),
                        runtime.executable());
            }
            return 0;
        }
    }

    /// Says which version this is.
    @Command(name = "version", description = "Says which version this is.")
    static final class Version implements Callable<Integer> {
        @Override
        public Integer call() {
            System.out.println("freehold 0.1.0");
            return 0;
        }
    }
}
