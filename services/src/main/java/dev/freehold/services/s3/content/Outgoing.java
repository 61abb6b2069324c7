package dev.freehold.services.s3.content;

import java.io.IOException;
import java.io.InputStream;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Pieces of blobs, one after the other, each opened when the one before it ends.
final class Outgoing extends InputStream {
    private final Iterator<Piece> rest;
    private final Opener opener;
    private @Nullable InputStream current;

    /// Opens a piece.
    @FunctionalInterface
    interface Opener {
        InputStream open(Piece piece) throws IOException;
    }

    Outgoing(List<Piece> pieces, Opener opener) {
        this.rest = pieces.iterator();
        this.opener = opener;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        while (true) {
            InputStream in = current;
            if (in != null) {
                int n = in.read(buffer, offset, length);
                if (n >= 0) {
                    return n;
                }
                close();
            }
            if (!rest.hasNext()) {
                return -1;
            }
            current = opener.open(rest.next());
        }
    }

    @Override
    public void close() throws IOException {
        InputStream in = current;
        current = null;
        if (in != null) {
            in.close();
        }
    }
}
