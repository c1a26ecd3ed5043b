package dev.tributary.anomaly.core.series;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tributary.anomaly.core.series.Finding.State;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is told of an episode from step to step: since when, how far off, and when it is over. */
class EpisodeFindingsTest {
  private static final long STEP_US = 300_000_000L;
  private static final int WARM = 300;
  private static final int HOUR = 12;
  private static final String SPEND = "spend_per_hour";

  private final List<Finding> found = new ArrayList<>();
  private final SeriesState state =
      new SeriesState(
          new SeriesKey(
              "default", "production", "feature", Map.of("feature", "chat"), "feature=chat"));
  private final SeriesEvaluator evaluator =
      new SeriesEvaluator(STEP_US, HOUR * STEP_US, HOUR * STEP_US);
  private int next;

  private static StepSums sums(double dollars, long errors) {
    StepSums sums = new StepSums();
    sums.add(Tally.CALLS, 500);
    sums.add(Tally.ERRORS, errors);
    sums.addCost(BigDecimal.valueOf(dollars));
    return sums;
  }

  private SeriesEvaluator.Outcome step(StepSums sums) {
    SeriesEvaluator.Outcome outcome =
        evaluator.evaluate(state, next * STEP_US, sums, RuleBook.DEFAULTS, found::add);
    evaluator.expire(state, next * STEP_US, RuleBook.DEFAULTS, found::add);
    next++;
    return outcome;
  }

  private void spend(double... dollars) {
    for (double each : dollars) {
      step(sums(each, 5));
    }
  }

  private void warm() {
    for (int i = 0; i < WARM; i++) {
      spend(10);
    }
    assertThat(found).isEmpty();
  }

  private List<Finding> of(String metric) {
    return found.stream().filter(each -> each.metric().equals(metric)).toList();
  }

  private Finding last(String metric) {
    List<Finding> all = of(metric);
    return all.get(all.size() - 1);
  }

  /** The money before it counts from where the trouble began, which one calm step does not end. */
  @Test
  void suspect_isTheFirstOfTheStepsThatOpenedIt_thoughOneBetweenWasCalm() {
    warm();
    spend(30, 10, 30);

    Finding opened = last(SPEND);
    assertThat(opened.state()).isEqualTo(State.OPENED);
    assertThat(opened.windowUs()).isEqualTo((WARM + 2) * STEP_US);
    assertThat(opened.openedUs()).isEqualTo((WARM + 2) * STEP_US);
    assertThat(opened.suspectUs()).isEqualTo(WARM * STEP_US);
    assertThat(opened.isAgain()).isFalse();
  }

  /** A breach of before is not one of the three that are looked at. */
  @Test
  void suspect_isNotABreachOfBefore() {
    warm();
    spend(30, 10, 10, 30, 30);

    assertThat(last(SPEND).windowUs()).isEqualTo((WARM + 4) * STEP_US);
    assertThat(last(SPEND).suspectUs()).isEqualTo((WARM + 3) * STEP_US);
  }

  @Test
  void end_tellsThePeak_andAllTheMoney() {
    warm();
    spend(30, 30, 40, 30);
    assertThat(last(SPEND).factor()).isCloseTo(3, within(0.1));
    spend(10, 10, 10);

    Finding end = last(SPEND);
    assertThat(end.state()).isEqualTo(State.RESOLVED);
    assertThat(end.ending()).isEqualTo(Finding.Ending.VALUES);
    assertThat(end.factor()).isCloseTo(4, within(0.1));
    assertThat(end.observed()).isEqualTo(120);
    assertThat(end.score())
        .isEqualTo(of(SPEND).stream().mapToDouble(Finding::score).max().orElse(0));
    assertThat(end.money().doubleValue()).as("20 + 30 + 20").isCloseTo(70, within(2.0));
    assertThat(of(SPEND))
        .extracting(Finding::revision)
        .containsExactlyElementsOf(
            java.util.stream.LongStream.rangeClosed(1, of(SPEND).size()).boxed().toList());
  }

