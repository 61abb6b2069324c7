package dev.freehold.server.cli;

import dev.freehold.sandbox.SandboxException;
import dev.freehold.server.Config;
import dev.freehold.server.Freehold;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// Starts a server on a free port with a temporary folder and tells a story on it: deploys two of
/// the examples by boto3, uses them, and says what happened and what it cost.
@Command(
        name = "demo",
        description = "Deploys two applications on a temporary server and tells what happened.")
public final class Demo implements Callable<Integer> {
    @Option(
            names = "--once",
            description = "End after the story: with 0, or with 1 when a step failed.")
    boolean once;

    @Option(names = "--json", description = "Tell the story's figures as JSON.")
    boolean json;

    @Spec CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws InterruptedException {
        try {
            return tell(Files.createTempDirectory("freehold-demo"));
        } catch (IOException | SandboxException e) {
            spec.commandLine().getErr().println(e.getMessage());
            return 1;
        }
    }

    private int tell(Path data) throws IOException, InterruptedException {
        CountDownLatch stopped = new CountDownLatch(1);
        Freehold server = Temporary.server(data, 2);
        Up.closeAtExit(server, stopped);
        Temporary.deleteAtExit(data, stopped);
        // The launcher says when it began to start this process.
        long started = Long.getLong("freehold.started", System.currentTimeMillis());
        int code = story(server.port(), System.currentTimeMillis() - started);
        if (!once && code == 0) {
            spec.commandLine().getOut().println("It stays up until Ctrl-C.");
            spec.commandLine().getOut().flush();
            stopped.await();
        }
        return code;
    }

    private int story(int port, long startMillis) throws IOException, InterruptedException {
        Path home = Path.of(System.getProperty("freehold.home", "."));
        Path sdk = Config.defaultRuntimes().resolve("sdk").resolve("python");
        ProcessBuilder builder =
                new ProcessBuilder(
                                "python3",
                                "-u",
                                home.resolve("examples/demo/story.py").toString(),
                                "http://127.0.0.1:" + port,
                                "--started",
                                String.valueOf(startMillis))
                        .inheritIO();
        if (json) {
            builder.command().add("--json");
        }
        builder.environment().put("PYTHONPATH", sdk.toString());
        Process process = builder.start();
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(process::destroy));
        return process.waitFor() == 0 ? 0 : 1;
    }
}
