package dev.freehold.server.cli;

import dev.freehold.sandbox.Interpreter;
import dev.freehold.sandbox.Runtimes;
import dev.freehold.server.Config;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Lists interpreters, and fetches what the host lacks.
@Command(
        name = "runtimes",
        description = "Lists the interpreters that functions can have, or fetches others.")
public final class RuntimesCommand implements Callable<Integer> {
    @Option(names = "--json", description = "List them as JSON.")
    boolean json;

    @Spec CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        List<Interpreter> all = Runtimes.find(Config.defaultRuntimes()).all();
        for (int i = 0; i < all.size(); i++) {
            Interpreter one = all.get(i);
            String language = one.language().name().toLowerCase(Locale.ROOT);
            if (json) {
                out.printf(
                        "%s{\"language\":\"%s\",\"version\":\"%s\",\"executable\":\"%s\"}%s%n",
                        i == 0 ? "[" : " ",
                        language,
                        one.version(),
                        one.executable(),
                        i == all.size() - 1 ? "]" : ",");
            } else {
                out.printf("%-8s %-10s %s%n", language, one.version(), one.executable());
            }
        }
        out.flush();
        return 0;
    }

    /// Fetches one.
    @Command(
            name = "install",
            description = "Fetches the version of Node.js that a runtime identifier asks for.")
    int install(
            @Parameters(paramLabel = "RUNTIME", description = "such as nodejs22.x")
                    String identifier) {
        Runtimes runtimes = Runtimes.find(Config.defaultRuntimes());
        PrintWriter out = spec.commandLine().getOut();
        if (!runtimes.installable(identifier)) {
            Runtimes.Choice choice = runtimes.choose(identifier);
            if (choice == null || choice.notice() != null) {
                String hint = choice == null ? "." : ": " + choice.notice() + ".";
                spec.commandLine().getErr().println("Freehold can't fetch " + identifier + hint);
                return 1;
            }
            out.println(identifier + " is here: " + choice.runtime().executable());
            out.flush();
            return 0;
        }
        try {
            out.println("Fetching " + identifier + " ...");
            out.flush();
            runtimes.install(identifier);
            out.println("Fetched.");
            out.flush();
            return 0;
        } catch (IOException e) {
            spec.commandLine().getErr().println(e.getMessage());
            return 1;
        }
    }
}
