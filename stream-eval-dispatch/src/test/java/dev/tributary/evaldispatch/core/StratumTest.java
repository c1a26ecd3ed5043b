package dev.tributary.evaldispatch.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.evaldispatch.core.TraceFacts.PriorScore;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Which traces a stratum is of: each condition at its limit, and all of them together. */
class StratumTest {
  private static final PriorScore UNHAPPY = new PriorScore("thumb", 0.49, true);

  private static Stratum.When when(
      @Nullable BigDecimal cost,
      @Nullable Long wall,
      @Nullable Long newFor,
      @Nullable Double score) {
    return new Stratum.When(false, Set.of(), cost, wall, false, newFor, score, false);
  }

  private static TraceFacts trace(
      long errors,
      String finish,
      @Nullable BigDecimal cost,
      long wall,
      long loops,
      @Nullable Long newFor,
      PriorScore... scores) {
    return new TraceFacts(
        "default",
        "a",
        1_000,
        Map.of(),
        List.of("m"),
        errors,
        Set.of(finish),
        cost,
        wall,
        loops,
        newFor,
        List.of(scores));
  }

  private static TraceFacts plain() {
    return trace(0, "stop", null, 5, 0, null);
  }

  @Test
  void anyTrace_isOfAStratumWithoutConditions() {
    assertThat(Stratum.When.ANY.holds(plain())).isTrue();
  }

  @Test
  void finish_isOneOfTheReasons() {
    Stratum.When cut =
        new Stratum.When(false, Set.of("length", "refusal"), null, null, false, null, null, false);

    assertThat(cut.holds(trace(0, "length", null, 5, 0, null))).isTrue();
    assertThat(cut.holds(plain())).isFalse();
  }

  @Test
  void cost_isAtLeastTheLimit_unknownIsNot() {
    Stratum.When dear = when(new BigDecimal("0.50"), null, null, null);

    assertThat(dear.holds(trace(0, "stop", new BigDecimal("0.5"), 5, 0, null))).isTrue();
    assertThat(dear.holds(trace(0, "stop", new BigDecimal("0.49"), 5, 0, null))).isFalse();
    assertThat(dear.holds(plain())).isFalse();
  }

  @Test
  void wallTime_isAtLeastTheLimit() {
    assertThat(when(null, 5L, null, null).holds(plain())).isTrue();
    assertThat(when(null, 6L, null, null).holds(plain())).isFalse();
  }

  @Test
  void toolLoops_andErrors_areAnyAtAll() {
    Stratum.When loops = new Stratum.When(false, Set.of(), null, null, true, null, null, false);

    assertThat(loops.holds(trace(0, "stop", null, 5, 1, null))).isTrue();
    assertThat(loops.holds(plain())).isFalse();
    assertThat(Stratum.When.ERRORS.holds(trace(1, "stop", null, 5, 0, null))).isTrue();
    assertThat(Stratum.When.ERRORS.holds(plain())).isFalse();
  }

  @Test
  void newFor_isAtMostTheLimit_whatHasNeitherPromptNorModelIsNotNew() {
    Stratum.When fresh = when(null, null, 60L, null);

    assertThat(fresh.holds(trace(0, "stop", null, 5, 0, 60L))).isTrue();
    assertThat(fresh.holds(trace(0, "stop", null, 5, 0, 61L))).isFalse();
    assertThat(fresh.holds(plain())).isFalse();
  }

  @Test
  void score_isBelowTheLimit_whoeverGaveIt() {
    Stratum.When poor = when(null, null, null, 0.5);

    assertThat(poor.holds(trace(0, "stop", null, 5, 0, null, new PriorScore("x", 0.49, false))))
        .isTrue();
    assertThat(poor.holds(trace(0, "stop", null, 5, 0, null, new PriorScore("x", 0.5, false))))
        .isFalse();
    assertThat(poor.holds(trace(0, "stop", null, 5, 0, null, new PriorScore("x", null, false))))
        .isFalse();
  }

  @Test
  void thumbsDown_isAUsersScoreBelowOneHalf() {
    Stratum.When unhappy = new Stratum.When(false, Set.of(), null, null, false, null, null, true);

    assertThat(unhappy.holds(trace(0, "stop", null, 5, 0, null, UNHAPPY))).isTrue();
    for (PriorScore other :
        List.of(
            new PriorScore("thumb", 0.5, true),
            new PriorScore("judge", 0.1, false),
            new PriorScore("label", null, true))) {
      assertThat(unhappy.holds(trace(0, "stop", null, 5, 0, null, other))).isFalse();
    }
  }

  @Test
  void allOfOneWhen_mustHold() {
    Stratum.When all =
        new Stratum.When(true, Set.of("length"), new BigDecimal("1"), 100L, true, 60L, 0.5, true);
    BigDecimal dear = new BigDecimal("2");

    assertThat(all.holds(trace(1, "length", dear, 100, 1, 60L, UNHAPPY))).isTrue();
    for (TraceFacts lacking :
        List.of(
            trace(0, "length", dear, 100, 1, 60L, UNHAPPY),
            trace(1, "stop", dear, 100, 1, 60L, UNHAPPY),
            trace(1, "length", null, 100, 1, 60L, UNHAPPY),
            trace(1, "length", dear, 99, 1, 60L, UNHAPPY),
            trace(1, "length", dear, 100, 0, 60L, UNHAPPY),
            trace(1, "length", dear, 100, 1, 61L, UNHAPPY),
            trace(1, "length", dear, 100, 1, 60L, new PriorScore("thumb", 0.9, true)),
            trace(1, "length", dear, 100, 1, 60L, new PriorScore("judge", 0.1, false)))) {
      assertThat(all.holds(lacking)).isFalse();
    }
  }

  /** Keys of rates are made of it. */
  @Test
  void nameWithASeparator_andRateThatIsNoProbability_areRefused() {
    for (String name : List.of("a@b", "@a", "a|b", "|a")) {
      assertThatThrownBy(() -> new Stratum(name, 0.5, Stratum.When.ANY))
          .hasMessageContaining("are not allowed");
    }
    for (double rate : new double[] {-0.1, 1.1, Double.NaN}) {
      assertThatThrownBy(() -> new Stratum("a", rate, Stratum.When.ANY))
          .hasMessageContaining("rate must be 0 to 1");
    }
  }
}
