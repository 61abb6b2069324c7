package dev.freehold.sandbox;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// How a runtime is started for a function that none which waits will do for: by the function's own
/// wrapper, or with variables that interpreters and the loader read only as they start.
///
/// See <https://docs.aws.amazon.com/lambda/latest/dg/runtimes-modify.html>.
final class Launch {
    private static final String WRAPPER = "AWS_LAMBDA_EXEC_WRAPPER";

    private static final Set<String> READ_AT_START =
            Set.of(
                    "LD_LIBRARY_PATH",
                    "LD_PRELOAD",
                    "NODE_EXTRA_CA_CERTS",
                    "NODE_OPTIONS",
                    "RUBYLIB",
                    "RUBYOPT");

    /// What Python's bootstrap is started with anyway.
    private static final Set<String> PYTHONS_OWN =
            Set.of("PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED");

    /// As AWS's runtimes do it: they say what is wrong with a wrapper in these words.
    private static final String WRAPPED =
            """
            if [ ! -f "$1" ]; then echo "$1: does not exist"; exit 127; fi
            if [ ! -x "$1" ]; then echo "$1: is not an executable"; exit 126; fi
            exec "$@"
            """;

    private Launch() {}

    /// Whether a function needs its runtime started for it. Those that it brings itself always are,
    /// and never by a wrapper.
    static boolean own(FunctionSpec spec) {
        return !spec.runtime().speaks()
                && spec.environment().keySet().stream().anyMatch(Launch::readAtStart);
    }

    /// What starts a bootstrap that a request waits for: what it does once to be fast later is left
    /// to that request, which takes the same.
    static Command awaited(Command bootstrap) {
        Map<String, String> variables = new LinkedHashMap<>(bootstrap.environment());
        variables.put("FREEHOLD_AWAITED", "1");
        return new Command(bootstrap.arguments(), variables);
    }

    private static boolean readAtStart(String name) {
        return name.equals(WRAPPER)
                || READ_AT_START.contains(name)
                || (name.startsWith("PYTHON") && !PYTHONS_OWN.contains(name));
    }

    /// What starts the runtime.
    ///
    /// @param bootstrap what starts it otherwise
    /// @param variables all that the function has
    static Command command(
            Sandbox sandbox, Command bootstrap, FunctionSpec spec, Map<String, String> variables) {
        Map<String, String> all = new LinkedHashMap<>(bootstrap.environment());
        all.putAll(variables);
        @Nullable String modules = variables.get("PYTHONPATH");
        if (modules != null) {
            all.put("PYTHONPATH", modules + ":" + bootstrap.environment().get("PYTHONPATH"));
        }
        String wrapper = spec.environment().getOrDefault(WRAPPER, "");
        if (wrapper.isEmpty()) {
            return new Command(bootstrap.arguments(), all);
        }
        List<String> arguments = new ArrayList<>(List.of("/bin/sh", "-c", WRAPPED, "bootstrap"));
        arguments.add(sandbox.seen(spec, wrapper));
        arguments.addAll(bootstrap.arguments());
        return new Command(arguments, all);
    }
}
