package dev.tributary.runtime.config;

/** Where the state of a topology lives. Both are restored from changelog topics. */
public enum StoreType {
  /** On disk, bounded by disk. */
  ROCKSDB,
  /** On the heap: faster to build and to throw away, bounded by memory. */
  MEMORY
}
