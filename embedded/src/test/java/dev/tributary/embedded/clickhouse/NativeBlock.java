package dev.tributary.embedded.clickhouse;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Blocks in ClickHouse's Native format, written by hand so that no client's code judges itself. */
final class NativeBlock {

  private NativeBlock() {}

  /** One Int64 column holding {@code first}, {@code first + 1} and so on. */
  static byte[] ofInt64(String column, long first, int rows) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    varInt(out, 1);
    varInt(out, rows);
    text(out, column);
    text(out, "Int64");
    ByteBuffer values = ByteBuffer.allocate(rows * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < rows; i++) {
      values.putLong(first + i);
    }
    out.writeBytes(values.array());
    return out.toByteArray();
  }

  private static void text(ByteArrayOutputStream out, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    varInt(out, bytes.length);
    out.writeBytes(bytes);
  }

  private static void varInt(ByteArrayOutputStream out, int value) {
    int left = value;
    while (left >= 0x80) {
      out.write(left & 0x7f | 0x80);
      left >>>= 7;
    }
    out.write(left);
  }
}
