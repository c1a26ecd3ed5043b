package dev.tributary.attribution.core;

/**
 * The clock of a partition: the largest end seen on its spans, in a store. A span ahead of the wall
 * clock never moves it; without records it runs on with the wall clock. It never goes back.
 *
 * <p>A wall clock that jumps (set by hand, a machine that slept) passes for one minute, as nobody
 * has waited for longer. At the speed of the wall clock it never runs past it. One that is ahead,
 * after a jump that was taken back or a replay at speed, passes half of the time until the wall
 * clock has caught up: deadlines are late, and come.
 */
public final class PartitionClock {
  private static final String KEY = "clock";

  /** The most that passes from one look at the wall clock to the next; ticks come far oftener. */
  private static final long MOST_BETWEEN_LOOKS_US = 60_000_000;

  private final KeyedBytes store;
  private final long skewUs;
  private final long idleUs;
  private final long speed;
  private long nowUs;
  private long baseUs;
  private long lastLookUs;
  private long silentUs;

  /**
   * The clock as the store has it.
   *
   * @param skewUs how far a span may be ahead of the wall clock
   * @param idleUs wall time without records after which it runs on
   * @param speed how much faster than the wall clock it then runs
   * @param wallUs the wall clock now
   */
  public PartitionClock(KeyedBytes store, long skewUs, long idleUs, long speed, long wallUs) {
    this.store = store;
    this.skewUs = skewUs;
    this.idleUs = idleUs;
    this.speed = speed;
    byte[] stored = store.get(KEY);
    this.nowUs = stored == null ? 0 : new ByteReader(stored).fixed();
    this.baseUs = nowUs;
    this.lastLookUs = wallUs;
  }

  /** A span came; answers the clock after it. */
  public long onSpan(long endUs, long wallUs) {
    if (isAhead(nowUs, wallUs)) {
      // No span can move it, so records must not hold it either.
      return onTick(wallUs);
    }
    if (endUs > nowUs && !isAhead(endUs, wallUs)) {
      set(endUs);
    }
    look(wallUs);
    rest();
    return nowUs;
  }

  /** The clock at a tick; runs on where no record has come for long enough. */
  public long onTick(long wallUs) {
    long passedUs = look(wallUs);
    if (baseUs == 0) {
      return nowUs;
    }
    if (speed == 1 && isAhead(nowUs, wallUs)) {
      set(nowUs + passedUs / 2);
      rest();
      return nowUs;
    }
    if (silentUs > idleUs) {
      long runOn = baseUs + (silentUs - idleUs) * speed;
      if (speed == 1) {
        runOn = Math.min(runOn, wallUs + skewUs);
      }
      if (runOn > nowUs) {
        set(runOn);
      }
    }
    return nowUs;
  }

  /** Silence counts from now on. */
  private void rest() {
    baseUs = nowUs;
    silentUs = 0;
  }

  private long look(long wallUs) {
    long passedUs = Math.max(0, Math.min(wallUs - lastLookUs, MOST_BETWEEN_LOOKS_US));
    silentUs += passedUs;
    lastLookUs = wallUs;
    return passedUs;
  }

  public long nowUs() {
    return nowUs;
  }

  private void set(long us) {
    nowUs = us;
    store.put(KEY, new ByteWriter(8).fixed(us).done());
  }

  /** True where a span's end is too far ahead of the wall clock to move the clock. */
  public boolean isAhead(long endUs, long wallUs) {
    return endUs > wallUs + skewUs;
  }
}
