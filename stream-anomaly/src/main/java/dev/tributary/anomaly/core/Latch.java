package dev.tributary.anomaly.core;

import java.util.Arrays;

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
   * @param sigmas its distance in standard deviations of chance, below 0 in the other direction
   * @param enough what windows in a row must show together, in standard deviations of their sum;
   *     NaN: each was judged by itself
   * @param correlation how much of an error is still there in the next window, from 0 to 1
   */
  record Window(
      double extent,
      boolean isSuspect,
      boolean isBreach,
      boolean isSudden,
      double sigmas,
      double enough,
      double correlation) {

    /** Of a rule that knows no more than this. */
    static Window of(boolean isBreach, boolean isCalm) {
      double extent = isCalm ? 1 : Double.POSITIVE_INFINITY;
      return new Window(extent, isBreach, isBreach, false, 0, Double.NaN, 0);
    }

    /** Whether chance is known, so that windows are judged together. */
    boolean isJoint() {
      return !Double.isNaN(enough);
    }
  }

  private static final double[] NONE = {};

  /**
   * Windows at most that are judged together. What is little more than twice as much among few
   * calls shows itself in six and not in three; more than twelve find nothing sooner.
   */
  private static final int TOGETHER = 12;

  /**
   * Time after an episode in which another one needs every window looked back on: what comes in
   * bursts is not told each time.
   */
  private static final long BACK_US = 6 * 3_600_000_000L;

  /** Suspects among the last windows, the newest in the lowest bit. */
  private int suspects;

  /** {@link Window#sigmas} of the last windows, as long as there were suspects among them. */
  private double[] sigmas = NONE;

  /** {@link Window#extent} of the last windows that may end the episode. */
  private double[] extents = NONE;

  private boolean isOpen;

  /** Start of the window that opened the episode or, while closed, that ended the last one. */
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
    sigmas = suspects == 0 ? NONE : last(sigmas, window.sigmas(), TOGETHER);
    boolean isBack = sinceUs > 0 && timeUs - sinceUs < BACK_US;
    int needed = isBack ? policy.outOf() : policy.breaches();
    boolean isLasting = Integer.bitCount(suspects) >= needed && isBeyondChance(policy, window);
    boolean isSudden = window.isSudden() && !isBack;
    if (window.isSuspect() && (isSudden || isLasting)) {
      turn(timeUs);
      isOpen = true;
      return Change.OPENED;
    }
    return Change.NONE;
  }

  /** The same for a limit, whose breach never becomes the new level. */
  Change addLimit(Policy policy, long timeUs, boolean breach, boolean isCalm) {
    Window window = Window.of(breach, isCalm);
    return !isOpen
        ? add(policy, timeUs, window)
        : isCalm(policy, window) ? resolved(timeUs) : Change.NONE;
  }

  /**
   * Whether the last windows, however many, are more than chance. Errors without memory add up as
   * the root of their number, others to more.
   */
  private boolean isBeyondChance(Policy policy, Window window) {
    if (!window.isJoint()) {
      return true;
    }
    double sum = 0;
    for (int count = 1; count <= sigmas.length; count++) {
      sum += sigmas[sigmas.length - count];
      double sigma = ErrorMemory.sigmaOfSum(count, window.correlation());
      if (count >= policy.breaches() && sum >= window.enough() * sigma) {
        return true;
      }
    }
    return false;
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
    extents = isOff ? NONE : last(extents, window.extent(), policy.resolveWindows());
    return extents.length == policy.resolveWindows()
        && Arrays.stream(extents).average().orElse(calm) < calm;
  }

  private static double[] last(double[] before, double next, int most) {
    if (most == 0) {
      return NONE;
    }
    int kept = Math.min(before.length, most - 1);
    double[] after = Arrays.copyOfRange(before, before.length - kept, before.length + 1);
    after[kept] = next;
    return after;
  }

  private Change resolved(long timeUs) {
    turn(timeUs);
    return Change.RESOLVED;
  }

  private void turn(long timeUs) {
    sinceUs = timeUs;
    isOpen = false;
    suspects = 0;
    sigmas = NONE;
    extents = NONE;
  }

  void save(StateWriter to) {
    to.whole(suspects).flag(isOpen).whole(sinceUs);
    to.numbers(sigmas).numbers(extents);
  }

  void load(StateReader from) {
    suspects = (int) from.whole();
    isOpen = from.flag();
    sinceUs = from.whole();
    sigmas = from.numbers();
    extents = from.numbers();
  }

  /** Ends the episode, whatever came. */
  void expire() {
    turn(sinceUs);
  }
}
