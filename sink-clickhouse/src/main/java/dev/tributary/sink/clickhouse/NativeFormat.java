package dev.tributary.sink.clickhouse;

import com.clickhouse.data.ClickHouseFormat;
import dev.tributary.sink.clickhouse.core.BlockData;
import dev.tributary.sink.clickhouse.core.BlockData.TableColumn;
import dev.tributary.sink.clickhouse.core.ByteBuf;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * ClickHouse's Native format as the HTTP interface takes it: column count, row count, then for each
 * column its name, its type and its values. Columns are kept in wire form, so this only copies.
 *
 * <p>Each type is proven by writing known values and reading them back ({@code ColumnRoundTripIT}).
 */
final class NativeFormat implements BlockFormat {
  @Override
  public ClickHouseFormat name() {
    return ClickHouseFormat.Native;
  }

  @Override
  public void write(BlockData block, String table, OutputStream out) throws IOException {
    List<TableColumn> columns = block.columns(table);
    writeVarUInt(columns.size(), out);
    writeVarUInt(block.rows(table), out);
    for (int i = 0; i < columns.size(); i++) {
      writeText(columns.get(i).name(), out);
      writeText(columns.get(i).type(), out);
      block.forEachSegment(table, i, bytes -> copy(bytes, out));
    }
  }

  private static void copy(ByteBuf bytes, OutputStream out) {
    try {
      out.write(bytes.array(), 0, bytes.size());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void writeText(String text, OutputStream out) throws IOException {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    writeVarUInt(utf8.length, out);
    out.write(utf8);
  }

  private static void writeVarUInt(int value, OutputStream out) throws IOException {
    int rest = value;
    while (rest > 0x7F) {
      out.write((rest & 0x7F) | 0x80);
      rest >>>= 7;
    }
    out.write(rest);
  }
}
