package dev.tributary.standalone.demo;

import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The simulator's books against ClickHouse, to the last digit. */
final class Comparison {

  /** One number, expected and found. */
  record Row(String what, BigDecimal expected, BigDecimal found) {
    boolean isEqual() {
      return expected.compareTo(found) == 0;
    }
  }

  private final List<Row> rows = new ArrayList<>();

  private Comparison() {}

  /** Compares totals, and cost and tokens by feature, team, prompt version and model. */
  static Comparison of(Books books, Found found) throws IOException, InterruptedException {
    Comparison comparison = new Comparison();
    long[] booked = found.booked();
    comparison.add("spans booked", books.spans(), booked[0]);
    comparison.add("traces closed", books.traces(), booked[1]);
    comparison.totals(books.total(), found.total());
    comparison.groups("feature", books.byFeature(), found.by("feature"));
    comparison.groups("team", books.byTeam(), found.by("team"));
    comparison.groups(
        "prompt", books.byPrompt(), found.by("concat(feature, ' / ', prompt_version)"));
    comparison.groups(
        "model", books.byModel(), found.by("ifNull(model_returned, ifNull(model_requested, ''))"));
    Map.Entry<String, BigDecimal> expected = books.dearestSession();
    comparison.rows.add(
        new Row("dearest session, $", expected.getValue(), found.dearestSession().getValue()));
    return comparison;
  }

  List<Row> rows() {
    return rows;
  }

  List<Row> differences() {
    return rows.stream().filter(row -> !row.isEqual()).toList();
  }

  private void totals(Books.Sums expected, Found.Sums found) {
    add("model calls", expected.calls, found.calls());
    add("failed calls", expected.failed, found.failed());
    add("unpriced calls", expected.unpriced, found.unpriced());
    add("uncached input tokens", expected.uncached, found.uncached());
    add("cache read tokens", expected.cacheRead, found.cacheRead());
    add("cache write tokens", expected.cacheWrite, found.cacheWrite());
    add("text output tokens", expected.text, found.text());
    add("reasoning tokens", expected.reasoning, found.reasoning());
    rows.add(new Row("cost, $", expected.dollars(), found.dollars()));
  }

  private void groups(
      String kind, Map<String, Books.Sums> expected, Map<String, Found.Sums> found) {
    Set<String> names = new TreeSet<>(expected.keySet());
    names.addAll(found.keySet());
    for (String name : names) {
      Books.Sums in = expected.getOrDefault(name, new Books.Sums());
      Found.Sums out = found.getOrDefault(name, Found.Sums.NONE);
      add(kind + " " + name + ", calls", in.calls, out.calls());
      add(kind + " " + name + ", tokens", in.tokens(), tokens(out));
      rows.add(new Row(kind + " " + name + ", $", in.dollars(), out.dollars()));
    }
  }

  private static long tokens(Found.Sums sums) {
    return sums.uncached() + sums.cacheRead() + sums.cacheWrite() + sums.text() + sums.reasoning();
  }

  private void add(String what, long expected, long found) {
    rows.add(new Row(what, BigDecimal.valueOf(expected), BigDecimal.valueOf(found)));
  }
}
