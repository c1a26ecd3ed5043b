package dev.tributary.standalone.e2e;

import dev.tributary.standalone.platform.SqlClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** What every shared view of ClickHouse says, rows sorted, apart from positions and revisions. */
final class ViewSnapshot {
  /** They order entries, say where a row came from, or that a window was revised after its end. */
  private static final Set<String> NO_CONTENT =
      Set.of("revision", "kafka_partition", "kafka_offset", "closed_at", "late");

  /** The entries themselves, whose sums all the others are; and what corrections did. */
  private static final Set<String> NOT_RESTORED = Set.of("lines_signed", "correction_runs");

  private static final int SHOWN_ROWS = 3;

  private ViewSnapshot() {}

  /**
   * Rows by view.
   *
   * <p>A window or cell that nets to nothing is none: once a series has existed, it stays as zeros.
   *
   * @param until windows and cells from this time on are left out: they may not be closed yet
   */
  static Map<String, List<String>> of(SqlClient sql, Instant until) {
    Map<String, List<String>> views = new TreeMap<>();
    Set<String> floats = new TreeSet<>();
    for (List<String> row :
        rows(
            sql,
            "SELECT table, name, type FROM system.columns WHERE database = currentDatabase() AND"
                + " table IN (SELECT name FROM system.tables WHERE database = currentDatabase() AND"
                + " engine = 'View')")) {
      if (!NO_CONTENT.contains(row.get(1)) && !NOT_RESTORED.contains(row.get(0))) {
        views.computeIfAbsent(row.get(0), view -> new ArrayList<>()).add(row.get(1));
        if (row.get(2).equals("Float64") || row.get(2).equals("Nullable(Float64)")) {
          floats.add(row.get(0) + '.' + row.get(1));
        }
      }
    }
    Map<String, List<String>> content = new TreeMap<>();
    views.forEach(
        (view, columns) -> {
          String list =
              columns.stream()
                  .map(column -> column(column, floats.contains(view + '.' + column)))
                  .collect(Collectors.joining(", "));
          content.put(
              view,
              rows(sql, "SELECT " + list + " FROM " + view + closed(columns, until)).stream()
                  .map(row -> String.join("\t", row))
                  .sorted()
                  .toList());
        });
    return content;
  }

  /** A sum of doubles depends in its last digit on the order of parts, which nobody fixes. */
  private static String column(String name, boolean isFloat) {
    return isFloat ? "round(`" + name + "`, 12)" : "`" + name + "`";
  }

  private static String closed(List<String> columns, Instant until) {
    return columns.contains("length_us")
        ? " WHERE start_time < toDateTime(%d) AND %s != 0"
            .formatted(until.getEpochSecond(), columns.contains("lines") ? "lines" : "calls")
        : "";
  }

  /** Rows that only one of two snapshots has, the first few of each view. */
  static List<String> differences(Map<String, List<String>> a, Map<String, List<String>> b) {
    List<String> differences = new ArrayList<>();
    Set<String> views = new TreeSet<>(a.keySet());
    views.addAll(b.keySet());
    for (String view : views) {
      List<String> left = a.getOrDefault(view, List.of());
      List<String> right = b.getOrDefault(view, List.of());
      left.stream()
          .filter(row -> !right.contains(row))
          .limit(SHOWN_ROWS)
          .forEach(row -> differences.add(view + " - " + row));
      right.stream()
          .filter(row -> !left.contains(row))
          .limit(SHOWN_ROWS)
          .forEach(row -> differences.add(view + " + " + row));
      if (left.size() != right.size()) {
        differences.add("%s: %d rows, then %d".formatted(view, left.size(), right.size()));
      }
    }
    return differences;
  }

  private static List<List<String>> rows(SqlClient sql, String query) {
    try {
      return sql.rows(query);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted: " + query, e);
    }
  }
}
