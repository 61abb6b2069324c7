package dev.freehold.storage.rocksdb;

import dev.freehold.storage.engine.Commit;
import dev.freehold.storage.engine.OptimisticStore;
import dev.freehold.storage.engine.Snapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.LongSupplier;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.CompressionType;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;

/// A store on the local disk. A commit is acknowledged when RocksDB's log is synced; one sync
/// serves all that waited for it.
public final class RocksStore extends OptimisticStore {
    private static final long BLOCK_CACHE = 32L * 1024 * 1024;
    private static final long WRITE_BUFFER = 16L * 1024 * 1024;
    private static final long MAX_LOG = 128L * 1024 * 1024;

    static {
        RocksDB.loadLibrary();
    }

    private final Options options;
    private final LRUCache cache;
    private final BloomFilter filter;
    private final RocksDB db;
    private final Committer committer;

    /// Opens the store in `directory`, which is created.
    ///
    /// @throws IOException when it can't be opened, such as when another process has it
    public RocksStore(Path directory) throws IOException {
        this(directory, System::nanoTime);
    }

    /// [#RocksStore(Path)] with a monotonic clock for the limit on a transaction's time.
    public RocksStore(Path directory, LongSupplier nanoTime) throws IOException {
        super(nanoTime);
        Files.createDirectories(directory);
        cache = new LRUCache(BLOCK_CACHE);
        filter = new BloomFilter(10);
        options =
                new Options()
                        .setCreateIfMissing(true)
                        .setWriteBufferSize(WRITE_BUFFER)
                        .setMaxWriteBufferNumber(3)
                        .setMaxTotalWalSize(MAX_LOG)
                        .setMaxBackgroundJobs(2)
                        .setKeepLogFileNum(2)
                        .setCompressionType(CompressionType.LZ4_COMPRESSION)
                        .setTableFormatConfig(
                                new BlockBasedTableConfig()
                                        .setBlockCache(cache)
                                        .setFilterPolicy(filter)
                                        .setCacheIndexAndFilterBlocks(true));
        try {
            db = RocksDB.open(options, directory.toString());
        } catch (RocksDBException e) {
            closeOptions();
            throw new IOException(
                    "Can't open the store in "
                            + directory
                            + ": "
                            + e.getMessage()
                            + ". If another server uses this folder, stop it or choose another with"
                            + " --data.",
                    e);
        }
        committer = new Committer(db, this::oldestUpdate);
    }

    @Override
    protected long currentVersion() {
        return committer.version();
    }

    @Override
    protected Snapshot snapshot(long version) {
        return new RocksSnapshot(db, version);
    }

    @Override
    protected boolean commit(Commit commit) {
        return committer.commit(commit);
    }

    @Override
    protected void closeEngine() {
        committer.close();
        db.close();
        closeOptions();
    }

    private void closeOptions() {
        options.close();
        filter.close();
        cache.close();
    }
}
