package dev.tributary.runtime.serde;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;

/** Random but valid records of any generated class; the same seed gives the same records. */
public final class RandomRecords {

  private static final int LONGEST_LIST = 3;

  private final Random random;

  /** A generator; print the seed in failure messages. */
  public RandomRecords(long seed) {
    this.random = new Random(seed);
  }

  /** The seed of this run: {@code -Dtributary.seed=} or a fixed one. */
  public static long seed() {
    return Long.getLong("tributary.seed", 20_261_120L);
  }

  /** The next record of the class. */
  public <V extends SpecificRecord> V next(Class<V> type) {
    AvroTrust.install();
    return type.cast(record(SpecificData.get().getSchema(type), SpecificData.getForClass(type)));
  }

  private SpecificRecord record(Schema schema, SpecificData model) {
    SpecificRecord record = (SpecificRecord) model.newRecord(null, schema);
    for (Schema.Field field : schema.getFields()) {
      record.put(field.pos(), value(field.schema(), model));
    }
    return record;
  }

  private Object value(Schema schema, SpecificData model) {
    if (schema.getLogicalType() instanceof LogicalTypes.Decimal decimal) {
      int bits = 1 + random.nextInt(decimal.getPrecision() * 3);
      BigInteger unscaled = new BigInteger(bits, random);
      return new BigDecimal(
          random.nextBoolean() ? unscaled : unscaled.negate(), decimal.getScale());
    }
    return switch (schema.getType()) {
      case RECORD -> record(schema, model);
      case ENUM -> enumValue(schema, model);
      case ARRAY -> list(schema, model);
      case MAP -> map(schema, model);
      case UNION -> value(schema.getTypes().get(random.nextInt(schema.getTypes().size())), model);
      case STRING -> text();
      case BYTES -> ByteBuffer.wrap(bytes());
      case INT -> random.nextInt() >> random.nextInt(32);
      case LONG -> random.nextLong() >> random.nextInt(64);
      case FLOAT -> random.nextFloat();
      case DOUBLE -> random.nextGaussian() * 1e6;
      case BOOLEAN -> random.nextBoolean();
      case NULL -> null;
      case FIXED -> throw new IllegalArgumentException("no fixed types in our schemas: " + schema);
    };
  }

  @SuppressWarnings({"unchecked", "rawtypes"})
  private Object enumValue(Schema schema, SpecificData model) {
    List<String> symbols = schema.getEnumSymbols();
    String symbol = symbols.get(random.nextInt(symbols.size()));
    return Enum.valueOf((Class<? extends Enum>) model.getClass(schema), symbol);
  }

  private List<Object> list(Schema schema, SpecificData model) {
    List<Object> values = new ArrayList<>();
    for (int i = random.nextInt(LONGEST_LIST + 1); i > 0; i--) {
      values.add(value(schema.getElementType(), model));
    }
    return values;
  }

  private Map<String, Object> map(Schema schema, SpecificData model) {
    Map<String, Object> values = new LinkedHashMap<>();
    for (int i = random.nextInt(LONGEST_LIST + 1); i > 0; i--) {
      values.put(text(), value(schema.getValueType(), model));
    }
    return values;
  }

  /** Mostly ids and names, sometimes empty, sometimes beyond ASCII. */
  private String text() {
    return switch (random.nextInt(8)) {
      case 0 -> "";
      case 1 -> "größe-漢字-\uD83D\uDE80-" + random.nextInt();
      default -> Long.toHexString(random.nextLong());
    };
  }

  private byte[] bytes() {
    byte[] bytes = new byte[random.nextInt(40)];
    random.nextBytes(bytes);
    return bytes;
  }
}
