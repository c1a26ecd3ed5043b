package dev.tributary.anomaly.core;

import java.time.Duration;

/**
 * When a series is anomalous. The defaults are for spend; each has its reason.
 *
 * @param values what the values are; {@link ValueKind#AMOUNT}
 * @param direction which way is an episode; {@link Direction#RISE}: less spend pages nobody
 * @param factor ratio to the baseline that breaks the rule, above 1; 2.0, the platform's promise
 * @param suddenFactor ratio at which one window is enough, at least {@code factor}; 5.0: by then
 *     waiting costs more than a false page
 * @param resolveFactor ratio below which a window is calm, from 1 to {@code factor}; 1.5, far
 *     enough below the factor that an episode does not flap
 * @param resolveWindows calm windows in a row that end an episode, 1 to 60; 3
 * @param breaches windows of {@code outOf} that must break the rule; 2
 * @param outOf windows looked back on, 1 to 30; 3: one noisy window never pages
 * @param floor least distance from the baseline, in the unit of the value, not negative; 0 where
 *     the unit is unknown. Percentages alone page for cents
 * @param minimumSamples least samples behind a value, or behind those that are judged together,
 *     where samples are known; 30. A percentile needs more: 100 at p95, 500 at p99
 * @param surprise largest tail probability that still breaks the rule, above 0 and below 0.1; 1e-4:
 *     about one false window a week at one-minute windows before persistence
 * @param warmup history before any rule applies, above 0; 24 h, one daily cycle
 * @param season cycle that is learned; {@link Season#WEEK}
 * @param levelShiftAfter longest time an episode stays open before its level is accepted as the new
 *     one, above 0; 24 h
 * @param levelMemory time constant of the trailing level, above 0; 24 h
 * @param reopenWithin time after its end in which what breaks the rule again continues an episode
 *     and is none of its own, from 0; 6 h: an incident that pauses is one
 */
public record Policy(
    ValueKind values,
    Direction direction,
    double factor,
    double suddenFactor,
    double resolveFactor,
    int resolveWindows,
    int breaches,
    int outOf,
    double floor,
    double minimumSamples,
    double surprise,
    Duration warmup,
    Season season,
    Duration levelShiftAfter,
    Duration levelMemory,
    Duration reopenWithin) {

  /** An episode is remembered for so long. */
  private static final Duration MOST_REOPEN = Duration.ofDays(7);

  public static final Policy DEFAULT =
      new Policy(
          ValueKind.AMOUNT,
          Direction.RISE,
          2.0,
          5.0,
          1.5,
          3,
          2,
          3,
          0,
          30,
          1e-4,
          Duration.ofHours(24),
          Season.WEEK,
          Duration.ofHours(24),
          Duration.ofHours(24),
          Duration.ofHours(6));

  public Policy {
    check(factor > 1 && factor <= 1000, "factor", factor, "above 1, at most 1000");
    check(suddenFactor >= factor, "sudden_factor", suddenFactor, "at least factor " + factor);
    check(
        resolveFactor >= 1 && resolveFactor <= factor,
        "resolve_factor",
        resolveFactor,
        "from 1 to factor " + factor);
    check(
        resolveWindows >= 1 && resolveWindows <= 60, "resolve_windows", resolveWindows, "1 to 60");
    check(outOf >= 1 && outOf <= 30, "out_of", outOf, "1 to 30");
    check(breaches >= 1 && breaches <= outOf, "breaches", breaches, "1 to out_of " + outOf);
    check(floor >= 0 && Double.isFinite(floor), "floor", floor, "0 or more");
    check(minimumSamples >= 0, "minimum_samples", minimumSamples, "0 or more");
    check(surprise > 0 && surprise < 0.1, "surprise", surprise, "above 0, below 0.1");
    check(isPositive(warmup), "warmup", warmup, "above 0, at most 90 days");
    check(isPositive(levelShiftAfter), "level_shift_after", levelShiftAfter, "above 0, to 90 days");
    check(isPositive(levelMemory), "level_memory", levelMemory, "above 0, at most 90 days");
    check(
        !reopenWithin.isNegative() && reopenWithin.compareTo(MOST_REOPEN) <= 0,
        "reopen_within",
        reopenWithin,
        "0s to 7d");
    check(
        !(values == ValueKind.SIGNED && direction != Direction.BOTH && resolveFactor < 1.1),
        "resolve_factor",
        resolveFactor,
        "at least 1.1 for signed values");
  }

  /** The same policy for another kind of value. */
  public Policy withValues(ValueKind kind) {
    return new Policy(
        kind,
        direction,
        factor,
        suddenFactor,
        resolveFactor,
        resolveWindows,
        breaches,
        outOf,
        floor,
        minimumSamples,
        surprise,
        warmup,
        season,
        levelShiftAfter,
        levelMemory,
        reopenWithin);
  }

  private static boolean isPositive(Duration duration) {
    return duration.toMillis() > 0 && duration.toDays() <= 90;
  }

  private static void check(boolean holds, String key, Object value, String allowed) {
    if (!holds) {
      throw new PolicyException(key + " is " + value + "; allowed: " + allowed);
    }
  }
}
