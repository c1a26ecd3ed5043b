package dev.tributary.quality;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * What the comparison promises, over traffic whose truth is known. The long form is {@code
 * -Dtributary.quality.seeds=2000}; its figures stand in the README.
 */
class ComparisonPropertyTest {
  private static final int WINDOWS = 48;

  /** A quiet service: the first looks are at few calls, where asymptotics are worst. */
  private static final int CALLS_A_WINDOW = 60;

  @Test
  void equalArms_lookedAtAfterEveryWindow_seldomDifferAnywhere() {
    int seeds = Seeds.runs(60);
    int wrong = 0;
    Map<String, Integer> byDimension = new TreeMap<>();
    for (int seed = 1; seed <= seeds; seed++) {
      Traffic traffic = new Traffic(seed);
      boolean isShown = false;
      for (int window = 0; window < WINDOWS; window++) {
        traffic.window(window % 24, CALLS_A_WINDOW, Traffic.Arm.SAME, Traffic.Arm.SAME);
        for (Finding finding : Comparison.LIVE.of(traffic.arms())) {
          if (finding.isShown()) {
            isShown = true;
            byDimension.merge(finding.dimension().name(), 1, Integer::sum);
          }
        }
      }
      wrong += isShown ? 1 : 0;
    }
    System.out.printf(
        Locale.ROOT,
        "A/A: %d of %d seeds ever show a difference in any of %d dimensions over %d looks; looks"
            + " that show one: %s%n",
        wrong,
        seeds,
        Traffic.ALL.size(),
        WINDOWS,
        byDimension);
    // 6 %, and what chance adds to a short run: three standard errors.
    double allowed = 0.06 + (seeds < 2_000 ? 3 * Math.sqrt(0.06 * 0.94 / seeds) : 0);
    assertThat(wrong / (double) seeds)
        .as("family-wise error over %d seeds", seeds)
        .isLessThanOrEqualTo(allowed);
  }

  /** The candidate gets the dear customers, so that its plain mean would say far more. */
  @Test
  void dearerAndLessFaithful_areSaid_andTheMixIsNot() {
    Traffic.Arm candidate = new Traffic.Arm(1.08, 0.80, new double[] {0.3, 0.25, 0.15, 0.3});
    for (long seed : Seeds.of(5).toArray()) {
      Traffic traffic = new Traffic(seed);
      for (int window = 0; window < WINDOWS; window++) {
        traffic.window(window % 24, 1_500, Traffic.Arm.SAME, candidate);
      }
      List<Finding> findings = Comparison.LIVE.of(traffic.arms());
      Map<String, Finding> byName =
          findings.stream()
              .collect(Collectors.toMap(finding -> finding.dimension().name(), f -> f));

      Finding cost = byName.get("cost_per_call");
      assertThat(cost.verdict()).as("seed %d: %s", seed, cost).isEqualTo(Verdict.WORSE);
      assertThat(cost.relative()).as("seed %d", seed).isBetween(0.05, 0.11);
      Finding faithfulness = byName.get("score.faithfulness");
      assertThat(faithfulness.verdict()).as("seed %d", seed).isEqualTo(Verdict.WORSE);
      // An answer counts 0.95 or 0.05 on average, so 0.05 fewer right ones are 0.045.
      assertThat(faithfulness.difference()).as("seed %d", seed).isBetween(-0.06, -0.03);
      assertThat(new Interval(0, faithfulness.low(), faithfulness.high()).contains(-0.045))
          .as("seed %d", seed)
          .isTrue();
      assertThat(findings)
          .filteredOn(finding -> finding != cost && finding != faithfulness)
          .as("seed %d", seed)
          .allMatch(finding -> finding.verdict() == Verdict.NO_DIFFERENCE_SHOWN);
    }
  }

  @Test
  void fewCalls_sayNothing() {
    Traffic traffic = new Traffic(1);
    traffic.window(3, 99, Traffic.Arm.SAME, new Traffic.Arm(10, 0.1, new double[] {1, 0, 0, 0}));

    assertThat(Comparison.LIVE.of(traffic.arms()))
        .allMatch(finding -> finding.verdict() == Verdict.TOO_LITTLE_DATA)
        .allMatch(finding -> Double.isNaN(finding.low()));
  }
}
