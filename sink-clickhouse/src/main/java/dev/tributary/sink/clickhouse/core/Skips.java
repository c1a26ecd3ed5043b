package dev.tributary.sink.clickhouse.core;

import dev.tributary.sink.clickhouse.core.RowReader.Step;
import java.util.List;
import org.apache.avro.Schema;

/** Steps that pass over a value. Recursive schemas are not supported: our records have none. */
final class Skips {
  private Skips() {}

  static Step skip(Schema schema) {
    return switch (schema.getType()) {
      case NULL -> (in, out) -> {};
      case BOOLEAN -> (in, out) -> in.take(1);
      case INT, LONG, ENUM -> (in, out) -> in.readLong();
      case FLOAT -> (in, out) -> in.take(4);
      case DOUBLE -> (in, out) -> in.take(8);
      case STRING, BYTES -> (in, out) -> in.take(in.readLength());
      case FIXED -> {
        int size = schema.getFixedSize();
        yield (in, out) -> in.take(size);
      }
      case RECORD -> all(schema.getFields().stream().map(field -> skip(field.schema())).toList());
      case UNION -> union(schema.getTypes().stream().map(Skips::skip).toArray(Step[]::new));
      case ARRAY -> items(skip(schema.getElementType()));
      case MAP ->
          items(all(List.of((in, out) -> in.take(in.readLength()), skip(schema.getValueType()))));
    };
  }

  private static Step all(List<Step> steps) {
    Step[] each = steps.toArray(Step[]::new);
    return (in, out) -> {
      for (Step step : each) {
        step.read(in, out);
      }
    };
  }

  private static Step union(Step[] steps) {
    return (in, out) -> {
      int index = in.readInt();
      if (index < 0 || index >= steps.length) {
        throw new MalformedRecordException("union branch " + index + " of " + steps.length);
      }
      steps[index].read(in, out);
    };
  }

  private static Step items(Step item) {
    return (in, out) -> {
      for (long count = in.readBlockCount(); count != 0; count = in.readBlockCount()) {
        for (long i = 0; i < count; i++) {
          item.read(in, out);
        }
      }
    };
  }
}
