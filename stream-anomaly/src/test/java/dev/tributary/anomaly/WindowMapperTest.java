package dev.tributary.anomaly;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.anomaly.core.series.StepSums;
import dev.tributary.anomaly.core.series.Tally;
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

  private static Window window() {
    return WindowFeed.window("feature", Map.of("feature", "chat"), WindowFeed.step(0), 7, 1);
  }
}
