package dev.freehold.sandbox.image;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import land.oras.ContainerRef;
import land.oras.Descriptor;
import land.oras.Registry;
import land.oras.exception.OrasException;

/// An image in a registry. Credentials are those of `~/.docker/config.json`. As container engines
/// do, it speaks HTTP without TLS to registries on this machine only.
final class RegistrySource implements ImageSource {
    private static final int NONE = 404;
    private static final Set<Integer> DENIED = Set.of(401, 403);

    private final ContainerRef reference;
    private final Registry registry;

    RegistrySource(ContainerRef reference) {
        this.reference = reference;
        Registry.Builder builder = Registry.builder().defaults();
        this.registry = builder.withInsecure(local(reference.getRegistry())).build();
    }

    private static boolean local(String registry) {
        String host = registry.replaceFirst(":\\d+$", "");
        return host.equals("localhost")
                || host.equals("[::1]")
                || host.matches("127\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}");
    }

    @Override
    public byte[] root() throws IOException {
        return manifest(reference);
    }

    private byte[] manifest(ContainerRef of) throws IOException {
        try {
            Descriptor found = registry.getDescriptor(of);
            String json = found.getJson();
            if (json == null || json.length() > Documents.MAX_SIZE) {
                throw ImageException.invalid("The image's manifest is too large.");
            }
            return json.getBytes(StandardCharsets.UTF_8);
        } catch (OrasException e) {
            throw explained(e);
        }
    }

    @Override
    public byte[] document(String digest, boolean index) throws IOException {
        if (index) {
            return manifest(reference.withDigest(digest));
        }
        try (InputStream in = layer(digest)) {
            return in.readNBytes(Documents.MAX_SIZE);
        }
    }

    @Override
    public InputStream layer(String digest) throws IOException {
        try {
            return registry.fetchBlob(reference.withDigest(digest));
        } catch (OrasException e) {
            throw explained(e);
        }
    }

    /// What it means: an image that is not there, or not for this server; else it is the network,
    /// and may work the next time.
    private IOException explained(OrasException e) {
        int status = status(e);
        if (status == NONE) {
            throw new ImageException(
                    ImageException.Reason.DELETED,
                    "Source image " + reference + " does not exist. Provide a valid source image.",
                    e);
        }
        if (DENIED.contains(status)) {
            throw new ImageException(
                    ImageException.Reason.ACCESS_DENIED,
                    "Lambda does not have permission to access the source image "
                            + reference
                            + ". Check the registry's credentials.",
                    e);
        }
        return new IOException("the registry does not answer: " + e.getMessage(), e);
    }

    /// The status that a registry answered with, or 0: errors of its authentication are wrapped.
    private static int status(Throwable e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            Integer status = cause instanceof OrasException error ? error.getStatusCode() : null;
            if (status != null && (status == NONE || DENIED.contains(status))) {
                return status;
            }
            if (String.valueOf(cause.getMessage()).contains("WWW-Authenticate")) {
                return 403; // refused, and not told who may
            }
        }
        return 0;
    }

    @Override
    public void close() {
        // it keeps nothing open
    }
}
