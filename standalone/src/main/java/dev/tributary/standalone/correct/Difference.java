package dev.tributary.standalone.correct;

import dev.tributary.schemas.LedgerLine;
import dev.tributary.schemas.ResolvedTag;
import dev.tributary.standalone.text.Table;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a correction would change, summed for people: by feature, model and day where prices change,
 * by old and new owner where work moves. Days are UTC. Holds a row per group, not the lines.
 */
final class Difference {
  private static final String UNATTRIBUTED = "unattributed";

  /** One group. */
  private static final class Row {
    private final Sum before = new Sum();
    private final Sum after = new Sum();
    private long lines;
    private long added;
    private long removed;
  }

  private final List<String> groups;
  private final Function<LineChange, List<String>> grouping;
  private final Map<String, Row> rows = new TreeMap<>();
  private final Map<String, List<String>> names = new TreeMap<>();
  private final Row total = new Row();

  private Difference(List<String> groups, Function<LineChange, List<String>> grouping) {
    this.groups = groups;
    this.grouping = grouping;
  }

  /** The table of a kind of run. */
  static Difference of(RunOrder.Kind kind) {
    return kind == RunOrder.Kind.OWNER
        ? new Difference(
            List.of("from team", "from feature", "to team", "to feature", "to cost center", "day"),
            Difference::owners)
        : new Difference(List.of("feature", "model", "day"), Difference::featureModelDay);
  }

  private static List<String> featureModelDay(LineChange change) {
    LedgerLine line = change.any();
    return List.of(tag(line.getAttribution().getFeature()), model(line), day(line));
  }

  private static List<String> owners(LineChange change) {
    LedgerLine before = change.any();
    LedgerLine after = change.after() == null ? before : change.after();
    return List.of(
        tag(before.getAttribution().getTeam()),
        tag(before.getAttribution().getFeature()),
        tag(after.getAttribution().getTeam()),
        tag(after.getAttribution().getFeature()),
        tag(after.getAttribution().getCostCenter()),
        day(before));
  }

  private static String tag(ResolvedTag tag) {
    return tag.getValue() == null ? UNATTRIBUTED : tag.getValue();
  }

  private static String model(LedgerLine line) {
    String model = line.getModelCanonical();
    if (model == null) {
      model = line.getModelReturned() != null ? line.getModelReturned() : line.getModelRequested();
    }
    return model == null ? "unknown" : model;
  }

  private static String day(LedgerLine line) {
    Instant end = Instant.EPOCH.plus(line.getEventTimeUs(), ChronoUnit.MICROS);
    return LocalDate.ofInstant(end, ZoneOffset.UTC).toString();
  }

  /** Takes a change. */
  void add(LineChange change) {
    List<String> group = grouping.apply(change);
    String key = String.join("\u0000", group);
    names.put(key, group);
    add(rows.computeIfAbsent(key, unused -> new Row()), change);
    add(total, change);
  }

  private static void add(Row row, LineChange change) {
    row.lines++;
    LedgerLine before = change.before();
    LedgerLine after = change.after();
    if (before == null) {
      row.added++;
    } else {
      row.before.add(before.getCost());
    }
    if (after == null) {
      row.removed++;
    } else {
      row.after.add(after.getCost());
    }
  }

  boolean isEmpty() {
    return total.lines == 0;
  }

  /** Lines that would change. */
  long lines() {
    return total.lines;
  }

  /** By how much the ledger's known total moves. */
  BigDecimal amount() {
    return total.after.orZero().subtract(total.before.orZero());
  }

  /**
   * The table. {@code old} and {@code new} are sums of known costs, {@code null} where none is
   * known; the columns beside them count the lines whose cost is null; {@code difference} is by how
   * much the known total moves.
   */
  String print() {
    List<String> header = new ArrayList<>(groups);
    header.addAll(List.of("lines", "old", "old null", "new", "new null", "difference"));
    boolean isCounted = total.added > 0 || total.removed > 0;
    if (isCounted) {
      header.addAll(List.of("added", "removed"));
    }
    Table table = new Table(groups.size(), header);
    rows.forEach((key, row) -> table.row(cells(names.get(key), row, isCounted)));
    List<String> all = new ArrayList<>(List.of("total"));
    while (all.size() < groups.size()) {
      all.add("");
    }
    table.row(cells(all, total, isCounted));
    return table.toString();
  }

  private static List<String> cells(@Nullable List<String> group, Row row, boolean isCounted) {
    List<String> cells = new ArrayList<>(group == null ? List.of() : group);
    cells.add(Long.toString(row.lines));
    cells.add(row.before.toString());
    cells.add(Long.toString(row.before.unknown()));
    cells.add(row.after.toString());
    cells.add(Long.toString(row.after.unknown()));
    cells.add(Sum.text(row.after.orZero().subtract(row.before.orZero())));
    if (isCounted) {
      cells.add(Long.toString(row.added));
      cells.add(Long.toString(row.removed));
    }
    return cells;
  }
}
