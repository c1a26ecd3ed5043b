package dev.tributary.sink.clickhouse.core;

import java.util.List;

/**
 * A column as a table has it: its name, its type as sent, and the runs of bytes it is made of, in
 * the order in which Native sends them (array ends before null flags before values).
 */
record WireColumn(String name, String type, List<Segment> segments) {
  WireColumn {
    segments = List.copyOf(segments);
  }

  /** A run of bytes: ends of arrays, or the null flags and values of a column. */
  sealed interface Segment {
    /** Ends of arrays or maps. */
    record Ends(int offsets) implements Segment {}

    /** Null flags, where the column has them, and values. */
    record Values(int column) implements Segment {}
  }
}
