package dev.tributary.sink.clickhouse;

import dev.tributary.sink.clickhouse.core.BlockData;

/** Puts a block into its tables. Used by several threads at a time, for different blocks. */
interface BlockWriter extends AutoCloseable {
  /**
   * Inserts the rows of a block into every table they belong to. Doing it again with the same block
   * and token has no further effect, also after half of it.
   *
   * @param token names exactly this block
   * @throws BlockRefusedException the server refuses what the block holds
   * @throws WriteFailedException anything else; whether something was inserted is not known
   */
  void write(BlockData block, String token);

  /**
   * As {@link #write}, for a block that may have been inserted before: looks afterwards whether the
   * server kept its token and lost its rows, and then inserts them.
   *
   * @param mustKnow whether it fails where the server does not say; else nothing is done then
   * @throws LookFailedException the server does not say
   */
  void writeAgain(BlockData block, String token, BlockRange range, boolean mustKnow);

  @Override
  void close();
}
