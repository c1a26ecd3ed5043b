package dev.tributary.quality;

/**
 * A mean from many cheap judgements and few labels of people: the judge's bias is measured on the
 * labelled part and taken off. Prediction-powered inference (Angelopoulos, Bates, Fannjiang, Jordan
 * and Zrnic, Science 2023) with the tuned weight of PPI++ (Angelopoulos, Duchi and Zrnic 2023,
 * arXiv 2311.01453), so that a useless judge costs nothing: its weight goes to 0 and the labels
 * remain.
 */
public final class PredictionPowered {
  /** Sums over what has both a label and a judgement. */
  private long n;

  private double sumLabel;
  private double sumLabelSquared;
  private double sumJudge;
  private double sumJudgeSquared;
  private double sumProduct;

  /**
   * Takes a case in that a person labelled and the judge judged; all with equal probability.
   *
   * @param label the truth
   * @param judged what the judge said
   */
  public void add(double label, double judged) {
    n++;
    sumLabel += label;
    sumLabelSquared += label * label;
    sumJudge += judged;
    sumJudgeSquared += judged * judged;
    sumProduct += label * judged;
  }

  /** Labelled cases. */
  public long labelled() {
    return n;
  }

  /**
   * The corrected mean with its normal interval.
   *
   * @param judged judgements without a label, with their weights
   * @throws IllegalStateException below two labelled cases or two judgements
   */
  public Interval mean(Moments judged, double alpha) {
    if (n < 2 || judged.n() < 2) {
      throw new IllegalStateException(
          "two labels and two judgements are needed: %d, %d".formatted(n, judged.n()));
    }
    double weight = weight(judged.effectiveSize());
    double label = sumLabel / n;
    double estimate = label + weight * (judged.mean() - sumJudge / n);
    double rectified =
        varianceOfLabel() - 2 * weight * covariance() + weight * weight * varianceOfJudge();
    double variance = weight * weight * judged.varianceOfMean() + Math.max(0, rectified) / n;
    double half = Normal.quantile(1 - alpha / 2) * Math.sqrt(variance);
    return new Interval(estimate, estimate - half, estimate + half);
  }

  /** How much the judge is believed: 0 for a useless one, above 1 for one that understates. */
  private double weight(double judgements) {
    double spread = varianceOfJudge();
    if (spread == 0) {
      return 0;
    }
    return Math.max(0, covariance() / ((1 + n / judgements) * spread));
  }

  private double varianceOfLabel() {
    return Math.max(0, sumLabelSquared - sumLabel * sumLabel / n) / (n - 1);
  }

  private double varianceOfJudge() {
    return Math.max(0, sumJudgeSquared - sumJudge * sumJudge / n) / (n - 1);
  }

  private double covariance() {
    return (sumProduct - sumLabel * sumJudge / n) / (n - 1);
  }
}
