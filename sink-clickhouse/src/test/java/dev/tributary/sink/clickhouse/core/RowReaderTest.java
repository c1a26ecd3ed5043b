package dev.tributary.sink.clickhouse.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.junit.jupiter.api.Test;

/** What becomes of bytes that a column does not want, and of bytes that are no record. */
final class RowReaderTest {
  private final BlockData block = new BlockData(AllTypes.layout());
  private final RowReader reader = RowReader.compile(AllTypes.SCHEMA, AllTypes.layout());

  /** A newer program's record, with a field of each type that this one has no column for. */
  @Test
  void fieldsWithoutAColumn_ofEveryType_arePassedOver() throws IOException {
    // Given
    Schema newer = withFieldsOfEveryType();
    GenericData.Record record = new GenericData.Record(newer);
    GenericData.Record old = AllTypes.full();
    old.getSchema().getFields().forEach(field -> record.put(field.name(), old.get(field.name())));
    fillNewFields(record);
    byte[] plain = AllTypes.encode(old);

    // When
    RowReader newReader = RowReader.compile(newer.toString(), AllTypes.layout());
    byte[] whole = AllTypes.encode(record);
    byte[] inBlocks = encodeInBlocks(record);
    newReader.read(whole, 0, whole.length, 3, 100, block);
    newReader.read(inBlocks, 0, inBlocks.length, 3, 101, block);

    // Then
    BlockData expected = new BlockData(AllTypes.layout());
    reader.read(plain, 0, plain.length, 3, 100, expected);
    reader.read(plain, 0, plain.length, 3, 101, expected);
    assertThat(inBlocks).isNotEqualTo(whole);
    assertThat(columns(block)).isEqualTo(columns(expected));
  }

  @Test
  void recordThatEndsEarly_whereverItDoes_leavesTheBlockAsItWas() {
    byte[] full = AllTypes.encode(AllTypes.full());
    reader.read(full, 0, full.length, 3, 100, block);
    Map<String, List<Byte>> before = columns(block);

    for (int length = 0; length < full.length; length++) {
      int cut = length;
      assertThatThrownBy(() -> reader.read(full, 0, cut, 3, 101, block))
          .as("the first %s bytes", cut)
          .isInstanceOf(MalformedRecordException.class);
      assertThat(columns(block)).as("the first %s bytes", cut).isEqualTo(before);
    }
    assertThat(block.rows(AllTypes.TABLE)).isEqualTo(1);
  }

  @Test
  void recordThatGoesOnAfterItsEnd_isNone() {
    byte[] full = AllTypes.encode(AllTypes.full());
    byte[] longer = ByteBuffer.allocate(full.length + 1).put(full).array();
    Map<String, List<Byte>> before = columns(block);

    assertThatThrownBy(() -> reader.read(longer, 0, longer.length, 3, 100, block))
        .isInstanceOf(MalformedRecordException.class);
    assertThat(columns(block)).isEqualTo(before);
  }

  /** What the record says of itself would else decide where the next field begins. */
  @Test
  void branchThatAUnionDoesNotHave_isMalformed_alsoWhereNoColumnWantsIt() {
    byte[] full = AllTypes.encode(AllTypes.full());
    for (int branch : new int[] {-1, 3}) {
      byte[] wrong = full.clone();
      wrong[0] = (byte) ((branch << 1) ^ (branch >> 31));
      assertThatThrownBy(() -> reader.read(wrong, 0, wrong.length, 3, 100, block))
          .isInstanceOf(MalformedRecordException.class)
          .hasMessageContaining("union branch " + branch + " of 3");
    }
  }

  /** Keys and values of a map's column are two arrays that must go together. */
  @Test
  void parallelArraysOfDifferentLengths_areMalformed() {
    GenericData.Record record = AllTypes.full();
    GenericData.Record sketch = (GenericData.Record) ((List<?>) record.get("sketches")).get(0);
    sketch.put("counts", List.of(1L));
    byte[] bytes = AllTypes.encode(record);

    assertThatThrownBy(() -> reader.read(bytes, 0, bytes.length, 3, 100, block))
        .isInstanceOf(MalformedRecordException.class)
        .hasMessageContaining("differ in length");
    assertThat(block.rows()).isZero();
    assertThat(block.bytes()).isZero();
  }

  private static Schema withFieldsOfEveryType() {
    String more =
        """
        {"name":"new_null","type":"null"},{"name":"new_flag","type":"boolean"},
        {"name":"new_int","type":"int"},{"name":"new_long","type":"long"},
        {"name":"new_float","type":"float"},{"name":"new_double","type":"double"},
        {"name":"new_text","type":"string"},{"name":"new_bytes","type":"bytes"},
        {"name":"new_enum","type":{"type":"enum","name":"NewEnum","symbols":["A","B"]}},
        {"name":"new_fixed","type":{"type":"fixed","name":"NewFixed","size":5}},
        {"name":"new_map","type":{"type":"map","values":"long"}},
        {"name":"new_array","type":{"type":"array","items":{
          "type":"record","name":"NewItem","fields":[
            {"name":"key","type":"string"},{"name":"value","type":["null","double"]}]}}},
        """;
    return new Schema.Parser()
        .parse(AllTypes.SCHEMA.replace("{\"name\":\"text\"", more + "{\"name\":\"text\""));
  }

  private static void fillNewFields(GenericData.Record record) {
    Schema schema = record.getSchema();
    record.put("new_flag", true);
    record.put("new_int", 300);
    record.put("new_long", Long.MIN_VALUE);
    record.put("new_float", 1.5f);
    record.put("new_double", 2.5);
    record.put("new_text", "größe");
    record.put("new_bytes", ByteBuffer.wrap(new byte[] {1, 2, 3}));
    record.put("new_enum", new GenericData.EnumSymbol(schema.getField("new_enum").schema(), "B"));
    record.put(
        "new_fixed",
        new GenericData.Fixed(schema.getField("new_fixed").schema(), new byte[] {1, 2, 3, 4, 5}));
    record.put("new_map", Map.of("a", 1L, "b", 200L));
    Schema item = schema.getField("new_array").schema().getElementType();
    List<GenericData.Record> items = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      GenericData.Record one = new GenericData.Record(item);
      one.put("key", "k" + i);
      one.put("value", i % 2 == 0 ? null : (Double) 0.5);
      items.add(one);
    }
    record.put("new_array", items);
  }

  /** As an encoder writes it that states the bytes of an array before it. */
  private static byte[] encodeInBlocks(GenericData.Record record) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    BinaryEncoder encoder = new EncoderFactory().blockingBinaryEncoder(out, null);
    new GenericDatumWriter<GenericData.Record>(record.getSchema()).write(record, encoder);
    encoder.flush();
    return out.toByteArray();
  }

  /** Each column's bytes as they are sent. */
  private static Map<String, List<Byte>> columns(BlockData block) {
    Map<String, List<Byte>> columns = new LinkedHashMap<>();
    List<BlockData.TableColumn> names = block.columns(AllTypes.TABLE);
    for (int i = 0; i < names.size(); i++) {
      List<Byte> bytes = new ArrayList<>();
      block.forEachSegment(
          AllTypes.TABLE,
          i,
          segment -> {
            for (int at = 0; at < segment.size(); at++) {
              bytes.add(segment.array()[at]);
            }
          });
      columns.put(names.get(i).name(), bytes);
    }
    return columns;
  }
}
