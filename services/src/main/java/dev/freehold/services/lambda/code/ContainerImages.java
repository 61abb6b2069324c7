package dev.freehold.services.lambda.code;

import dev.freehold.api.s3.GetObjectRequest;
import dev.freehold.protocol.Caller;
import dev.freehold.protocol.CommonError;
import dev.freehold.sandbox.image.Image;
import dev.freehold.sandbox.image.ImageException;
import dev.freehold.sandbox.image.ImageSource;
import dev.freehold.sandbox.image.Images;
import dev.freehold.services.lambda.rules.Errors;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The container images of functions.
///
/// What a version has is a small document: an image's URI with all of its digests. As on AWS, it is
/// the image's source that keeps the layers. They are unpacked when a function gets the image, into
/// a tree that stays while there is room; later they are fetched again, by digest. When the source
/// has them no more, the function's state says so.
public final class ContainerImages {
    private static final Pattern OBJECT = Pattern.compile("s3://([^/]+)/(.+)");

    /// The largest archive in S3: no image has more.
    private static final long MAX_ARCHIVE = 11L * 1024 * 1024 * 1024;

    /// More at a time would only make each slower.
    private static final int MAX_UNPACKING = 2;

    private static final int MAX_KNOWN = 1000;
    private static final int BUFFER = 64 * 1024;

    private final Images images;
    private final Packages packages;
    private final Trees trees;
    private final Semaphore unpacking = new Semaphore(MAX_UNPACKING);
    private final Map<String, Image> known = bounded();

    public ContainerImages(Images images, Packages packages, Trees trees) {
        this.images = images;
        this.packages = packages;
        this.trees = trees;
    }

    private static <V> Map<String, V> bounded() {
        return java.util.Collections.synchronizedMap(
                new LinkedHashMap<>() {
                    private static final long serialVersionUID = 1L;

                    @Override
                    protected boolean removeEldestEntry(Map.Entry<String, V> eldest) {
                        return size() > MAX_KNOWN;
                    }
                });
    }

    /// An image that a URI led to.
    ///
    /// @param packaged its document, which nothing has yet
    public record Kept(Packages.Kept packaged, Image image) {}

    /// Where an image is read from, with the file that is removed afterwards.
    private record Opened(ImageSource source, @Nullable Path scratch) implements AutoCloseable {
        @Override
        public void close() throws IOException {
            source.close();
            if (scratch != null) {
                CodePackage.deleteTree(scratch);
            }
        }
    }

    /// Finds an image.
    ///
    /// @throws dev.freehold.protocol.ServiceError AWS's, when there is none
    public Kept keep(String uri, Caller caller) {
        try (Opened opened = open(uri, caller)) {
            Image image = images.resolve(opened.source, uri);
            return new Kept(packages.keep(image.write()), image);
        } catch (ImageException e) {
            throw Errors.invalid(String.valueOf(e.getMessage()));
        } catch (IOException e) {
            throw unavailable(uri, e);
        }
    }

    private static CommonError unavailable(String uri, Exception e) {
        return new CommonError(
                "ServiceException",
                500,
                "The source image " + uri + " can't be read: " + e.getMessage());
    }

    private Opened open(String uri, Caller caller) throws IOException {
        Matcher object = OBJECT.matcher(uri);
        if (!object.matches()) {
            return new Opened(images.open(uri), null);
        }
        Path scratch = trees.scratch();
        boolean done = false;
        try {
            Path file = scratch.resolve("archive");
            GetObjectRequest request =
                    GetObjectRequest.builder().bucket(object.group(1)).key(object.group(2)).build();
            try (InputStream in = packages.object(request, caller)) {
                copy(in, file);
            }
            Opened opened = new Opened(images.archive(file), scratch);
            done = true;
            return opened;
        } finally {
            if (!done) {
                CodePackage.deleteTree(scratch);
            }
        }
    }

    private static void copy(InputStream in, Path file) throws IOException {
        byte[] buffer = new byte[BUFFER];
        long size = 0;
        try (OutputStream out = Files.newOutputStream(file)) {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                size += n;
                if (size > MAX_ARCHIVE) {
                    throw Errors.invalid(
                            "The source image must be smaller than " + MAX_ARCHIVE + " bytes.");
                }
                out.write(buffer, 0, n);
            }
        }
    }

    /// The image that a version has.
    ///
    /// @param code the version's
    public Image image(String code) {
        Image there = known.get(code);
        if (there != null) {
            return there;
        }
        try (InputStream in = packages.open(packages.find(code))) {
            Image read = Image.read(in.readAllBytes());
            known.put(code, read);
            return read;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The file system of a version's image.
    ///
    /// @param user the environments that will have it
    /// @param caller who fetches it from S3
    /// @throws ImageException when it can't be had, and why that won't change
    /// @throws dev.freehold.protocol.ServiceError when it can't be had now
    public Trees.Lease unpacked(String code, String user, Supplier<Caller> caller) {
        Image image = image(code);
        try {
            return trees.lease(
                    "image:" + image.digest(),
                    image.room(),
                    user,
                    directory -> unpack(image, directory, caller.get()));
        } catch (UncheckedIOException e) {
            throw unavailable(image.uri(), e);
        }
    }

    private void unpack(Image image, Path directory, Caller caller) throws IOException {
        unpacking.acquireUninterruptibly();
        try (Opened opened = open(byDigest(image), caller)) {
            images.unpack(opened.source, image, directory);
        } finally {
            unpacking.release();
        }
    }

    /// An image's own name: its tag may be another image's by now.
    private static String byDigest(Image image) {
        return archived(image.uri()) ? image.uri() : resolved(image);
    }

    private static boolean archived(String uri) {
        return OBJECT.matcher(uri).matches() || uri.startsWith("oci-archive:");
    }

    /// The URI with the image's digest.
    public static String resolved(Image image) {
        String uri = image.uri().replaceFirst("@.*", "");
        int tag = uri.lastIndexOf(':');
        boolean tagged = tag > uri.lastIndexOf('/') && !archived(uri);
        String name = tagged ? uri.substring(0, tag) : uri;
        return name + "@" + image.digest();
    }
}
