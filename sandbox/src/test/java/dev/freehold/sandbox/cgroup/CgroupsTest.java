package dev.freehold.sandbox.cgroup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Against directories that look like cgroups: the kernel's own need rights.
final class CgroupsTest {
    @TempDir Path folder;

    private final List<Path> removed = new ArrayList<>();

    /// A cgroup with the files of some features.
    private Leaf leaf(Set<Feature> features) throws IOException {
        for (String file :
                List.of(
                        "cgroup.procs",
                        "cgroup.freeze",
                        "cgroup.kill",
                        "cpu.max",
                        "memory.max",
                        "memory.high",
                        "memory.oom.group",
                        "pids.max")) {
            Files.writeString(folder.resolve(file), "");
        }
        return new Leaf(folder, features, removed::add);
    }

    private String file(String name) throws IOException {
        return Files.readString(folder.resolve(name));
    }

    @Test
    void aProcessIsInTheCgroupThatTheMountShows() {
        String mounts =
                "25 1 0:22 / /proc rw - proc proc rw\n"
                        + "30 1 0:26 / /sys/fs/cgroup/unified rw shared:9 - cgroup2 c rw\n";
        assertThat(Cgroups.own(mounts, "4:memory:/a\n0::/\n"))
                .isEqualTo(Path.of("/sys/fs/cgroup/unified"));
        assertThat(Cgroups.own(mounts, "0::/system.slice/freehold.service\n"))
                .isEqualTo(Path.of("/sys/fs/cgroup/unified/system.slice/freehold.service"));
        assertThat(Cgroups.own(mounts.replace("0:26 / ", "0:26 /box "), "0::/box/a\n"))
                .isEqualTo(Path.of("/sys/fs/cgroup/unified/a"));
        assertThat(Cgroups.own(mounts.replace("0:26 / ", "0:26 /box "), "0::/boxes\n")).isNull();
        assertThat(Cgroups.own(mounts, "4:memory:/a\n")).isNull();
        assertThat(Cgroups.own("25 1 0:22 / /proc rw - proc proc rw\n", "0::/\n")).isNull();
    }

    @Test
    void whatTheKernelLacksIsNotInForce() throws IOException {
        Files.writeString(folder.resolve("cgroup.controllers"), "hugetlb\n");
        Files.createDirectory(folder.resolve("freehold-999999999-1"));
        Files.createDirectory(folder.resolve("freehold-999999999-1/left"));

        Cgroups cgroups = Cgroups.in(folder);

        assertThat(cgroups.features()).isEmpty();
        assertThat(folder.resolve("freehold-999999999-1")).doesNotExist();
        assertThat(folder.resolve("freehold-server")).doesNotExist();
        Leaf leaf = cgroups.make("one");
        leaf.limit(128, 512);
        leaf.meter();
        assertThat(leaf.freeze(true)).isFalse();
        assertThat(leaf.memory()).isEqualTo(-1);
        assertThat(leaf.outOfMemory()).isFalse();
        assertThatThrownBy(() -> leaf.add(1)).isInstanceOf(IOException.class);
    }

    @Test
    void aCgroupIsRemovedWhenItsProcessesAreGone() throws IOException {
        Files.writeString(folder.resolve("cgroup.controllers"), "\n");
        Cgroups cgroups = Cgroups.in(folder);
        Leaf busy = cgroups.make("busy");
        Path directory;
        try (var all = Files.walk(folder)) {
            directory = all.filter(p -> p.endsWith("busy")).findFirst().orElseThrow();
        }
        Path process = Files.writeString(directory.resolve("process"), "");
        busy.remove();
        assertThat(directory).exists();
        Files.delete(process);
        cgroups.make("next");
        assertThat(directory).doesNotExist();
    }

    @Test
    void theBoundsAreThoseOfTheFunction() throws IOException {
        Leaf leaf = leaf(EnumSet.allOf(Feature.class));
        assertThat(file("pids.max")).isEqualTo("1024");
        leaf.meter();
        assertThat(file("cpu.max")).isEmpty();
        leaf.limit(1769, 512);
        assertThat(file("memory.high")).isEqualTo(String.valueOf((1769L + 512 + 96) << 20));
        assertThat(file("memory.max")).isEqualTo(String.valueOf((1769L + 512 + 96 + 221) << 20));
        assertThat(file("memory.oom.group")).isEqualTo("1");
        assertThat(file("cpu.max")).isEmpty();
        leaf.meter();
        assertThat(file("cpu.max")).isEqualTo("20000 20000");
        leaf.limit(128, 512);
        leaf.meter();
        assertThat(file("cpu.max")).isEqualTo("20000 20000");
    }

    @Test
    void aSmallFunctionHasItsSmallShare() throws IOException {
        Leaf leaf = leaf(EnumSet.of(Feature.CPU));
        leaf.limit(128, 512);
        leaf.meter();
        assertThat(file("cpu.max")).isEqualTo("1447 20000");
        assertThat(file("memory.max")).isEmpty();
        assertThat(file("pids.max")).isEmpty();
    }

    @Test
    void filesInMemoryAreNotTheFunctionsMemory() throws IOException {
        Leaf leaf = leaf(EnumSet.of(Feature.MEMORY));
        Files.writeString(
                folder.resolve("memory.stat"),
                "anon 1000\nfile 5000\nshmem 4000\nkernel_stack 24\n");
        Files.writeString(folder.resolve("memory.events"), "oom 1\noom_kill 0\n");
        assertThat(leaf.memory()).isEqualTo(1024);
        assertThat(leaf.outOfMemory()).isFalse();
        Files.writeString(folder.resolve("memory.events"), "oom 1\noom_kill 3\n");
        assertThat(leaf.outOfMemory()).isTrue();
    }

    @Test
    void allProcessesAreStoppedAndKilledAtOnce() throws IOException {
        Leaf leaf = leaf(EnumSet.of(Feature.FREEZE, Feature.KILL));
        leaf.add(17);
        assertThat(file("cgroup.procs")).isEqualTo("17");
        assertThat(leaf.freeze(true)).isTrue();
        assertThat(file("cgroup.freeze")).isEqualTo("1");
        assertThat(leaf.freeze(false)).isTrue();
        assertThat(file("cgroup.freeze")).startsWith("0");
        leaf.kill();
        assertThat(file("cgroup.kill")).isEqualTo("1");
        leaf.remove();
        assertThat(removed).containsExactly(folder);
    }
}
