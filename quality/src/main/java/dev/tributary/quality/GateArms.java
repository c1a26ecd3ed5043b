package dev.tributary.quality;

/**
 * Both arms of one dimension as a gate looks at them.
 *
 * @param baseline all values of the baseline
 * @param candidate all values of the candidate
 * @param effect how they differ: over strata of live traffic, or case by case
 */
public record GateArms(Dimension dimension, Moments baseline, Moments candidate, Effect effect) {

  /** Of live traffic. */
  public static GateArms live(TwoArms arms) {
    return new GateArms(
        arms.dimension(),
        TwoArms.total(arms.baseline()),
        TwoArms.total(arms.candidate()),
        Effect.adjusted(arms));
  }
}
