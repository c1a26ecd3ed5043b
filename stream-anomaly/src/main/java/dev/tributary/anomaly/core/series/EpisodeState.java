package dev.tributary.anomaly.core.series;

import dev.tributary.anomaly.core.Episode;
import dev.tributary.anomaly.core.StateReader;
import dev.tributary.anomaly.core.StateWriter;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An episode of a rule while it is open, and for a while after, so that late windows amend it. */
final class EpisodeState {
  /** Scale of money on the wire. */
  private static final int SCALE = 18;

  /** A baseline is an estimate: beyond nine places it says nothing. */
  private static final int ESTIMATE_SCALE = 9;

  /**
   * What a step was worth when it was told.
   *
   * @param expectedCost what it should have cost; NaN: unknown
   */
  private record Step(
      long startUs, double value, double baseline, BigDecimal excessCost, double expectedCost) {}

  private final String id;
  private final long openedUs;

  private long suspectUs;
  private final List<Step> steps = new ArrayList<>();
  private long revision;
  private long endedUs = Long.MIN_VALUE;

  /** Time after its end in which what comes back goes on with it. */
  private long reopenUs;

  private double peakFactor = 1;
  private double score;
  private BigDecimal money = BigDecimal.ZERO;

  EpisodeState(String id, long openedUs, long suspectUs, long reopenUs) {
    this.id = id;
    this.openedUs = openedUs;
    this.suspectUs = suspectUs;
    this.reopenUs = reopenUs;
  }

  boolean isOpen() {
    return endedUs == Long.MIN_VALUE;
  }

  /** Whether nothing can come of it any more: nothing amends it, and nothing goes on with it. */
  boolean isOver(long nowUs, long amendableUs) {
    return !isOpen() && nowUs - endedUs > amendableUs && !goesOn(nowUs);
  }

  /**
   * Whether what opens now is still this episode: one that ended not long ago, as it was before.
   */
  boolean goesOn(long nowUs) {
    return !isOpen() && nowUs >= endedUs && nowUs - endedUs < reopenUs;
  }

  /** Ends it because nothing is heard of it, or nothing is to be. */
  void endWithoutWindow(long atUs) {
    endedUs = atUs;
  }

  /**
   * Ends it.
   *
   * @param reopenWithinUs time in which what comes back goes on with it; 0: nothing does
   */
  void end(long atUs, long reopenWithinUs) {
    endedUs = atUs;
    reopenUs = reopenWithinUs;
  }

  /** Opens it again; what came back began with that window, and not before it had ended. */
  void reopen(long suspectFromUs) {
    suspectUs = Math.max(suspectFromUs, endedUs);
    endedUs = Long.MIN_VALUE;
  }

  void addStep(
      long startUs, double value, double baseline, double factor, double stepScore, Spend spend) {
    peakFactor = Episode.isFurther(factor, peakFactor) ? factor : peakFactor;
    score = Math.max(score, stepScore);
    BigDecimal excess = spend.excess();
    money = money.add(excess);
    steps.add(new Step(startUs, value, baseline, excess, spend.expected()));
  }

  /** Forgets the oldest steps beyond so many: they stay as they were told. */
  void keepSteps(int most) {
    if (steps.size() > most) {
      steps.subList(0, steps.size() - most).clear();
    }
  }

  /**
   * Puts a step right; false where it is not remembered or was right.
   *
   * @param spend of the step as it is known now; where it is unknown the money stays as it is
   */
  boolean amendStep(long startUs, double value, Spend spend) {
    for (int i = 0; i < steps.size(); i++) {
      Step step = steps.get(i);
      if (step.startUs() == startUs) {
        BigDecimal excess = spend.isKnown() ? spend.excess() : step.excessCost();
        if (Double.compare(step.value(), value) == 0 && excess.compareTo(step.excessCost()) == 0) {
          return false;
        }
        money = money.subtract(step.excessCost()).add(excess);
        steps.set(i, new Step(startUs, value, step.baseline(), excess, step.expectedCost()));
        return true;
      }
    }
    return false;
  }

  /** What the step was; NaN where it is not remembered. */
  double valueAt(long startUs) {
    Step step = stepAt(startUs);
    return step == null ? Double.NaN : step.value();
  }

