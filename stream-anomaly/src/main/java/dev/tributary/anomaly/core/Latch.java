package dev.tributary.anomaly.core;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Opens an episode when breaches persist, keeps it open, and ends it when windows stay calm. */
final class Latch {
  /** What a window did to the latch. */
  enum Change {
    NONE,
    OPENED,
    RESOLVED,
    LEVEL_SHIFT
  }

  /**
   * What a window is to the rule.
   *
   * @param extent how far it is off in a direction that matters, as a ratio of at least 1
   * @param isSuspect whether it may be one of those that open an episode
   * @param isBreach whether it breaks the rule by itself
   * @param isSudden whether it is enough by itself
   * @param samples behind it, in parts of those that the rule asks for
   * @param value what its value says beside those before; null: each is judged by itself
   * @param priced what its tokens say at their usual price; either is enough
   */
  record Window(
      double extent,
      boolean isSuspect,
      boolean isBreach,
      boolean isSudden,
      double samples,
      @Nullable Evidence value,
      Evidence priced) {

    /** Of a rule that knows no more than this. */
    static Window of(boolean isBreach, boolean isCalm) {
      double extent = isCalm ? 1 : Double.POSITIVE_INFINITY;
      return new Window(extent, isBreach, isBreach, false, 1, null, Evidence.NONE);
    }

    /** Whether chance is known, so that windows are judged together. */
    boolean isJoint() {
      return value != null;
    }
  }

  private static final double[] NONE = {};

  /** Suspects among the last windows, the newest in the lowest bit. */
  private int suspects;

  /** The last windows, as long as there were suspects among them. */
  private final RecentWindows recent = new RecentWindows();

  /** {@link Window#extent} of the last windows that may end the episode. */
  private double[] extents = NONE;

  private boolean isOpen;

  /**
   * Start of the window that opened the episode or, while closed, that ended the last one; 0: there
   * was none.
   */
  private long sinceUs;

  boolean isOpen() {
    return isOpen;
  }

  /** Start of the open episode; meaningless while closed. */
  long openedUs() {
    return sinceUs;
  }

  Change add(Policy policy, long timeUs, Window window) {
    if (isOpen) {
      return whileOpen(policy, timeUs, window);
    }
    int mask = (1 << policy.outOf()) - 1;
    suspects = (suspects << 1 | (window.isSuspect() ? 1 : 0)) & mask;
    if (suspects == 0) {
      recent.clear();
    } else {
      recent.add(window, policy.breaches());
    }
    boolean isWary = !window.isJoint() && isBack(policy, timeUs);
    int needed = isWary ? policy.outOf() : policy.breaches();
    boolean areEnough = !window.isJoint() || recent.areEnough(policy.breaches(), window);
    boolean isLasting = Integer.bitCount(suspects) >= needed && areEnough;
    boolean isSudden = window.isSudden() && !isWary;
    if (window.isSuspect() && (isSudden || isLasting)) {
      turn(timeUs);
      isOpen = true;
      return Change.OPENED;
    }
    return Change.NONE;
  }

  /**
   * Whether an episode ended not long ago. Of what nobody counts, which may come in bursts by
   * nature, it then takes every window looked back on; where chance is known the last episode says
   * that this is no chance.
   */
  private boolean isBack(Policy policy, long timeUs) {
    return sinceUs != 0 && timeUs - sinceUs < policy.reopenWithin().toMillis() * 1000;
  }

  /** The same for a limit, whose breach never becomes the new level. */
  Change addLimit(Policy policy, long timeUs, boolean breach, boolean isCalm) {
    Window window = Window.of(breach, isCalm);
    return !isOpen
        ? add(policy, timeUs, window)
        : isCalm(policy, window) ? resolved(timeUs) : Change.NONE;
  }

  private Change whileOpen(Policy policy, long timeUs, Window window) {
    if (isCalm(policy, window)) {
      return resolved(timeUs);
    }
    if (timeUs - sinceUs >= policy.levelShiftAfter().toMillis() * 1000) {
      turn(timeUs);
      return Change.LEVEL_SHIFT;
    }
    return Change.NONE;
  }

  /** Each of the windows, or, where chance is known, their mean, and none that breaks the rule. */
  private boolean isCalm(Policy policy, Window window) {
    double calm = policy.resolveFactor();
    boolean isOff = window.isJoint() ? window.isBreach() : window.extent() >= calm;
    extents = isOff ? NONE : RecentWindows.last(extents, window.extent(), policy.resolveWindows());
    return extents.length == policy.resolveWindows()
        && Arrays.stream(extents).average().orElse(calm) < calm;
  }

  private Change resolved(long timeUs) {
    turn(timeUs);
    return Change.RESOLVED;
  }

  private void turn(long timeUs) {
    sinceUs = timeUs;
    isOpen = false;
    suspects = 0;
    recent.clear();
    extents = NONE;
  }

  void save(StateWriter to) {
    to.whole(suspects).flag(isOpen).whole(sinceUs);
    recent.save(to);
    to.numbers(extents);
  }

  void load(StateReader from) {
    suspects = (int) from.whole();
    isOpen = from.flag();
    sinceUs = from.whole();
    recent.load(from);
    extents = from.numbers();
  }

  /** Writes what {@link #save} leaves out, which older states do not have. */
  void saveSamples(StateWriter to) {
    recent.saveSamples(to);
  }

  void loadSamples(StateReader from) {
    recent.loadSamples(from);
  }

  /** The same for what came after the samples. */
  void savePriced(StateWriter to) {
    recent.savePriced(to);
  }

  void loadPriced(StateReader from) {
    recent.loadPriced(from);
  }

  /** Ends the episode, whatever came. */
  void expire(long timeUs) {
    turn(timeUs);
  }
}
