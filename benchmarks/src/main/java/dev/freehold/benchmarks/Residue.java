package dev.freehold.benchmarks;

import static java.util.stream.Collectors.toCollection;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.ToLongFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// What a server holds when it has nothing to do.
///
/// @param processes its descendants
/// @param environments directories of environments
/// @param trees unpacked packages
/// @param blobs files of objects and packages
/// @param descriptors open files, sockets and pipes of the server itself
/// @param threads of the server's, by the system's count
/// @param heap its live objects, in bytes
/// @param resident its resident memory, in bytes
record Residue(
        long processes,
        long environments,
        long trees,
        long blobs,
        long descriptors,
        long threads,
        long heap,
        long resident) {
    private static final Pattern TOTAL = Pattern.compile("(?m)^Total +\\d+ +(\\d+)");
    private static final Pattern RESIDENT = Pattern.compile("(?m)^VmRSS:\\s+(\\d+) kB");

    /// What must not grow may do so by this much: connections, threads and caches come and go.
    private static final long MORE_DESCRIPTORS = 8;

    /// Fewer than a round's environments: one for each would be a leak. The JVM has more carriers
    /// of virtual threads while some of them block.
    private static final long MORE_THREADS = 32;

    private static final long MORE_HEAP = 8L << 20;
    private static final long MORE_RESIDENT = 48L << 20;

    static Residue of(Server server) throws IOException {
        long heap = heap(server.process().pid());
        Path proc = Path.of("/proc", String.valueOf(server.process().pid()));
        return new Residue(
                processes(server).size(),
                count(server.data().resolve("run/environments")),
                count(server.data().resolve("code")),
                files(server.data().resolve("blobs")),
                count(proc.resolve("fd")),
                count(proc.resolve("task")),
                heap,
                number(RESIDENT, Files.readString(proc.resolve("status"))) * 1024);
    }

    private static long count(Path directory) throws IOException {
        try (Stream<Path> all = Files.list(directory)) {
            return all.count();
        }
    }

    private static long files(Path directory) throws IOException {
        long files = 0;
        try (Stream<Path> all = Files.list(directory)) {
            for (Path each : all.toList()) {
                files += count(each);
            }
        } catch (NoSuchFileException e) {
            return 0;
        }
        return files;
    }

    /// Collects all garbage, and tells what lives.
    private static long heap(long pid) throws IOException {
        String command = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        Process process =
                new ProcessBuilder(command, String.valueOf(pid), "GC.class_histogram")
                        .redirectErrorStream(true)
                        .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return number(TOTAL, said);
    }

    private static long number(Pattern pattern, String text) throws IOException {
        Matcher matcher = pattern.matcher(text);
        if (!matcher.find()) {
            throw new IOException("no " + pattern + " in " + text);
        }
        return Long.parseLong(matcher.group(1));
    }

    /// Whether nothing is left of what can be nothing.
    boolean clean() {
        return processes + environments + trees + blobs == 0;
    }

    /// Prints what was held after each round.
    ///
    /// @return whether nothing has leaked: whether the last round holds no more than the first, and
    ///   nothing of what can be nothing
    static boolean compare(List<Residue> rounds) {
        Residue first = rounds.getFirst();
        boolean good = row("processes", rounds, Residue::processes, 0);
        good &= row("environments", rounds, Residue::environments, 0);
        good &= row("unpacked packages", rounds, Residue::trees, 0);
        good &= row("blobs", rounds, Residue::blobs, 0);
        good &=
                row(
                        "descriptors",
                        rounds,
                        Residue::descriptors,
                        first.descriptors + MORE_DESCRIPTORS);
        good &= row("threads", rounds, Residue::threads, first.threads + MORE_THREADS);
        good &= row("live heap, bytes", rounds, Residue::heap, first.heap + MORE_HEAP);
        return good
                & row(
                        "resident memory, bytes",
                        rounds,
                        Residue::resident,
                        first.resident + MORE_RESIDENT);
    }

    private static boolean row(
            String what, List<Residue> rounds, ToLongFunction<Residue> number, long most) {
        boolean good = number.applyAsLong(rounds.getLast()) <= most;
        System.out.printf("  %-24s", what);
        rounds.forEach(round -> System.out.printf(" %14d", number.applyAsLong(round)));
        System.out.printf("   %s%n", good ? "good" : "LEAK: at most " + most);
        return good;
    }

    /// The processes that are left, and the directories.
    static List<String> left(Server server) throws IOException {
        List<String> left = new ArrayList<>();
        for (ProcessHandle process : processes(server)) {
            left.add(process.pid() + " " + process.info().commandLine().orElse("?"));
        }
        for (String directory : List.of("run/environments", "code")) {
            try (Stream<Path> all = Files.list(server.data().resolve(directory))) {
                all.map(Path::toString).forEach(left::add);
            }
        }
        return left;
    }

    /// The server's descendants, and orphans among what was: their variables name its directory.
    private static List<ProcessHandle> processes(Server server) {
        Set<ProcessHandle> found =
                server.process().descendants().collect(toCollection(HashSet::new));
        String data = server.data().toString();
        ProcessHandle.allProcesses()
                .filter(process -> process.pid() != server.process().pid())
                .filter(process -> names(process, data))
                .forEach(found::add);
        return List.copyOf(found);
    }

    private static boolean names(ProcessHandle process, String directory) {
        try {
            Path variables = Path.of("/proc", String.valueOf(process.pid()), "environ");
            return Files.readString(variables, StandardCharsets.ISO_8859_1).contains(directory);
        } catch (IOException e) {
            return false; // it has ended, or is another user's
        }
    }
}
