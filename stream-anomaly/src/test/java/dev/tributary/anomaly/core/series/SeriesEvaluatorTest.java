package dev.tributary.anomaly.core.series;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tributary.anomaly.PolicyReader;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Steps as windows add up to them. */
class SeriesEvaluatorTest {
  private static final long SEED = Long.getLong("tributary.seed", 20261122);
  private static final long STEP_US = 300_000_000L;
  private static final int TEN_DAYS = 2880;
  private static final int CALLS = 25;

  /** Else the baseline would have the chance of ten days at that hour. */
  private static final RuleBook NO_SEASON =
      new RuleBook(PolicyReader.readFile("p.yaml", "policies: [{id: level, season: none}]"));

  private static final SeriesEvaluator EVALUATOR =
      new SeriesEvaluator(STEP_US, 12 * STEP_US, 12 * STEP_US);

  private SeriesState state = chat();
  private final List<Finding> found = new ArrayList<>();

  private static SeriesState chat() {
    return new SeriesState(
        new SeriesKey(
            "default", "production", "feature", Map.of("feature", "chat"), "feature=chat"));
  }

  /** Spend that chance alone makes twice as much is an episode where it had twice the tokens. */
  @Test
  void spendOfFewCalls_twiceTheTokensToo_isAnEpisode() {
    assertThat(foundAfterTheRise(2.4)).as("seed %d", SEED).containsExactly("spend_per_hour");
    assertThat(foundAfterTheRise(1)).as("seed %d", SEED).isEmpty();
  }

  /**
   * Scores are named by producers. A rule that is not kept cannot end what it opens, so it says
   * nothing.
   */
  @Test
  void rulesBeyondThoseKept_openNothing() {
    for (int step = 0; step < 48; step++) {
      StepSums sums = new StepSums();
      for (int name = 0; name < 70; name++) {
        sums.addScore("evaluator.a%02d".formatted(name), 50, 50, 45);
      }
      sums.addScore("evaluator.faithfulness", 50, 50, 25);
      EVALUATOR.evaluate(state, step * STEP_US, sums, RuleBook.DEFAULTS, found::add);
    }

    assertThat(found).isEmpty();
  }

  /**
   * Half of the hour's steps score few of many calls, the others all of few: the mean is that of
   * the calls.
   */
  @Test
  void meanOfAnHour_isWeighedByWhatWasSampled() {
    assertThat(openedAfterAnHour(0.9, 0.65)).as("0.875").isEmpty();
    assertThat(openedAfterAnHour(0.65, 0.9))
        .singleElement()
        .satisfies(
            opened -> {
              assertThat(opened.observed()).isCloseTo(0.675, within(1e-12));
              assertThat(opened.excess()).isCloseTo(-0.175 * 6_000, within(1e-6));
            });
  }

  /**
   * What an hour opens of which nine tenths of the calls are of one mean, one tenth of another; of
   * the scores it is the other way round.
   */
  private static List<Finding> openedAfterAnHour(double ofMost, double ofFew) {
    SeriesState state = chat();
    List<Finding> found = new ArrayList<>();
    for (int step = 0; step < 12; step++) {
      boolean isOfMost = step % 2 == 0;
      double weight = isOfMost ? 900 : 100;
      StepSums sums = new StepSums();
      sums.addScore(
          "evaluator.faithfulness",
          isOfMost ? 10 : 90,
          weight,
          weight * (isOfMost ? ofMost : ofFew));
      EVALUATOR.evaluate(state, step * STEP_US, sums, RuleBook.DEFAULTS, found::add);
      // As it is kept between two steps.
      state = SeriesState.of(state.toBytes());
    }
    return found;
  }

  /** One answer of a hundred is one answer, however many calls it stands for. */
  @Test
  void oneSampledScore_besideManyThatAreComplete_opensNothing() {
    for (int step = 0; step < 12; step++) {
      take("faithfulness", step, step == 5 ? 0 : 20, step == 5 ? 1 : 0);
    }

    assertThat(found).as("0.653 of an hour").isEmpty();
  }

