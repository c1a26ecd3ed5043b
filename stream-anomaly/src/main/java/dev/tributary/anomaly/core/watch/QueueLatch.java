package dev.tributary.anomaly.core.watch;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Whether one metric of one queue is told as too much: opens when it was for as long as the rule
 * says, and is over when it was not for as long, or nothing waits any more. A function of what the
 * records say and of their times.
 *
 * @param aboveUs since when it is too much without a break; 0: it is not
 * @param belowUs since when it is not too much any more while it is open; 0: it is, or is not open
 * @param openUs since when it was too much, of what was told; 0: nothing is
 */
public record QueueLatch(long aboveUs, long belowUs, long openUs) {
  /** Nothing was ever too much. */
  public static final QueueLatch CALM = new QueueLatch(0, 0, 0);

  /** Whether there is anything to remember. */
  public boolean isCalm() {
    return equals(CALM);
  }

  /** Whether it is told as too much. */
  public boolean isOpen() {
    return openUs != 0;
  }

  /**
   * The state after a look.
   *
   * @param isEmpty whether nothing waits
   * @param value what is measured
   * @param limit the rule; null: it is not watched any more
   * @param atUs time of the look
   */
  public QueueLatch next(
      boolean isEmpty, double value, QueueRules.@Nullable Limit limit, long atUs) {
    if (limit == null || isEmpty) {
      return CALM;
    }
    if (value > limit.most()) {
      long since = aboveUs == 0 ? atUs : aboveUs;
      boolean opens = !isOpen() && atUs - since >= limit.sustainUs();
      return new QueueLatch(since, 0, opens ? since : openUs);
    }
    if (!isOpen()) {
      return CALM;
    }
    long since = belowUs == 0 ? atUs : belowUs;
    return atUs - since >= limit.sustainUs() ? CALM : new QueueLatch(0, since, openUs);
  }

  /** The state as bytes. */
  public byte[] toBytes() {
    return ByteBuffer.allocate(3 * Long.BYTES)
        .putLong(aboveUs)
        .putLong(belowUs)
        .putLong(openUs)
        .array();
  }

  /** What {@link #toBytes} gave; null: nothing is remembered. */
  public static QueueLatch of(byte @Nullable [] bytes) {
    if (bytes == null) {
      return CALM;
    }
    ByteBuffer from = ByteBuffer.wrap(bytes);
    return new QueueLatch(from.getLong(), from.getLong(), from.getLong());
  }
}
