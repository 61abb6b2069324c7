package dev.freehold.conformance;

import dev.freehold.services.json.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The aws CLI: the examples' own deploy scripts.
final class CliClient implements Client {
    private static final Pattern URL = Pattern.compile("http://\\S+?execute-api[^/'\\s]+");
    private static final Pattern QUEUE = Pattern.compile("--queue-url (\\S+/([\\w-]+))");

    private final String account;
    private final Path aws;
    private final Commands commands;

    /// @param aws the program
    CliClient(String endpoint, String account, Path aws) {
        this.account = account;
        this.aws = aws;
        this.commands = new Commands(endpoint, account);
    }

    @Override
    public String account() {
        return account;
    }

    @Override
    public Deployed deploy(String application, String listener) throws Exception {
        Map<String, String> environment =
                Map.of(
                        "PATH",
                        aws.getParent() + ":" + System.getenv("PATH"),
                        "BUCKET",
                        bucket(),
                        "LISTENER",
                        listener,
                        "VISIBILITY",
                        "5");
        Path script = Server.root().resolve("examples/" + application + "/deploy.sh");
        String printed = commands.run(environment, List.of(script.toString()));
        Matcher url = URL.matcher(printed);
        Map<String, String> queues = new TreeMap<>();
        QUEUE.matcher(printed)
                .results()
                .forEach(found -> queues.put(found.group(2), found.group(1)));
        return new Deployed(url.find() ? url.group() : "", queues);
    }

    /// Calls it.
    ///
    /// @return the JSON that it prints
    String aws(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(aws.toString()));
        command.addAll(List.of(arguments));
        command.addAll(List.of("--output", "json"));
        // Debian's version 2 is older than AWS_ENDPOINT_URL.
        command.addAll(List.of("--endpoint-url", commands.variable("AWS_ENDPOINT_URL")));
        return commands.run(Map.of(), command);
    }

    @Override
    public void upload(String key, Path file) throws Exception {
        aws("s3", "cp", file.toString(), "s3://" + bucket() + "/" + key);
    }

    @Override
    public void download(String key, Path file) throws Exception {
        aws("s3", "cp", "s3://" + bucket() + "/" + key, file.toString());
    }

    @Override
    public List<Map<String, String>> scan(String table) throws Exception {
        return Client.items(
                Json.read(aws("dynamodb", "scan", "--table-name", table, "--query", "Items")));
    }

    @Override
    @SuppressWarnings("unchecked")
    public List<String> receive(String queueUrl) throws Exception {
        String json =
                aws(
                        "sqs",
                        "receive-message",
                        "--queue-url",
                        queueUrl,
                        "--max-number-of-messages",
                        "10",
                        "--wait-time-seconds",
                        "1",
                        "--query",
                        "Messages[].Body");
        Object bodies = json.isBlank() ? null : Json.read(json);
        return bodies == null ? List.of() : (List<String>) bodies;
    }
}
