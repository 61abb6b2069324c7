package dev.freehold.sandbox.image;

import dev.freehold.sandbox.image.Documents.Descriptor;
import dev.freehold.sandbox.image.Documents.Manifest;
import dev.freehold.sandbox.image.Documents.Saved;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarFile;
import org.jspecify.annotations.Nullable;

/// An image in a file: what `docker save` writes, or a tar of an OCI layout.
final class ArchiveSource implements ImageSource {
    /// The most files in an archive; an image has a few for each layer.
    private static final int MAX_ENTRIES = 10_000;

    private static final String BLOBS = "blobs/sha256/";

    private final TarFile archive;
    private final Map<String, TarArchiveEntry> entries = new HashMap<>();

    /// The layers of an archive without a layout, by the digests of their content.
    private final Map<String, String> layers = new HashMap<>();

    private final byte[] root;
    private byte[] config = {};

    ArchiveSource(Path file) throws IOException {
        bound(file);
        this.archive = new TarFile(file);
        for (TarArchiveEntry entry : archive.getEntries()) {
            entries.put(name(entry.getName()), entry);
        }
        boolean done = false;
        try {
            this.root = find(); // which tells where its layers are
            done = true;
        } finally {
            if (!done) {
                archive.close();
            }
        }
    }

    private static void bound(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file);
                TarArchiveInputStream tar =
                        new TarArchiveInputStream(new BufferedInputStream(in))) {
            for (int count = 0; tar.getNextEntry() != null; count++) {
                if (count == MAX_ENTRIES) {
                    throw ImageException.invalid("The archive has too many files.");
                }
            }
        } catch (IOException | IllegalArgumentException e) {
            throw ImageException.invalid("The archive is no tar: " + e.getMessage());
        }
    }

    private static String name(String name) {
        return name.replaceFirst("^(\\./)+", "");
    }

    @Override
    public byte[] root() {
        return root;
    }

    private byte[] find() throws IOException {
        if (entries.containsKey("index.json")) {
            return read("index.json");
        }
        if (entries.containsKey("manifest.json")) {
            return saved(Documents.read(read("manifest.json"), Saved[].class));
        }
        throw ImageException.invalid(
                "The archive has no image: neither index.json, as an OCI layout has, nor"
                        + " manifest.json, as docker save writes.");
    }

    /// The manifest that an archive of `docker save` stands for.
    private byte[] saved(Saved[] images) throws IOException {
        if (images.length != 1) {
            throw ImageException.invalid("The archive must have one image, not " + images.length);
        }
        config = read(Documents.required(images[0].config(), "configuration"));
        Documents.FileSystem content =
                Documents.required(
                        Documents.read(config, Documents.Configuration.class).rootfs(), "layers");
        List<String> digests = Documents.required(content.diffIds(), "layers");
        List<String> names = Documents.required(images[0].layers(), "layers");
        if (digests.size() != names.size()) {
            throw ImageException.invalid("The image has digests for other layers.");
        }
        List<Descriptor> described = new ArrayList<>();
        for (int i = 0; i < digests.size(); i++) {
            layers.put(digests.get(i), names.get(i));
            described.add(new Descriptor(null, digests.get(i), size(names.get(i)), null));
        }
        Descriptor first = new Descriptor(null, Digests.of(config), config.length, null);
        return Documents.write(new Manifest(null, first, described, null));
    }

    private long size(String name) throws IOException {
        return entry(name).getSize();
    }

    private TarArchiveEntry entry(String name) {
        TarArchiveEntry entry = entries.get(name(name));
        if (entry != null && (entry.isSymbolicLink() || entry.isLink())) {
            // Of layers that are equal, the second is a link.
            entry = entries.get(target(name, entry));
        }
        if (entry == null || !entry.isFile()) {
            throw ImageException.invalid("The archive lacks " + name + ".");
        }
        return entry;
    }

    private static @Nullable String target(String name, TarArchiveEntry entry) {
        return entry.isLink()
                ? name(entry.getLinkName())
                : Path.of(name).resolveSibling(entry.getLinkName()).normalize().toString();
    }

    private byte[] read(String name) throws IOException {
        try (InputStream in = archive.getInputStream(entry(name))) {
            return in.readNBytes(Documents.MAX_SIZE);
        }
    }

    @Override
    public byte[] document(String digest, boolean index) throws IOException {
        if (config.length > 0) {
            return config;
        }
        return read(BLOBS + digest.substring(digest.indexOf(':') + 1));
    }

    @Override
    public InputStream layer(String digest) throws IOException {
        String saved = layers.get(digest);
        String name = saved == null ? BLOBS + digest.substring(digest.indexOf(':') + 1) : saved;
        return archive.getInputStream(entry(name));
    }

    @Override
    public void close() throws IOException {
        archive.close();
    }
}
