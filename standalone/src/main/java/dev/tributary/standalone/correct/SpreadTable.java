package dev.tributary.standalone.correct;

import dev.tributary.schemas.LedgerLine;
import dev.tributary.standalone.text.Table;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Whose money moves, by owner, for a person to read; the last row is what all of it adds up to. */
final class SpreadTable {
  private static final String UNATTRIBUTED = "unattributed";

  /** One row. */
  private static final class Row {
    private final List<String> owner;
    private final Sum before = new Sum();
    private final Sum after = new Sum();
    private long lines;

    Row(List<String> owner) {
      this.owner = owner;
    }

    void add(@Nullable LedgerLine was, @Nullable LedgerLine is) {
      if (was != null) {
        before.add(was.getCost());
      }
      if (is != null) {
        after.add(is.getCost());
      }
    }

    List<String> cells() {
      List<String> cells = new ArrayList<>(owner);
      cells.add(Long.toString(lines));
      cells.add(Sum.text(before.orZero()));
      cells.add(Sum.text(after.orZero()));
      cells.add(Sum.text(after.orZero().subtract(before.orZero())));
      return cells;
    }
  }

  private final String first;
  private final Function<LedgerLine, @Nullable String> firstCell;
  private final Map<String, Row> rows = new TreeMap<>();
  private final Row total = new Row(List.of("total", "", "", "", ""));

  /**
   * An empty table.
   *
   * @param first header of the first column
   * @param firstCell what a line has in it
   */
  SpreadTable(String first, Function<LedgerLine, @Nullable String> firstCell) {
    this.first = first;
    this.firstCell = firstCell;
  }

  /** Takes in a line that changes. */
  void add(LineChange change) {
    Row row = row(change.any());
    row.lines++;
    total.lines++;
    row.add(change.before(), change.after());
    total.add(change.before(), change.after());
  }

  /** Takes in a line that stays: it counts among what is booked and not among what changes. */
  void addSame(LedgerLine line) {
    row(line).add(line, line);
    total.add(line, line);
  }

  private Row row(LedgerLine line) {
    List<String> owner =
        List.of(
            text(firstCell.apply(line)),
            text(line.getAttribution().getEnvironment().getValue()),
            text(line.getAttribution().getFeature().getValue()),
            text(line.getAttribution().getTeam().getValue()),
            text(line.getAttribution().getWorkspace().getValue()));
    return rows.computeIfAbsent(String.join("\u0000", owner), unused -> new Row(owner));
  }

  private static String text(@Nullable String tag) {
    return tag == null ? UNATTRIBUTED : tag;
  }

  /** What the lines add up to when they are booked. */
  BigDecimal after() {
    return total.after.orZero();
  }

  @Override
  public String toString() {
    Table table =
        new Table(
            5,
            List.of(
                first,
                "environment",
                "feature",
                "team",
                "workspace",
                "lines",
                "old",
                "new",
                "difference"));
    rows.values().forEach(row -> table.row(row.cells()));
    table.row(total.cells());
    return table.toString();
  }
}
