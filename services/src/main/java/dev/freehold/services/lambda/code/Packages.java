package dev.freehold.services.lambda.code;

import dev.freehold.api.lambda.InvalidParameterValueException;
import dev.freehold.api.s3.GetObjectRequest;
import dev.freehold.api.s3.GetObjectResponse;
import dev.freehold.api.s3.S3Api;
import dev.freehold.protocol.Blob;
import dev.freehold.protocol.Caller;
import dev.freehold.protocol.CommonError;
import dev.freehold.protocol.ServiceError;
import dev.freehold.services.lambda.rules.Errors;
import dev.freehold.services.lambda.state.LambdaTables;
import dev.freehold.services.lambda.state.PackageRow;
import dev.freehold.services.lambda.state.VersionKey;
import dev.freehold.services.lambda.state.VersionRow;
import dev.freehold.storage.Blobs;
import dev.freehold.storage.Cursor;
import dev.freehold.storage.KeyRange;
import dev.freehold.storage.Store;
import dev.freehold.storage.Transaction;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The zips of functions and layers.
public final class Packages {
    /// The largest zip in a request.
    private static final int MAX_DIRECT = 52_428_800;

    /// How long bytes outlive the last version that had them; also how long a deployment may take
    /// from its zip to its row.
    public static final Duration GRACE = Duration.ofHours(1);

    /// The most blobs that one look for garbage finds.
    private static final int BATCH = 100;

    /// The most removals at a sweep.
    private static final int MAX_BATCHES = 100;

    private static final int BUFFER = 64 * 1024;

    private final Store store;
    private final Blobs blobs;
    private final InstantSource clock;
    private final Trees trees;
    private final S3Api s3;
    private final LiveFolders folders;

    /// What keeps packages, and where they come from.
    public record Sources(Blobs blobs, S3Api s3, LiveFolders folders) {}

    public Packages(Store store, InstantSource clock, Trees trees, Sources sources) {
        this.store = store;
        this.blobs = sources.blobs;
        this.clock = clock;
        this.trees = trees;
        this.s3 = sources.s3;
        this.folders = sources.folders;
    }

    /// A package that was accepted: its bytes are durable, and nothing has it yet.
    ///
    /// @param code what a version has of it: its SHA-256 in base 64, or a [LiveFolder]'s code
    /// @param blob its bytes; not used when the same package was there before
    public record Kept(String code, String blob, long size, long unpacked) {
        /// The hash as it is answered.
        public String sha256() {
            return LiveFolder.of(code) == null ? code : LiveFolder.SHA256;
        }
    }

    /// Where a package comes from: a request's own bytes, or an object.
    public record Source(
            @Nullable Blob zip,
            @Nullable String bucket,
            @Nullable String key,
            @Nullable String version) {}

