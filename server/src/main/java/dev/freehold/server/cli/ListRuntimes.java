package dev.freehold.server.cli;

import dev.freehold.sandbox.Interpreter;
import dev.freehold.sandbox.Runtimes;
import dev.freehold.server.Config;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// Lists interpreters.
@Command(name = "runtimes", description = "Lists the interpreters that functions can have.")
public final class ListRuntimes implements Callable<Integer> {
    @Spec CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        for (Interpreter runtime : Runtimes.find(Config.defaultRuntimes()).all()) {
            out.printf(
                    "%-8s %-10s %s%n",
                    runtime.language().name().toLowerCase(Locale.ROOT),
                    runtime.version(),
                    runtime.executable());
        }
        out.flush();
        return 0;
    }
}
