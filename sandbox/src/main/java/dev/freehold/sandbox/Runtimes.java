package dev.freehold.sandbox;

import dev.freehold.sandbox.debug.Debugpy;
import dev.freehold.sandbox.program.DotnetHosts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The interpreters of this host, and which of them an AWS runtime identifier means. Safe for use
/// by several threads.
public final class Runtimes {
    /// The most choices that are remembered.
    private static final int MAX_CHOICES = 256;

    private static final Pattern IDENTIFIER =
            Pattern.compile(
                    "(nodejs|python|ruby|java|dotnet)(\\d+)(?:\\.(\\d+))?(?:\\.(?:x|al\\d+))?");
    private static final Pattern VERSION = Pattern.compile("(\\d+\\.\\d+\\.\\d+)");

    /// Where people have further versions of languages, below their home.
    private static final List<String> VERSIONS =
            List.of(
                    ".pyenv/versions",
                    ".rbenv/versions",
                    ".nvm/versions/node",
                    ".local/share/uv/python",
                    ".local/share/mise/installs/python",
                    ".local/share/mise/installs/ruby",
                    ".local/share/mise/installs/node",
                    ".asdf/installs/python",
                    ".asdf/installs/ruby",
                    ".asdf/installs/nodejs");

    private static final int TOO_OLD = 1_000_000;
    private static final Path JVMS = Path.of("/usr/lib/jvm");
    private static final Pattern JAVA_VERSION =
            Pattern.compile("(?m)^JAVA_VERSION=\"(?:1\\.)?([\\d._]+)");

    /// The oldest Java that runs the bootstrap.
    private static final int LEAST_JAVA = 11;

    private final List<Interpreter> found;
    private final NodeInstaller installer;
    private final Debugpy debugpy;

    /// Identifiers whose versions are being fetched, or can't be.
    private final Set<String> missing = ConcurrentHashMap.newKeySet();

    private final Map<String, Known> choices = new ConcurrentHashMap<>();

    private Runtimes(List<Interpreter> found, NodeInstaller installer, Debugpy debugpy) {
        this.debugpy = debugpy;
        this.found = new CopyOnWriteArrayList<>(found);
        this.installer = installer;
    }

    /// Looks for interpreters in the system's folders and in Freehold's own.
    ///
    /// @param own Freehold's folder of runtimes; `node-*/bin/node` in it are found
    public static Runtimes find(Path own) {
        List<Interpreter> found = new ArrayList<>();
        node(found, Path.of("/usr/bin/node"));
        node(found, Path.of("/usr/local/bin/node"));
        for (Path directory : children(own)) {
            if (directory.getFileName().toString().startsWith("node-")) {
                node(found, directory.resolve("bin/node"));
            }
        }
        python(found, Path.of("/usr/bin"));
        python(found, Path.of("/usr/local/bin"));
        ruby(found, Path.of("/usr/bin"));
        ruby(found, Path.of("/usr/local/bin"));
        Path user = Path.of(System.getProperty("user.home"));
        for (String versions : VERSIONS) {
            for (Path version : children(user.resolve(versions))) {
                Path bin = version.resolve("bin");
                python(found, bin);
                ruby(found, bin);
                node(found, bin.resolve("node"));
            }
        }
        for (Path home : children(JVMS)) {
            java(found, home);
        }
        for (DotnetHosts.Found one : DotnetHosts.find(own)) {
            found.add(dotnet(one));
        }
        return new Runtimes(found, new NodeInstaller(own), new Debugpy(own));
    }

    /// Whether the exact version that an identifier asks for is not here, but can be fetched.
    public boolean installable(String identifier) {
        Matcher matcher = IDENTIFIER.matcher(identifier);
        if (!matcher.matches() || !matcher.group(1).equals("nodejs")) {
            return false;
        }
        Choice choice = choose(identifier);
        return choice == null || choice.notice() != null;
    }

