package dev.tributary.standalone.demo;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The hand-written prices give the literal amounts that a calculator on paper gives. */
class ModelTest {

  @Test
  void gpt4o_cachedPrompt() {
    // 1,000 x $2.50 + 500 x $1.25 + 200 x $10.00 per million = $0.005125
    assertThat(Model.GPT_4O.cost(new CallTokens(1_000, 500, 0, 200, 0))).isEqualTo(5_125_000_000L);
  }

  @Test
  void sonnet_cacheWrite() {
    // 100 x $3 + 300 x $0.30 + 400 x $3.75 + 50 x $15 per million = $0.00264
    assertThat(Model.SONNET.cost(new CallTokens(100, 300, 400, 50, 0))).isEqualTo(2_640_000_000L);
  }

  @Test
  void sonnet_atTheLongContextThreshold_costsItsBasePrice() {
    // 200,000 x $3 + 10 x $15 per million = $0.60015
    assertThat(Model.SONNET.cost(new CallTokens(200_000, 0, 0, 10, 0))).isEqualTo(600_150_000_000L);
  }

  @Test
  void sonnet_aboveTheLongContextThreshold_costsMoreForEveryToken() {
    // 200,001 x $6 + 10 x $22.50 per million = $1.200231
    assertThat(Model.SONNET.cost(new CallTokens(200_001, 0, 0, 10, 0)))
        .isEqualTo(1_200_231_000_000L);
  }

  @Test
  void gpt5_reasoningCostsAsOutput() {
    // 800 x $1.25 + 100 x $0.125 + (30 + 70) x $10 per million = $0.0020125
    assertThat(Model.GPT_5.cost(new CallTokens(800, 100, 0, 30, 70))).isEqualTo(2_012_500_000L);
  }
}
