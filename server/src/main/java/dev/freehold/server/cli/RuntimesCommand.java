package dev.freehold.server.cli;

import dev.freehold.sandbox.Interpreter;
import dev.freehold.sandbox.Runtimes;
import dev.freehold.server.Config;
import dev.freehold.services.lambda.rules.RuntimeNames;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
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
        Runtimes runtimes = Runtimes.find(Config.defaultRuntimes());
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            printJson(out, runtimes);
        } else {
            print(out, runtimes);
        }
        out.flush();
        return 0;
    }

    private static String language(Interpreter interpreter) {
        return interpreter.language().name().toLowerCase(Locale.ROOT);
    }

    private static List<String> identifiers() {
        return RuntimeNames.CREATABLE.stream().sorted().toList();
    }

    private static void print(PrintWriter out, Runtimes runtimes) {
        out.println("Interpreters of this host");
        for (Interpreter one : runtimes.all()) {
            out.printf("  %-16s %-10s %s%n", language(one), one.version(), one.executable());
        }
        out.println("What runs functions");
        for (String identifier : identifiers()) {
            out.printf("  %-16s %s%n", identifier, meaning(runtimes, identifier));
        }
    }

    /// What runs functions of a runtime, for people.
    private static String meaning(Runtimes runtimes, String identifier) {
        Runtimes.Choice choice = runtimes.choose(identifier);
        if (choice == null) {
            return "none: " + remedy(identifier);
        }
        String what = language(choice.runtime()) + " " + choice.runtime().version();
        if (choice.notice() == null) {
            return identifier.startsWith("provided") ? "its own bootstrap, on this system" : what;
        }
        boolean fetched = runtimes.installable(identifier);
        return what + ", the nearest" + (fetched ? "; fetched with its first function" : "");
    }

    private static String remedy(String identifier) {
        return identifier.startsWith("dotnet")
                ? "install the .NET runtime; its dotnet is looked for in /usr, /opt/dotnet and"
                        + " ~/.dotnet"
                : "install one of its language";
    }

    /// Names and versions of interpreters have nothing to escape; paths may.
    private static void printJson(PrintWriter out, Runtimes runtimes) {
        String interpreters =
                runtimes.all().stream()
                        .map(one ->
                                "{\"language\":\"%s\",\"version\":\"%s\",\"executable\":\"%s\"}"
                                        .formatted(
                                                language(one),
                                                one.version(),
                                                escaped(one.executable().toString())))
                        .collect(Collectors.joining(",\n  ", "[\n  ", "]"));
        String meanings =
                identifiers().stream()
                        .map(identifier -> json(identifier, runtimes.choose(identifier)))
                        .collect(Collectors.joining(",\n  ", "[\n  ", "]"));
        out.println("{\"interpreters\":" + interpreters + ",\n\"runtimes\":" + meanings + "}");
    }

    private static String json(String identifier, Runtimes.@Nullable Choice choice) {
        String head = "{\"runtime\":\"" + identifier + "\",\"version\":";
        return choice == null
                ? head + "null}"
                : head
                        + "\"%s\",\"exact\":%b}"
                                .formatted(choice.runtime().version(), choice.notice() == null);
    }

    private static String escaped(String text) {
        return text.replace("\\", "\\\\").replace("\"", "\\\"");
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
