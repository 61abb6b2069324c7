package dev.freehold.conformance;

import dev.freehold.services.json.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// An SDK of another language, by a program that takes a command and prints JSON.
final class ScriptClient implements Client {
    private final String account;
    private final List<String> program;
    private final Commands commands;
    private final Path packages;

    /// @param program the interpreter and the program
    /// @param packages a folder with the functions' packages, by function
    ScriptClient(String endpoint, String account, List<String> program, Path packages) {
        this.account = account;
        this.program = program;
        this.packages = packages;
        this.commands = new Commands(endpoint, account);
    }

    @Override
    public String account() {
        return account;
    }

    /// Runs one command.
    @Nullable Object call(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(program);
        command.addAll(List.of(arguments));
        return Json.read(commands.run(Map.of(), command));
    }

    @Override
    @SuppressWarnings("unchecked")
    public Deployed deploy(String application, String listener) throws Exception {
        boolean python = program.getLast().endsWith(".py");
        Object said =
                python
                        ? call("deploy", application, bucket(), listener)
                        : call("deploy", application, bucket(), listener, packages.toString());
        Map<String, Object> deployed = (Map<String, Object>) Objects.requireNonNull(said);
        return new Deployed(
                (String) Objects.requireNonNull(deployed.get("url")),
                (Map<String, String>) Objects.requireNonNull(deployed.get("queues")));
    }

    @Override
    public void upload(String key, Path file) throws Exception {
        call("upload", bucket(), key, file.toString());
    }

    @Override
    public void download(String key, Path file) throws Exception {
        call("download", bucket(), key, file.toString());
    }

    @Override
    public List<Map<String, String>> scan(String table) throws Exception {
        return Client.items(call("scan", table));
    }

    @Override
    @SuppressWarnings("unchecked")
    public List<String> receive(String queueUrl) throws Exception {
        return (List<String>) Objects.requireNonNull(call("receive", queueUrl));
    }
}
