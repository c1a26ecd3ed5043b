package dev.tributary.sink.clickhouse.core;

import java.util.List;

/**
 * How the records of one topic become rows of tables. Immutable; {@link BlockData} holds the rows
 * of one block in this layout. Made by {@link LayoutBuilder}.
 */
public final class TopicLayout {
  /** A column's type, its default, and the array it is inside of (-1: none). */
  record ColumnSpec(ColumnType type, String absentText, int rows, int inside) {}

  /** Ends of arrays, and the array these are inside of (-1: none). */
  record OffsetsSpec(int rows, int inside) {}

  /** Two arrays whose items belong together: lengths must be equal in each row. */
  record EqualLengths(int left, int right) {}

  /** A table, the rows that go there, and its columns. */
  record TableSpec(String table, int rows, List<WireColumn> columns) {}

  private final String topic;
  private final int version;
  private final List<ColumnSpec> columns;
  private final List<OffsetsSpec> offsets;
  private final List<EqualLengths> equalLengths;
  private final List<TableSpec> tables;
  private final List<RowPosition> positions;
  private final Target target;

  /** Columns for the record's own partition and offset. */
  record RowPosition(int partitionColumn, int offsetColumn) {}

  TopicLayout(
      String topic,
      int version,
      List<ColumnSpec> columns,
      List<OffsetsSpec> offsets,
      List<EqualLengths> equalLengths,
      List<TableSpec> tables,
      List<RowPosition> positions,
      Target target) {
    this.topic = topic;
    this.version = version;
    this.columns = List.copyOf(columns);
    this.offsets = List.copyOf(offsets);
    this.equalLengths = List.copyOf(equalLengths);
    this.tables = List.copyOf(tables);
    this.positions = List.copyOf(positions);
    this.target = target;
  }

  /** Name of the topic in the catalogue, without the configured prefix. */
  public String topic() {
    return topic;
  }

  /**
   * Version of the layout, part of every deduplication token. A higher one only when rows of the
   * same records would differ.
   */
  public int version() {
    return version;
  }

  /** Tables that the topic fills, in the order of loading. */
  public List<String> tables() {
    return tables.stream().map(TableSpec::table).toList();
  }

  /** Names of the columns that are sent to a table. */
  public List<String> columnsOf(String table) {
    return tables.stream()
        .filter(spec -> spec.table().equals(table))
        .flatMap(spec -> spec.columns().stream())
        .map(WireColumn::name)
        .toList();
  }

  List<ColumnSpec> columnSpecs() {
    return columns;
  }

  List<OffsetsSpec> offsetsSpecs() {
    return offsets;
  }

  List<EqualLengths> equalLengths() {
    return equalLengths;
  }

  List<TableSpec> tableSpecs() {
    return tables;
  }

  List<RowPosition> positions() {
    return positions;
  }

  Target target() {
    return target;
  }
}
