package dev.freehold.server.cli;

import dev.freehold.sandbox.SandboxException;
import dev.freehold.server.Freehold;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// Runs the server until it is told to stop: SIGTERM and Ctrl-C drain and stop it.
@Command(name = "up", description = "Runs the server in the foreground.")
public final class Up implements Callable<Integer> {
    @Mixin ServerOptions options = new ServerOptions();

    @Spec CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        CountDownLatch stopped = new CountDownLatch(1);
        try {
            Freehold server = new Freehold(options.config());
            closeAtExit(server, stopped);
            out.println("Freehold listens on http://" + options.bind + ":" + server.port());
            out.println("Ready.");
            out.flush();
            stopped.await();
            return 0;
        } catch (IOException | SandboxException e) {
            spec.commandLine().getErr().println(e.getMessage());
            return 1;
        }
    }

    /// Closes the server when the process is told to end.
    static void closeAtExit(Freehold server, CountDownLatch stopped) {
        Runnable close =
                () -> {
                    server.close();
                    stopped.countDown();
                };
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().name("stop").unstarted(close));
    }
}
