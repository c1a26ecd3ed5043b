package dev.tributary.standalone.lint;

import org.jspecify.annotations.Nullable;

/**
 * The quality score: the weighted share of cases that are as they should be, over the checks that
 * had a case, times 100.
 */
final class Score {
  private Score() {}

  /** The score, 0 to 100; null: no check had a case. */
  static @Nullable Double of(Tally tally) {
    double weights = weights(tally);
    if (weights == 0) {
      return null;
    }
    double reached = 0;
    for (Check check : Check.values()) {
      Count count = tally.check(check);
      if (count.of() > 0) {
        reached += (double) check.weight() * count.ok() / count.of();
      }
    }
    return 100 * reached / weights;
  }

  /** Points that a check's failed cases cost, of 100. */
  static double lost(Tally tally, Check check) {
    Count count = tally.check(check);
    return count.of() == 0
        ? 0
        : 100.0 * check.weight() * count.failed() / count.of() / weights(tally);
  }

  private static double weights(Tally tally) {
    double weights = 0;
    for (Check check : Check.values()) {
      weights += tally.check(check).of() > 0 ? check.weight() : 0;
    }
    return weights;
  }
}
