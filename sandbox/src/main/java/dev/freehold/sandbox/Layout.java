package dev.freehold.sandbox;

import dev.freehold.sandbox.host.Trees;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;

/// Where the engine keeps its files.
///
/// @param code the store of unpacked code: directories with names that can't be guessed
/// @param runtimes Freehold's own runtimes and the SDKs that functions find
/// @param run what belongs to environments that run
public record Layout(Path code, Path runtimes, Path run) {
    /// Where a sandbox finds a name server, when it has a network: a range that nobody routes.
    static final String NAME_SERVER = "198.18.53.53";

    /// What a sandbox has in `/etc` of its own; no account or host of this machine is seen there.
    static final Map<String, String> ETC =
            Map.of(
                    "passwd",
                    """
                    root:x:0:0:root:/root:/sbin/nologin
                    sbx_user1051:x:993:990::/tmp:/sbin/nologin
                    """,
                    "group",
                    "root:x:0:\nsbx_user1051:x:990:\n",
                    "hosts",
                    "127.0.0.1 localhost sandbox sandbox.localdomain\n::1 localhost\n",
                    "nsswitch.conf",
                    "passwd: files\ngroup: files\nhosts: files dns\n",
                    "resolv.conf",
                    "nameserver " + NAME_SERVER + "\n");

    private static final List<String> BOOTSTRAPS =
            List.of(
                    "bootstrap.mjs",
                    "bootstrap.py",
                    "bootstrap.rb",
                    "warm/index.js",
                    "warm/module.mjs",
                    "warm/freehold_warm.py",
                    "warm/warm.rb");

    /// The class path of Java's bootstrap.
    private static final List<String> JAVA_LIBRARIES =
            List.of(
                    "bootstrap-function.jar",
                    "aws-lambda-java-core.jar",
                    "aws-lambda-java-serialization.jar");

    /// Makes the directories and unpacks the bootstraps.
    public static Layout create(Path data, Path runtimes) throws IOException {
        Layout layout =
                new Layout(
                        Files.createDirectories(data.resolve("code")).toRealPath(),
                        Files.createDirectories(runtimes).toRealPath(),
                        Files.createDirectories(data.resolve("run")).toRealPath());
        Trees.delete(layout.environments());
        Files.createDirectories(layout.environments());
        Files.createDirectories(layout.empty());
        Files.createDirectories(layout.run().resolve("endpoint"));
        Path bootstraps = Files.createDirectories(layout.bootstraps());
        Files.createDirectories(bootstraps.resolve("warm"));
        for (String name : BOOTSTRAPS) {
            unpack("bootstrap/" + name, bootstraps.resolve(name));
        }
        Files.createDirectories(layout.bootstraps().resolve("java"));
        for (String name : JAVA_LIBRARIES) {
            unpack("/dev/freehold/bootstrap/lib/" + name, bootstraps.resolve("java/" + name));
        }
        for (Path program : new Path[] {layout.init(), layout.launcher(), layout.networker()}) {
            unpack(String.valueOf(program.getFileName()), program);
            Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        // Whoever does not know a package's name does not see it.
        Files.setPosixFilePermissions(layout.code(), PosixFilePermissions.fromString("-wx--x--x"));
        Path etc = Files.createDirectories(layout.etc());
        for (Map.Entry<String, String> file : ETC.entrySet()) {
            Files.writeString(etc.resolve(file.getKey()), file.getValue());
        }
        return layout;
    }

    private static void unpack(String name, Path target) throws IOException {
        try (InputStream in = Layout.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IOException("the resource " + name + " is missing");
            }
            Files.copy(in, target, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    Path bootstraps() {
        return run.resolve("bootstraps");
    }

    /// The first process of sandboxes.
    Path init() {
        return bootstraps().resolve("init");
    }

    /// Starts sandboxes as other users.
    Path launcher() {
        return run.resolve("launch");
    }

    /// Gives sandboxes a network.
    Path networker() {
        return run.resolve("network");
    }

    Path etc() {
        return run.resolve("etc");
    }

    /// What `/opt` is for functions without layers.
    Path empty() {
        return run.resolve("empty");
    }

    /// Has a directory for each environment.
    Path environments() {
        return run.resolve("environments");
    }

    /// The unix socket of the AWS endpoint.
    public Path endpoint() {
        return run.resolve("endpoint").resolve("aws");
    }
}
