package dev.freehold.sandbox.image;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/// Builds images, and serves them as a registry does.
public final class TestImage {
    private static final String MANIFEST = "application/vnd.oci.image.manifest.v1+json";

    /// By digest.
    private final Map<String, byte[]> blobs = new LinkedHashMap<>();

    private final List<byte[]> layers = new ArrayList<>();
    private String process = "";

    /// A layer's files, links and whiteouts.
    public static final class Layer {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes);

        public Layer() {
            tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
        }

        public Layer file(String name, byte[] content, int mode) throws IOException {
            TarArchiveEntry entry = new TarArchiveEntry(name, true);
            entry.setSize(content.length);
            entry.setMode(mode);
            entry.setModTime(1_600_000_000_000L);
            tar.putArchiveEntry(entry);
            tar.write(content);
            tar.closeArchiveEntry();
            return this;
        }

        public Layer file(String name, String content) throws IOException {
            return file(name, content.getBytes(StandardCharsets.UTF_8), 0644);
        }

        public Layer directory(String name) throws IOException {
            tar.putArchiveEntry(new TarArchiveEntry(name + "/", true));
            tar.closeArchiveEntry();
            return this;
        }

        public Layer link(String name, String target, boolean symbolic) throws IOException {
            byte kind = symbolic ? TarConstants.LF_SYMLINK : TarConstants.LF_LINK;
            TarArchiveEntry entry = new TarArchiveEntry(name, kind, true);
            entry.setLinkName(target);
            tar.putArchiveEntry(entry);
            tar.closeArchiveEntry();
            return this;
        }

        public byte[] tar() throws IOException {
            tar.close();
            return bytes.toByteArray();
        }
    }

    public TestImage add(Layer layer) throws IOException {
        layers.add(layer.tar());
        return this;
    }

    /// @param json the members of the configuration's `config`
    public TestImage process(String json) {
        process = json;
        return this;
    }

    private String config() {
        List<String> contents = layers.stream().map(TestImage::quoted).toList();
        return ("{\"os\":\"linux\",\"architecture\":\"%s\",\"config\":{%s},"
                        + "\"rootfs\":{\"diff_ids\":%s}}")
                .formatted(architecture(), process, contents);
    }

    static String architecture() {
        return System.getProperty("os.arch").equals("aarch64") ? "arm64" : "amd64";
    }

    private static String quoted(byte[] content) {
        return "\"" + Digests.of(content) + "\"";
    }

    private String descriptor(byte[] content, String type) {
        blobs.put(Digests.of(content), content);
        return "{\"mediaType\":\"%s\",\"digest\":%s,\"size\":%d}"
                .formatted(type, quoted(content), content.length);
    }

    private byte[] manifest() throws IOException {
        List<String> described = new ArrayList<>();
        for (byte[] layer : layers) {
            described.add(descriptor(zipped(layer), "application/vnd.oci.image.layer.v1.tar+gzip"));
        }
        byte[] config = config().getBytes(StandardCharsets.UTF_8);
        String json =
                "{\"schemaVersion\":2,\"mediaType\":\"%s\",\"config\":%s,\"layers\":%s}"
                        .formatted(
                                MANIFEST,
                                descriptor(config, "application/vnd.oci.image.config.v1+json"),
                                described);
        return json.getBytes(StandardCharsets.UTF_8);
    }

    static byte[] zipped(byte[] content) throws IOException {
        ByteArrayOutputStream zipped = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(zipped)) {
            out.write(content);
        }
        return zipped.toByteArray();
    }

    /// Writes it as a tar of an OCI layout.
    public Path layout(Path file) throws IOException {
        byte[] manifest = manifest();
        String named = descriptor(manifest, MANIFEST);
        Layer archive = new Layer().file("oci-layout", "{\"imageLayoutVersion\":\"1.0.0\"}");
        archive.file("index.json", "{\"schemaVersion\":2,\"manifests\":[" + named + "]}");
        for (Map.Entry<String, byte[]> blob : blobs.entrySet()) {
            archive.file("blobs/" + blob.getKey().replace(':', '/'), blob.getValue(), 0644);
        }
        return Files.write(file, archive.tar());
    }

    /// Writes it as old versions of `docker save` do.
    public Path saved(Path file) throws IOException {
        Layer archive = new Layer().file("config.json", config());
        List<String> names = new ArrayList<>();
        for (byte[] layer : layers) {
            String name = Digests.of(layer).substring(7) + "/layer.tar";
            names.add("\"" + name + "\"");
            archive.file(name, layer, 0644);
        }
        archive.file(
                "manifest.json",
                "[{\"Config\":\"config.json\",\"RepoTags\":[\"x:1\"],\"Layers\":" + names + "}]");
        return Files.write(file, archive.tar());
    }

    /// Serves it on this machine as `NAME:latest`, with an index of two platforms.
    public HttpServer registry(String name) throws IOException {
        byte[] manifest = manifest();
        String ours =
                descriptor(manifest, MANIFEST)
                        .replace(
                                "\"size\"",
                                "\"platform\":{\"os\":\"linux\",\"architecture\":\""
                                        + architecture()
                                        + "\"},\"size\"");
        String other =
                ours.replaceAll("[0-9a-f]{64}", "0".repeat(64)).replace(architecture(), "riscv64");
        byte[] index =
                ("{\"schemaVersion\":2,\"mediaType\":\"application/vnd.oci.image.index.v1+json\","
                                + "\"manifests\":[%s,%s]}")
                        .formatted(other, ours)
                        .getBytes(StandardCharsets.UTF_8);
        blobs.put("latest", index);
        blobs.put(Digests.of(index), index);
        HttpServer server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/v2/", exchange -> serve(exchange, "/v2/" + name + "/"));
        server.start();
        return server;
    }

    private void serve(HttpExchange exchange, String base) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String reference = path.substring(path.lastIndexOf('/') + 1);
        byte[] content = path.startsWith(base) ? blobs.get(reference) : null;
        if (path.startsWith("/v2/secret/")) {
            exchange.sendResponseHeaders(403, -1);
        } else if (content == null) {
            exchange.sendResponseHeaders(404, -1);
        } else {
            String text = new String(content, StandardCharsets.UTF_8);
            String type =
                    text.contains("\"manifests\"")
                            ? MANIFEST.replace("manifest", "index")
                            : MANIFEST;
            exchange.getResponseHeaders()
                    .set(
                            "Content-Type",
                            path.contains("/manifests/") ? type : "application/octet-stream");
            exchange.getResponseHeaders().set("Docker-Content-Digest", Digests.of(content));
            boolean head = exchange.getRequestMethod().equals("HEAD");
            if (head) {
                exchange.getResponseHeaders().set("Content-Length", String.valueOf(content.length));
            }
            exchange.sendResponseHeaders(200, head ? -1 : content.length);
            if (!head) {
                exchange.getResponseBody().write(content);
            }
        }
        exchange.close();
    }
}
