package dev.tributary.sink.clickhouse.core;

import dev.tributary.sink.clickhouse.core.TopicLayout.ColumnSpec;
import dev.tributary.sink.clickhouse.core.TopicLayout.EqualLengths;
import dev.tributary.sink.clickhouse.core.TopicLayout.OffsetsSpec;
import dev.tributary.sink.clickhouse.core.TopicLayout.RowPosition;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The rows of one block, by column. Filled by a {@link RowReader}. Not thread-safe. */
public final class BlockData {
  /** A column of a table as it is sent. */
  public record TableColumn(String name, String type) {}

  private final TopicLayout layout;
  private final Column[] columns;
  private final Offsets[] offsets;
  private final int[] rows;

  public BlockData(TopicLayout layout) {
    this.layout = layout;
    this.columns =
        layout.columnSpecs().stream()
            .map(spec -> new Column(spec.type(), spec.absentText()))
            .toArray(Column[]::new);
    this.offsets =
        layout.offsetsSpecs().stream().map(spec -> new Offsets()).toArray(Offsets[]::new);
    this.rows = new int[layout.positions().size()];
  }

  /** The layout these rows are in. */
  public TopicLayout layout() {
    return layout;
  }

  /** Rows for a table; 0 where no record of the block belongs there. */
  public int rows(String table) {
    return rows[spec(table).rows()];
  }

  /** Rows of all kinds. */
  public int rows() {
    int sum = 0;
    for (int count : rows) {
      sum += count;
    }
    return sum;
  }

  /** Bytes held, of all columns. */
  public long bytes() {
    long sum = 0;
    for (Column column : columns) {
      sum += column.bytes();
    }
    for (Offsets ends : offsets) {
      sum += ends.data().size();
    }
    return sum;
  }

  /** The columns of a table, in the order of {@link #forEachSegment}. */
  public List<TableColumn> columns(String table) {
    return spec(table).columns().stream()
        .map(column -> new TableColumn(column.name(), column.type()))
        .toList();
  }

  /** Hands out the runs of bytes that make a table's column, in wire order. */
  public void forEachSegment(String table, int columnIndex, Consumer<ByteBuf> each) {
    for (WireColumn.Segment segment : spec(table).columns().get(columnIndex).segments()) {
      if (segment instanceof WireColumn.Segment.Ends ends) {
        each.accept(offsets[ends.offsets()].data());
      } else if (segment instanceof WireColumn.Segment.Values values) {
        Column column = columns[values.column()];
        @Nullable ByteBuf nulls = column.nulls();
        if (nulls != null) {
          each.accept(nulls);
        }
        each.accept(column.data());
      }
    }
  }

  /**
   * Between which times the rows of a table lie.
   *
   * @return empty where it has no rows, or the column does not hold a time in each
   */
  public Optional<TimeRange> times(String table, String column) {
    return spec(table).columns().stream()
        .filter(each -> each.name().equals(column))
        .filter(each -> each.type().equals(ColumnType.TIME.sqlName()) && rows(table) > 0)
        .map(each -> timesOf(each.segments().get(0)))
        .findFirst();
  }

  private TimeRange timesOf(WireColumn.Segment segment) {
    Column values = columns[((WireColumn.Segment.Values) segment).column()];
    LongSummaryStatistics times = new LongSummaryStatistics();
    for (int at = 0; at < values.data().size(); at += Long.BYTES) {
      times.accept(values.data().longAt(at));
    }
    return new TimeRange(times.getMin(), times.getMax());
  }

  private TopicLayout.TableSpec spec(String table) {
    return layout.tableSpecs().stream()
        .filter(spec -> spec.table().equals(table))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException(layout.topic() + " fills no " + table));
  }

  Column column(int index) {
    return columns[index];
  }

  Offsets offsets(int index) {
    return offsets[index];
  }

  /** A row's columns are complete: adds its position. */
  void endRow(int rowSet, int partition, long offset) {
    RowPosition position = layout.positions().get(rowSet);
    columns[position.partitionColumn()].putNumber(partition);
    columns[position.offsetColumn()].putNumber(offset);
    rows[rowSet]++;
  }

  /** Throws where arrays that belong together differ in length. */
  void checkEqualLengths() {
    for (EqualLengths pair : layout.equalLengths()) {
      if (offsets[pair.left()].total() != offsets[pair.right()].total()) {
        throw new MalformedRecordException("parallel arrays differ in length");
      }
    }
  }

  /** Takes back whatever an unfinished row has written. */
  void dropUnfinishedRow() {
    for (int i = 0; i < offsets.length; i++) {
      OffsetsSpec spec = layout.offsetsSpecs().get(i);
      offsets[i].truncate(count(spec.rows(), spec.inside()));
    }
    for (int i = 0; i < columns.length; i++) {
      ColumnSpec spec = layout.columnSpecs().get(i);
      columns[i].truncate(count(spec.rows(), spec.inside()));
    }
  }

  /** Arrays are declared outer first, so an outer one is truncated before it is asked. */
  private int count(int rowSet, int inside) {
    return inside < 0 ? rows[rowSet] : (int) offsets[inside].total();
  }
}
