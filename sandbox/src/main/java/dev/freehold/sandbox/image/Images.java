package dev.freehold.sandbox.image;

import dev.freehold.sandbox.image.Documents.Configuration;
import dev.freehold.sandbox.image.Documents.Descriptor;
import dev.freehold.sandbox.image.Documents.Manifest;
import dev.freehold.sandbox.image.Documents.Platform;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import land.oras.ContainerRef;
import land.oras.exception.OrasException;
import org.jspecify.annotations.Nullable;

/// Finds images and unpacks them.
///
/// An image's URI is a registry's reference, `HOST/NAME:TAG` or `HOST/NAME@sha256:...`, or
/// `oci-archive:PATH`, a file below a directory of this host.
public final class Images {
    private static final String ARCHIVE = "oci-archive:";

    /// The most indexes that name an index.
    private static final int MAX_DEPTH = 3;

    private final Path archives;

    /// @param archives the directory with archives of images
    public Images(Path archives) {
        this.archives = archives;
    }

    /// Opens where a URI leads to.
    ///
    /// @throws ImageException when that can't be
    /// @throws IOException when it may work another time
    public ImageSource open(String uri) throws IOException {
        if (uri.startsWith(ARCHIVE)) {
            return archive(inside(uri));
        }
        if (!uri.matches("[a-zA-Z0-9.-]+(:\\d+)?/\\S+")) {
            throw invalid(uri);
        }
        try {
            return new RegistrySource(ContainerRef.parse(uri));
        } catch (OrasException | IllegalArgumentException e) {
            throw invalid(uri);
        }
    }

    private static ImageException invalid(String uri) {
        return ImageException.invalid(
                "Source image " + uri + " is not valid. Provide a valid source image.");
    }

    /// The archive that a URI names: its real path is below the directory.
    private Path inside(String uri) throws IOException {
        Path wanted = archives.resolve(uri.substring(ARCHIVE.length()));
        if (!Files.isRegularFile(wanted)
                || !wanted.toRealPath().startsWith(archives.toRealPath())) {
            throw new ImageException(
                    ImageException.Reason.DELETED,
                    "Source image " + uri + " does not exist. Provide a valid source image.");
        }
        return wanted;
    }

    /// Opens an archive.
    public ImageSource archive(Path file) throws IOException {
        return new ArchiveSource(file);
    }

    /// Reads an image's documents.
    ///
    /// @param uri what it is called
    /// @throws ImageException when it is none
    public Image resolve(ImageSource source, String uri) throws IOException {
        byte[] document = source.root();
        int at = uri.lastIndexOf('@');
        String digest = at < 0 ? Digests.of(document) : Digests.checked(uri.substring(at + 1));
        Digests.verified(document, digest);
        Manifest manifest = Documents.read(document, Manifest.class);
        for (int depth = 0; manifest.manifests() != null; depth++) {
            if (depth == MAX_DEPTH) {
                throw ImageException.invalid("The image's index has too many levels.");
            }
            digest = digest(fitting(manifest.manifests()));
            document = Digests.verified(source.document(digest, true), digest);
            manifest = Documents.read(document, Manifest.class);
        }
        String config = digest(manifest.config());
        return image(
                uri, digest, manifest, Digests.verified(source.document(config, false), config));
    }

    private static String digest(@Nullable Descriptor descriptor) {
        Descriptor given = Documents.required(descriptor, "configuration");
        return Digests.checked(Documents.required(given.digest(), "digest"));
    }

    /// This host's one of an index's manifests.
    private static Descriptor fitting(List<Descriptor> manifests) {
        for (Descriptor descriptor : manifests) {
            Platform platform = descriptor.platform();
            boolean any = platform == null && manifests.size() == 1;
            boolean ours =
                    platform != null
                            && "linux".equals(platform.os())
                            && architecture().equals(platform.architecture());
            if (any || ours) {
                return descriptor;
            }
        }
        throw ImageException.invalid("The image has nothing for linux/" + architecture() + ".");
    }

    private static String architecture() {
        return System.getProperty("os.arch").equals("aarch64") ? "arm64" : "amd64";
    }

    private static Image image(String uri, String digest, Manifest manifest, byte[] document) {
        Configuration configuration = Documents.read(document, Configuration.class);
        if (!architecture().equals(configuration.architecture())
                || !"linux".equals(configuration.os())) {
            throw ImageException.invalid(
                    "The image is for "
                            + configuration.os()
                            + "/"
                            + configuration.architecture()
                            + ", not for linux/"
                            + architecture()
                            + ".");
        }
        Documents.FileSystem files = Documents.required(configuration.rootfs(), "layers");
        List<String> contents = Documents.required(files.diffIds(), "layers");
        List<Descriptor> described = Documents.required(manifest.layers(), "layers");
        if (contents.size() != described.size()) {
            throw ImageException.invalid("The image has digests for other layers.");
        }
        List<Image.Layer> layers = new ArrayList<>();
        for (int i = 0; i < contents.size(); i++) {
            Descriptor layer = described.get(i);
            layers.add(
                    new Image.Layer(
                            digest(layer),
                            Digests.checked(contents.get(i)),
                            Math.max(0, layer.size())));
        }
        Documents.Process process = configuration.config();
        String directory = process == null ? null : process.workingDir();
        return new Image(
                uri,
                digest,
                layers,
                orNone(process == null ? null : process.entrypoint()),
                orNone(process == null ? null : process.cmd()),
                orNone(process == null ? null : process.env()),
                directory == null ? "" : directory);
    }

    private static List<String> orNone(@Nullable List<String> given) {
        return given == null ? List.of() : given;
    }

    /// Unpacks an image into an empty directory. When it fails, what is there is of no use.
    ///
    /// @throws ImageException when a layer is not what its digest says, reaches out of the
    ///   directory, or is too large
    public void unpack(ImageSource source, Image image, Path directory) throws IOException {
        Rootfs files = new Rootfs(directory, Rootfs.MAX_SIZE);
        for (Image.Layer layer : image.layers()) {
            try (InputStream in = source.layer(layer.digest())) {
                files.add(in, layer.content());
            }
        }
        files.finish();
    }
}
