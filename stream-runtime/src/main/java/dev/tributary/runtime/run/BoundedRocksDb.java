package dev.tributary.runtime.run;

import dev.tributary.runtime.config.CommonSettings;
import java.util.Map;
import org.apache.kafka.streams.state.RocksDBConfigSetter;
import org.jspecify.annotations.Nullable;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.Cache;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.WriteBufferManager;

/**
 * One block cache and one write buffer budget for all RocksDB stores of the process. RocksDB's
 * defaults are per store (a 50 MB cache and three 16 MB buffers), so a process with a hundred
 * stores would take gigabytes that no heap limit sees. The first store decides the size; the native
 * objects live as long as the process.
 */
public final class BoundedRocksDb implements RocksDBConfigSetter {
  /** Share of the budget that unflushed writes may take. */
  private static final double WRITE_BUFFER_SHARE = 0.5;

  private static final long MAX_STORE_BUFFER_BYTES = 8L << 20;
  private static final long BLOCK_BYTES = 16L << 10;

  private static @Nullable Cache cache;
  private static @Nullable WriteBufferManager writeBuffers;

  @Override
  public void setConfig(String storeName, Options options, Map<String, Object> configs) {
    if (!(configs.get(CommonSettings.ROCKSDB_MEMORY.key()) instanceof Number budget)) {
      throw new IllegalStateException(
          CommonSettings.ROCKSDB_MEMORY.key() + " is not set: use StreamsProperties");
    }
    BlockBasedTableConfig tables = (BlockBasedTableConfig) options.tableFormatConfig();
    share(tables, options, budget.longValue());
    tables.setBlockSize(BLOCK_BYTES);
    // Otherwise index and filter blocks grow outside the cache with the number of files.
    tables.setCacheIndexAndFilterBlocks(true);
    tables.setPinTopLevelIndexAndFilter(true);
    options.setTableFormatConfig(tables);
    options.setMaxWriteBufferNumber(2);
    options.setWriteBufferSize(MAX_STORE_BUFFER_BYTES);
  }

  private static synchronized void share(
      BlockBasedTableConfig tables, Options options, long budgetBytes) {
    Cache shared = cache;
    WriteBufferManager buffers = writeBuffers;
    if (shared == null || buffers == null) {
      shared = new LRUCache(budgetBytes);
      buffers = new WriteBufferManager((long) (budgetBytes * WRITE_BUFFER_SHARE), shared);
      cache = shared;
      writeBuffers = buffers;
    }
    tables.setBlockCache(shared);
    options.setWriteBufferManager(buffers);
  }

  @Override
  public void close(String storeName, Options options) {
    // The cache and the budget are shared; a store that closes leaves them to the others.
  }
}
