package dev.tributary.anomaly.core.series;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.math.BigDecimal;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What every metric is made of. */
class SeriesMetricTest {
  private static final long STEP_US = 300_000_000L;

  private static StepSums everything() {
    StepSums sums = new StepSums();
    sums.add(Tally.CALLS, 1_000);
    sums.add(Tally.ERRORS, 10);
    sums.add(Tally.RETRIES, 20);
    sums.add(Tally.FALLBACKS, 30);
    sums.add(Tally.FINISHED_CALLS, 800);
    sums.add(Tally.REFUSALS, 40);
    sums.add(Tally.LENGTH_STOPS, 80);
    sums.add(Tally.CONTENT_FILTERS, 16);
    sums.add(Tally.TOOL_CALLS, 50);
    sums.add(Tally.TOOL_FAILURES, 7);
    sums.add(Tally.TRACES, 200);
    sums.add(Tally.TOOL_LOOPS, 9);
    sums.add(Tally.COUNTED_RETRIEVALS, 60);
    sums.add(Tally.EMPTY_RETRIEVALS, 15);
    sums.add(Tally.UNPRICED_CALLS, 70);
    sums.add(Tally.UNTAGGED_CALLS, 90);
    sums.add(Tally.INPUT_TOKENS, 5_000);
    sums.add(Tally.CACHE_READ_TOKENS, 1_500);
    sums.addCost(new BigDecimal("2.5"));
    sums.addScore("evaluator.tone", 4, 8, 6);
    return sums;
  }

  private static Map<String, Measured> measured(StepSums sums) {
    Map<String, Measured> byName = new HashMap<>();
    SeriesMetric.measure(sums, STEP_US).forEach(each -> byName.put(each.name(), each));
    return byName;
  }

  private static void is(String name, double value, double samples) {
    Measured measured = measured(everything()).get(name);
    assertThat(measured).as(name).isNotNull();
    assertThat(measured.value()).as(name).isCloseTo(value, within(1e-12));
    assertThat(measured.samples()).as(name).isEqualTo(samples);
  }

  @Test
  void shares_areOfWhatCouldHaveBeenOne() {
    is("error_share", 0.01, 1_000);
    is("retry_share", 0.02, 1_000);
    is("fallback_share", 0.03, 1_000);
    is("refusal_share", 0.05, 800);
    is("length_share", 0.1, 800);
    is("content_filter_share", 0.02, 800);
    is("tool_failure_share", 0.14, 50);
    is("tool_loop_share", 0.045, 200);
    is("empty_retrieval_share", 0.25, 60);
    is("unpriced_share", 0.07, 1_000);
    is("untagged_share", 0.09, 1_000);
    is("cache_hit_ratio", 0.3, 1_000);
  }

  @Test
  void amounts_areOfTheStep_spendOfAnHour() {
    is("spend_per_hour", 30, 1_000);
    is("calls", 1_000, 1_000);
    is("score.evaluator.tone", 0.75, 4);
  }

  /** What nobody counted is unknown, not zero. */
  @Test
  void emptyStep_saysNothing() {
    assertThat(SeriesMetric.measure(new StepSums(), STEP_US)).isEmpty();
  }
}
