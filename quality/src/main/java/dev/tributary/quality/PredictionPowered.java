package dev.tributary.quality;

/**
 * A mean from many cheap judgements and few labels of people: the judge's bias is measured on the
 * labelled part and taken off. Prediction-powered inference (Angelopoulos, Bates, Fannjiang, Jordan
 * and Zrnic, Science 2023) with the tuned weight of PPI++ (Angelopoulos, Duchi and Zrnic 2023,
 * arXiv 2311.01453), so that a useless judge costs nothing: its weight goes to 0 and the labels
 * remain. Since every labelled case is a judged one, too, this is the regression estimator of
 * two-phase sampling (Särndal, Swensson and Wretman 1992, section 9.7), which allows unequal
 * probabilities; the variance is by linearisation, both phases together. The view {@code
 * judged_means} has the same formula. Mutable, for one thread.
 */
public final class PredictionPowered {
  /** Sums of the polynomials of label and judgement under some weight. */
  private static final class Sums {
    private double one;
    private double label;
    private double judge;
    private double labelSquared;
    private double judgeSquared;
    private double product;

    void add(double weight, double y, double f) {
      one += weight;
      label += weight * y;
      judge += weight * f;
      labelSquared += weight * y * y;
      judgeSquared += weight * f * f;
      product += weight * y * f;
    }

    /** Of what the judge, believed so much, leaves unexplained. */
    double rest(double trust) {
      return label - trust * judge;
    }

    double restSquared(double trust) {
      return labelSquared - 2 * trust * product + trust * trust * judgeSquared;
    }

    double judgeTimesRest(double trust) {
      return product - trust * judgeSquared;
    }
  }

  private long labelled;
  private Moments judged = Moments.NONE;

  /** Under the weight of a label, its square, and its product with the judgement's weight. */
  private final Sums plain = new Sums();

  private final Sums squared = new Sums();
  private final Sums crossed = new Sums();

  /**
   * Takes a case in that only the judge judged.
   *
   * @param probability with which it was judged, in (0, 1]
   */
  public void judged(double judgement, double probability) {
    judged = judged.plus(Moments.of(judgement, probability));
  }

  /**
   * Takes a case in that a person labelled, too.
   *
   * @param label the truth
   * @param judgement what the judge said
   * @param probability with which it was judged, in (0, 1]
   * @param ofLabel with which one that was judged was labelled, in (0, 1]
   */
  public void labelled(double label, double judgement, double probability, double ofLabel) {
    if (!(ofLabel > 0 && ofLabel <= 1)) {
      throw new IllegalArgumentException(
          "a probability of being labelled must be in (0, 1]: " + ofLabel);
    }
    judged(judgement, probability);
    labelled++;
    double weight = 1 / probability;
    double ofPair = weight / ofLabel;
    plain.add(ofPair, label, judgement);
    squared.add(ofPair * ofPair, label, judgement);
    crossed.add(weight * ofPair, label, judgement);
  }

  /** Labelled cases. */
  public long labelled() {
    return labelled;
  }

  /** The judge's own weighted mean, with its bias. */
  public double judgeMean() {
    return judged.mean();
  }

  /**
   * The corrected mean with its normal interval.
   *
   * @throws IllegalStateException below two labelled cases
   */
  public Interval mean(double alpha) {
    if (labelled < 2) {
      throw new IllegalStateException("two labels are needed: " + labelled);
    }
    double trust = trust();
    double rest = plain.rest(trust) / plain.one;
    double mean = judged.mean();
    double ofRest =
        squared.restSquared(trust) - 2 * rest * squared.rest(trust) + rest * rest * squared.one;
    double ofBoth =
        crossed.judgeTimesRest(trust)
            - mean * crossed.rest(trust)
            - rest * crossed.judge
            + mean * rest * crossed.one;
    double ofJudge = judged.wwyy() - 2 * mean * judged.wwy() + mean * mean * judged.ww();
    double variance =
        trust * trust * ofJudge / (judged.w() * judged.w())
            + ofRest / (plain.one * plain.one)
            + 2 * trust * ofBoth / (judged.w() * plain.one);
    double half =
        Normal.quantile(1 - alpha / 2)
            * Math.sqrt(Math.max(0, variance) * labelled / (labelled - 1));
    double estimate = trust * mean + rest;
    return new Interval(estimate, estimate - half, estimate + half);
  }

  /** How much the judge is believed: 0 for a useless one, above 1 for one that understates. */
  private double trust() {
    double label = plain.label / plain.one;
    double judge = plain.judge / plain.one;
    double spread = plain.judgeSquared / plain.one - judge * judge;
    double together = plain.product / plain.one - label * judge;
    // Below the rounding of the sums there is no spread.
    return spread <= 1e-12 ? 0 : Math.max(0, together / spread);
  }
}
