package dev.tributary.standalone.backtest;

import dev.tributary.anomaly.core.Episode;
import dev.tributary.anomaly.core.EpisodeTracker;
import dev.tributary.anomaly.core.Policy;
import dev.tributary.anomaly.core.Reading;
import dev.tributary.anomaly.core.SeriesDetector;
import dev.tributary.anomaly.core.ValueKind;
import dev.tributary.standalone.platform.SqlClient;
import dev.tributary.standalone.platform.SqlLiteral;
import java.io.IOException;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * Runs a policy over the windows that ClickHouse has: what would have fired. Windows are added up
 * to steps and judged by the rule as the stream does it; a step without a window is a gap and not
 * zero.
 */
public final class WindowBacktest {
  private static final MathContext SHOWN = new MathContext(4);

  private final SqlClient sql;
  private final Policy policy;

  /** Values that were left out in this run. */
  private long unusable;

  /**
   * What is tried.
   *
   * @param tenant organisation
   * @param groupingSet whose series, as {@code feature}
   * @param metric of which metric
   * @param stepUs length of a step; windows that do not lie in one are left out, as in the stream
   * @param fromUs begin, microseconds since the epoch, from the step it lies in; the first day only
   *     warms up
   * @param toUs end (exclusive), before the step it lies in
   * @param mostSeries series beyond are left out, and said so
   */
  public record Scope(
      String tenant,
      String groupingSet,
      WindowMetric metric,
      long stepUs,
      long fromUs,
      long toUs,
      int mostSeries) {

    public Scope {
      fromUs = Math.floorDiv(fromUs, stepUs) * stepUs;
      toUs = Math.floorDiv(toUs, stepUs) * stepUs;
    }
  }

  /**
   * An episode of a series.
   *
   * @param environment environment
   * @param series series
   * @param episode what was found
   */
  public record Found(String environment, String series, Episode episode) {
    /** Environment and series in one text. */
    public String name() {
      return environment + "/" + series;
    }
  }

  public WindowBacktest(SqlClient sql, Policy policy) {
    this.sql = sql;
    this.policy = policy;
  }

  /** Prints the episodes, oldest first, and their number; answers them. */
  public List<Found> run(Scope scope, PrintWriter out) throws IOException, InterruptedException {
    List<List<String>> series = sql.rows(seriesQuery(scope));
    boolean isCut = series.size() > scope.mostSeries();
    List<Found> found = new ArrayList<>();
    long steps = 0;
    unusable = 0;
    for (List<String> one : series.subList(0, Math.min(series.size(), scope.mostSeries()))) {
      String environment = SqlLiteral.unescaped(one.get(0));
      String name = SqlLiteral.unescaped(one.get(1));
      List<List<String>> rows = sql.rows(windowsQuery(scope, environment, name));
      steps += rows.size();
      episodes(rows, scope.stepUs()).forEach(e -> found.add(new Found(environment, name, e)));
    }
    found.sort(
        Comparator.comparingLong((Found one) -> one.episode().openedUs())
            .thenComparing(Found::name));
    found.forEach(one -> out.println(line(one)));
    double weeks = (scope.toUs() - scope.fromUs()) / (double) TimeUnit.DAYS.toMicros(7);
    out.printf(
        Locale.ROOT,
        "%d episodes of %s in %d series, %d steps, %.1f weeks%s%s%n",
        found.size(),
        scope.metric().label(),
        Math.min(series.size(), scope.mostSeries()),
        steps,
        weeks,
        unusable == 0 ? "" : "; " + unusable + " values are no numbers, negative or no shares",
        isCut ? "; more series are left out, see --most" : "");
    out.flush();
    return found;
  }

  private List<Episode> episodes(List<List<String>> rows, long stepUs) {
    List<Episode> episodes = new ArrayList<>();
    SeriesDetector detector = new SeriesDetector(policy, stepUs);
    EpisodeTracker tracker = new EpisodeTracker(policy.reopenWithin());
    for (List<String> row : rows) {
      long timeUs = Long.parseLong(row.get(0));
      double value = number(row.get(1));
      double samples = number(row.get(2));
      if (!isUsable(value) || samples < 0) {
        unusable++;
      } else {
        Reading reading = detector.add(timeUs, value, samples, number(row.get(3)));
        tracker.add(timeUs, value, reading).ifPresent(episodes::add);
      }
    }
    tracker.open().ifPresent(episodes::add);
    return episodes;
  }

  /** As the stream takes them. */
  private boolean isUsable(double value) {
    boolean isLow = value < 0 && policy.values() != ValueKind.SIGNED;
    boolean isHigh = value > 1 && policy.values() == ValueKind.SHARE;
    return Math.abs(value) <= SeriesDetector.LARGEST && !isLow && !isHigh;
  }

  /** ClickHouse writes nan, inf and -inf; none of them can be used. */
  private static double number(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    return lower.endsWith("nan") || lower.endsWith("inf") ? Double.NaN : Double.parseDouble(text);
  }

  private static String line(Found found) {
    Episode episode = found.episode();
    return "%s  %s%s  peak %s against %s (%sx), %d windows, %s, excess %s"
        .formatted(
            Instant.EPOCH.plus(episode.openedUs(), ChronoUnit.MICROS),
            found.name(),
            episode.goesOn() ? " again" : "",
            shown(episode.peakValue()),
            shown(episode.baseline()),
            EpisodeLines.isRatio(episode.peakRatio()) ? shown(episode.peakRatio()) : "unknown ",
            episode.windows(),
            episode.end().name().toLowerCase(Locale.ROOT),
            shown(episode.excess()));
  }

  private static String shown(double value) {
    return Double.isFinite(value)
        ? new BigDecimal(value).round(SHOWN).stripTrailingZeros().toPlainString()
        : "unknown";
  }

  private static String scopeOf(Scope scope) {
    return "tenant = "
        + SqlLiteral.text(scope.tenant())
        + " AND grouping_set = "
        + SqlLiteral.text(scope.groupingSet())
        + " AND start_time >= "
        + SqlLiteral.time(scope.fromUs())
        + " AND start_time < "
        + SqlLiteral.time(scope.toUs())
        + " AND toUnixTimestamp64Micro(start_time) %% %1$d + length_us <= %1$d"
            .formatted(scope.stepUs());
  }

  private static String seriesQuery(Scope scope) {
    return "SELECT environment, series FROM windows FINAL WHERE "
        + scopeOf(scope)
        + " GROUP BY environment, series ORDER BY environment, series LIMIT "
        + (scope.mostSeries() + 1);
  }

  private static String windowsQuery(Scope scope, String environment, String series) {
    long stepUs = scope.stepUs();
    return "SELECT toString(step * %1$d), toString(value), toString(samples), toString(tokens) FROM (SELECT intDiv(toUnixTimestamp64Micro(start_time), %1$d) AS step, "
            .formatted(stepUs)
        + scope.metric().value(stepUs)
        + " AS value, "
        + scope.metric().samples()
        + " AS samples, "
        + scope.metric().tokens(stepUs)
        + " AS tokens FROM windows FINAL WHERE "
        + scopeOf(scope)
        + " AND environment = "
        + SqlLiteral.text(environment)
        + " AND series = "
        + SqlLiteral.text(series)
        + " GROUP BY step) WHERE value IS NOT NULL ORDER BY step";
  }
}