  /** Its step tells it from those it is among. */
  @Test
  void oneSampledScore_amongOnesThatAreComplete_opensNothing() {
    for (int step = 0; step < 12; step++) {
      take("faithfulness", step, 20, step == 5 ? 1 : 0);
    }

    assertThat(found).as("0.671 of an hour").isEmpty();
  }

  /** Ten answers of a hundred each are enough: nothing is known better. */
  @Test
  void manySampledScores_besideManyThatAreComplete_open() {
    for (int step = 0; step < 12; step++) {
      take("faithfulness", step, step == 5 ? 0 : 20, step == 5 ? 10 : 0);
    }

    assertThat(found).extracting(Finding::metric).containsExactly("score.evaluator.faithfulness");
  }

  /** A baseline of means has no fixed limit, but rests on as many. */
  @Test
  void oneSampledScore_belowABaselineOfHours_opensNothing() {
    for (int step = 0; step < TEN_DAYS; step++) {
      take("tone", step, 20, 0);
    }
    take("tone", TEN_DAYS, 0, 1);
    for (int step = 1; step < 12; step++) {
      take("tone", TEN_DAYS + step, 20, 0);
    }
    assertThat(found).as("0.653 of an hour").isEmpty();

    for (int step = 12; step < 24; step++) {
      take("tone", TEN_DAYS + step, 20, 2);
    }
    assertThat(found).extracting(Finding::metric).containsExactly("score.evaluator.tone");
  }

  /** So many scores of 0.95, and of 0 so many that were taken with a chance of 0.01. */
  private void take(String name, int step, int complete, int sampled) {
    StepSums sums = new StepSums();
    if (complete > 0) {
      sums.addScore("evaluator." + name, complete, complete, 0.95 * complete);
    }
    if (sampled > 0) {
      sums.addScore("evaluator." + name, sampled, 100 * sampled, 0);
    }
    EVALUATOR.evaluate(state, step * STEP_US, sums, RuleBook.DEFAULTS, found::add);
    // As it is kept between two steps.
    state = SeriesState.of(state.toBytes());
  }

  /** Steps of an hour with so many scores of a prefix, and a bad one; the state after it. */
  private SeriesState hour(SeriesState of, int number, String prefix, int names) {
    SeriesState kept = of;
    for (int step = 12 * number; step < 12 * number + 12; step++) {
      StepSums sums = new StepSums();
      for (int name = 0; name < names; name++) {
        sums.addScore("evaluator.%s%02d".formatted(prefix, name), 50, 50, 45);
      }
      sums.addScore("evaluator.faithfulness", 50, 50, 25);
      EVALUATOR.evaluate(kept, step * STEP_US, sums, RuleBook.DEFAULTS, found::add);
      kept = SeriesState.of(kept.toBytes());
    }
    return kept;
  }

  /** Names that an evaluator had once must not keep out what it says now for ever. */
  @Test
  void rulesThatAreSilentForAWeek_giveTheirPlaces() {
    SeriesState kept = hour(state, 0, "a", 70);
    kept = hour(kept, 24 * 7 - 1, "b", 2);
    assertThat(found).as("a week is not over").isEmpty();

    kept = hour(kept, 24 * 7 + 1, "b", 2);

    assertThat(found).extracting(Finding::metric).containsExactly("score.evaluator.faithfulness");
    assertThat(kept.rules()).hasSize(4);
  }

  /** What comes back after three weeks is not silent any more. */
  @Test
  void rulesThatAreShown_keepTheirPlaces() {
    SeriesState kept = hour(state, 0, "0", 63);
    assertThat(kept.rules()).hasSize(64);
    List<String> before = kept.rules().stream().map(rule -> rule.metric).toList();

    kept = hour(kept, 24 * 20, "0", 70);

    assertThat(kept.rules()).extracting(rule -> rule.metric).isEqualTo(before);
  }

