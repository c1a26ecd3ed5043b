package dev.tributary.sink.clickhouse.core;

import java.util.List;

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
}
