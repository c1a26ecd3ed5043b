package dev.tributary.anomaly;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.anomaly.core.series.StepSums;
import dev.tributary.anomaly.core.series.Tally;
import dev.tributary.schemas.Measures;
import dev.tributary.schemas.TokenSums;
import dev.tributary.schemas.Window;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a step is told of a window; each bucket has a digit of its own. */
class WindowMapperTest {
  private static final TokenSums TOKENS =
      TokenSums.newBuilder()
          .setInputUncached(1)
          .setCacheRead(10)
          .setCacheWrite5m(100)
          .setCacheWrite1h(1_000)
          .setInputAudio(10_000)
          .setInputImage(100_000)
          .setOutputText(1)
          .setReasoning(10)
          .setOutputAudio(100)
          .setOutputImage(1_000)
          .build();

  @Test
  void sums_tokensOfEveryBucket_areOfInputOrOfOutput() {
    Window window = window();
    window.getMeasures().setTokens(TOKENS);

    StepSums sums = WindowMapper.sums(window);

    assertThat(sums.count(Tally.INPUT_TOKENS)).isEqualTo(111_111);
    assertThat(sums.count(Tally.CACHE_READ_TOKENS)).isEqualTo(10);
    assertThat(sums.count(Tally.OUTPUT_TOKENS)).isEqualTo(1_111);
  }

  /** Their cost is estimated and part of the spend, so their tokens are too. */
  @Test
  void sums_estimatedTokens_countAsReportedOnes() {
    Window window = window();
    window.getMeasures().setTokens(TOKENS);
    window.getMeasures().setTokensEstimated(TOKENS);

    StepSums sums = WindowMapper.sums(window);

    assertThat(sums.count(Tally.INPUT_TOKENS)).isEqualTo(222_222);
    assertThat(sums.count(Tally.CACHE_READ_TOKENS)).isEqualTo(20);
    assertThat(sums.count(Tally.OUTPUT_TOKENS)).isEqualTo(2_222);
  }

  /** What was estimated is spent too; a call without usage has nothing to be priced. */
  @Test
  void sums_costAndUnpricedCalls_areOfAllUsage() {
    Window window = window();
    window.getMeasures().setCostEstimated(WindowFeed.money(0.25));
    window.getMeasures().setUnpricedCalls(5);
    window.getMeasures().setCallsWithoutUsage(3);

    assertThat(WindowMapper.sums(window).cost()).isEqualByComparingTo("1.25");
    assertThat(WindowMapper.sums(window).count(Tally.UNPRICED_CALLS)).isEqualTo(2);

    window.getMeasures().setCallsWithoutUsage(6);
    assertThat(WindowMapper.sums(window).count(Tally.UNPRICED_CALLS)).isZero();
  }

  @Test
  void sums_everyCount_isItsOwn() {
    Window window = window();
    Measures m = window.getMeasures();
    m.setErrors(2);
    m.setRetries(3);
    m.setFallbacks(4);
    m.setRefusals(5);
    m.setLengthStops(6);
    m.setContentFilters(8);
    m.setFinishedCalls(9);
    m.setToolCalls(10);
    m.setToolFailures(11);
    m.setTraces(12);
    m.setToolLoops(13);
    m.setCountedRetrievals(14);
    m.setEmptyRetrievals(15);
    m.setUntaggedCalls(16);

    StepSums sums = WindowMapper.sums(window);

    assertThat(sums.count(Tally.CALLS)).isEqualTo(7);
    assertThat(sums.count(Tally.ERRORS)).isEqualTo(2);
    assertThat(sums.count(Tally.RETRIES)).isEqualTo(3);
    assertThat(sums.count(Tally.FALLBACKS)).isEqualTo(4);
    assertThat(sums.count(Tally.REFUSALS)).isEqualTo(5);
    assertThat(sums.count(Tally.LENGTH_STOPS)).isEqualTo(6);
    assertThat(sums.count(Tally.CONTENT_FILTERS)).isEqualTo(8);
    assertThat(sums.count(Tally.FINISHED_CALLS)).isEqualTo(9);
    assertThat(sums.count(Tally.TOOL_CALLS)).isEqualTo(10);
    assertThat(sums.count(Tally.TOOL_FAILURES)).isEqualTo(11);
    assertThat(sums.count(Tally.TRACES)).isEqualTo(12);
    assertThat(sums.count(Tally.TOOL_LOOPS)).isEqualTo(13);
    assertThat(sums.count(Tally.COUNTED_RETRIEVALS)).isEqualTo(14);
    assertThat(sums.count(Tally.EMPTY_RETRIEVALS)).isEqualTo(15);
    assertThat(sums.count(Tally.UNTAGGED_CALLS)).isEqualTo(16);
  }

  private static Window window() {
    return WindowFeed.window("feature", Map.of("feature", "chat"), WindowFeed.step(0), 7, 1);
  }
}