  /** The mean of a quarter is what passed the limit: the last five minutes may be within it. */
  @Test
  void observed_ofAFixedRule_isTheMeanThatItJudged() {
    int[] stops = {120, 0, 0, 0, 0, 0};
    for (int step = 0; step < stops.length; step++) {
      EVALUATOR.evaluate(
          state, step * STEP_US, stopped(stops[step]), RuleBook.DEFAULTS, found::add);
    }

    assertThat(found.get(0).state()).isEqualTo(Finding.State.OPENED);
    assertThat(found.get(0).windowUs()).isEqualTo(STEP_US);
    assertThat(found.get(0).observed()).isCloseTo(0.3, within(1e-12));
    assertThat(found.get(0).excess()).isCloseTo(0.25 * 200, within(1e-9));
    assertThat(found.get(1).observed()).isCloseTo(0.2, within(1e-12));
    Finding end = found.get(found.size() - 1);
    assertThat(end.state()).isEqualTo(Finding.State.RESOLVED);
    assertThat(end.observed()).isZero();
  }

  /** One step put right says nothing of the mean over three that was told of it. */
  @Test
  void episodeOfAFixedRule_isNotAmended_andEndsInSilenceAsItWasTold() {
    int[] stops = {80, 80, 80, 2};
    for (int step = 0; step < stops.length; step++) {
      EVALUATOR.evaluate(
          state, step * STEP_US, stopped(stops[step]), RuleBook.DEFAULTS, found::add);
    }
    Finding told = found.get(found.size() - 1);
    assertThat(told.state()).isEqualTo(Finding.State.UPDATED);

    EVALUATOR.amend(state, 3 * STEP_US, stopped(3), found::add);
    EVALUATOR.expire(state, 20 * STEP_US, RuleBook.DEFAULTS, found::add);

    Finding end = found.get(found.size() - 1);
    assertThat(found).extracting(Finding::state).doesNotContain(Finding.State.AMENDED);
    assertThat(end.ending()).isEqualTo(Finding.Ending.SILENT);
    assertThat(end.observed()).isEqualTo(told.observed()).isGreaterThan(0.2);
  }

  private static StepSums stopped(int ofTwoHundred) {
    StepSums sums = new StepSums();
    sums.add(Tally.CALLS, 200);
    sums.add(Tally.FINISHED_CALLS, 200);
    sums.add(Tally.LENGTH_STOPS, ofTwoHundred);
    return sums;
  }

  /** What has an episode after two steps of 2.4 times the spend. */
  private static List<String> foundAfterTheRise(double moreTokens) {
    SeriesState state = chat();
    List<Finding> found = new ArrayList<>();
    Random random = new Random(SEED);
    for (int step = 0; step < TEN_DAYS; step++) {
      double dollars = 3 + 14 * random.nextDouble() * random.nextDouble();
      long tokens = 9_000 + random.nextInt(2_000);
      EVALUATOR.evaluate(state, step * STEP_US, sums(dollars, tokens), NO_SEASON, found::add);
    }
    int before = found.size();
    for (int step = TEN_DAYS; step < TEN_DAYS + 2; step++) {
      StepSums sums = sums(2.4 * 6.5, Math.round(moreTokens * 10_000));
      EVALUATOR.evaluate(state, step * STEP_US, sums, NO_SEASON, found::add);
    }
    return found.subList(before, found.size()).stream().map(Finding::metric).distinct().toList();
  }

  private static StepSums sums(double dollars, long outputTokens) {
    StepSums sums = new StepSums();
    sums.add(Tally.CALLS, CALLS);
    sums.add(Tally.OUTPUT_TOKENS, outputTokens);
    sums.addCost(BigDecimal.valueOf(dollars));
    return sums;
  }
}
