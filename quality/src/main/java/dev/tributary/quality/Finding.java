package dev.tributary.quality;

/**
 * What a comparison found in one dimension.
 *
 * @param baseline mean of the baseline, adjusted to the common mix; NaN: not comparable
 * @param candidate the same of the candidate
 * @param low lower end of the interval of candidate minus baseline; NaN: too little data
 * @param high its upper end
 * @param level probability with which the interval ever misses the truth
 * @param baselineValues values in the baseline
 * @param candidateValues values in the candidate
 * @param covered share of the values in traffic that both arms had
 */
public record Finding(
    Dimension dimension,
    Verdict verdict,
    double baseline,
    double candidate,
    double low,
    double high,
    double level,
    long baselineValues,
    long candidateValues,
    double covered) {

  /** Candidate minus baseline. */
  public double difference() {
    return candidate - baseline;
  }

  /** The difference as a share of the baseline; NaN where that is 0. */
  public double relative() {
    return baseline == 0 ? Double.NaN : difference() / Math.abs(baseline);
  }

  /** Whether a difference was shown. */
  public boolean isShown() {
    return verdict == Verdict.BETTER || verdict == Verdict.WORSE || verdict == Verdict.DIFFERENT;
  }
}
