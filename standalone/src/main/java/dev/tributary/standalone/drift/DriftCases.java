package dev.tributary.standalone.drift;

import dev.tributary.anomaly.core.drift.Counts;
import dev.tributary.anomaly.core.drift.DriftCase;
import dev.tributary.anomaly.core.drift.DriftCase.Buckets;
import dev.tributary.anomaly.core.drift.DriftCase.Categories;
import dev.tributary.anomaly.core.drift.DriftCase.Sample;
import dev.tributary.anomaly.core.drift.DriftCase.Share;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * Makes cases of counts: per prompt version and returned model, and before against after where an
 * alias answers with a model that it did not answer with in the reference.
 */
final class DriftCases {
  private static final Set<String> SHARES = Set.of("tool use", "refusals", "errors");
  private static final String CATEGORIES = "finish reason";

  /**
   * A count.
   *
   * @param prompt name and version
   * @param requested empty: not known
   */
  record Row(
      String prompt,
      String requested,
      String returned,
      boolean isNow,
      String measure,
      String bucket,
      long count) {
    static Row of(List<String> cells) {
      return new Row(
          cells.get(0),
          cells.get(1),
          cells.get(2),
          cells.get(3).equals("1"),
          cells.get(4),
          cells.get(5),
          Long.parseLong(cells.get(6)));
    }
  }

  private final List<Row> rows;

  DriftCases(List<Row> rows) {
    this.rows = List.copyOf(rows);
  }

  /** Every prompt version and model that is in both periods. */
  List<DriftCase> ofGroups() {
    SortedMap<String, List<Row>> groups = new TreeMap<>();
    for (Row row : rows) {
      groups
          .computeIfAbsent("prompt " + row.prompt() + ", " + row.returned(), k -> new ArrayList<>())
          .add(row);
    }
    List<DriftCase> cases = new ArrayList<>();
    groups.forEach(
        (group, own) -> cases.addAll(compare(group, own, row -> !row.isNow(), Row::isNow)));
    return cases;
  }

  /** What an alias answers with now, against what it answered with before. */
  List<DriftCase> ofSwaps() {
    List<DriftCase> cases = new ArrayList<>();
    SortedMap<String, Set<String>> before = new TreeMap<>();
    SortedMap<String, Set<String>> after = new TreeMap<>();
    for (Row row : rows) {
      if (!row.requested().isEmpty()) {
        (row.isNow() ? after : before)
            .computeIfAbsent(row.requested(), alias -> new TreeSet<>())
            .add(row.returned());
      }
    }
    after.forEach(
        (alias, models) -> {
          Set<String> old = before.getOrDefault(alias, Set.of());
          Set<String> fresh = new TreeSet<>(models);
          fresh.removeAll(old);
          if (!old.isEmpty() && !fresh.isEmpty()) {
            Predicate<Row> ofAlias =
                row -> row.requested().isEmpty() || row.requested().equals(alias);
            cases.addAll(
                compare(
                    "alias " + alias + ": " + old + " -> " + fresh,
                    rows,
                    ofAlias.and(row -> !row.isNow() && old.contains(row.returned())),
                    ofAlias.and(row -> row.isNow() && fresh.contains(row.returned()))));
          }
        });
    return cases;
  }

  private static List<DriftCase> compare(
      String group, List<Row> rows, Predicate<Row> isReference, Predicate<Row> isCurrent) {
    Set<String> measures = new TreeSet<>();
    rows.forEach(row -> measures.add(row.measure()));
    List<DriftCase> cases = new ArrayList<>();
    for (String measure : measures) {
      Map<String, Long> reference = counts(rows, measure, isReference);
      Map<String, Long> current = counts(rows, measure, isCurrent);
      if (!reference.isEmpty() && !current.isEmpty()) {
        cases.add(
            new DriftCase(group, measure, sample(measure, reference), sample(measure, current)));
      }
    }
    return cases;
  }

  private static Map<String, Long> counts(List<Row> rows, String measure, Predicate<Row> isWanted) {
    Map<String, Long> counts = new TreeMap<>();
    for (Row row : rows) {
      if (row.measure().equals(measure) && isWanted.test(row)) {
        counts.merge(row.bucket(), row.count(), Long::sum);
      }
    }
    return counts;
  }

  private static Sample sample(String measure, Map<String, Long> counts) {
    if (SHARES.contains(measure)) {
      long hits = counts.getOrDefault("1", 0L);
      return new Share(hits, hits + counts.getOrDefault("0", 0L));
    }
    if (measure.equals(CATEGORIES)) {
      return new Categories(Counts.of(counts));
    }
    Map<Integer, Long> buckets = new TreeMap<>();
    counts.forEach((bucket, count) -> buckets.merge(Integer.valueOf(bucket), count, Long::sum));
    return new Buckets(Counts.of(buckets));
  }
}
