package dev.tributary.anomaly.core.drift;

/**
 * What is said of one measure of one group.
 *
 * @param of the case
 * @param index population stability index
 * @param probability of such a difference by chance, this test alone
 * @param adjusted the same after the correction for all tests of the report
 * @param verdict what follows
 */
public record DriftFinding(
    DriftCase of, double index, double probability, double adjusted, Verdict verdict) {

  /** What follows. */
  public enum Verdict {
    /** Too few cases on a side. */
    TOO_FEW,
    STABLE,
    /** Beyond chance, and too small to matter. */
    SLIGHT,
    DRIFT
  }
}
