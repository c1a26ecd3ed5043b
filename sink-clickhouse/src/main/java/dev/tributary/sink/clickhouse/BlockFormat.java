package dev.tributary.sink.clickhouse;

import com.clickhouse.data.ClickHouseFormat;
import dev.tributary.sink.clickhouse.core.BlockData;
import java.io.IOException;
import java.io.OutputStream;

/** How the rows of a block are written to ClickHouse. Stateless. */
interface BlockFormat {
  /** The format's name on the server. */
  ClickHouseFormat name();

  /** Writes the rows of one table; the same bytes for the same block, every time. */
  void write(BlockData block, String table, OutputStream out) throws IOException;
}
