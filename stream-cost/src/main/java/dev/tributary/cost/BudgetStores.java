package dev.tributary.cost;

import dev.tributary.cost.core.Budget;
import dev.tributary.cost.core.BudgetPeriod;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/** What budgets remember beside spend: crossings, signals sent, spend that changed; logged. */
final class BudgetStores {
  private static final int CHUNK = 1_000;
  private static final byte[] MARK = {1};

  /**
   * A crossing of a threshold that was told.
   *
   * @param isCrossed false: a correction took it back since
   * @param sinceUs when it was crossed first, event time, microseconds since the epoch
   * @param amendments how often it was taken back or brought back since
   */
  record Crossing(boolean isCrossed, long sinceUs, int amendments) {
    /** A crossing that is told now. */
    static Crossing at(long timeUs) {
      return new Crossing(true, timeUs, 0);
    }

    /** The same after it was taken back, or brought back. */
    Crossing amended(boolean isCrossedNow) {
      return new Crossing(isCrossedNow, sinceUs, amendments + 1);
    }
  }

  private final KeyValueStore<Bytes, byte[]> crossings;
  private final KeyValueStore<Bytes, byte[]> signals;
  private final KeyValueStore<Bytes, byte[]> changed;

  BudgetStores(
      KeyValueStore<Bytes, byte[]> crossings,
      KeyValueStore<Bytes, byte[]> signals,
      KeyValueStore<Bytes, byte[]> changed) {
    this.crossings = crossings;
    this.signals = signals;
    this.changed = changed;
  }

  /** The crossing of a threshold in a period; null: it was never crossed. */
  @Nullable Crossing crossing(Budget budget, BudgetPeriod period, int threshold) {
    byte[] stored = crossings.get(crossingKey(budget, period, threshold));
    if (stored == null) {
      stored = crossings.get(olderKey(budget, period, threshold));
    }
    if (stored == null) {
      return null;
    }
    ByteBuffer buffer = ByteBuffer.wrap(stored);
    boolean isCrossed = buffer.get() == 1;
    long sinceUs = buffer.getLong();
    // Older versions did not count.
    return new Crossing(isCrossed, sinceUs, buffer.hasRemaining() ? buffer.getInt() : 0);
  }

  void put(Budget budget, BudgetPeriod period, int threshold, Crossing crossing) {
    crossings.put(
        crossingKey(budget, period, threshold),
        ByteBuffer.allocate(1 + Long.BYTES + Integer.BYTES)
            .put((byte) (crossing.isCrossed() ? 1 : 0))
            .putLong(crossing.sinceUs())
            .putInt(crossing.amendments())
            .array());
  }

  private static Bytes crossingKey(Budget budget, BudgetPeriod period, int threshold) {
    return key(period, budget.identity(), startOf(period), Integer.toString(threshold));
  }

  /** Under which older versions kept it: what they told is not told again. */
  private static Bytes olderKey(Budget budget, BudgetPeriod period, int threshold) {
    return key(
        period,
        budget.tenant(),
        budget.id(),
        startOf(period),
        budget.amount().toPlainString(),
        Integer.toString(threshold));
  }

  /** A rolling period has no start of its own. */
  private static String startOf(BudgetPeriod period) {
    return Long.toString(period.isRolling() ? 0 : period.startUs());
  }

  /** By the period's end first, so that what is too old is one range. */
  private static Bytes key(BudgetPeriod period, String... parts) {
    String text = String.join("|", parts);
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    return Bytes.wrap(
        ByteBuffer.allocate(Long.BYTES + utf8.length)
            .putLong(period.endUs() ^ Long.MIN_VALUE)
            .put(utf8)
            .array());
  }

  /** Forgets the crossings of periods that ended before a time. */
  void evictCrossings(long endedBeforeUs) {
    byte[] from = ByteBuffer.allocate(Long.BYTES).putLong(0).array();
    byte[] to = ByteBuffer.allocate(Long.BYTES).putLong(endedBeforeUs ^ Long.MIN_VALUE).array();
    List<KeyValue<Bytes, byte[]>> chunk;
    do {
      chunk = first(crossings.range(Bytes.wrap(from), Bytes.wrap(to)));
      chunk.forEach(entry -> crossings.delete(entry.key));
    } while (chunk.size() == CHUNK);
  }

  /** True where the signal of a budget is not the one sent last; it is then remembered. */
  boolean isNews(String signalKey, String signal) {
    Bytes key = bytes(signalKey);
    byte[] stored = signals.get(key);
    if (stored != null && new String(stored, StandardCharsets.UTF_8).equals(signal)) {
      return false;
    }
    signals.put(key, signal.getBytes(StandardCharsets.UTF_8));
    return true;
  }

  /** Keys of signals that were sent. */
  List<String> signalKeys() {
    List<String> keys = new ArrayList<>();
    try (KeyValueIterator<Bytes, byte[]> all = signals.all()) {
      while (all.hasNext()) {
        keys.add(new String(all.next().key.get(), StandardCharsets.UTF_8));
      }
    }
    return keys;
  }

  void forgetSignal(String signalKey) {
    signals.delete(bytes(signalKey));
  }

  /** Remembers that spend of a scope changed in the bin of a time. */
  void markChanged(String spendKey, long binStartUs) {
    byte[] utf8 = spendKey.getBytes(StandardCharsets.UTF_8);
    changed.put(
        Bytes.wrap(
            ByteBuffer.allocate(utf8.length + Long.BYTES).put(utf8).putLong(binStartUs).array()),
        MARK);
  }

  /** A change of spend. */
  record Change(String spendKey, long binStartUs) {}

  /** Some changes, which are then forgotten; empty: there are none. */
  List<Change> takeChanges() {
    List<Change> changes = new ArrayList<>();
    for (KeyValue<Bytes, byte[]> entry : first(changed.all())) {
      byte[] key = entry.key.get();
      int text = key.length - Long.BYTES;
      changes.add(
          new Change(
              new String(key, 0, text, StandardCharsets.UTF_8),
              ByteBuffer.wrap(key).getLong(text)));
      changed.delete(entry.key);
    }
    return changes;
  }

  private static List<KeyValue<Bytes, byte[]>> first(KeyValueIterator<Bytes, byte[]> iterator) {
    try (iterator) {
      List<KeyValue<Bytes, byte[]>> found = new ArrayList<>();
      while (found.size() < CHUNK && iterator.hasNext()) {
        found.add(iterator.next());
      }
      return found;
    }
  }

  private static Bytes bytes(String text) {
    return Bytes.wrap(text.getBytes(StandardCharsets.UTF_8));
  }
}