  /** An hour without a value, to the step. */
  @Test
  void silence_endsItAfterItsTime_andNotBefore() {
    warm();
    spend(30, 30);
    long lastUs = (next - 1) * STEP_US;
    for (int silent = 1; silent < HOUR; silent++) {
      evaluator.expire(state, lastUs + silent * STEP_US, RuleBook.DEFAULTS, found::add);
    }
    assertThat(last(SPEND).state()).isEqualTo(State.OPENED);

    evaluator.expire(state, lastUs + HOUR * STEP_US, RuleBook.DEFAULTS, found::add);

    Finding end = last(SPEND);
    assertThat(end.state()).isEqualTo(State.RESOLVED);
    assertThat(end.windowUs()).as("its last window").isEqualTo(lastUs);
    assertThat(end.observed()).isEqualTo(360);
    assertThat(end.moneyPerHour()).isNull();
    evaluator.expire(state, lastUs + (HOUR + 1) * STEP_US, RuleBook.DEFAULTS, found::add);
    assertThat(of(SPEND)).as("told once").filteredOn(each -> each.state().isEnd()).hasSize(1);
  }

  /** Scores come by the hour: that one is without any is no silence. */
  @Test
  void silenceOfScores_isThreeHours() {
    StepSums bad = new StepSums();
    bad.addScore("evaluator.faithfulness", 500, 500, 200);
    for (int i = 0; i < HOUR; i++) {
      step(bad);
    }
    assertThat(found).extracting(Finding::state).containsExactly(State.OPENED);

    for (; next < 3 * HOUR; next++) {
      evaluator.expire(state, next * STEP_US, RuleBook.DEFAULTS, found::add);
    }
    assertThat(found).hasSize(1);
    evaluator.expire(state, next * STEP_US, RuleBook.DEFAULTS, found::add);
    assertThat(found)
        .extracting(Finding::ending)
        .containsExactly(Finding.Ending.VALUES, Finding.Ending.SILENT);
  }

  /** What comes late changes what was, and neither that it is over nor that it comes back. */
  @Test
  void amendmentOfWhatIsOver_putsItsMoneyRight_andItStaysOver() {
    warm();
    spend(30, 30, 30, 10, 10, 10);
    Finding end = last(SPEND);
    assertThat(end.state()).isEqualTo(State.RESOLVED);

    evaluator.amend(state, (WARM + 2) * STEP_US, sums(45, 5), found::add);

    Finding amended = last(SPEND);
    assertThat(amended.state()).isEqualTo(State.AMENDED);
    assertThat(amended.windowUs()).isEqualTo((WARM + 2) * STEP_US);
    assertThat(amended.observed()).isEqualTo(540);
    assertThat(amended.factor()).isCloseTo(4.5, within(0.1));
    assertThat(amended.money().subtract(end.money())).isEqualByComparingTo("15");
    spend(10);
    assertThat(last(SPEND)).isEqualTo(amended);
    spend(30, 30, 30);
    assertThat(last(SPEND).episodeId()).isEqualTo(end.episodeId());
    assertThat(last(SPEND).isAgain()).isTrue();
    assertThat(last(SPEND).money()).isGreaterThan(amended.money());
  }

  /** Of a share the distance is that of so many calls: it adds up over series. */
  @Test
  void amendmentOfAShare_isOfTheCallsThatThereAreNow() {
    warm();
    for (int i = 0; i < 4; i++) {
      step(sums(10, 250));
    }
    Finding open = last("error_share");
    assertThat(open.excess()).isCloseTo((0.5 - open.baseline()) * 500, within(1e-9));
    StepSums more = sums(10, 400);
    more.add(Tally.CALLS, 500);

    evaluator.amend(state, (next - 1) * STEP_US, more, found::add);

    Finding amended = last("error_share");
    assertThat(amended.state()).isEqualTo(State.AMENDED);
    assertThat(amended.observed()).isEqualTo(0.4);
    assertThat(amended.excess()).isCloseTo((0.4 - open.baseline()) * 1_000, within(1e-9));
    assertThat(amended.money()).isNull();
    evaluator.amend(state, (WARM - 1) * STEP_US, more, found::add);
    assertThat(last("error_share")).as("a step before it").isEqualTo(amended);
  }

