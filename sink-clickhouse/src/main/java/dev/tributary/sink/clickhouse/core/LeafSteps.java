package dev.tributary.sink.clickhouse.core;

import dev.tributary.sink.clickhouse.core.RowReader.Step;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.avro.Schema;

/** Steps that read a scalar into a column. */
final class LeafSteps {
  private LeafSteps() {}

  static Step leaf(Schema schema, int column, ColumnKind kind) {
    if (!fits(schema.getType(), kind)) {
      throw new IllegalArgumentException(
          "a column of " + kind + " cannot hold " + RowReader.nameOf(schema));
    }
    return switch (schema.getType()) {
      case STRING -> (in, out) -> text(in, out.column(column));
      case ENUM -> symbol(schema, column);
      case INT, LONG -> (in, out) -> out.column(column).putNumber(in.readLong());
      case BOOLEAN -> (in, out) -> out.column(column).putNumber(in.readBoolean());
      case DOUBLE -> (in, out) -> out.column(column).putNumber(in.readDoubleBits());
      case BYTES -> amount(schema, column);
      case NULL -> (in, out) -> out.column(column).putAbsent();
      default ->
          throw new IllegalArgumentException(
              "no column holds " + RowReader.nameOf(schema) + " as a scalar");
    };
  }

  private static boolean fits(Schema.Type type, ColumnKind kind) {
    return switch (type) {
      case STRING, ENUM -> kind == ColumnKind.TEXT;
      case INT -> kind == ColumnKind.INT8 || kind == ColumnKind.INT32 || kind == ColumnKind.INT64;
      case LONG -> kind == ColumnKind.INT64;
      case BOOLEAN -> kind == ColumnKind.BOOL;
      case DOUBLE -> kind == ColumnKind.FLOAT64;
      case BYTES -> kind == ColumnKind.DECIMAL;
      default -> true;
    };
  }

  static void text(AvroCursor in, Column column) {
    int length = in.readLength();
    column.putText(in.array(), in.take(length), length);
  }

  /** An enum by its symbol, so that tables do not depend on the order of symbols. */
  private static Step symbol(Schema schema, int column) {
    byte[][] symbols =
        schema.getEnumSymbols().stream().map(LeafSteps::wireText).toArray(byte[][]::new);
    return (in, out) -> {
      int index = in.readInt();
      if (index < 0 || index >= symbols.length) {
        throw new MalformedRecordException("symbol " + index + " of " + symbols.length);
      }
      out.column(column).putWireText(symbols[index]);
    };
  }

  private static Step amount(Schema schema, int column) {
    if (!StepCompiler.isAmount(schema)) {
      throw new IllegalArgumentException("bytes without a decimal type");
    }
    return (in, out) -> {
      int length = in.readLength();
      out.column(column).putDecimal(in.array(), in.take(length), length);
    };
  }

  /** A text as ClickHouse's wire has it: length, then UTF-8. */
  static byte[] wireText(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    ByteBuf wire = new ByteBuf();
    wire.putText(utf8, 0, utf8.length);
    return Arrays.copyOf(wire.array(), wire.size());
  }
}
