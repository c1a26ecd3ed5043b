package dev.tributary.anomaly.core.series;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.anomaly.core.StateWriter;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SeriesStateTest {
  private static final long STEP_US = 300_000_000L;

  private final SeriesEvaluator evaluator =
      new SeriesEvaluator(STEP_US, 12 * STEP_US, 12 * STEP_US);

  private static SeriesKey key(String feature) {
    return new SeriesKey(
        "default", "production", "feature", Map.of("feature", feature), "feature=" + feature);
  }

  private void take(SeriesState state, int step, int dollars, List<Finding> found) {
    StepSums sums = new StepSums();
    sums.add(Tally.CALLS, 500);
    sums.addCost(BigDecimal.valueOf(dollars));
    evaluator.evaluate(state, step * STEP_US, sums, RuleBook.DEFAULTS, found::add);
  }

  /** What a series has seen stands for another that has seen the same. */
  @Test
  void underAnotherName_goesOnAsTheOther() {
    List<Finding> found = new ArrayList<>();
    SeriesState known = new SeriesState(key("chat"));
    for (int step = 0; step < 300; step++) {
      take(known, step, 10, found);
    }
    assertThat(found).isEmpty();

    SeriesState other = SeriesState.of(known.toBytes(key("search")));
    take(other, 300, 100, found);

    assertThat(other.key()).isEqualTo(key("search"));
    assertThat(known.key()).isEqualTo(key("chat"));
    assertThat(found).extracting(each -> each.key().text()).contains("feature=search");
    assertThat(known.lastUs()).isEqualTo(299 * STEP_US);
    assertThat(other.lastUs()).isEqualTo(300 * STEP_US);
  }

  /** Older states do not know until when an episode goes on: what comes back is another one. */
  @Test
  void of_aStateBeforeEpisodesWentOn_endsWithItsEpisode() {
    StateWriter old = new StateWriter();
    old.octet(3).text("default").text("production").text("feature");
    old.texts(Map.of("feature", "chat")).text("feature=chat").whole(300 * STEP_US).whole(1);
    old.text("spend_per_hour").flag(false).block(new byte[0]).whole(300 * STEP_US);
    old.whole(299 * STEP_US).whole(299 * STEP_US);
    old.whole(Long.MIN_VALUE).number(0).number(0).flag(true);
    old.text("e-1").whole(290 * STEP_US).whole(289 * STEP_US).whole(7).whole(300 * STEP_US);
    old.number(2.5).number(0.9).amount(BigDecimal.TEN).whole(0);

    SeriesState state = SeriesState.of(SeriesState.of(old.toBytes()).toBytes());

    assertThat(state.lastUs()).isEqualTo(300 * STEP_US);
    EpisodeState episode = state.rules().get(0).episode;
    assertThat(episode).isNotNull();
    assertThat(episode.goesOn(301 * STEP_US)).isFalse();
    assertThat(episode.isOver(301 * STEP_US, 12 * STEP_US)).isFalse();
    assertThat(episode.isOver(313 * STEP_US, 12 * STEP_US)).isTrue();
  }

  /** Of an older version's episode what a step should have cost is known of the spend alone. */
  @Test
  void of_aStateBeforeCostsWereExpected_amendsAsItDid() {
    List<Finding> found = new ArrayList<>();
    SeriesState before = new SeriesState(key("chat"));
    for (int step = 0; step < 304; step++) {
      StepSums sums = new StepSums();
      sums.add(Tally.CALLS, step < 300 ? 500 : 1_500);
      sums.addCost(BigDecimal.valueOf(step < 300 ? 10 : 30));
      evaluator.evaluate(before, step * STEP_US, sums, RuleBook.DEFAULTS, found::add);
    }
    byte[] bytes = before.toBytes();
    StateWriter added = new StateWriter();
    before.rules().stream()
        .filter(rule -> rule.episode != null)
        .forEach(rule -> rule.saveLater(added));
    SeriesState old = SeriesState.of(Arrays.copyOf(bytes, bytes.length - added.toBytes().length));
    found.clear();

    StepSums more = new StepSums();
    more.add(Tally.CALLS, 1_500);
    more.addCost(BigDecimal.valueOf(35));
    evaluator.amend(old, 303 * STEP_US, more, found::add);

    assertThat(found).extracting(Finding::metric).containsExactly("spend_per_hour");
  }

  /** An hour that an older version began to gather goes on as it weighed: by the scores. */
  @Test
  void of_aStateBeforeMeansWereWeighed_goesOn() {
    byte[] bytes = gathering(50);
    StateWriter added = new StateWriter().number(50).number(50).number(50).number(50);

    SeriesState old = without(added, bytes);

    assertThat(old.rules()).hasSize(2).allMatch(rule -> rule.gatheredWeight == 50);
    assertThat(old.toBytes()).isEqualTo(bytes);
  }

  /** And one of which squares of weights are not known as if all weighed the same. */
  @Test
  void of_aStateBeforeSquaresWereGathered_goesOn() {
    byte[] bytes = gathering(200);
    StateWriter added = new StateWriter().number(800).number(800);

    SeriesState old = without(added, bytes);

    assertThat(old.rules()).hasSize(2).allMatch(rule -> rule.gatheredSquares == 800);
    assertThat(old.toBytes()).isEqualTo(bytes);
  }

  /** A state of two rules that gather 50 scores of this weight. */
  private byte[] gathering(double weight) {
    SeriesState state = new SeriesState(key("chat"));
    StepSums sums = new StepSums();
    sums.addScore("evaluator.faithfulness", 50, weight, 0.8 * weight);
    evaluator.evaluate(state, 0, sums, RuleBook.DEFAULTS, finding -> {});
    return state.toBytes();
  }

  private static SeriesState without(StateWriter added, byte[] bytes) {
    return SeriesState.of(Arrays.copyOf(bytes, bytes.length - added.toBytes().length));
  }

  @Test
  void seen_neverGoesBack() {
    SeriesState state = new SeriesState(key("chat"));
    assertThat(state.lastUs()).isEqualTo(Long.MIN_VALUE);

    state.seen(5 * STEP_US);
    state.seen(3 * STEP_US);

    assertThat(SeriesState.of(state.toBytes()).lastUs()).isEqualTo(5 * STEP_US);
  }
}
