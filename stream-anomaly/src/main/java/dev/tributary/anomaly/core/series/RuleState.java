package dev.tributary.anomaly.core.series;

import dev.tributary.anomaly.core.StateReader;
import dev.tributary.anomaly.core.StateWriter;
import org.jspecify.annotations.Nullable;

/** What is kept of one rule of a series. */
final class RuleState {
  private static final byte[] FRESH = {};

  final String metric;
  final boolean isLimit;

  /** Saved state of the detector; empty before the first window. */
  byte[] detector = FRESH;

  /** Start of the last window that the detector took. */
  long lastUs = Long.MIN_VALUE;

  /** Start of the first breach of the run that may lead to an episode. */
  long suspectUs = Long.MIN_VALUE;

  long lastBreachUs = Long.MIN_VALUE;

  /**
   * A metric that is gathered over several steps: where its value starts, and its sums. The mean is
   * the value over the weight; how sure it is, samples and squares of weights say.
   */
  long gatherUs = Long.MIN_VALUE;

  double gatheredValue;
  double gatheredSamples;
  double gatheredWeight;
  double gatheredSquares;
  @Nullable EpisodeState episode;

  RuleState(String metric, boolean isLimit) {
    this.metric = metric;
    this.isLimit = isLimit;
  }

  /** Whether values wait for the end of the time that they are gathered for. */
  boolean isGathering() {
    return gatheredSamples > 0;
  }

  /** Adds a step's mean, which stands for as many as its samples were drawn from. */
  void gather(Measured measured) {
    double weight = measured.weight();
    gatheredValue += measured.value() * weight;
    gatheredSamples += measured.samples();
    gatheredWeight += weight;
    gatheredSquares += weight * weight / measured.samples();
  }

  /** What was gathered, as one value. */
  Measured gathered(SeriesMetric of) {
    double samples = EqualSamples.of(gatheredSamples, gatheredWeight, gatheredSquares);
    return new Measured(of, metric, gatheredValue / gatheredWeight, samples, gatheredWeight);
  }

  void forgetGathered() {
    gatheredValue = 0;
    gatheredSamples = 0;
    gatheredWeight = 0;
    gatheredSquares = 0;
  }

  boolean isOpen() {
    return episode != null && episode.isOpen();
  }

  void save(StateWriter to) {
    to.text(metric).flag(isLimit).block(detector).whole(lastUs);
    to.whole(suspectUs).whole(lastBreachUs);
    to.whole(gatherUs).number(gatheredValue).number(gatheredSamples);
    to.flag(episode != null);
    if (episode != null) {
      episode.save(to);
    }
  }

  /** Writes what came later; apart from the rest, which older versions kept without it. */
  void saveLater(StateWriter to) {
    if (isGathering()) {
      to.number(gatheredWeight);
    }
    if (episode != null) {
      episode.saveLater(to);
    }
  }

  /** Writes what came last, for the same reason. */
  void saveLast(StateWriter to) {
    if (isGathering()) {
      to.number(gatheredSquares);
    }
  }

  void loadLater(StateReader from) {
    if (isGathering()) {
      gatheredWeight = from.number();
      gatheredSquares = squaresOfEqual();
    }
    if (episode != null) {
      episode.loadLater(from);
    }
  }

  void loadLast(StateReader from) {
    if (isGathering()) {
      gatheredSquares = from.number();
    }
  }

  /** What older versions took for it: that all weigh the same. */
  private double squaresOfEqual() {
    return isGathering() ? gatheredWeight * gatheredWeight / gatheredSamples : 0;
  }

  /** Takes a state, as {@link EpisodeState#load} does. */
  static RuleState load(StateReader from, boolean isOfOld) {
    RuleState state = new RuleState(from.text(), from.flag());
    state.detector = from.block();
    state.lastUs = from.whole();
    state.suspectUs = from.whole();
    state.lastBreachUs = from.whole();
    state.gatherUs = from.whole();
    state.gatheredValue = from.number();
    state.gatheredSamples = from.number();
    state.gatheredWeight = state.gatheredSamples; // as older versions weighed
    state.gatheredSquares = state.squaresOfEqual();
    if (from.flag()) {
      state.episode = EpisodeState.load(from, isOfOld);
    }
    return state;
  }
}
