package dev.tributary.evaldispatch.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Draws, strata and filters. */
class SamplingTest {
  private static TraceFacts trace(String id, long errors, Map<String, String> dimensions) {
    return new TraceFacts(
        "default",
        id,
        1_000,
        dimensions,
        List.of("m"),
        errors,
        Set.of("stop"),
        null,
        5,
        0,
        null,
        List.of());
  }

  @Test
  void draw_uniformAndTheSameEachTime() {
    int below = 0;
    for (int i = 0; i < 20_000; i++) {
      String id = "%032x".formatted(i);
      double draw = Sampling.draw(id, "faithfulness|1");
      assertThat(draw).isEqualTo(Sampling.draw(id, "faithfulness|1")).isBetween(0.0, 1.0);
      below += draw < 0.1 ? 1 : 0;
    }

    // Four standard deviations of a binomial with 20,000 draws.
    assertThat(below / 20_000.0).isCloseTo(0.1, within(0.0085));
  }

  /** Known digest, so that another language's implementation can be checked against it. */
  @Test
  void draw_isTheFirst53BitsOfSha256() throws Exception {
    byte[] digest =
        java.security.MessageDigest.getInstance("SHA-256")
            .digest("abc|e|1".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    double expected = new java.math.BigInteger(1, digest).shiftRight(203).doubleValue() / 0x1p53;

    assertThat(Sampling.draw("abc", "e|1")).isEqualTo(expected);
  }

  @Test
  void evaluator_ofTwoPolicies_drawsOnceForTheHigherPriority() {
    EvalPolicy low = Policies.withCeiling("1", 1, 0);
    EvalPolicy high =
        new EvalPolicy(
            "default",
            "first",
            9,
            TraceFilter.ALL,
            low.evaluators(),
            0.5,
            0,
            1,
            List.of(),
            1,
            BigDecimal.ONE,
            null,
            false);

    List<Sampling.Drawn> drawn = Sampling.drawn(List.of(low, high), trace("a", 0, Map.of()));

    assertThat(drawn).extracting(each -> each.policy().id()).containsExactly("first");
  }

  @Test
  void stratum_firstThatFits() {
    EvalPolicy policy = Policies.withCeiling("1", 0.1, 0);

    assertThat(policy.stratumOf(trace("a", 1, Map.of())).name()).isEqualTo("errors");
    assertThat(policy.stratumOf(trace("a", 0, Map.of())).name()).isEqualTo("rest");
  }

  @Test
  void filter_patternsOfADimension() {
    TraceFilter filter =
        new TraceFilter(Map.of("feature", List.of("check*t", "help"), "model", List.of("m*")));

    assertThat(filter.accepts(trace("a", 0, Map.of("feature", "checkout")))).isTrue();
    assertThat(filter.accepts(trace("a", 0, Map.of("feature", "checked")))).isFalse();
    assertThat(filter.accepts(trace("a", 0, Map.of()))).isFalse();
    assertThat(filter.touches(Map.of("team", "blue"))).isTrue();
    assertThat(filter.touches(Map.of("feature", "other"))).isFalse();
  }
}
