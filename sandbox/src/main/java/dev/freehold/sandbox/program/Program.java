package dev.freehold.sandbox.program;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What starts a function's own program, as its sandbox sees it.
///
/// @param command the program and its arguments; empty when it can't be started
/// @param wrong why it can't, or null when it can
public record Program(List<String> command, @Nullable String wrong) {
    /// The entry of a class library: `Assembly::Namespace.Type::Method`.
    private static final String OF_LIBRARY = "::";

    public Program {
        command = List.copyOf(command);
    }

    private static Program of(String... command) {
        return new Program(List.of(command), null);
    }

    private static Program wrong(String why) {
        return new Program(List.of(), why);
    }

    /// The `bootstrap` of a package, or of its layers.
    ///
    /// @param task where the sandbox sees the package
    /// @param opt where it sees the layers
    public static Program bootstrap(Path code, @Nullable Path layers, String task, String opt) {
        if (Files.isRegularFile(code.resolve("bootstrap"))) {
            return of(task + "/bootstrap");
        }
        return layers != null && Files.isRegularFile(layers.resolve("bootstrap"))
                ? of(opt + "/bootstrap")
                : wrong("Couldn't find valid bootstrap(s): [/var/task/bootstrap /opt/bootstrap]");
    }

    /// An assembly that is a program: its package has AWS's `Amazon.Lambda.RuntimeSupport`, which
    /// calls the Runtime API.
    ///
    /// AWS: a handler without a type names such an assembly. See
    /// <https://docs.aws.amazon.com/lambda/latest/dg/csharp-handler.html#csharp-executable-assembly-handlers>.
    public static Program dotnet(Path host, String handler, Path code, String task) {
        if (handler.contains(OF_LIBRARY)) {
            return wrong(
                    handler
                            + " is the handler of a class library. Freehold runs .NET functions"
                            + " that are executable assemblies: refer to"
                            + " Amazon.Lambda.RuntimeSupport, call LambdaBootstrapBuilder in Main,"
                            + " and name the assembly as the handler");
        }
        String assembly = handler + ".dll";
        boolean plain = !handler.isEmpty() && !handler.contains("/");
        return plain && Files.isRegularFile(code.resolve(assembly))
                ? of(host.toString(), task + "/" + assembly)
                : wrong("Could not find the specified handler assembly /var/task/" + assembly);
    }
}
