package dev.tributary.anomaly.core.series;

import dev.tributary.anomaly.core.LimitDetector;
import dev.tributary.anomaly.core.StateReader;
import dev.tributary.anomaly.core.StateWriter;

/**
 * A detector of a fixed limit as it is kept: first the number of steps that it judges the mean of,
 * since with another one its state says nothing.
 */
final class SavedLimit {
  private SavedLimit() {}

  /** Steps that what was saved is of. */
  static int windows(byte[] saved) {
    return (int) new StateReader(saved).whole();
  }

  /** Loads what was saved into a detector of as many steps. */
  static void load(LimitDetector into, byte[] saved) {
    StateReader from = new StateReader(saved);
    from.whole();
    into.load(from);
  }

  static byte[] of(LimitDetector detector, int windows) {
    StateWriter to = new StateWriter();
    to.whole(windows);
    detector.save(to);
    return to.toBytes();
  }
}
