package dev.freehold.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Container images, ways out and shared folders, by boto3.
final class IsolationTest {
    private static final String SHARE = "fsap-0123456789abcdef0";
    private static final int OWNER = 1993;

    @TempDir static Path folder;

    private static Path images;
    private static Path shared;
    private static Server server;
    private static ScriptClient boto3;

    @BeforeAll
    static void start() throws Exception {
        Clients.install();
        images = Files.createDirectory(folder.resolve("images"));
        shared = Files.createDirectory(folder.resolve("shared"));
        if ((int) Files.getAttribute(Path.of("/proc/self"), "unix:uid") == 0) {
            Files.setAttribute(shared, "unix:uid", OWNER);
            Files.setAttribute(shared, "unix:gid", OWNER);
        }
        List<String> own = List.of("--images", images.toString(), "--mount", SHARE + "=" + shared);
        server = Server.start(folder.resolve("data"), List.of(), own);
        boto3 = Clients.isolation(server.endpoint(), "000000000000");
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            server.close();
        }
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> run(String... arguments) throws Exception {
        return (Map<String, Object>) Objects.requireNonNull(boto3.call(arguments));
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> part(Map<String, Object> said, String name) {
        return (Map<String, Object>) Objects.requireNonNull(said.get(name), name);
    }

    /// A program that is all that its image has.
    private static Path program() throws Exception {
        Path program = folder.resolve("function");
        String source = Server.root().resolve("sandbox/src/test/c/image.c").toString();
        Process cc =
                new ProcessBuilder(
                                "cc", "-D_GNU_SOURCE", "-static", "-o", program.toString(), source)
                        .inheritIO()
                        .start();
        assertThat(cc.waitFor()).isZero();
        return program;
    }

    @Test
    void aFunctionIsAnImage() throws Exception {
        Map<String, Object> said = run("images", program().toString(), images.toString());
        assertThat(said.get("created")).asString().isEqualTo("[Pending, Image, null]");
        assertThat(said.get("active")).asString().isEqualTo("[Active, null, Successful, null]");
        assertThat(said.get("first")).asString().isEqualTo("[first, {a=1}]");
        assertThat(said.get("code")).asString().isEqualTo("[ECR, oci-archive:image.tar, true]");
        assertThat(said.get("updated")).isEqualTo(said.get("active"));
        assertThat(said.get("second")).isEqualTo("-second");
        assertThat(said.get("own")).isEqualTo(List.of("own", "/app"));
    }

    @Test
    void anImageThatCantBeUsedSaysWhy() throws Exception {
        Map<String, Object> said = run("spoiled", program().toString(), images.toString());
        assertThat(said.get("created")).asString().isEqualTo("[Failed, InvalidImage, null, null]");
        assertThat(part(said, "refused").get("code")).isEqualTo("ResourceConflictException");
        assertThat(part(said, "refused").get("message"))
                .asString()
                .endsWith("The function is currently in the following state: Failed");
        assertThat(part(said, "missing").get("code")).isEqualTo("InvalidParameterValueException");
        assertThat(part(said, "missing").get("message")).asString().contains("missing.tar");
    }

    @Test
    void anUpdateThatFailsLeavesWhatRan() throws Exception {
        Map<String, Object> said = run("kept", program().toString(), images.toString());
        assertThat(said.get("state")).asString().isEqualTo("[Active, null, Failed, InvalidImage]");
        assertThat(said.get("still")).isEqualTo("first");
        assertThat(said.get("uri")).isEqualTo("oci-archive:kept.tar");
        assertThat(said.get("repaired")).asString().isEqualTo("[Active, null, Successful, null]");
        assertThat(said.get("then")).isEqualTo("-second");
    }

    @Test
    void aTagSaysWhereAFunctionGetsTo() throws Exception {
        Map<String, Object> said = run("egress");
        List<String> refused = List.of("refused", "refused");
        assertThat(part(said, "nowhere"))
                .containsEntry("proxy", false)
                .containsEntry("direct", refused);
        Map<String, Object> somewhere = part(said, "somewhere");
        assertThat(somewhere).containsEntry("proxy", true).containsEntry("direct", refused);
        assertThat(statuses(somewhere))
                .containsOnly("a.invalid=502", "x.b.invalid=502", "c.invalid=403");
        assertThat(statuses(part(said, "changed")))
                .containsOnly("a.invalid=403", "x.b.invalid=403", "c.invalid=502");
        assertThat(part(said, "wrong").get("message"))
                .asString()
                .startsWith("The tag freehold:egress must be 'none', or up to 50 hosts");
    }

    /// What the proxy answered for each host: 403 when it may not be reached, 502 when it may and
    /// is not there.
    private static List<String> statuses(Map<String, Object> seen) {
        return part(seen, "through").entrySet().stream()
                .map(host -> host.getKey() + "=" + ((List<?>) host.getValue()).getFirst())
                .toList();
    }

    @Test
    void whatOneFunctionWritesAnotherReads() throws Exception {
        Map<String, Object> said = run("mounts", SHARE);
        assertThat(said.get("configured")).asString().contains(SHARE, "/mnt/files");
        assertThat(said.get("read")).isEqualTo("hello");
        assertThat(shared.resolve("said")).hasContent("hello");
        assertThat(part(said, "unknown").get("code")).isEqualTo("InvalidParameterValueException");
    }
}
