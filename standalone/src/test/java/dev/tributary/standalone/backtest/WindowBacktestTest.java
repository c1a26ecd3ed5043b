package dev.tributary.standalone.backtest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.anomaly.core.series.SeriesMetric;
import dev.tributary.schemas.TokenSums;
import dev.tributary.standalone.review.SqlStub;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Random;
import java.util.StringJoiner;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;

/** The rule over windows as ClickHouse gives them. */
final class WindowBacktestTest {
  private static final long MINUTE_US = TimeUnit.MINUTES.toMicros(1);
  private static final int MINUTES = 3 * 1440;
  private static final int RISE_AT = 2 * 1440 + 600;

  /**
   * Three days; for half an hour on the third the value is four times as large, if it rises, and an
   * hour later for ten minutes.
   */
  private static String windows(boolean isRising) {
    Random random = new Random(7);
    StringJoiner rows = new StringJoiner("\n", "", "\n");
    for (int minute = 0; minute < MINUTES; minute++) {
      double value = 10 + random.nextGaussian() * 0.3;
      boolean isFirst = minute >= RISE_AT && minute < RISE_AT + 30;
      boolean isSecond = minute >= RISE_AT + 90 && minute < RISE_AT + 100;
      if (isRising && (isFirst || isSecond)) {
        value *= 4;
      }
      rows.add(minute * MINUTE_US + "\t" + value + "\t100\t" + 5_000 * value);
    }
    return rows.toString();
  }

  @Test
  void run_oneSeriesRisesTwice_oneEpisodeThatGoesOn() throws Exception {
    try (SqlStub sql =
        new SqlStub(
            asked ->
                asked.contains("GROUP BY environment, series")
                    ? "production\tfeature=a\nproduction\tfeature=b\n"
                    : windows(asked.contains("series = 'feature=a'")))) {
      // When
      StringWriter text = new StringWriter();
      List<WindowBacktest.Found> found = backtest(sql, text);

      // Then
      assertThat(found).hasSize(2);
      assertThat(found.get(0).name()).isEqualTo("production/feature=a");
      assertThat(found.get(0).episode().openedUs())
          .isBetween(RISE_AT * MINUTE_US, (RISE_AT + 3) * MINUTE_US);
      assertThat(text.toString()).contains("2 episodes of spend_per_hour in 2 series, 8640 steps");
      assertThat(text.toString().lines().map(line -> line.contains("feature=a again")))
          .containsExactly(false, true, false);
      assertThat(found.get(1).episode().firstUs()).isEqualTo(found.get(0).episode().openedUs());
    }
  }

  private static List<WindowBacktest.Found> backtest(SqlStub sql, StringWriter text)
      throws Exception {
    WindowBacktest.Scope scope =
        new WindowBacktest.Scope(
            "default",
            "feature",
            WindowMetric.SPEND_PER_HOUR,
            MINUTE_US,
            0,
            MINUTES * MINUTE_US,
            10);
    return new WindowBacktest(sql.client(), WindowMetric.SPEND_PER_HOUR.policy())
        .run(scope, new PrintWriter(text));
  }

  /** What the stream would leave out and count is left out and counted. */
  @Test
  void run_valuesThatCannotBeUsed_areLeftOutAndSaid() throws Exception {
    List<String> values = List.of("nan\t100", "inf\t100", "-5\t100", "1e101\t100", "9\t-1");
    StringJoiner rows = new StringJoiner("\n", windows(false), "\n");
    for (int i = 0; i < values.size(); i++) {
      rows.add((MINUTES + i) * MINUTE_US + "\t" + values.get(i) + "\tNaN");
    }
    try (SqlStub sql =
        new SqlStub(
            asked ->
                asked.contains("GROUP BY environment, series")
                    ? "production\tfeature=a\n"
                    : rows.toString())) {
      StringWriter text = new StringWriter();
      List<WindowBacktest.Found> found = backtest(sql, text);

      assertThat(found).isEmpty();
      assertThat(text.toString())
          .contains("4325 steps", "; 5 values are no numbers, negative or no shares");
    }
  }

  /**
   * Every one that the stream has but scores, which have names, and what the table does not have.
   */
  @Test
  void metrics_areTheStreams() {
    List<String> tried = Stream.of(WindowMetric.values()).map(WindowMetric::label).toList();

    assertThat(Stream.of(SeriesMetric.values()).map(SeriesMetric::label))
        .containsAll(tried)
        .filteredOn(label -> !tried.contains(label))
        .containsExactly("score", "unpriced_share");
  }

  /** What the stream adds to a step's tokens, from the columns that the sink fills. */
  @Test
  void tokens_ofSpend_areThoseOfEveryBucketReportedOrEstimated() {
    String sql = WindowMetric.SPEND_PER_HOUR.tokens(MINUTE_US);

    for (Schema.Field bucket : TokenSums.getClassSchema().getFields()) {
      String column = "\\b" + bucket.name() + "_tokens";
      assertThat(sql).containsPattern(column + "\\b").containsPattern(column + "_estimated\\b");
    }
  }

  @Test
  void scope_notOfWholeSteps_isMadeOfWholeOnes() {
    WindowBacktest.Scope scope =
        new WindowBacktest.Scope(
            "default",
            "feature",
            WindowMetric.CALLS,
            5 * MINUTE_US,
            7 * MINUTE_US,
            14 * MINUTE_US,
            1);

    assertThat(scope.fromUs()).isEqualTo(5 * MINUTE_US);
    assertThat(scope.toUs()).isEqualTo(10 * MINUTE_US);
  }

  @Test
  void metric_unknown_namesAll() {
    assertThat(WindowMetric.of("latency_us_p95")).isEqualTo(WindowMetric.LATENCY_US_P95);
    assertThatThrownBy(() -> WindowMetric.of("joy"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("joy; allowed: spend_per_hour, calls");
  }
}