    /// Fetches the version that an identifier asks for, which takes seconds.
    ///
    /// @throws IOException when it can't be had; the message says why. The nearest version serves.
    public void install(String identifier) throws IOException {
        Matcher matcher = IDENTIFIER.matcher(identifier);
        if (!matcher.matches() || !installable(identifier)) {
            throw new IOException("there is nothing to fetch for " + identifier);
        }
        node(found, installer.install(Integer.parseInt(matcher.group(2))));
    }

    private static Interpreter dotnet(DotnetHosts.Found found) {
        Path folder = found.executable().getParent();
        List<Path> home = folder == null || folder.startsWith("/usr") ? List.of() : List.of(folder);
        return new Interpreter(
                Interpreter.Language.DOTNET, found.version(), found.executable(), home, List.of());
    }

    private static void python(List<Interpreter> found, Path bin) {
        for (int minor = 20; minor >= 8; minor--) {
            add(found, Interpreter.Language.PYTHON, bin.resolve("python3." + minor));
        }
    }

    private static void ruby(List<Interpreter> found, Path bin) {
        add(found, Interpreter.Language.RUBY, bin.resolve("ruby"));
        for (int minor = 9; minor >= 0; minor--) {
            add(found, Interpreter.Language.RUBY, bin.resolve("ruby3." + minor));
            add(found, Interpreter.Language.RUBY, bin.resolve("ruby4." + minor));
        }
    }

    /// A JDK says in a file what it is. Debian keeps some of its files in `/etc`.
    private static void java(List<Interpreter> found, Path home) {
        Path executable = home.resolve("bin/java");
        try {
            Matcher matcher = JAVA_VERSION.matcher(Files.readString(home.resolve("release")));
            if (Files.isSymbolicLink(home) || !Files.isExecutable(executable) || !matcher.find()) {
                return;
            }
            Path security = home.resolve("conf/security/java.security").toRealPath();
            Path etc = security.getName(0).resolve(security.getName(1));
            List<Path> homes =
                    security.startsWith("/etc") ? List.of(Path.of("/").resolve(etc)) : List.of();
            Interpreter java =
                    new Interpreter(
                            Interpreter.Language.JAVA,
                            matcher.group(1),
                            executable,
                            homes,
                            List.of());
            if (number(java.major()) >= LEAST_JAVA) {
                found.add(java);
            }
        } catch (IOException e) {
            // no JDK
        }
    }

    private static void node(List<Interpreter> found, Path executable) {
        add(found, Interpreter.Language.NODEJS, executable);
    }

