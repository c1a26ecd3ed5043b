package dev.tributary.sink.clickhouse.core;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;

/** A layout with every kind of column, for reading known values back from the engine. */
public final class AllTypes {
  public static final String TABLE = "all_types";

  /** Columns and their types in the table; sent types may differ, the server converts. */
  public static final String COLUMNS =
      """
      text String, low LowCardinality(String), nullable_text Nullable(String),
      nullable_low LowCardinality(Nullable(String)), symbol LowCardinality(String),
      int8 Int8, int32 Int32, nullable_int32 Nullable(Int32), int64 Int64,
      nullable_int64 Nullable(Int64), float Float64, nullable_float Nullable(Float64),
      flag Bool, nullable_flag Nullable(Bool), amount Decimal(38, 18),
      nullable_amount Nullable(Decimal(38, 18)), at DateTime64(6, 'UTC'),
      nullable_at Nullable(DateTime64(6, 'UTC')), tags Array(LowCardinality(String)),
      amounts Array(Nullable(Decimal(38, 18))), counts Map(LowCardinality(String), Int64),
      notes Map(String, Nullable(String)), fields Map(LowCardinality(String), String),
      zeros Map(LowCardinality(String), Int64),
      histograms Map(LowCardinality(String), Map(Int32, Int64)),
      events Nested(name String, attributes Map(LowCardinality(String), String)),
      kafka_partition Int32, kafka_offset Int64""";

  /** Columns in the order in which a test reads them, each as text. */
  public static final List<String> NAMES =
      List.of(
          "text",
          "low",
          "nullable_text",
          "nullable_low",
          "symbol",
          "int8",
          "int32",
          "nullable_int32",
          "int64",
          "nullable_int64",
          "float",
          "nullable_float",
          "flag",
          "nullable_flag",
          "amount",
          "nullable_amount",
          "at",
          "nullable_at",
          "tags",
          "amounts",
          "counts",
          "notes",
          "fields",
          "zeros",
          "histograms",
          "events.name",
          "events.attributes",
          "kafka_partition",
          "kafka_offset");

  public static final String SCHEMA =
      """
      {"type":"record","name":"All","fields":[
       {"name":"skipped","type":["null","string",{"type":"array","items":"double"}]},
       {"name":"text","type":"string"},
       {"name":"nullable_text","type":["null","string"]},
       {"name":"symbol","type":{"type":"enum","name":"S","symbols":["RED","GREEN"]}},
       {"name":"int8","type":"int"},{"name":"int32","type":"int"},
       {"name":"nullable_int32","type":["null","int"]},
       {"name":"int64","type":"long"},{"name":"nullable_int64","type":["long","null"]},
       {"name":"float","type":"double"},{"name":"nullable_float","type":["null","double"]},
       {"name":"flag","type":"boolean"},{"name":"nullable_flag","type":["null","boolean"]},
       {"name":"amount","type":{"type":"bytes","logicalType":"decimal","precision":38,"scale":18}},
       {"name":"nullable_amount","type":["null",{"type":"bytes","logicalType":"decimal","precision":38,"scale":18}]},
       {"name":"at_us","type":"long"},{"name":"nullable_at_us","type":["null","long"]},
       {"name":"tags","type":{"type":"array","items":"string"}},
       {"name":"lines","type":{"type":"array","items":{"type":"record","name":"L","fields":[
         {"name":"amount","type":["null",{"type":"bytes","logicalType":"decimal","precision":38,"scale":18}]}]}}},
       {"name":"counts","type":{"type":"map","values":"long"}},
       {"name":"notes","type":{"type":"map","values":{"type":"record","name":"N","fields":[
         {"name":"note","type":["null","string"]}]}}},
       {"name":"fields","type":["null",{"type":"record","name":"F","fields":[
         {"name":"team","type":["null","string"]},{"name":"feature","type":["null","string"]},
         {"name":"custom","type":{"type":"map","values":"string"}}]}]},
       {"name":"sketches","type":{"type":"array","items":{"type":"record","name":"K","fields":[
         {"name":"metric","type":"string"},{"name":"zero","type":"long"},
         {"name":"indexes","type":{"type":"array","items":"int"}},
         {"name":"counts","type":{"type":"array","items":"long"}}]}}},
       {"name":"events","type":{"type":"array","items":{"type":"record","name":"E","fields":[
         {"name":"name","type":"string"},{"name":"attributes","type":{"type":"map","values":"string"}}]}}}
      ]}""";