    /// Takes a package and checks it.
    ///
    /// @throws ServiceError AWS's, when there is none, or it is no good
    public Kept keep(Source source, Caller caller) {
        Blob zip = source.zip();
        if (zip != null) {
            if (zip.length() > MAX_DIRECT) {
                throw new CommonError(
                        "RequestEntityTooLargeException",
                        413,
                        "Zipped size must be smaller than " + MAX_DIRECT + " bytes");
            }
            return keep(new ByteArrayInputStream(zip.bytes()));
        }
        if (source.bucket() == null || source.key() == null) {
            throw Errors.invalid("Please provide a source for function code.");
        }
        if (source.bucket().equals(LiveFolder.BUCKET)) {
            return new Kept(folders.require(source.key(), caller).code(), "", 0, 0);
        }
        GetObjectRequest request =
                GetObjectRequest.builder()
                        .bucket(source.bucket())
                        .key(source.key())
                        .versionId(source.version())
                        .build();
        try (InputStream in = object(request, caller)) {
            return keep(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private InputStream object(GetObjectRequest request, Caller caller) throws IOException {
        try {
            GetObjectResponse object = s3.getObject(request, caller);
            return object.bodyValue() == null
                    ? InputStream.nullInputStream()
                    : object.bodyValue().open();
        } catch (ServiceError e) {
            throw Errors.invalid(
                    "Error occurred while GetObject. S3 Error Code: "
                            + e.shape().code()
                            + ". S3 Error Message: "
                            + e.getMessage());
        }
    }

    private Kept keep(InputStream in) {
        try {
            Path scratch = trees.scratch();
            try {
                Path zip = scratch.resolve("zip");
                String sha = copy(in, zip);
                long size = Files.size(zip);
                PackageRow known = store.read(tx -> tx.get(LambdaTables.PACKAGES, sha));
                long unpacked =
                        known == null ? check(zip, scratch.resolve("tree"), sha) : known.unpacked();
                try (InputStream whole = Files.newInputStream(zip)) {
                    String blob = blobs.write(whole);
                    long now = clock.millis();
                    store.updateOnly(tx -> tx.put(LambdaTables.GARBAGE, blob, now));
                    return new Kept(sha, blob, size, unpacked);
                }
            } finally {
                CodePackage.deleteTree(scratch);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Copies until the end or until no package is so large.
    private static String copy(InputStream in, Path zip) throws IOException {
        MessageDigest digest = sha256();
        byte[] buffer = new byte[BUFFER];
        long size = 0;
        try (OutputStream out = Files.newOutputStream(zip)) {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                size += n;
                if (size > CodePackage.MAX_UNPACKED) {
                    throw Errors.invalid(CodePackage.TOO_LARGE);
                }
                digest.update(buffer, 0, n);
                out.write(buffer, 0, n);
            }
        }
        return Base64.getEncoder().encodeToString(digest.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private long check(Path zip, Path tree, String sha) throws IOException {
        try {
            long unpacked = CodePackage.unpack(zip, tree, CodePackage.MAX_UNPACKED);
            trees.adopt(content(sha), unpacked, tree);
            return unpacked;
        } catch (CodePackage.RefusedException e) {
            throw new InvalidParameterValueException(
                    e.getMessage(),
                    InvalidParameterValueException.Members.builder().type("User").build());
        }
    }

    private static String content(String sha) {
        return "zip:" + sha;
    }

    /// One more version or layer has the package.
    public void reference(Transaction tx, Kept kept) {
        if (LiveFolder.of(kept.code()) != null) {
            return;
        }
        PackageRow row = tx.get(LambdaTables.PACKAGES, kept.code());
        if (row == null) {
            row = new PackageRow(kept.blob(), kept.size(), kept.unpacked(), 0);
            tx.delete(LambdaTables.GARBAGE, kept.blob());
        }
        tx.put(LambdaTables.PACKAGES, kept.code(), row.withReferences(row.references() + 1));
    }

    /// One more version has a package that is there.
    public void reference(Transaction tx, String sha) {
        if (LiveFolder.of(sha) != null) {
            return;
        }
        PackageRow row = row(tx, sha);
        tx.put(LambdaTables.PACKAGES, sha, row.withReferences(row.references() + 1));
    }

    /// A version or layer has it no more.
    public void release(Transaction tx, String sha, Instant now) {
        if (LiveFolder.of(sha) != null) {
            return;
        }
        PackageRow row = row(tx, sha);
        if (row.references() > 1) {
            tx.put(LambdaTables.PACKAGES, sha, row.withReferences(row.references() - 1));
        } else {
            tx.delete(LambdaTables.PACKAGES, sha);
            tx.put(LambdaTables.GARBAGE, row.blob(), now.toEpochMilli());
        }
    }

    private static PackageRow row(Transaction tx, String sha) {
        PackageRow row = tx.get(LambdaTables.PACKAGES, sha);
        if (row == null) {
            throw new IllegalStateException("package " + sha + " has no row");
        }
        return row;
    }

    /// A package that is there.
    public PackageRow find(String sha) {
        return store.read(tx -> row(tx, sha));
    }

    /// The unpacked package, or the folder that a version's code is.
    ///
    /// @param user the environments that will have it
    public Trees.Lease unpacked(String sha, String user) {
        LiveFolder folder = LiveFolder.of(sha);
        if (folder != null) {
            return folder::path;
        }
        PackageRow row = find(sha);
        return trees.lease(content(sha), row.unpacked(), user, directory -> unpack(row, directory));
    }

    /// Layers laid over each other in their order, the last on top.
    public Trees.Lease merged(List<String> layers, String user) {
        List<PackageRow> rows = new ArrayList<>();
        long size = 0;
        for (String sha : layers) {
            PackageRow row = find(sha);
            rows.add(row);
            size += row.unpacked();
        }
        return trees.lease(
                merged(layers),
                size,
                user,
                directory -> {
                    for (PackageRow row : rows) {
                        unpack(row, directory);
                    }
                });
    }

    private void unpack(PackageRow row, Path directory)
            throws IOException, CodePackage.RefusedException {
        Path scratch = trees.scratch();
        try {
            Path zip = scratch.resolve("zip");
            try (InputStream in = open(row)) {
                Files.copy(in, zip);
            }
            CodePackage.unpack(zip, directory, CodePackage.MAX_UNPACKED);
        } finally {
            CodePackage.deleteTree(scratch);
        }
    }

    /// The zip as it came.
    public InputStream open(PackageRow row) throws IOException {
        return blobs.read(row.blob(), 0, Long.MAX_VALUE);
    }

    /// Tells which blobs are packages, now; also those that are garbage.
    public Predicate<String> naming() {
        Set<String> known = new HashSet<>();
        store.read(tx -> {
            try (Cursor<String, PackageRow> rows =
                    tx.scan(LambdaTables.PACKAGES, KeyRange.ALL, Integer.MAX_VALUE)) {
                while (rows.next()) {
                    known.add(rows.value().blob());
                }
            }
            return true;
        });
        return blob ->
                known.contains(blob)
                        || store.read(tx -> tx.get(LambdaTables.GARBAGE, blob)) != null;
    }

    /// Removes bytes that nothing has any more, and what was unpacked of them. Called from time to
    /// time.
    public void sweep(Instant now) {
        long before = now.minus(GRACE).toEpochMilli();
        for (int batch = 0; batch < MAX_BATCHES; batch++) {
            List<String> old = store.read(tx -> garbage(tx, before));
            for (String blob : old) {
                try {
                    blobs.delete(blob);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
                store.updateOnly(tx -> tx.delete(LambdaTables.GARBAGE, blob));
            }
            if (old.size() < BATCH) {
                break;
            }
        }
        trees.keepOnly(store.read(Packages::contents));
    }

    private static List<String> garbage(Transaction tx, long before) {
        List<String> old = new ArrayList<>();
        try (Cursor<String, Long> rows =
                tx.scan(LambdaTables.GARBAGE, KeyRange.ALL, LambdaTables.MAX_LISTED)) {
            while (rows.next() && old.size() < BATCH) {
                if (rows.value() < before) {
                    old.add(rows.key());
                }
            }
        }
        return old;
    }

    /// All that may be unpacked, and how large it is.
    private static Map<String, Long> contents(Transaction tx) {
        Map<String, Long> contents = new HashMap<>();
        Map<String, Long> sizes = new HashMap<>();
        try (Cursor<String, PackageRow> rows =
                tx.scan(LambdaTables.PACKAGES, KeyRange.ALL, Integer.MAX_VALUE)) {
            while (rows.next()) {
                sizes.put(rows.key(), rows.value().unpacked());
                contents.put(content(rows.key()), rows.value().unpacked());
            }
        }
        try (Cursor<VersionKey, VersionRow> rows =
                tx.scan(LambdaTables.VERSIONS, KeyRange.ALL, Integer.MAX_VALUE)) {
            while (rows.next()) {
                List<String> layers = rows.value().layers();
                long size = layers.stream().mapToLong(sha -> sizes.getOrDefault(sha, 0L)).sum();
                contents.put(merged(layers), size);
            }
        }
        return contents;
    }

    private static String merged(List<String> layers) {
        return "layers:" + String.join(",", layers);
    }
}
