package dev.tributary.evaldispatch.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
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

  private static EvalPolicy policy(
      String id, double base, double fast, double boost, EvaluatorChoice... evaluators) {
    return new EvalPolicy(
        "default",
        id,
        0,
        TraceFilter.ALL,
        List.of(evaluators),
        base,
        0,
        fast,
        List.of(),
        boost,
        BigDecimal.ONE,
        null,
        false);
  }

  /** Fast ones are chosen at a fixed rate; the others only up to the highest rate they may get. */
  @Test
  void drawn_fastByItsOwnRate_othersAsCandidatesByTheHighest() {
    EvaluatorChoice fast =
        new EvaluatorChoice("refusal", "1", Route.FAST, BigDecimal.ZERO, Map.of());
    EvaluatorChoice human =
        new EvaluatorChoice("review", "1", Route.HUMAN, BigDecimal.ZERO, Map.of());
    EvalPolicy policy = policy("answers", 0.1, 0.3, 4, Policies.judge(), fast, human);
    int chosen = 0;
    int candidates = 0;
    for (int i = 0; i < 200; i++) {
      for (Sampling.Drawn drawn :
          Sampling.drawn(List.of(policy), trace("%032x".formatted(i), 0, Map.of()))) {
        boolean isFast = drawn.evaluator().equals(fast);
        assertThat(drawn.isChosen()).isEqualTo(isFast && drawn.draw() < 0.3);
        assertThat(drawn.isCandidate()).isEqualTo(!isFast && drawn.draw() < 0.4);
        chosen += drawn.isChosen() ? 1 : 0;
        candidates += drawn.isCandidate() ? 1 : 0;
      }
    }
    assertThat(chosen).isBetween(30, 90);
    assertThat(candidates).isBetween(110, 210);
    assertThat(policy("certain", 0.5, 1, 4, fast).mostRate(new Stratum("x", 0.5, Stratum.When.ANY)))
        .isEqualTo(1);
  }

  /** Two versions of an evaluator are two; at one priority the smaller id has the trace. */
  @Test
  void evaluator_ofTwoVersions_drawsForEach_atATieForTheSmallerId() {
    EvaluatorChoice next =
        new EvaluatorChoice("faithfulness", "2", Route.JUDGE, Policies.COST, Map.of());

    List<Sampling.Drawn> drawn =
        Sampling.drawn(
            List.of(
                policy("b", 1, 1, 1, Policies.judge()),
                policy("a", 1, 1, 1, Policies.judge()),
                policy("c", 1, 1, 1, next)),
            trace("a", 0, Map.of()));

    assertThat(drawn)
        .extracting(each -> each.policy().id(), each -> each.evaluator().version())
        .containsExactly(tuple("a", "1"), tuple("c", "2"));
  }

  @Test
  void filter_modelIsAnyOfTheTraces_andEveryDimensionMustFit() {
    TraceFilter models = new TraceFilter(Map.of("model", List.of("m*")));
    assertThat(models.accepts(trace("a", 0, Map.of()))).isTrue();
    assertThat(new TraceFilter(Map.of("model", List.of("x*"))).accepts(trace("a", 0, Map.of())))
        .isFalse();
    TraceFilter both =
        new TraceFilter(Map.of("feature", List.of("a"), "environment", List.of("production")));
    assertThat(both.accepts(trace("a", 0, Map.of("feature", "a", "environment", "staging"))))
        .isFalse();
    assertThat(both.accepts(trace("a", 0, Map.of("feature", "a", "environment", "production"))))
        .isTrue();
  }
}
