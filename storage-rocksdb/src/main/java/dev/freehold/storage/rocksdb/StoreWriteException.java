package dev.freehold.storage.rocksdb;

import java.io.IOException;
import java.io.UncheckedIOException;

/// The disk did not take a commit, because it is full or broken. Whether the transaction is there
/// after the next start is not known; it was not acknowledged.
public final class StoreWriteException extends UncheckedIOException {
    private static final long serialVersionUID = 1L;

    StoreWriteException(Throwable cause) {
        super(new IOException("The store can't be written: " + cause.getMessage(), cause));
    }
}
