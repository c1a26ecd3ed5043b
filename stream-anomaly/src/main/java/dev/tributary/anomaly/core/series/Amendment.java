package dev.tributary.anomaly.core.series;

import java.math.BigDecimal;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What came late for a step that was told. Its value is put right, and its money in every episode
 * that tells money: the spend's own, and those of what moves with it. Of a limit the money alone
 * is, since what is told there is a mean over several steps.
 */
final class Amendment {
  private final SeriesState state;
  private final long stepStartUs;
  private final StepSums sums;
  private final long stepUs;
  private final Consumer<Finding> out;

  Amendment(
      SeriesState state, long stepStartUs, StepSums sums, long stepUs, Consumer<Finding> out) {
    this.state = state;
    this.stepStartUs = stepStartUs;
    this.sums = sums;
    this.stepUs = stepUs;
    this.out = out;
  }

  void run() {
    BigDecimal cost = null;
    for (Measured measured : SeriesMetric.measure(sums, stepUs)) {
      if (!SeriesEvaluator.isUsable(measured) || measured.metric().gatheredUs(stepUs) != stepUs) {
        continue;
      }
      if (measured.metric() == SeriesMetric.SPEND_PER_HOUR) {
        cost = sums.cost();
      }
      for (RuleState rule : state.rules()) {
        if (rule.episode != null && rule.metric.equals(measured.name())) {
          amend(rule, rule.episode, measured, cost);
        }
      }
    }
  }

  private void amend(
      RuleState rule, EpisodeState episode, Measured measured, @Nullable BigDecimal cost) {
    boolean isOfMoney = measured.metric().family() == Family.COST;
    if (rule.isLimit && !isOfMoney) {
      return;
    }
    double value = rule.isLimit ? episode.valueAt(stepStartUs) : measured.value();
    EpisodeState.Spend spend =
        isOfMoney
            ? new EpisodeState.Spend(cost, expected(rule, episode), stepUs)
            : EpisodeState.Spend.UNKNOWN;
    if (!episode.amendStep(stepStartUs, value, spend)) {
      return;
    }
    double baseline = episode.baselineAt(stepStartUs);
    out.accept(
        episode.finding(
            state.key(),
            rule.metric,
            rule.isLimit,
            Finding.State.AMENDED,
            stepStartUs,
            value,
            baseline,
            baseline > 0 ? value / baseline : 1,
            measured.weight(),
            spend,
            Finding.Ending.VALUES));
  }

  /** What the step should have cost; older versions kept it for the spend alone. */
  private double expected(RuleState rule, EpisodeState episode) {
    return rule.metric.equals(SeriesMetric.SPEND_PER_HOUR.label()) && !rule.isLimit
        ? EpisodeState.Spend.expectedOf(episode.baselineAt(stepStartUs), stepUs)
        : episode.expectedCostAt(stepStartUs);
  }
}
