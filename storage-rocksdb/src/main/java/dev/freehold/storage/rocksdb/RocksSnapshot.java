package dev.freehold.storage.rocksdb;

import dev.freehold.storage.engine.Snapshot;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Slice;

/// A snapshot of the database.
final class RocksSnapshot implements Snapshot {
    private final RocksDB db;
    private final long version;
    private final org.rocksdb.Snapshot snapshot;
    private final ReadOptions options;

    RocksSnapshot(RocksDB db, long version) {
        this.db = db;
        this.version = version;
        this.snapshot = db.getSnapshot();
        this.options = new ReadOptions().setSnapshot(snapshot);
    }

    @Override
    public long version() {
        return version;
    }

    @Override
    public byte @Nullable [] get(byte[] key) {
        try {
            return db.get(options, key);
        } catch (RocksDBException e) {
            throw failed(e);
        }
    }

    @Override
    public RawCursor scan(byte[] start, byte[] end, boolean reverse) {
        return new RocksCursor(start, end, reverse);
    }

    @Override
    public void close() {
        options.close();
        db.releaseSnapshot(snapshot);
        snapshot.close();
    }

    static UncheckedIOException failed(RocksDBException e) {
        return new UncheckedIOException(new java.io.IOException("The store can't be read", e));
    }

    private final class RocksCursor implements RawCursor {
        private final Slice lower;
        private final Slice upper;
        private final ReadOptions bounded;
        private final RocksIterator iterator;
        private final boolean reverse;
        private boolean started;

        RocksCursor(byte[] start, byte[] end, boolean reverse) {
            this.reverse = reverse;
            this.lower = new Slice(start);
            this.upper = new Slice(end);
            this.bounded =
                    new ReadOptions()
                            .setSnapshot(snapshot)
                            .setIterateLowerBound(lower)
                            .setIterateUpperBound(upper);
            this.iterator = db.newIterator(bounded);
        }

        @Override
        public boolean next() {
            if (!started) {
                started = true;
                if (reverse) {
                    iterator.seekToLast();
                } else {
                    iterator.seekToFirst();
                }
            } else if (reverse) {
                iterator.prev();
            } else {
                iterator.next();
            }
            if (iterator.isValid()) {
                return true;
            }
            try {
                iterator.status();
            } catch (RocksDBException e) {
                throw failed(e);
            }
            return false;
        }

        @Override
        public byte[] key() {
            return iterator.key();
        }

        @Override
        public byte[] value() {
            return iterator.value();
        }

        @Override
        public void close() {
            iterator.close();
            bounded.close();
            lower.close();
            upper.close();
        }
    }
}