  /** A limit and a baseline are two rules of one metric: their episodes are two. */
  @Test
  void episodesOfALimitAndOfABaseline_haveNamesOfTheirOwn() {
    for (int i = 0; i < WARM + 4; i++) {
      StepSums sums = new StepSums();
      sums.add(Tally.CALLS, 500);
      sums.add(Tally.FINISHED_CALLS, 500);
      sums.add(Tally.LENGTH_STOPS, i < WARM ? 2 : 200);
      step(sums);
    }

    List<Finding> opened = found.stream().filter(each -> each.state() == State.OPENED).toList();
    assertThat(opened).extracting(Finding::isLimit).containsExactlyInAnyOrder(false, true);
    assertThat(opened).extracting(Finding::episodeId).doesNotHaveDuplicates();
  }

  /** After a silence a limit begins anew: what is good then opens nothing. */
  @Test
  void limit_afterASilence_opensOnlyWithWhatPassesIt() {
    for (int i = 0; i < 3; i++) {
      step(stopped(160));
    }
    assertThat(found).extracting(Finding::state).contains(State.OPENED);
    evaluator.expire(state, (next + HOUR) * STEP_US, RuleBook.DEFAULTS, found::add);
    assertThat(found.get(found.size() - 1).ending()).isEqualTo(Finding.Ending.SILENT);
    int told = found.size();
    next += HOUR + 1;

    step(stopped(0));
    assertThat(found).hasSize(told);
    for (int i = 0; i < 4; i++) {
      step(stopped(0));
    }
    assertThat(found).hasSize(told);
    for (int i = 0; i < 3; i++) {
      step(stopped(160));
    }
    assertThat(found.get(told).state()).isEqualTo(State.OPENED);
    assertThat(found.get(told).episodeId()).isEqualTo(found.get(0).episodeId());
  }

  private static StepSums stopped(int ofTwoHundred) {
    StepSums sums = new StepSums();
    sums.add(Tally.CALLS, 200);
    sums.add(Tally.FINISHED_CALLS, 200);
    sums.add(Tally.LENGTH_STOPS, ofTwoHundred);
    return sums;
  }

  /** Corrections may take more back than there was: that is no value of the step. */
  @Test
  void valuesThatCannotBe_areLeftOutAndCounted() {
    SeriesEvaluator.Outcome usual = step(sums(10, 5));
    assertThat(usual.unusable()).isZero();

    assertThat(step(sums(-1, 5))).isEqualTo(new SeriesEvaluator.Outcome(usual.values() - 1, 1));
    assertThat(step(sums(1e102, 5))).isEqualTo(new SeriesEvaluator.Outcome(usual.values() - 1, 1));
    assertThat(step(sums(10, 501))).isEqualTo(new SeriesEvaluator.Outcome(usual.values() - 1, 1));
    assertThat(step(sums(10, 500))).isEqualTo(usual);
    assertThat(step(sums(10, -1))).isEqualTo(new SeriesEvaluator.Outcome(usual.values() - 1, 1));
  }

  /**
   * An episode of a day is no larger than one of two hours; what is no longer kept stays as told.
   */
  @Test
  void stepsOfALongEpisode_areNotAllKept() {
    warm();
    for (int i = 0; i < 40; i++) {
      spend(30);
    }
    int size = state.toBytes().length;
    BigDecimal money = last(SPEND).money();
    evaluator.amend(state, (next - 30) * STEP_US, sums(45, 5), found::add);
    assertThat(last(SPEND).state()).as("too long ago").isEqualTo(State.UPDATED);
    evaluator.amend(state, (next - 24) * STEP_US, sums(45, 5), found::add);
    assertThat(last(SPEND).state()).isEqualTo(State.AMENDED);
    assertThat(last(SPEND).money().subtract(money)).isEqualByComparingTo("15");

    for (int i = 0; i < 150; i++) {
      spend(30);
    }
    assertThat(last(SPEND).state()).isEqualTo(State.UPDATED);
    assertThat(state.toBytes().length).isLessThan(size + 2_000);
    assertThat(last(SPEND).money().doubleValue())
        .as("190 steps, and what came late")
        .isCloseTo(189 * 20 + 15, within(60.0));
  }
}
