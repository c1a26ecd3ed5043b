package dev.tributary.anomaly.core.series;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** The last state of an episode is what reports add up: its money must not get lost on the way. */
class EpisodeMoneyTest {
  private static final int WARM = 300;
  private static final int HOUR = 12;

  private final List<Finding> found = new ArrayList<>();
  private final SeriesState state =
      new SeriesState(
          new SeriesKey(
              "default", "production", "feature", Map.of("feature", "chat"), "feature=chat"));
  private long stepUs = 300_000_000L;
  private SeriesEvaluator evaluator = evaluator();
  private int next;

  private SeriesEvaluator evaluator() {
    return new SeriesEvaluator(stepUs, 3_600_000_000L, 3_600_000_000L);
  }

  private static StepSums sums(long calls, double dollars) {
    StepSums sums = new StepSums();
    sums.add(Tally.CALLS, calls);
    sums.addCost(BigDecimal.valueOf(dollars));
    return sums;
  }

  private void steps(int steps, long calls, double dollars) {
    for (int i = 0; i < steps; i++) {
      evaluator.evaluate(state, next * stepUs, sums(calls, dollars), RuleBook.DEFAULTS, found::add);
      evaluator.expire(state, next * stepUs, RuleBook.DEFAULTS, found::add);
      next++;
    }
  }

  private Finding last(String metric) {
    List<Finding> all = found.stream().filter(each -> each.metric().equals(metric)).toList();
    return all.get(all.size() - 1);
  }

  @Test
  void silence_keepsTheMoneySoFar() {
    steps(WARM, 500, 10);
    steps(4, 500, 30);
    BigDecimal before = last("spend_per_hour").money();
    for (int i = 0; i < HOUR; i++) {
      evaluator.expire(state, next++ * stepUs, RuleBook.DEFAULTS, found::add);
    }

    Finding end = last("spend_per_hour");
    assertThat(end.ending()).isEqualTo(Finding.Ending.SILENT);
    assertThat(before).isCloseTo(BigDecimal.valueOf(60), Offset.offset(BigDecimal.ONE));
    assertThat(end.money()).isEqualTo(before);
  }

  /** What came late is of calls here: of the money of the step nothing else is known. */
  @Test
  void amendment_ofWhatIsNotSpend_keepsTheMoneySoFar() {
    steps(WARM, 500, 10);
    steps(4, 1_500, 30);
    BigDecimal before = last("calls").money();

    evaluator.amend(state, (next - 1) * stepUs, sums(1_600, 30), found::add);

    Finding amended = last("calls");
    assertThat(amended.state()).isEqualTo(Finding.State.AMENDED);
    assertThat(before).isCloseTo(BigDecimal.valueOf(60), Offset.offset(BigDecimal.ONE));
    assertThat(amended.money()).isEqualTo(before);
  }

  /** Twenty dollars more in a step are four times as much per hour in steps of a quarter. */
  @Test
  void moneyPerHour_isThatOfTheStep() {
    stepUs = 900_000_000L;
    evaluator = evaluator();
    steps(WARM, 500, 10);
    steps(4, 500, 30);

    Finding open = last("spend_per_hour");
    assertThat(open.observed()).isEqualTo(120);
    assertThat(open.moneyPerHour())
        .isCloseTo(BigDecimal.valueOf(80), Offset.offset(BigDecimal.valueOf(3)));
    assertThat(open.money())
        .isCloseTo(BigDecimal.valueOf(60), Offset.offset(BigDecimal.valueOf(3)));
  }

  @Test
  void whatIsNotAboutMoney_hasNone() {
    for (int i = 0; i < WARM + 12; i++) {
      StepSums sums = sums(500, 10);
      sums.add(Tally.ERRORS, i < WARM ? 5 : 250);
      evaluator.evaluate(state, next++ * stepUs, sums, RuleBook.DEFAULTS, found::add);
    }

    assertThat(last("error_share").money()).isNull();
    assertThat(last("error_share").moneyPerHour()).isNull();
  }

  /** As long as late windows are taken at all, whatever the length of a step. */
  @Test
  void amendment_ofAShortStepAnHourAgo_putsItsMoneyRight() {
    stepUs = 60_000_000L;
    evaluator = evaluator();
    steps(26 * 60, 500, 10);
    steps(60, 500, 30);
    BigDecimal before = last("spend_per_hour").money();

    evaluator.amend(state, (next - 59) * stepUs, sums(500, 35), found::add);

    Finding amended = last("spend_per_hour");
    assertThat(amended.state()).isEqualTo(Finding.State.AMENDED);
    assertThat(amended.money().subtract(before)).isEqualByComparingTo("5");
  }
}
