package dev.tributary.anomaly.core.group;

import dev.tributary.anomaly.core.series.Finding;
import dev.tributary.anomaly.core.series.SeriesKey;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Findings about spend, of episodes that opened at step 20, and what was told of them. */
final class SpendFindings {
  private SpendFindings() {}

  /**
   * A finding at a step.
   *
   * @param rule that it is of
   * @param suspect step that the run of its last opening began at
   * @param times observed over a baseline of 10
   * @param money above it so far, and per hour; null: neither is known
   */
  static Finding of(
      long stepUs,
      SeriesKey key,
      String rule,
      Finding.State state,
      int step,
      int revision,
      int suspect,
      double times,
      @Nullable String money) {
    BigDecimal amount = money == null ? null : new BigDecimal(money);
    return new Finding(
        key,
        "spend_per_hour",
        false,
        rule,
        revision,
        state,
        20 * stepUs,
        suspect * stepUs,
        step * stepUs,
        10 * times,
        10,
        times,
        1,
        10 * (times - 1),
        amount,
        amount,
        Finding.Ending.VALUES);
  }

  /** The alerts among what was told. */
  static List<Told.Notice> notices(List<Told> told) {
    return told.stream()
        .filter(Told.Notice.class::isInstance)
        .map(Told.Notice.class::cast)
        .toList();
  }
}
