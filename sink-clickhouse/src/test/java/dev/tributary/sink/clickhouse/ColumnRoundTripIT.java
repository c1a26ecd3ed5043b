package dev.tributary.sink.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.clickhouse.client.api.query.GenericRecord;
import dev.tributary.sink.clickhouse.core.AllTypes;
import dev.tributary.sink.clickhouse.core.BlockData;
import dev.tributary.sink.clickhouse.core.MalformedRecordException;
import dev.tributary.sink.clickhouse.core.RowReader;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.avro.generic.GenericData;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Known values of every type, written in Native and read back. Guards against silent corruption:
 * binary formats carry bare integers, so a wrong scale of a time or an amount gives 1970 or a
 * thousandfold and no error.
 */
final class ColumnRoundTripIT {

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
    byte[] full = AllTypes.encode(AllTypes.full());
    reader.read(full, 0, full.length, 3, 100, block);
    // A record that ends early, between two good ones, leaves nothing behind.
    assertThatThrownBy(() -> reader.read(full, 0, full.length - 9, 3, 101, block))
        .isInstanceOf(MalformedRecordException.class);
    byte[] empty = AllTypes.encode(AllTypes.empty());
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
    GenericData.Record record = AllTypes.empty();
    record.put("at_us", 1_767_225_600_123_456L);
    record.put("amount", AllTypes.bytes(new BigDecimal("1.234567890123456789")));
    byte[] bytes = AllTypes.encode(record);
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
}