  /** What the step was expected to be; NaN where it is not remembered. */
  double baselineAt(long startUs) {
    Step step = stepAt(startUs);
    return step == null ? Double.NaN : step.baseline();
  }

  /** What the step was expected to cost; NaN where that is not remembered. */
  double expectedCostAt(long startUs) {
    Step step = stepAt(startUs);
    return step == null ? Double.NaN : step.expectedCost();
  }

  private @Nullable Step stepAt(long startUs) {
    for (Step step : steps) {
      if (step.startUs() == startUs) {
        return step;
      }
    }
    return null;
  }

  /**
   * What a step cost and should have cost.
   *
   * @param cost exact; null: unknown
   * @param expected baseline of the cost; NaN: unknown
   */
  record Spend(@Nullable BigDecimal cost, double expected, long stepUs) {
    static final Spend UNKNOWN = new Spend(null, Double.NaN, 1);

    /**
     * What a step cost.
     *
     * @param expectedPerHour baseline of the spend
     */
    static Spend of(StepSums sums, double expectedPerHour, long stepUs) {
      return new Spend(sums.cost(), expectedOf(expectedPerHour, stepUs), stepUs);
    }

    static double expectedOf(double perHour, long stepUs) {
      return perHour * stepUs / 3_600e6;
    }

    boolean isKnown() {
      return cost != null && !Double.isNaN(expected);
    }

    /** Cost above the baseline; 0 where either is unknown. */
    BigDecimal excess() {
      if (cost == null || Double.isNaN(expected)) {
        return BigDecimal.ZERO.setScale(SCALE);
      }
      BigDecimal usual =
          BigDecimal.valueOf(expected).setScale(ESTIMATE_SCALE, RoundingMode.HALF_EVEN);
      return cost.subtract(usual).setScale(SCALE, RoundingMode.HALF_EVEN);
    }

    @Nullable BigDecimal perHour() {
      return cost == null || Double.isNaN(expected)
          ? null
          : excess()
              .multiply(BigDecimal.valueOf(3_600_000_000L))
              .divide(BigDecimal.valueOf(stepUs), SCALE, RoundingMode.HALF_EVEN);
    }
  }

  /**
   * The finding of a step; counts the revision. What an episode has cost so far does not get lost
   * with a step of which no cost is known, such as its end in silence.
   */
  Finding finding(
      SeriesKey key,
      String metric,
      boolean isLimit,
      Finding.State state,
      long windowUs,
      double value,
      double baseline,
      double factor,
      double weight,
      Spend spend,
      Finding.Ending ending) {
    revision++;
    BigDecimal perHour = spend.perHour();
    return new Finding(
        key,
        metric,
        isLimit,
        id,
        revision,
        state,
        openedUs,
        suspectUs,
        windowUs,
        value,
        baseline,
        state.isEnd() ? peakFactor : factor,
        score,
        (value - baseline) * weight,
        perHour == null && money.signum() == 0 ? null : money,
        perHour,
        ending);
  }

  void save(StateWriter to) {
    to.text(id).whole(openedUs).whole(suspectUs).whole(reopenUs);
    to.whole(revision).whole(endedUs);
    to.number(peakFactor).number(score).amount(money).whole(steps.size());
    for (Step step : steps) {
      to.whole(step.startUs()).number(step.value()).number(step.baseline());
      to.amount(step.excessCost());
    }
  }

  /** Writes what came later; apart from the rest, which older versions kept without it. */
  void saveLater(StateWriter to) {
    steps.forEach(step -> to.number(step.expectedCost()));
  }

  void loadLater(StateReader from) {
    steps.replaceAll(
        step ->
            new Step(
                step.startUs(), step.value(), step.baseline(), step.excessCost(), from.number()));
  }

  /**
   * Takes a state.
   *
   * @param isOfOld whether it is from before episodes were opened again
   */
  static EpisodeState load(StateReader from, boolean isOfOld) {
    EpisodeState state =
        new EpisodeState(from.text(), from.whole(), from.whole(), isOfOld ? 0 : from.whole());
    state.revision = from.whole();
    state.endedUs = from.whole();
    state.peakFactor = from.number();
    state.score = from.number();
    state.money = from.amount();
    long count = from.whole();
    for (long i = 0; i < count; i++) {
      state.steps.add(
          new Step(from.whole(), from.number(), from.number(), from.amount(), Double.NaN));
    }
    return state;
  }
}
