package dev.freehold.server.cli;

import dev.freehold.services.json.Json;
import dev.freehold.services.lambda.code.LiveFolder;
import dev.freehold.services.lambda.rules.DebugTag;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
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

    @Option(
            names = "--debug",
            arity = "0..1",
            fallbackValue = "9229",
            paramLabel = "PORT",
            description =
                    "Wait for a debugger on 127.0.0.1:PORT (default: 9229) before the code"
                            + " is loaded; Node.js, Python, Java. Timeouts and metering are"
                            + " suspended.")
    int debug;

    @Spec CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter err = spec.commandLine().getErr();
        try {
            Path real = folder.toRealPath();
            String path = "/2015-03-31/functions/" + encoded(function) + "/code";
            Map<String, @Nullable Object> changed =
                    call(
                            "PUT",
                            path,
                            Map.of("S3Bucket", LiveFolder.BUCKET, "S3Key", real.toString()));
            err.println(function + " runs from " + real + "; changes are live at once.");
            if (debug != 0) {
                debug(String.valueOf(changed.get("FunctionArn")));
                err.println("It waits for a debugger on 127.0.0.1:" + debug + ".");
            }
            return Logs.follow(api, function, spec);
        } catch (IOException e) {
            err.println(e.getMessage());
            return 1;
        }
    }

    /// Sets the tag that makes it wait, until this command ends.
    private void debug(String arn) throws IOException, InterruptedException {
        String tags = "/2017-03-31/tags/" + encoded(arn);
        call("POST", tags, Map.of("Tags", Map.of(DebugTag.TAG, String.valueOf(debug))));
        Runnable clear =
                () -> {
                    try {
                        call("DELETE", tags + "?tagKeys=" + encoded(DebugTag.TAG), Map.of());
                    } catch (IOException e) {
                        spec.commandLine().getErr().println(e.getMessage());
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                };
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().name("clear").unstarted(clear));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private Map<String, @Nullable Object> call(String method, String path, Map<String, ?> body)
            throws IOException, InterruptedException {
        byte[] bytes = Json.write(body).getBytes(StandardCharsets.UTF_8);
        HttpResponse<byte[]> answer = api.call(method, "lambda", path, Map.of(), bytes);
        String text = new String(answer.body(), StandardCharsets.UTF_8);
        if (answer.statusCode() >= 300) {
            throw new IOException(text);
        }
        return text.isEmpty() ? Map.of() : Json.readObject(text);
    }
}
