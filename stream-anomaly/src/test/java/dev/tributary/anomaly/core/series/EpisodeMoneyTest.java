package dev.tributary.anomaly.core.series;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.anomaly.PolicyReader;
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

  /** What came late costs five dollars more: of the calls too, whose number is what it was. */
  @Test
  void amendment_putsTheMoneyRightOfEveryEpisodeThatTellsIt() {
    steps(WARM, 500, 10);
    steps(4, 1_500, 30);
    Finding calls = last("calls");
    Finding spend = last("spend_per_hour");
    SeriesState kept = SeriesState.of(state.toBytes());

    evaluator.amend(kept, (next - 2) * stepUs, sums(1_500, 35), found::add);

    for (Finding before : List.of(calls, spend)) {
      Finding amended = last(before.metric());
      assertThat(amended.state()).isEqualTo(Finding.State.AMENDED);
      assertThat(amended.money().subtract(before.money())).isEqualByComparingTo("5");
      assertThat(amended.moneyPerHour())
          .isCloseTo(BigDecimal.valueOf(300), Offset.offset(BigDecimal.ONE));
    }
    assertThat(last("calls").observed()).isEqualTo(1_500);
    int told = found.size();
    evaluator.amend(kept, (next - 2) * stepUs, sums(1_500, 35), found::add);
    assertThat(found).as("it is right now").hasSize(told);
  }

  /** The mean over a quarter that was told stays; what the step cost does not. */
  @Test
  void amendment_ofALimit_putsItsMoneyRightAlone() {
    RuleBook book =
        new RuleBook(
            PolicyReader.readFile(
                "p.yaml",
                "policies: [{id: hits, metric: cache_hit_ratio, rule: limit, limit: 0.5}]"));
    for (int i = 0; i < WARM + 6; i++) {
      StepSums sums = cached(i < WARM ? 800 : 100, i < WARM ? 10 : 30);
      evaluator.evaluate(state, next++ * stepUs, sums, book, found::add);
    }
    Finding before = limit();

    evaluator.amend(state, (next - 1) * stepUs, cached(900, 35), found::add);

    Finding amended = limit();
    assertThat(amended.state()).isEqualTo(Finding.State.AMENDED);
    assertThat(amended.observed()).isEqualTo(before.observed());
    assertThat(amended.money().subtract(before.money())).isEqualByComparingTo("5");
  }

  private Finding limit() {
    List<Finding> all = found.stream().filter(Finding::isLimit).toList();
    return all.get(all.size() - 1);
  }

  private static StepSums cached(long ofAThousand, double dollars) {
    StepSums sums = sums(500, dollars);
    sums.add(Tally.INPUT_TOKENS, 1_000);
    sums.add(Tally.CACHE_READ_TOKENS, ofAThousand);
    return sums;
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
