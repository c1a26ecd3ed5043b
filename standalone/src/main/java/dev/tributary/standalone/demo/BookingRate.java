package dev.tributary.standalone.demo;

/**
 * Speed of booking, from the first look at which a tenth was booked to the first look at which nine
 * tenths were: the ends are a matter of settling times, not of speed.
 */
final class BookingRate {
  private final long expected;
  private long firstNanos;
  private long firstCount;
  private long lastNanos;
  private long lastCount;

  BookingRate(long expected) {
    this.expected = expected;
  }

  /** So many were booked at this time. */
  void at(long nanoTime, long count) {
    if (count >= expected / 10 && firstCount == 0) {
      firstNanos = nanoTime;
      firstCount = count;
    }
    if (lastCount < expected * 9 / 10) {
      lastNanos = nanoTime;
      lastCount = count;
    }
  }

  /** Per second; 0 where there were too few looks to say. */
  double perSecond() {
    return lastNanos <= firstNanos ? 0 : (lastCount - firstCount) * 1e9 / (lastNanos - firstNanos);
  }
}