  private static final Schema AVRO = new Schema.Parser().parse(SCHEMA);
  private static final BigDecimal LARGEST =
      new BigDecimal("99999999999999999999.999999999999999999");

  private AllTypes() {}

  /** The layout; {@code missing} is a field that no writer has. */
  public static TopicLayout layout() {
    LayoutBuilder builder = new LayoutBuilder("all", 1);
    LayoutBuilder.Rows rows = builder.rows();
    rows.scalar("text", ColumnType.TEXT, "text");
    rows.scalar("low", ColumnType.TEXT, "missing", "unattributed");
    rows.scalar("nullable_text", ColumnType.NULLABLE_TEXT, "nullable_text");
    rows.scalar("nullable_low", ColumnType.NULLABLE_TEXT, "missing_too.inside");
    rows.scalar("symbol", ColumnType.TEXT, "symbol");
    rows.scalar("int8", ColumnType.INT8, "int8").scalar("int32", ColumnType.INT32, "int32");
    rows.scalar("nullable_int32", ColumnType.NULLABLE_INT32, "nullable_int32");
    rows.scalar("int64", ColumnType.INT64, "int64");
    rows.scalar("nullable_int64", ColumnType.NULLABLE_INT64, "nullable_int64");
    rows.scalar("float", ColumnType.FLOAT64, "float");
    rows.scalar("nullable_float", ColumnType.NULLABLE_FLOAT64, "nullable_float");
    rows.scalar("flag", ColumnType.BOOL, "flag");
    rows.scalar("nullable_flag", ColumnType.NULLABLE_BOOL, "nullable_flag");
    rows.scalar("amount", ColumnType.AMOUNT, "amount");
    rows.scalar("nullable_amount", ColumnType.NULLABLE_AMOUNT, "nullable_amount");
    rows.scalar("at", ColumnType.TIME, "at_us");
    rows.scalar("nullable_at", ColumnType.NULLABLE_TIME, "nullable_at_us");
    rows.array("tags", ColumnType.TEXT, "tags[]");
    rows.array("amounts", ColumnType.NULLABLE_AMOUNT, "lines[].amount");
    rows.map("counts", ColumnType.INT64, "counts{}");
    rows.map("notes", ColumnType.NULLABLE_TEXT, "notes{}.note");
    rows.fieldsAsMap("fields", "fields");
    rows.keyedItems("zeros", "sketches[].metric", ColumnType.INT64, "sketches[].zero");
    rows.keyedHistograms(
        "histograms", "sketches[].metric", "sketches[].indexes[]", "sketches[].counts[]");
    rows.array("events.name", ColumnType.TEXT, "events[].name");
    rows.arrayOfMaps("events.attributes", ColumnType.TEXT, "events[].attributes{}");
    rows.position().table(TABLE);
    return builder.build();
  }

  /** A record with a value in every field. */
  public static GenericData.Record full() {
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

  /** A record with nothing in any field that can be without. */
  public static GenericData.Record empty() {
    GenericData.Record record = new GenericData.Record(AVRO);
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
    return AVRO.getField(field).schema();
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

  /** An amount as Avro has it. */
  public static ByteBuffer bytes(BigDecimal amount) {
    return ByteBuffer.wrap(amount.unscaledValue().toByteArray());
  }

  /** A record of any schema in binary encoding. */
  public static byte[] encode(GenericData.Record record) {
    try {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
      new GenericDatumWriter<GenericData.Record>(record.getSchema()).write(record, encoder);
      encoder.flush();
      return out.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
