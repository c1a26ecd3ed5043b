package dev.tributary.anomaly.core.series;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.anomaly.PolicyReader;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** An incident that pauses is one episode. */
class EpisodeAgainTest {
  private static final long STEP_US = 300_000_000L;
  private static final int HOUR = 12;
  private static final int WARM = 300;

  private final SeriesEvaluator evaluator =
      new SeriesEvaluator(STEP_US, HOUR * STEP_US, HOUR * STEP_US);
  private final List<Finding> found = new ArrayList<>();
  private SeriesState state =
      new SeriesState(
          new SeriesKey(
              "default", "production", "feature", Map.of("feature", "chat"), "feature=chat"));
  private RuleBook rules = RuleBook.DEFAULTS;
  private int next;

  /** Steps that cost so much, each after a restart. */
  private void steps(int steps, int dollars) {
    for (int i = 0; i < steps; i++) {
      StepSums sums = new StepSums();
      sums.add(Tally.CALLS, 500);
      sums.addCost(BigDecimal.valueOf(dollars));
      evaluator.evaluate(state, next * STEP_US, sums, rules, found::add);
      evaluator.expire(state, next * STEP_US, rules, found::add);
      state = SeriesState.of(state.toBytes());
      next++;
    }
  }

  private void silence(int steps) {
    for (int i = 0; i < steps; i++) {
      evaluator.expire(state, next * STEP_US, rules, found::add);
      next++;
    }
  }

  private List<Finding> spend(Finding.State wanted) {
    return found.stream()
        .filter(each -> each.metric().equals("spend_per_hour") && each.state() == wanted)
        .toList();
  }

  private void policy(String field) {
    rules =
        new RuleBook(
            PolicyReader.readFile(
                "p.yaml", "policies: [{id: spend, metric: spend_per_hour, " + field + "}]"));
  }

  @Test
  void spendThatComesBackWithinSixHours_isTheSameEpisode() {
    steps(WARM, 10);
    steps(4, 30);
    steps(3 + 5 * HOUR, 10);
    steps(2, 30);
    steps(3, 10);

    List<Finding> opened = spend(Finding.State.OPENED);
    assertThat(opened).hasSize(2);
    Finding first = opened.get(0);
    Finding again = opened.get(1);
    assertThat(first.isAgain()).isFalse();
    assertThat(first.openedUs()).isEqualTo((WARM + 1) * STEP_US);
    assertThat(first.sinceUs()).isEqualTo(first.openedUs());
    assertThat(again.isAgain()).isTrue();
    assertThat(again.episodeId()).isEqualTo(first.episodeId());
    assertThat(again.openedUs()).isEqualTo(first.openedUs());
    assertThat(again.revision()).isGreaterThan(first.revision() + 3);
    int back = WARM + 4 + 3 + 5 * HOUR;
    assertThat(again.windowUs()).isEqualTo((back + 1) * STEP_US);
    assertThat(again.sinceUs()).isEqualTo(back * STEP_US);
    // Above some 10: three open steps of 30, and one when it came back.
    assertThat(spend(Finding.State.RESOLVED)).hasSize(2);
    assertThat(spend(Finding.State.RESOLVED).get(1).money())
        .isCloseTo(BigDecimal.valueOf(80), Offset.offset(BigDecimal.ONE));
  }

  @Test
  void spendThatComesBackLater_isAnother() {
    steps(WARM, 10);
    steps(4, 30);
    steps(2 + 6 * HOUR, 10);
    steps(3, 30);

    List<Finding> opened = spend(Finding.State.OPENED);
    assertThat(opened).hasSize(2);
    assertThat(opened).extracting(Finding::isAgain).containsOnly(false);
    assertThat(opened.get(1).episodeId()).isNotEqualTo(opened.get(0).episodeId());
  }

  @Test
  void reopenWithin_isThePolicys() {
    policy("reopen_within: 0s");
    steps(WARM, 10);
    steps(4, 30);
    steps(4, 10);
    steps(3, 30);

    assertThat(spend(Finding.State.OPENED)).extracting(Finding::isAgain).containsOnly(false);
    assertThat(spend(Finding.State.OPENED)).extracting(Finding::revision).containsExactly(1L, 1L);
  }

  /** A policy that changes while an episode goes on holds from its next end on. */
  @Test
  void reopenWithin_thatChanges_holdsFromTheNextEnd() {
    steps(WARM, 10);
    steps(4, 30);
    policy("reopen_within: 0s");
    steps(4, 10);
    steps(3, 30);
    policy("reopen_within: 1d");
    steps(3 + 8 * HOUR, 10);
    steps(3, 30);

    List<Finding> opened = spend(Finding.State.OPENED);
    assertThat(opened).extracting(Finding::isAgain).containsExactly(false, false, true);
    assertThat(opened.get(2).episodeId()).isEqualTo(opened.get(1).episodeId());
  }

  /** An hour that is gathered can be told after its silence was: that is no come-back. */
  @Test
  void goesOn_beforeItsEnd_isFalse() {
    EpisodeState episode = new EpisodeState("e", 0, 0, 6 * HOUR * STEP_US);
    episode.endWithoutWindow(100 * STEP_US);

    assertThat(episode.goesOn(99 * STEP_US)).isFalse();
    assertThat(episode.goesOn(100 * STEP_US)).isTrue();
    assertThat(episode.goesOn((100 + 6 * HOUR) * STEP_US)).isFalse();
  }

  /** What stays is the usual from then on: what rises above it is another thing. */
  @Test
  void levelShift_nothingGoesOnWithIt() {
    policy("level_shift_after: 1h");
    steps(WARM, 10);
    steps(2 + HOUR, 30);
    assertThat(spend(Finding.State.LEVEL_SHIFT)).hasSize(1);

    steps(3, 300);

    assertThat(spend(Finding.State.OPENED)).hasSize(2);
    assertThat(spend(Finding.State.OPENED)).extracting(Finding::isAgain).containsOnly(false);
  }

  @Test
  void silence_doesNotPartAnEpisode() {
    steps(WARM, 10);
    steps(4, 30);
    silence(2 * HOUR);
    assertThat(spend(Finding.State.RESOLVED)).hasSize(1);

    steps(3, 30);

    assertThat(spend(Finding.State.OPENED))
        .extracting(Finding::isAgain)
        .containsExactly(false, true);
  }

  /** It is kept while something can go on with it, and not for longer. */
  @Test
  void episode_isForgottenAfterThat() {
    steps(WARM, 10);
    steps(4, 30);
    steps(3 + 6 * HOUR - 2, 10);
    assertThat(state.hasEpisode()).isTrue();

    steps(2, 10);

    assertThat(state.hasEpisode()).isFalse();
  }

  /** Amending outlasts it where nothing may go on with it. */
  @Test
  void episode_thatNothingGoesOnWith_canBeAmendedForAnHour() {
    policy("reopen_within: 0s");
    steps(WARM, 10);
    steps(4, 30);
    steps(3 + HOUR - 1, 10);
    assertThat(state.hasEpisode()).isTrue();

    steps(3, 10);

    assertThat(state.hasEpisode()).isFalse();
  }
}