    private static List<Path> children(Path directory) {
        try (var stream = Files.list(directory)) {
            return stream.sorted().toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    private static void add(
            List<Interpreter> found, Interpreter.Language language, Path executable) {
        if (!Files.isExecutable(executable)) {
            return;
        }
        String version = version(executable);
        if (version != null
                && found.stream()
                        .noneMatch(r -> r.version().equals(version) && r.language() == language)) {
            Path bin = executable.getParent();
            Path prefix = bin == null ? null : bin.getParent();
            List<Path> home =
                    executable.startsWith("/usr") || prefix == null ? List.of() : List.of(prefix);
            found.add(new Interpreter(language, version, executable, home, List.of()));
        }
    }

    private static @Nullable String version(Path executable) {
        try {
            Process process =
                    new ProcessBuilder(executable.toString(), "--version")
                            .redirectErrorStream(true)
                            .start();
            String said =
                    new String(process.getInputStream().readNBytes(200), StandardCharsets.UTF_8);
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return null;
            }
            Matcher matcher = VERSION.matcher(said);
            return matcher.find() ? matcher.group(1) : null;
        } catch (IOException e) {
            return null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }

    /// Fetches the exact version that an identifier asks for where the host lacks it and it can be
    /// had. Where it can't, the nearest serves, with a notice; it is not tried again until the next
    /// start. The first call for a version takes seconds.
    public void prepare(String identifier) {
        if (!installable(identifier) || !missing.add(identifier)) {
            return;
        }
        try {
            install(identifier);
            missing.remove(identifier);
        } catch (IOException e) {
            System.getLogger(Runtimes.class.getName())
                    .log(
                            System.Logger.Level.WARNING,
                            "The nearest version runs " + identifier + ": " + e.getMessage());
        }
    }

    /// An interpreter that waits for a debugger, with what that needs, which is fetched when it is
    /// missing.
    ///
    /// @throws IOException when it can't be had, or there is no debugger for the language
    public Interpreter debugged(Interpreter interpreter, int port) throws IOException {
        return switch (interpreter.language()) {
            case NODEJS, JAVA -> interpreter.debugged(port);
            case PYTHON -> {
                Path folder = debugpy.folder(interpreter.executable(), interpreter.major());
                yield interpreter.seeing(folder).debugged(port);
            }
            case RUBY, DOTNET, PROVIDED ->
                    throw new IOException("There is no debugger for functions of this runtime.");
        };
    }

    /// All that were found.
    public List<Interpreter> all() {
        return List.copyOf(found);
    }

    /// What an identifier means here.
    ///
    /// @param runtime the interpreter
    /// @param notice that it is not the version that was asked for, or null when it is
    public record Choice(Interpreter runtime, @Nullable String notice) {}

    /// The interpreter for an identifier such as `nodejs20.x`: the same major version, else the
    /// nearest; null when the host has none of that language.
    public @Nullable Choice choose(String identifier) {
        int size = found.size();
        Known known = choices.get(identifier);
        if (known == null || known.size != size) {
            known = new Known(size, choice(identifier));
            if (choices.size() >= MAX_CHOICES) {
                choices.clear();
            }
            choices.put(identifier, known);
        }
        return known.choice;
    }

    /// A choice that holds while no interpreter is added.
    private record Known(int size, @Nullable Choice choice) {}

    private @Nullable Choice choice(String identifier) {
        if (identifier.equals("provided.al2023") || identifier.equals("provided.al2")) {
            return new Choice(Interpreter.PROVIDED, null);
        }
        Matcher matcher = IDENTIFIER.matcher(identifier);
        if (!matcher.matches()) {
            return null;
        }
        Interpreter.Language language =
                Interpreter.Language.valueOf(matcher.group(1).toUpperCase(Locale.ROOT));
        String minor = matcher.group(3);
        String wanted = matcher.group(2) + (minor == null ? "" : "." + minor);
        Interpreter best =
                found.stream()
                        .filter(runtime -> runtime.language() == language)
                        .min(Comparator.comparingInt(runtime -> distance(runtime, number(wanted))))
                        .orElse(null);
        if (best == null) {
            return null;
        }
        String notice =
                best.major().equals(wanted)
                        ? null
                        : identifier
                                + " is run by "
                                + best.language().name().toLowerCase(Locale.ROOT)
                                + " "
                                + best.version()
                                + ", the nearest that this host has";
        return new Choice(best, notice);
    }

    /// How far an interpreter is from what is wanted. An older Java or .NET can't read what was
    /// built for a newer one.
    private static int distance(Interpreter runtime, int wanted) {
        int distance = number(runtime.major()) - wanted;
        boolean built =
                runtime.language() == Interpreter.Language.JAVA
                        || runtime.language() == Interpreter.Language.DOTNET;
        boolean tooOld = distance < 0 && built;
        return tooOld ? TOO_OLD - distance : Math.abs(distance);
    }

    /// Orders majors: `20`, or `3.11` as 311.
    private static int number(String major) {
        String[] parts = major.split("\\.", -1);
        return parts.length == 1
                ? Integer.parseInt(parts[0])
                : Integer.parseInt(parts[0]) * 100 + Integer.parseInt(parts[1]);
    }
}
