package dev.tributary.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** What is said of a finding and of a gate, to people and to pipelines. */
class FindingTest {
  private static Finding finding(Verdict verdict, double baseline, double candidate) {
    Taken all = Taken.whole(Moments.unweighted(100, 100, 100));
    Dimension cost = new Dimension("cost", Dimension.Kind.AMOUNT, Dimension.Good.LOWER);
    return new Finding(cost, verdict, baseline, candidate, -1, 1, 0.05, all, all, 1);
  }

  @Test
  void relative_isAShareOfTheBaseline_unknownWhereThatIsNothing() {
    assertThat(finding(Verdict.WORSE, 0.5, 0.6).relative()).isCloseTo(0.2, within(1e-12));
    assertThat(finding(Verdict.BETTER, 0.5, 0.4).relative()).isCloseTo(-0.2, within(1e-12));
    assertThat(finding(Verdict.WORSE, 0, 0.6).relative()).isNaN();
  }

  @Test
  void shown_isADifferenceOfAnyKind_andNothingElse() {
    assertThat(Arrays.stream(Verdict.values()).filter(each -> finding(each, 1, 2).isShown()))
        .containsExactly(Verdict.BETTER, Verdict.WORSE, Verdict.DIFFERENT);
  }

  /** Pipelines know them by these. */
  @Test
  void outcomes_haveTheirExitCodesAndWords() {
    assertThat(Arrays.stream(GateOutcome.values()).map(GateOutcome::code)).containsExactly(0, 1, 2);
    assertThat(Arrays.stream(GateOutcome.values()).map(GateOutcome::words))
        .containsExactly("pass", "fail", "not enough data");
    assertThat(Verdict.NO_DIFFERENCE_SHOWN.words()).isEqualTo("no difference shown");
  }
}
