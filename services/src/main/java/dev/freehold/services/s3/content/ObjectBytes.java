package dev.freehold.services.s3.content;

import dev.freehold.protocol.Blob;
import dev.freehold.protocol.ByteStream;
import dev.freehold.services.s3.checksum.Algorithm;
import dev.freehold.services.s3.checksum.Hasher;
import dev.freehold.services.s3.error.S3Errors;
import dev.freehold.services.s3.rules.ByteRange;
import dev.freehold.services.s3.state.Checksum;
import dev.freehold.services.s3.state.Content;
import dev.freehold.services.s3.state.Part;
import dev.freehold.services.s3.state.S3Tables;
import dev.freehold.services.s3.state.S3Tables.PartKey;
import dev.freehold.storage.Blobs;
import dev.freehold.storage.Cursor;
import dev.freehold.storage.Store;
import dev.freehold.storage.Transaction;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.crypto.CipherInputStream;
import org.jspecify.annotations.Nullable;

/// Writes senders' bytes into blobs and reads objects' bytes out of them.
public final class ObjectBytes {
    /// The most bytes that one request may send.
    public static final long MOST = 5L << 30;

    /// The most parts that an object has.
    public static final int MOST_PARTS = 10_000;

    private final Store store;
    private final Blobs blobs;
    private final Supplier<String> ids;
    private final ServerKey serverKey;

    /// @param serverKey what encrypts the bytes that no customer's key does
    public ObjectBytes(Store store, Blobs blobs, Supplier<String> ids, ServerKey serverKey) {
        this.store = store;
        this.blobs = blobs;
        this.ids = ids;
        this.serverKey = serverKey;
    }

    private BlobKey key(@Nullable CustomerSecret secret) {
        return secret == null ? serverKey : secret;
    }

    /// Takes a request's body. What it returns lies in a blob that no row names yet.
    public Received receive(ByteStream body, Expected expected, @Nullable CustomerSecret secret) {
        if (body.length() > MOST) {
            throw S3Errors.entityTooLarge(body.length(), MOST);
        }
        try (InputStream in = body.open()) {
            return receive(in, body, expected, secret);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Received receive(
            InputStream in, ByteStream body, Expected expected, @Nullable CustomerSecret secret)
            throws IOException {
        long announced = body.length();
        Incoming incoming = new Incoming(in, MOST, expected);
        if (announced == 0) {
            incoming.readAllBytes();
            return received("", incoming, expected.with(body.trailers()));
        }
        String blob = blobs.write(encrypted(incoming, key(secret)));
        try {
            if (announced > 0 && incoming.count() != announced) {
                throw Incoming.incomplete();
            }
            return received(blob, incoming, expected.with(body.trailers()));
        } catch (RuntimeException e) {
            blobs.delete(blob);
            throw e;
        }
    }

    private static Received received(String blob, Incoming incoming, Expected expected) {
        byte[] md5 = incoming.md5();
        Checksum kept = new Checksum(expected.kept(), incoming.kept(), false);
        Checksum checked = checked(incoming, expected, kept);
        expected.check(md5, checked == null ? null : checked.value());
        String hex = HexFormat.of().formatHex(md5);
        return new Received(blob, incoming.count(), hex, kept, checked);
    }

    private static @Nullable Checksum checked(Incoming incoming, Expected expected, Checksum kept) {
        Algorithm algorithm = expected.algorithm();
        if (algorithm == null || algorithm == kept.algorithm()) {
            return algorithm == null ? null : kept;
        }
        String other = incoming.checked();
        return other == null ? null : new Checksum(algorithm, other, false);
    }

    private InputStream encrypted(InputStream in, BlobKey key) {
        byte[] start = start();
        InputStream encrypted = new CipherInputStream(in, key.cipher(start, 0));
        return new SequenceInputStream(new ByteArrayInputStream(start), encrypted);
    }

    /// Where a counter starts. It need not be secret, but must never come again.
    private byte[] start() {
        Hasher hasher = Algorithm.SHA256.hasher();
        byte[] unique = ids.get().getBytes(StandardCharsets.UTF_8);
        hasher.update(unique, 0, unique.length);
        return Arrays.copyOf(hasher.value(), BlobKey.HEADER);
    }

    /// Runs the transaction that names a blob; removes the blob when it fails.
    public <T> T keep(Received received, Function<Transaction, T> naming) {
        try {
            return store.update(naming);
        } catch (RuntimeException e) {
            discard(received);
            throw e;
        }
    }

    private void discard(Received received) {
        try {
            if (!received.blob().isEmpty()) {
                blobs.delete(received.blob());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// A stream of some of an object's bytes.
    public ByteStream stream(Content content, ByteRange range, @Nullable CustomerSecret secret) {
        if (range.length() == 0) {
            return ByteStream.of(Blob.EMPTY);
        }
        List<Piece> pieces = pieces(content, range);
        return ByteStream.of(
                new Outgoing(pieces, piece -> open(piece, key(secret))), range.length());
    }

    private List<Piece> pieces(Content content, ByteRange range) {
        if (!content.inParts()) {
            return List.of(new Piece(content.id(), range.first(), range.length()));
        }
        return store.read(tx -> pieces(tx, content, range));
    }

    private static List<Piece> pieces(Transaction tx, Content content, ByteRange range) {
        List<Piece> pieces = new ArrayList<>();
        long end = range.first() + range.length();
        long offset = 0;
        try (Cursor<PartKey, Part> parts =
                tx.scan(S3Tables.PARTS, S3Tables.ofParts(content.id()), MOST_PARTS)) {
            while (offset < end && parts.next()) {
                Part part = parts.value();
                long first = Math.max(range.first(), offset);
                long last = Math.min(end, offset + part.size());
                if (first < last) {
                    pieces.add(new Piece(part.blob(), first - offset, last - first));
                }
                offset += part.size();
            }
        }
        return pieces;
    }

    private InputStream open(Piece piece, BlobKey key) throws IOException {
        byte[] start;
        try (InputStream header = blobs.read(piece.blob(), 0, BlobKey.HEADER)) {
            start = header.readAllBytes();
        }
        long block = piece.first() / BlobKey.HEADER;
        long skipped = piece.first() % BlobKey.HEADER;
        long from = BlobKey.HEADER + block * BlobKey.HEADER;
        InputStream in = blobs.read(piece.blob(), from, piece.length() + skipped);
        InputStream plain = new CipherInputStream(in, key.cipher(start, block));
        plain.skipNBytes(skipped);
        return plain;
    }
}
