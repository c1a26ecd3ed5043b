package dev.tributary.quality;

/**
 * What a comparison found in one dimension.
 *
 * @param baseline mean of the baseline, adjusted to the common mix; NaN: not comparable
 * @param candidate the same of the candidate
 * @param low lower end of the interval of candidate minus baseline; NaN: too little data
 * @param high its upper end
 * @param level probability with which the interval ever misses the truth
 * @param ofBaseline how much of the baseline it rests on
 * @param ofCandidate how much of the candidate it rests on
 * @param covered share of both arms' values that lie in traffic that both had
 */
public record Finding(
    Dimension dimension,
    Verdict verdict,
    double baseline,
    double candidate,
    double low,
    double high,
    double level,
    Taken ofBaseline,
    Taken ofCandidate,
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
