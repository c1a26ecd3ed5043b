package dev.tributary.attribution;

import dev.tributary.attribution.core.KeyedBytes;
import dev.tributary.runtime.metrics.InputMetrics;
import java.nio.ByteBuffer;

/**
 * How many spans of a task wait for their line. The number is kept beside the state that it counts,
 * so that a task knows what it takes over, from a restart or from another instance.
 */
final class HeldSpans {
  private static final String KEY = "held";

  /** Where a state has a clock and no number, a version wrote it that did not count. */
  private static final String CLOCK_KEY = "clock";

  private final KeyedBytes store;
  private final InputMetrics input;
  private final boolean isOfOldState;
  private long held;
  private long stored;

  /** The number as the store has it, which is counted as taken over. */
  HeldSpans(KeyedBytes store, InputMetrics input) {
    this.store = store;
    this.input = input;
    byte[] before = store.get(KEY);
    this.isOfOldState = before == null ? store.get(CLOCK_KEY) != null : before.length > Long.BYTES;
    this.stored = before == null ? 0 : ByteBuffer.wrap(before).getLong();
    this.held = stored;
    input.tookOver(held);
  }

  /** Spans came and wait. */
  void came(long count) {
    held += count;
    input.inState(count);
  }

  /** Spans that waited were booked. */
  void booked(long count) {
    if (count > held && isOfOldState) {
      // What is booked beyond the number was there before anybody counted.
      input.tookOver(count - held);
      held = count;
    }
    held -= count;
    input.inState(-count);
  }

  /** Writes the number down where it changed; once a record, as most are booked when they come. */
  void save() {
    if (held != stored) {
      ByteBuffer bytes = ByteBuffer.allocate(isOfOldState ? Long.BYTES + 1 : Long.BYTES);
      store.put(KEY, bytes.putLong(held).array());
      stored = held;
    }
  }

  /** The task goes: whoever has it next takes over what waits. */
  void leave() {
    input.tookOver(-held);
    held = 0;
  }
}
