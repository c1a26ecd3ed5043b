package dev.tributary.sink.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.clickhouse.client.api.query.GenericRecord;
import dev.tributary.sink.clickhouse.core.AllTypes;
import dev.tributary.sink.clickhouse.core.BlockData;
import dev.tributary.sink.clickhouse.core.MalformedRecordException;
import dev.tributary.sink.clickhouse.core.RowReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Known values of every type, written in Native and read back. Guards against silent corruption:
 * binary formats carry bare integers, so a wrong scale of a time or an amount gives 1970 or a
 * thousandfold and no error.
 */
final class ColumnRoundTripIT {
  private static final Schema SCHEMA = new Schema.Parser().parse(AllTypes.SCHEMA);
  private static final BigDecimal LARGEST =
      new BigDecimal("99999999999999999999.999999999999999999");

  private static EngineFixture engine;

  @BeforeAll
  static void start() {
    engine = EngineFixture.start();
    engine.execute("CREATE DATABASE round_trip");
  }

  @AfterAll
  static void stop() {
    if (engine != null) {
      engine.close();
    }
  }

  @Test
  void write_everyType_readsBackTheSame() {
    // Given
    engine.execute(
        "CREATE TABLE round_trip.all_types ("
            + AllTypes.COLUMNS
            + ") ENGINE = MergeTree ORDER BY kafka_offset"
            + " SETTINGS non_replicated_deduplication_window = 10");
    RowReader reader = RowReader.compile(AllTypes.SCHEMA, AllTypes.layout());
    BlockData block = new BlockData(AllTypes.layout());
    byte[] full = encode(full());
    reader.read(full, 0, full.length, 3, 100, block);
    // A record that ends early, between two good ones, leaves nothing behind.
    assertThatThrownBy(() -> reader.read(full, 0, full.length - 9, 3, 101, block))
        .isInstanceOf(MalformedRecordException.class);
    byte[] empty = encode(empty());
    reader.read(empty, 0, empty.length, 3, 102, block);

    // When
    try (ClickHouseBlockWriter writer = engine.writer("round_trip")) {
      writer.write(block, "token-1");
      writer.write(block, "token-1");
    }

    // Then
    assertThat(rows("all_types"))
        .containsExactly(
            List.of(
                "größe 漢字 \uD83D\uDE80",
                "unattributed",
                "here",
                "NULL",
                "GREEN",
                "-128",
                "-2147483648",
                "2147483647",
                "-9223372036854775808",
                "9223372036854775807",
                "-0.1",
                "3.5e300",
                "true",
                "false",
                "99999999999999999999.999999999999999999",
                "-0.000000000000000001",
                "2026-01-01 00:00:00.000001",
                "1969-12-31 23:59:59.999999",
                "['a','','c']",
                "[1.5,NULL,-99999999999999999999.999999999999999999]",
                "{'x':1,'y':-2}",
                "{'n':'v','m':NULL}",
                "{'team':'t','custom.cc':'7'}",
                "{'latency_us':4,'cost_usd':-1}",
                "{'latency_us':{-5:1,7:-2},'cost_usd':{}}",
                "['e1','e2']",
                "[{'k':'v'},{}]",
                "3",
                "100"),
            List.of(
                "",
                "unattributed",
                "NULL",
                "NULL",
                "RED",
                "0",
                "0",
                "NULL",
                "0",
                "NULL",
                "0",
                "NULL",
                "false",
                "NULL",
                "0",
                "NULL",
                "1970-01-01 00:00:00.000000",
                "NULL",
                "[]",
                "[]",
                "{}",
                "{}",
                "{}",
                "{}",
                "{}",
                "[]",
                "[]",
                "3",
                "102"));
  }

  /** The type goes with the data, so a table of another scale is converted to, never misread. */
  @Test
  void write_tableOfOtherScales_isConverted() {
    // Given
    engine.execute("CREATE DATABASE other_scales");
    engine.execute(
        "CREATE TABLE other_scales.all_types ("
            + AllTypes.COLUMNS
                .replace("amount Decimal(38, 18)", "amount Decimal(38, 6)")
                .replace("at DateTime64(6, 'UTC')", "at DateTime64(3, 'UTC')")
            + ") ENGINE = MergeTree ORDER BY kafka_offset");
    RowReader reader = RowReader.compile(AllTypes.SCHEMA, AllTypes.layout());
    BlockData block = new BlockData(AllTypes.layout());
    GenericData.Record record = empty();
    record.put("at_us", 1_767_225_600_123_456L);
    record.put("amount", bytes(new BigDecimal("1.234567890123456789")));
    byte[] bytes = encode(record);
    reader.read(bytes, 0, bytes.length, 0, 0, block);

    // When
    try (ClickHouseBlockWriter writer = engine.writer("other_scales")) {
      writer.write(block, "token-2");
    }

    // Then
    assertThat(engine.ask("select toString(at) from other_scales.all_types"))
        .isEqualTo("2026-01-01 00:00:00.123");
    assertThat(engine.ask("select toString(amount) from other_scales.all_types"))
        .isEqualTo("1.234567");
  }

