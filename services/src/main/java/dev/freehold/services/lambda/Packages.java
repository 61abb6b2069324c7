package dev.freehold.services.lambda;

import dev.freehold.api.lambda.InvalidParameterValueException;
import dev.freehold.api.s3.GetObjectRequest;
import dev.freehold.api.s3.GetObjectResponse;
import dev.freehold.api.s3.S3Api;
import dev.freehold.protocol.Blob;
import dev.freehold.protocol.Caller;
import dev.freehold.protocol.ServiceError;
import dev.freehold.storage.Blobs;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Deployment packages: the zip as a blob, and unpacked in the code store.
final class Packages {
    /// The largest zip in a request.
    private static final int MAX_DIRECT = 52_428_800;

    private final Blobs blobs;
    private final Path store;
    private final Supplier<String> secrets;
    private final S3Api s3;

    /// @param store the code store
    /// @param secrets makes names that can't be guessed
    Packages(Blobs blobs, Path store, Supplier<String> secrets, S3Api s3) {
        this.blobs = blobs;
        this.store = store;
        this.secrets = secrets;
        this.s3 = s3;
    }

    /// A package that was kept.
    record Kept(String blob, String sha256, long size) {}

    /// Keeps a package that came with a request, or that S3 has.
    Kept keep(
            @Nullable Blob zip,
            @Nullable String bucket,
            @Nullable String key,
            @Nullable String version,
            Caller caller) {
        if (zip != null) {
            if (zip.length() > MAX_DIRECT) {
                throw new dev.freehold.api.lambda.RequestTooLargeException(
                        "Request must be smaller than 70167211 bytes for the CreateFunction operation");
            }
            return keep(new ByteArrayInputStream(zip.bytes()));
        }
        if (bucket == null || key == null) {
            throw new InvalidParameterValueException("Please provide a source for function code.");
        }
        try {
            GetObjectResponse object =
                    s3.getObject(
                            GetObjectRequest.builder()
                                    .bucket(bucket)
                                    .key(key)
                                    .versionId(version)
                                    .build(),
                            caller);
            try (InputStream in =
                    object.bodyValue() == null
                            ? InputStream.nullInputStream()
                            : object.bodyValue().open()) {
                return keep(in);
            }
        } catch (ServiceError e) {
            throw new InvalidParameterValueException(
                    "Error occurred while GetObject. S3 Error Code: "
                            + e.shape().code()
                            + ". S3 Error Message: "
                            + e.getMessage());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Kept keep(InputStream in) {
        try (DigestInputStream hashed =
                        new DigestInputStream(in, MessageDigest.getInstance("SHA-256"));
                CountingStream counted = new CountingStream(hashed)) {
            String blob = blobs.write(counted);
            String sha = Base64.getEncoder().encodeToString(hashed.getMessageDigest().digest());
            Kept kept = new Kept(blob, sha, counted.count);
            delete(unpack(kept.blob));
            return kept;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Unpacks a kept package into a directory of its own.
    Path unpack(String blob) {
        Path zip = store.resolveSibling("unpack-" + secrets.get() + ".zip");
        Path target = store.resolve(secrets.get());
        try {
            try (InputStream in = blobs.read(blob, 0, Long.MAX_VALUE)) {
                Files.copy(in, zip);
            }
            CodePackage.unpack(zip, target, CodePackage.MAX_UNPACKED);
            return target;
        } catch (CodePackage.RefusedException e) {
            discard(blob);
            throw new InvalidParameterValueException(e.getMessage());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            try {
                Files.deleteIfExists(zip);
            } catch (IOException e) {
                System.getLogger(Packages.class.getName())
                        .log(System.Logger.Level.DEBUG, "Can't remove " + zip, e);
            }
        }
    }

    void discard(String blob) {
        try {
            blobs.delete(blob);
        } catch (IOException e) {
            System.getLogger(Packages.class.getName())
                    .log(System.Logger.Level.WARNING, "Can't remove a package", e);
        }
    }

    void delete(Path unpacked) {
        try {
            CodePackage.deleteTree(unpacked);
        } catch (IOException e) {
            System.getLogger(Packages.class.getName())
                    .log(System.Logger.Level.WARNING, "Can't remove unpacked code", e);
        }
    }

    private static final class CountingStream extends FilterInputStream {
        private long count;

        CountingStream(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            int b = in.read();
            count += b >= 0 ? 1 : 0;
            return b;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int n = in.read(buffer, offset, length);
            count += Math.max(n, 0);
            return n;
        }
    }
}
