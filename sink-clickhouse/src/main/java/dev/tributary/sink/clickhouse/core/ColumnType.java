package dev.tributary.sink.clickhouse.core;

/**
 * Types of scalar columns as they are sent. The type's name goes with the data, and the server
 * converts where the table's own type differs (String to LowCardinality); so a wrong scale is
 * converted or refused, never misread.
 */
public enum ColumnType {
  TEXT(ColumnKind.TEXT, "String", false),
  NULLABLE_TEXT(ColumnKind.TEXT, "String", true),
  INT8(ColumnKind.INT8, "Int8", false),
  INT32(ColumnKind.INT32, "Int32", false),
  NULLABLE_INT32(ColumnKind.INT32, "Int32", true),
  INT64(ColumnKind.INT64, "Int64", false),
  NULLABLE_INT64(ColumnKind.INT64, "Int64", true),
  FLOAT64(ColumnKind.FLOAT64, "Float64", false),
  NULLABLE_FLOAT64(ColumnKind.FLOAT64, "Float64", true),
  BOOL(ColumnKind.BOOL, "Bool", false),
  NULLABLE_BOOL(ColumnKind.BOOL, "Bool", true),
  /** Amounts, ledger currency. */
  AMOUNT(ColumnKind.DECIMAL, "Decimal(38, 18)", false),
  NULLABLE_AMOUNT(ColumnKind.DECIMAL, "Decimal(38, 18)", true),
  /** Microseconds since the epoch, UTC. */
  TIME(ColumnKind.INT64, "DateTime64(6, 'UTC')", false),
  NULLABLE_TIME(ColumnKind.INT64, "DateTime64(6, 'UTC')", true);

  private final ColumnKind kind;
  private final String sqlName;
  private final boolean nullable;

  ColumnType(ColumnKind kind, String sqlName, boolean nullable) {
    this.kind = kind;
    this.sqlName = sqlName;
    this.nullable = nullable;
  }

  ColumnKind kind() {
    return kind;
  }

  boolean isNullable() {
    return nullable;
  }

  /** The type's name in ClickHouse. */
  public String sqlName() {
    return nullable ? "Nullable(" + sqlName + ")" : sqlName;
  }
}
