package dev.tributary.anomaly.core;

/** Opens an episode when breaches persist, keeps it open, and ends it when windows stay calm. */
final class Latch {
  /** What a window did to the latch. */
  enum Change {
    NONE,
    OPENED,
    RESOLVED,
    LEVEL_SHIFT
  }

  private int recent;
  private int calm;
  private boolean isOpen;
  private long openedUs;

  boolean isOpen() {
    return isOpen;
  }

  /** Start of the open episode; meaningless while closed. */
  long openedUs() {
    return openedUs;
  }

  Change add(Policy policy, long timeUs, boolean breach, boolean isSudden, boolean isCalm) {
    if (isOpen) {
      return whileOpen(policy, timeUs, isCalm);
    }
    int mask = (1 << policy.outOf()) - 1;
    recent = (recent << 1 | (breach ? 1 : 0)) & mask;
    if (breach && (isSudden || Integer.bitCount(recent) >= policy.breaches())) {
      isOpen = true;
      openedUs = timeUs;
      calm = 0;
      return Change.OPENED;
    }
    return Change.NONE;
  }

  /** The same for a limit, whose breach never becomes the new level. */
  Change addLimit(Policy policy, long timeUs, boolean breach, boolean isCalm) {
    if (isOpen) {
      calm = isCalm ? calm + 1 : 0;
      if (calm >= policy.resolveWindows()) {
        close();
        return Change.RESOLVED;
      }
      return Change.NONE;
    }
    return add(policy, timeUs, breach, false, isCalm);
  }

  private Change whileOpen(Policy policy, long timeUs, boolean isCalm) {
    calm = isCalm ? calm + 1 : 0;
    if (calm >= policy.resolveWindows()) {
      close();
      return Change.RESOLVED;
    }
    if (timeUs - openedUs >= policy.levelShiftAfter().toMillis() * 1000) {
      close();
      return Change.LEVEL_SHIFT;
    }
    return Change.NONE;
  }

  private void close() {
    isOpen = false;
    recent = 0;
    calm = 0;
  }

  void save(StateWriter to) {
    to.whole(recent);
    to.whole(calm);
    to.flag(isOpen);
    to.whole(openedUs);
  }

  void load(StateReader from) {
    recent = (int) from.whole();
    calm = (int) from.whole();
    isOpen = from.flag();
    openedUs = from.whole();
  }

  /** Ends the episode, whatever came. */
  void expire() {
    close();
  }
}
