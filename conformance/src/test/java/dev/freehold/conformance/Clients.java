package dev.freehold.conformance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// The clients that everything is tried with, each in an account of its own.
final class Clients {
    private static final Path DEBIANS_CLI = Path.of("/usr/bin/aws");

    /// Their names.
    static final List<String> NAMES = names();

    private Clients() {}

    private static List<String> names() {
        if (Files.exists(DEBIANS_CLI)) {
            return List.of("cli-v1", "cli-v2", "boto3", "java-v2", "js-v3");
        }
        System.out.println(
                "Not tried: version 2 of the aws CLI, because "
                        + DEBIANS_CLI
                        + " is missing; on Debian: apt-get install awscli");
        return List.of("cli-v1", "boto3", "java-v2", "js-v3");
    }

    private static Path folder() {
        String cache = System.getenv("XDG_CACHE_HOME");
        Path root =
                cache == null ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(cache);
        return root.resolve("freehold").resolve("clients");
    }

    /// Installs what is not installed yet.
    static void install() throws Exception {
        run("install", 8);
    }

    /// A layer with an extension by AWS's crate for them, which is compiled once.
    static Path extension() throws Exception {
        run("rust/build", 20);
        return folder().resolve("rust/layer.zip");
    }

    private static void run(String name, long minutes) throws Exception {
        Path script = Server.root().resolve("conformance/clients").resolve(name);
        Process process =
                new ProcessBuilder(script.toString(), folder().toString()).inheritIO().start();
        if (!process.waitFor(minutes, TimeUnit.MINUTES) || process.exitValue() != 0) {
            process.destroyForcibly();
            throw new IllegalStateException("The clients could not be installed");
        }
    }

    /// Version 1 of the aws CLI.
    static CliClient cli(String endpoint, String account) {
        return new CliClient(endpoint, account, folder().resolve("python/bin/aws"));
    }

    /// The folder with the SDK for durable functions of a language: `javascript` or `python`.
    static Path durable(String language) throws IOException {
        return folder().resolve("durable-" + language).toRealPath();
    }

    static ScriptClient python(String endpoint, String account) {
        return python("client.py", endpoint, account);
    }

    /// What tries the options of functions.
    static ScriptClient functions(String endpoint, String account) {
        return python("functions.py", endpoint, account);
    }

    /// What tries what functions run in.
    static ScriptClient isolation(String endpoint, String account) {
        return python("isolation.py", endpoint, account);
    }

    private static ScriptClient python(String name, String endpoint, String account) {
        Path program = Server.root().resolve("conformance/clients/python").resolve(name);
        List<String> command =
                List.of(folder().resolve("python/bin/python").toString(), program.toString());
        return new ScriptClient(endpoint, account, command, folder());
    }

    /// @param packages a folder with the functions' packages
    static ScriptClient javascript(String endpoint, String account, Path packages) {
        Path program = Server.root().resolve("conformance/clients/javascript/client.mjs");
        return new ScriptClient(endpoint, account, List.of("node", program.toString()), packages);
    }

    /// All of them, by name.
    static Map<String, Client> all(String endpoint, Path packages) {
        Map<String, Client> all = new LinkedHashMap<>();
        all.put("cli-v1", cli(endpoint, "111111111111"));
        if (NAMES.contains("cli-v2")) {
            all.put("cli-v2", new CliClient(endpoint, "222222222222", DEBIANS_CLI));
        }
        all.put("boto3", python(endpoint, "444444444444"));
        all.put("java-v2", new JavaClient(endpoint, "555555555555"));
        all.put("js-v3", javascript(endpoint, "666666666666", packages));
        return all;
    }
}
