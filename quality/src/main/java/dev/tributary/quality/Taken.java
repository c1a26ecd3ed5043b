package dev.tributary.quality;

/**
 * How much of an arm a comparison rests on. The rest is traffic that the other arm did not have.
 *
 * @param values that took part, count
 * @param all values of the arm, count
 * @param units independent ones, such as traces, that the values which took part belong to, count;
 *     as many as values where none belong together
 * @param effective as many units of equal weight would tell as much as those that took part (Kish
 *     1965), the weights of strata included; 0: none took part
 * @param weight of those that took part: estimates how many there are of them
 * @param allWeight of all
 */
public record Taken(
    long values, long all, long units, double effective, double weight, double allWeight) {

  /** Of an arm that took part as a whole. */
  static Taken whole(Moments arm) {
    return new Taken(arm.n(), arm.n(), arm.units(), arm.effectiveSize(), arm.w(), arm.w());
  }

  /** Of an arm that has nothing in common with the other. */
  static Taken nothing(Moments arm) {
    return new Taken(0, arm.n(), 0, 0, 0, arm.w());
  }

  /** Values that took no part, count. */
  public long leftOut() {
    return all - values;
  }

  /** Share of the arm that took part, by weight; 0 without values. */
  public double covered() {
    return allWeight > 0 ? Math.min(1, weight / allWeight) : 0;
  }

  /** The same of an arm that had other values beside, which took no part. */
  public Taken of(Moments arm) {
    return new Taken(values, arm.n(), units, effective, weight, arm.w());
  }
}
