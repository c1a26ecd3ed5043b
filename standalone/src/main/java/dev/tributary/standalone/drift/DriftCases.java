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
 * Makes cases of counts: per environment, prompt version and returned model, and before against
 * after where an alias answers with a model that it did not answer with in the reference.
 */
final class DriftCases {
  private static final Set<String> SHARES = Set.of("tool use", "refusals", "errors");
  private static final String CATEGORIES = "finish reason";

  /**
   * How much there was of a bucket.
   *
   * @param prompt name and version
   * @param requested {@link DriftQuery#UNKNOWN} where a call does not say; empty for scores
   * @param weight of all cases, each one over the probability that it was judged with
   * @param squares sum of the squares of their weights
   */
  record Row(
      String environment,
      String prompt,
      String requested,
      String returned,
      boolean isNow,
      String measure,
      String bucket,
      double weight,
      double squares) {
    static Row of(List<String> cells) {
      return new Row(
          cells.get(0),
          cells.get(1),
          cells.get(2),
          cells.get(3),
          cells.get(4).equals("1"),
          cells.get(5),
          cells.get(6),
          Double.parseDouble(cells.get(7)),
          Double.parseDouble(cells.get(8)));
    }

    private String group() {
      return environment + ", prompt " + prompt + ", " + returned;
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
      groups.computeIfAbsent(row.group(), group -> new ArrayList<>()).add(row);
    }
    List<DriftCase> cases = new ArrayList<>();
    groups.forEach(
        (group, own) -> cases.addAll(compare(group, own, row -> !row.isNow(), Row::isNow)));
    return cases;
  }

  /** What aliases answer with now, against what they answered with before. */
  List<DriftCase> ofSwaps() {
    SortedMap<String, List<Row>> environments = new TreeMap<>();
    for (Row row : rows) {
      environments.computeIfAbsent(row.environment(), name -> new ArrayList<>()).add(row);
    }
    List<DriftCase> cases = new ArrayList<>();
    environments.forEach((environment, own) -> cases.addAll(ofSwaps(environment, own)));
    return cases;
  }

  private static List<DriftCase> ofSwaps(String environment, List<Row> rows) {
    SortedMap<String, Set<String>> before = new TreeMap<>();
    SortedMap<String, Set<String>> after = new TreeMap<>();
    for (Row row : rows) {
      if (!row.requested().isEmpty() && !row.requested().equals(DriftQuery.UNKNOWN)) {
        (row.isNow() ? after : before)
            .computeIfAbsent(row.requested(), alias -> new TreeSet<>())
            .add(row.returned());
      }
    }
    List<DriftCase> cases = new ArrayList<>();
    after.forEach(
        (alias, models) -> {
          Set<String> old = before.getOrDefault(alias, Set.of());
          Set<String> fresh = new TreeSet<>(models);
          fresh.removeAll(old);
          if (!old.isEmpty() && !fresh.isEmpty()) {
            cases.addAll(ofSwap(environment, new Swap(alias, old, fresh), rows));
          }
        });
    return cases;
  }

  /** By prompt version, since another one answers otherwise on any model. */
  private static List<DriftCase> ofSwap(String environment, Swap swap, List<Row> rows) {
    SortedMap<String, List<Row>> prompts = new TreeMap<>();
    for (Row row : rows) {
      prompts.computeIfAbsent(row.prompt(), prompt -> new ArrayList<>()).add(row);
    }
    List<DriftCase> cases = new ArrayList<>();
    prompts.forEach(
        (prompt, own) ->
            cases.addAll(
                compare(
                    environment + ", prompt " + prompt + ", " + swap,
                    own,
                    swap::isBefore,
                    swap::isAfter)));
    if (!cases.isEmpty()) {
      return cases;
    }
    String group = environment + ", " + swap + ", with other prompts";
    return compare(group, rows, swap::isBefore, swap::isAfter);
  }

  /** An alias that answered with some models before and with others now. */
  private record Swap(String alias, Set<String> old, Set<String> fresh) {
    boolean isBefore(Row row) {
      return isOfAlias(row) && !row.isNow() && old.contains(row.returned());
    }

    boolean isAfter(Row row) {
      return isOfAlias(row) && row.isNow() && fresh.contains(row.returned());
    }

    private boolean isOfAlias(Row row) {
      return row.requested().isEmpty() || row.requested().equals(alias);
    }

    @Override
    public String toString() {
      return "alias " + alias + ": " + old + " -> " + fresh;
    }
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

  /**
   * As many cases as would say as much if each had the same weight (Kish's effective sample size),
   * in the shares of the weights. Cases of equal weight are counted as they are.
   */
  private static Map<String, Long> counts(List<Row> rows, String measure, Predicate<Row> isWanted) {
    Map<String, Double> weights = new TreeMap<>();
    double weight = 0;
    double squares = 0;
    for (Row row : rows) {
      if (row.measure().equals(measure) && isWanted.test(row)) {
        weights.merge(row.bucket(), row.weight(), Double::sum);
        weight += row.weight();
        squares += row.squares();
      }
    }
    double each = weight / squares;
    Map<String, Long> counts = new TreeMap<>();
    weights.forEach((bucket, of) -> counts.put(bucket, Math.round(of * each)));
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
