package dev.freehold.server.cli;

import dev.freehold.services.json.Json;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Runs a function from a folder, and follows its log: what is changed there is live at once.
@Command(
        name = "dev",
        description =
                "Runs a function from a folder: what is changed there is live at once. Follows its"
                        + " log until Ctrl-C; the function keeps the folder until its code is"
                        + " updated.")
public final class Dev implements Callable<Integer> {
    @Mixin ApiOptions api = new ApiOptions();

    @Parameters(index = "0", paramLabel = "FUNCTION", description = "Its name. It must exist.")
    String function = "";

    @Parameters(
            index = "1",
            paramLabel = "FOLDER",
            description = "What would be in its package (default: the current folder).",
            defaultValue = ".")
    Path folder = Path.of(".");

    @Spec CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter err = spec.commandLine().getErr();
        try {
            Path real = folder.toRealPath();
            String path =
                    "/2015-03-31/functions/"
                            + URLEncoder.encode(function, StandardCharsets.UTF_8)
                            + "/code";
            String body = Json.write(Map.of("S3Bucket", "hot-reload", "S3Key", real.toString()));
            HttpResponse<byte[]> answer =
                    api.call(
                            "PUT",
                            "lambda",
                            path,
                            Map.of(),
                            body.getBytes(StandardCharsets.UTF_8));
            if (answer.statusCode() >= 300) {
                throw new IOException(new String(answer.body(), StandardCharsets.UTF_8));
            }
            err.println(function + " runs from " + real + "; changes are live at once.");
            return Logs.follow(api, function, spec);
        } catch (IOException e) {
            err.println(e.getMessage());
            return 1;
        }
    }
}