  @Test
  void compile_amountOfOtherScale_refused() {
    // Given
    String schema = AllTypes.SCHEMA.replace("\"scale\":18", "\"scale\":6");

    // When / Then
    assertThatThrownBy(() -> RowReader.compile(schema, AllTypes.layout()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("scale 6");
  }

  private static List<List<String>> rows(String table) {
    String columns =
        AllTypes.NAMES.stream()
            .map(name -> "coalesce(toString(`" + name + "`), 'NULL')")
            .collect(Collectors.joining(", "));
    return engine
        .query("select " + columns + " from round_trip." + table + " order by kafka_offset")
        .stream()
        .map(ColumnRoundTripIT::texts)
        .toList();
  }

  private static List<String> texts(GenericRecord row) {
    String[] texts = new String[AllTypes.NAMES.size()];
    for (int i = 0; i < texts.length; i++) {
      texts[i] = row.getString(i + 1);
    }
    return Arrays.asList(texts);
  }

  private static GenericData.Record full() {
    GenericData.Record record = empty();
    record.put("skipped", List.of(1.0, 2.0));
    record.put("text", "größe 漢字 \uD83D\uDE80");
    record.put("nullable_text", "here");
    record.put("symbol", symbol("GREEN"));
    record.put("int8", -128);
    record.put("int32", Integer.MIN_VALUE);
    record.put("nullable_int32", Integer.MAX_VALUE);
    record.put("int64", Long.MIN_VALUE);
    record.put("nullable_int64", Long.MAX_VALUE);
    record.put("float", -0.1);
    record.put("nullable_float", 3.5e300);
    record.put("flag", true);
    record.put("nullable_flag", false);
    record.put("amount", bytes(LARGEST));
    record.put("nullable_amount", bytes(new BigDecimal("-0.000000000000000001")));
    record.put("at_us", 1_767_225_600_000_001L);
    record.put("nullable_at_us", -1L);
    record.put("tags", List.of("a", "", "c"));
    record.put(
        "lines",
        List.of(
            inner("lines", "amount", bytes(new BigDecimal("1.500000000000000000"))),
            inner("lines", "amount", null),
            inner("lines", "amount", bytes(LARGEST.negate()))));
    record.put("counts", new TreeMap<>(Map.of("x", 1L, "y", -2L)));
    Map<String, Object> notes = new LinkedHashMap<>();
    notes.put("n", note("v"));
    notes.put("m", note(null));
    record.put("notes", notes);
    GenericData.Record fields = new GenericData.Record(type("fields").getTypes().get(1));
    fields.put("team", "t");
    fields.put("custom", Map.of("cc", "7"));
    record.put("fields", fields);
    record.put(
        "sketches",
        List.of(
            sketch("latency_us", 4, List.of(-5, 7), List.of(1L, -2L)),
            sketch("cost_usd", -1, List.of(), List.of())));
    record.put("events", List.of(event("e1", Map.of("k", "v")), event("e2", Map.of())));
    return record;
  }

  private static GenericData.Record empty() {
    GenericData.Record record = new GenericData.Record(SCHEMA);
    record.put("text", "");
    record.put("symbol", symbol("RED"));
    record.put("int8", 0);
    record.put("int32", 0);
    record.put("int64", 0L);
    record.put("float", 0.0);
    record.put("flag", false);
    record.put("amount", bytes(BigDecimal.ZERO.setScale(18)));
    record.put("at_us", 0L);
    record.put("tags", List.of());
    record.put("lines", List.of());
    record.put("counts", Map.of());
    record.put("notes", Map.of());
    record.put("sketches", List.of());
    record.put("events", List.of());
    return record;
  }

  private static Schema type(String field) {
    return SCHEMA.getField(field).schema();
  }

  private static GenericData.EnumSymbol symbol(String name) {
    return new GenericData.EnumSymbol(type("symbol"), name);
  }

  private static GenericData.Record inner(String array, String field, Object value) {
    GenericData.Record record = new GenericData.Record(type(array).getElementType());
    record.put(field, value);
    return record;
  }

  private static GenericData.Record note(String text) {
    GenericData.Record record = new GenericData.Record(type("notes").getValueType());
    record.put("note", text);
    return record;
  }

  private static GenericData.Record sketch(
      String metric, long zero, List<Integer> indexes, List<Long> counts) {
    GenericData.Record record = inner("sketches", "metric", metric);
    record.put("zero", zero);
    record.put("indexes", indexes);
    record.put("counts", counts);
    return record;
  }

  private static GenericData.Record event(String name, Map<String, String> attributes) {
    GenericData.Record record = inner("events", "name", name);
    record.put("attributes", attributes);
    return record;
  }

  private static ByteBuffer bytes(BigDecimal amount) {
    return ByteBuffer.wrap(amount.unscaledValue().toByteArray());
  }

  private static byte[] encode(GenericData.Record record) {
    try {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
      new GenericDatumWriter<GenericData.Record>(SCHEMA).write(record, encoder);
      encoder.flush();
      return out.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
