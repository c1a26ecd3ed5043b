package dev.tributary.attribution.core;

/**
 * The clock of a partition: the largest end seen on its spans, in a store. A span ahead of the wall
 * clock never moves it; without records it runs on with the wall clock. It never goes back.
 */
public final class PartitionClock {
  private static final String KEY = "clock";

  private final KeyedBytes store;
  private final long skewUs;
  private final long idleUs;
  private final long speed;
  private long nowUs;
  private long baseUs;
  private long lastRecordWallUs;

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
    this.lastRecordWallUs = wallUs;
  }

  /** A span came; answers the clock after it. */
  public long onSpan(long endUs, long wallUs) {
    if (endUs > nowUs && endUs <= wallUs + skewUs) {
      set(endUs);
    }
    if (nowUs > wallUs + skewUs) {
      // Ahead after running on at speed: no span can move it, so records must not hold it either.
      return onTick(wallUs);
    }
    baseUs = nowUs;
    lastRecordWallUs = wallUs;
    return nowUs;
  }

  /** The clock at a tick; runs on where no record has come for long enough. */
  public long onTick(long wallUs) {
    long silentUs = wallUs - lastRecordWallUs - idleUs;
    if (silentUs > 0 && baseUs > 0) {
      long runOn = baseUs + silentUs * speed;
      if (runOn > nowUs) {
        set(runOn);
      }
    }
    return nowUs;
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
