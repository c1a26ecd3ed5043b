package dev.tributary.anomaly.core.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.tributary.anomaly.core.drift.DriftCase.Buckets;
import dev.tributary.anomaly.core.drift.DriftCase.Categories;
import dev.tributary.anomaly.core.drift.DriftCase.Share;
import dev.tributary.anomaly.core.drift.DriftFinding.Verdict;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is called drift, and what a report of many cases says of each. */
class DriftRuleTest {
  private static final DriftCase FEW =
      new DriftCase("few", "errors", new Share(0, 40), new Share(40, 40));
  private static final DriftCase ERRORS =
      new DriftCase("a", "errors", new Share(30, 1_000), new Share(90, 1_000));
  private static final DriftCase FINISH =
      new DriftCase(
          "b",
          "finish",
          new Categories(Counts.of(Map.of("STOP", 900L, "LENGTH", 100L))),
          new Categories(Counts.of(Map.of("STOP", 700L, "LENGTH", 300L))));
  private static final DriftCase LENGTH =
      new DriftCase(
          "c",
          "length",
          new Buckets(Counts.of(Map.of(1, 500L, 2, 500L))),
          new Buckets(Counts.of(Map.of(1, 430L, 2, 570L))));

  /** Those that are not tested cost the others nothing, however many they are. */
  @Test
  void findings_areInTheOrderOfTheCases_eachWithItsOwnTest() {
    List<DriftCase> cases = List.of(FEW, ERRORS, FEW, FINISH, LENGTH, FEW);

    List<DriftFinding> findings = DriftRule.DEFAULT.judge(cases);

    assertThat(findings).extracting(DriftFinding::of).containsExactlyElementsOf(cases);
    double ofErrors = TwoSample.proportions(90, 1_000, 30, 1_000);
    double ofFinish = TwoSample.proportions(300, 1_000, 100, 1_000);
    double ofLength =
        TwoSample.buckets(Counts.of(Map.of(1, 500L, 2, 500L)), Counts.of(Map.of(1, 430L, 2, 570L)));
    assertThat(findings.get(1).probability()).isEqualTo(ofErrors);
    assertThat(findings.get(3).probability()).isCloseTo(ofFinish, within(ofFinish / 1e6));
    assertThat(findings.get(4).probability()).isEqualTo(ofLength);
    double[] adjusted = ManyTests.benjaminiHochberg(new double[] {ofErrors, ofFinish, ofLength});
    assertThat(findings.get(1).adjusted()).isCloseTo(adjusted[0], within(1e-12));
    assertThat(findings.get(3).adjusted()).isCloseTo(adjusted[1], within(1e-12));
    assertThat(findings.get(4).adjusted()).isCloseTo(adjusted[2], within(1e-12));
    assertThat(findings.get(0).verdict()).isEqualTo(Verdict.TOO_FEW);
    assertThat(findings.get(0).index()).isNaN();
    assertThat(findings.get(0).probability()).isNaN();
  }

  @Test
  void fiftyCasesOnEachSide_areEnough() {
    Share none = new Share(0, 50);
    Share most = new Share(40, 50);

    assertThat(judged(DriftRule.DEFAULT, new DriftCase("g", "m", none, most)).verdict())
        .isEqualTo(Verdict.DRIFT);
    assertThat(
            judged(DriftRule.DEFAULT, new DriftCase("g", "m", none, new Share(40, 49))).verdict())
        .isEqualTo(Verdict.TOO_FEW);
    assertThat(judged(DriftRule.DEFAULT, new DriftCase("g", "m", new Share(0, 49), most)).verdict())
        .isEqualTo(Verdict.TOO_FEW);
  }

  private static DriftFinding judged(DriftRule rule, DriftCase one) {
    return rule.judge(List.of(one)).get(0);
  }

  /** Beyond chance is below the limit, and what has the least index matters. */
  @Test
  void drift_isBelowTheLimit_andFromTheIndexOn() {
    DriftFinding found = judged(DriftRule.DEFAULT, LENGTH);
    double limit = found.adjusted();
    double index = found.index();

    assertThat(judged(new DriftRule(50, limit, index), LENGTH).verdict()).isEqualTo(Verdict.STABLE);
    DriftRule wider = new DriftRule(50, Math.nextUp(limit), index);
    assertThat(judged(wider, LENGTH).verdict()).isEqualTo(Verdict.DRIFT);
    DriftRule greater = new DriftRule(50, Math.nextUp(limit), Math.nextUp(index));
    assertThat(judged(greater, LENGTH).verdict()).isEqualTo(Verdict.SLIGHT);
  }

  /** (now - reference) ln(now / reference), with half a case added to each class. */
  @Test
  void index_isThatOfEachForm() {
    double before = 30.5 / 1_001;
    double now = 90.5 / 1_001;
    double byHand =
        (now - before) * Math.log(now / before)
            + (before - now) * Math.log((1 - now) / (1 - before));

    assertThat(judged(DriftRule.DEFAULT, ERRORS).index()).isCloseTo(byHand, within(1e-12));
    before = 100.5 / 1_001;
    now = 300.5 / 1_001;
    byHand =
        (now - before) * Math.log(now / before)
            + (before - now) * Math.log((1 - now) / (1 - before));
    assertThat(judged(DriftRule.DEFAULT, FINISH).index()).isCloseTo(byHand, within(1e-12));
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0.01, 0.1, least size is 0",
    "50, 0, 0.1, limit is 0.0",
    "50, 1.01, 0.1, limit is 1.01",
    "50, NaN, 0.1, limit is NaN",
    "50, 0.01, -0.1, index is -0.1",
    "50, 0.01, NaN, index is NaN"
  })
  void rule_thatCannotBeMeant_isRefused(long size, double limit, double index, String message) {
    assertThatThrownBy(() -> new DriftRule(size, limit, index))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(message);
  }

  @Test
  void rule_atItsBounds_isTaken() {
    assertThat(judged(new DriftRule(1, 1, 0), FEW).verdict()).isEqualTo(Verdict.DRIFT);
  }

  @Test
  void samples_thatCannotBe_areRefused() {
    assertThatThrownBy(() -> new Share(6, 5)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Share(-1, 5)).isInstanceOf(IllegalArgumentException.class);
    assertThat(new Share(5, 5).hits()).isEqualTo(5);
    assertThatThrownBy(() -> Counts.of(Map.of("a", -1L)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(
            () ->
                new DriftCase(
                    "g", "m", new Share(1, 2), new Categories(Counts.of(Map.of("a", 1L)))))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
