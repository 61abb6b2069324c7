package dev.freehold.server.cli;

import dev.freehold.server.Logging;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/// The command line.
@Command(
        name = "freehold",
        description = "The serverless cloud that you own.",
        mixinStandardHelpOptions = true,
        version = Main.VERSION,
        subcommands = {
            Up.class,
            Demo.class,
            Invoke.class,
            Logs.class,
            Dev.class,
            BudgetCommand.class,
            RuntimesCommand.class,
            TraceCommand.class,
            Train.class
        })
public final class Main {
    static final String VERSION = "freehold 0.1.0";

    private Main() {}

    public static void main(String[] arguments) {
        Logging.configure();
        System.exit(new CommandLine(new Main()).execute(arguments));
    }

    /// Says which version this is.
    @Command(name = "version", description = "Says which version this is.")
    void version() {
        System.out.println(VERSION);
    }
}
