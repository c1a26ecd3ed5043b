package dev.tributary.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Which rules and policies of a gate are refused. */
class GateRuleTest {
  private static final Dimension SCORE =
      new Dimension("score.faithfulness", Dimension.Kind.SCORE, Dimension.Good.HIGHER);
  private static final Dimension LENGTH =
      new Dimension("length_share", Dimension.Kind.SHARE, Dimension.Good.LOWER);
  private static final Dimension COST =
      new Dimension("cost_per_call", Dimension.Kind.AMOUNT, Dimension.Good.LOWER);

  @Test
  void policyWithoutRules_andRuleWithoutLimit_areRefused() {
    assertThatThrownBy(() -> new GatePolicy(Comparison.LIVE, GatePolicy.Undecided.WAIT, List.of()))
        .hasMessageContaining("needs a rule");
    assertThatThrownBy(() -> new GateRule("x", null, null, null))
        .hasMessageContaining("needs a limit");
    assertThatThrownBy(() -> new GateRule.Change(true, -1, false))
        .hasMessageContaining("must not be negative");
  }

  /** A limit that no value can break, or none can keep, decides nothing. */
  @Test
  void limitsThatNoValueCanReach_areRefused() {
    assertThatThrownBy(() -> new GateRule.Change(true, Double.NaN, true))
        .hasMessageContaining("must not be negative: NaN");
    assertThatThrownBy(() -> new GateRule.Change(true, Double.POSITIVE_INFINITY, false))
        .hasMessageContaining("must be finite");
    assertThatThrownBy(() -> new GateRule.Change(false, 1.5, true))
        .hasMessageContaining("nothing falls by more than 100 %")
        .hasMessageContaining("150 %");
    assertThatThrownBy(() -> new GateRule("x", null, Double.NaN, null))
        .hasMessageContaining("must be finite");
    assertThatThrownBy(() -> new GateRule("x", null, 0.1, 0.2))
        .hasMessage("nothing is at least 0.2 and at most 0.1");
    GateRule percent = new GateRule(LENGTH.name(), null, 5.0, null);
    assertThatThrownBy(() -> percent.of(LENGTH))
        .hasMessage("length_share lies between 0 and 1, but the limit is 5");
    assertThat(percent.of(COST)).isSameAs(percent);
    GateRule fall = new GateRule(SCORE.name(), new GateRule.Change(false, 2, false), null, null);
    assertThatThrownBy(() -> fall.of(SCORE)).hasMessageContaining("between 0 and 1");
    GateRule negative = new GateRule(COST.name(), null, null, -0.5);
    assertThatThrownBy(() -> negative.of(COST))
        .hasMessage("cost_per_call is never below 0, but the limit is -0.5");
  }
}
