package dev.tributary.cost;

import dev.tributary.cost.core.Series;
import dev.tributary.cost.core.SpendSums;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Spend by scope, environment and bin of time. Keys begin with a group of bins (a day of quarters,
 * an hour of minutes), then name the scope: so the spend of a scope in a period is one short range
 * per group, and what is too old is one range at the front.
 */
final class SpendBins {
  private static final int CHUNK = 1_000;

  private final KeyValueStore<Bytes, byte[]> store;
  private final long binUs;
  private final long groupUs;

  SpendBins(KeyValueStore<Bytes, byte[]> store, long binUs, long groupUs) {
    this.store = store;
    this.binUs = binUs;
    this.groupUs = groupUs;
  }

  long binOf(long timeUs) {
    return Math.floorDiv(timeUs, binUs) * binUs;
  }

  private long groupOf(long timeUs) {
    return Math.floorDiv(timeUs, groupUs) * groupUs;
  }

  /**
   * Adds to the bin of a time; a bin that comes to nothing vanishes.
   *
   * @return whether the bin is there and was not before
   */
  boolean add(String recordKey, long timeUs, SpendSums spend) {
    Bytes key = key(recordKey, timeUs);
    byte[] stored = store.get(key);
    SpendSums sums = stored == null ? new SpendSums() : SpendSums.ofBytes(stored);
    sums.add(spend);
    if (sums.isEmpty()) {
      store.delete(key);
      return false;
    }
    store.put(key, sums.toBytes());
    return stored == null;
  }

  /**
   * True where a scope has one bin in all its environments in the group of a time, and none in the
   * group before. Reads two bins at most.
   */
  boolean isOnlyBin(String spendKey, long timeUs) {
    long group = groupOf(timeUs);
    return count(group - groupUs, spendKey) == 0 && count(group, spendKey) == 1;
  }

  /** Bins of a scope in a group: none, one, or two for more. */
  private int count(long group, String spendKey) {
    int count = 0;
    try (KeyValueIterator<Bytes, byte[]> bins =
        store.range(bound(group, spendKey + '|'), bound(group, spendKey + '}'))) {
      while (count < 2 && bins.hasNext()) {
        bins.next();
        count++;
      }
    }
    return count;
  }

  private Bytes key(String recordKey, long timeUs) {
    byte[] text = (recordKey + '\n').getBytes(StandardCharsets.UTF_8);
    long groupUsStart = groupOf(timeUs);
    short bin = (short) ((timeUs - groupUsStart) / binUs);
    return Bytes.wrap(
        ByteBuffer.allocate(Long.BYTES + text.length + Short.BYTES)
            .putLong(groupUsStart ^ Long.MIN_VALUE)
            .put(text)
            .putShort(bin)
            .array());
  }

  /**
   * The spend of a scope between two times, whole bins.
   *
   * @param environment null: all
   */
  SpendSums between(String spendKey, @Nullable String environment, long fromUs, long toUs) {
    SpendSums sums = new SpendSums();
    for (long group = groupOf(fromUs); group < toUs; group += groupUs) {
      Bytes from = bound(group, spendKey + '|');
      Bytes to = bound(group, spendKey + '}');
      try (KeyValueIterator<Bytes, byte[]> bins = store.range(from, to)) {
        while (bins.hasNext()) {
          KeyValue<Bytes, byte[]> entry = bins.next();
          if (isWanted(entry.key.get(), group, environment, fromUs, toUs)) {
            sums.add(SpendSums.ofBytes(entry.value));
          }
        }
      }
    }
    return sums;
  }

  private boolean isWanted(
      byte[] key, long groupStartUs, @Nullable String environment, long fromUs, long toUs) {
    int end = key.length - Short.BYTES;
    long binStartUs = groupStartUs + ByteBuffer.wrap(key).getShort(end) * binUs;
    if (binStartUs < fromUs || binStartUs >= toUs) {
      return false;
    }
    if (environment == null) {
      return true;
    }
    String recordKey = new String(key, Long.BYTES, end - Long.BYTES - 1, StandardCharsets.UTF_8);
    return environment.equals(Series.environmentOfSpend(recordKey));
  }

  private static Bytes bound(long groupStartUs, String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    return Bytes.wrap(
        ByteBuffer.allocate(Long.BYTES + utf8.length)
            .putLong(groupStartUs ^ Long.MIN_VALUE)
            .put(utf8)
            .array());
  }

  /** Start of the first group that is kept when everything before a time is deleted. */
  long keptFrom(long beforeUs) {
    return groupOf(beforeUs);
  }

  /** Deletes the groups between two starts. */
  void evict(long fromStartUs, long toStartUs) {
    Bytes from = bound(fromStartUs, "");
    Bytes to = bound(toStartUs, "");
    List<Bytes> chunk;
    do {
      chunk = new ArrayList<>();
      try (KeyValueIterator<Bytes, byte[]> entries = store.range(from, to)) {
        while (chunk.size() < CHUNK && entries.hasNext()) {
          Bytes key = entries.next().key;
          if (Arrays.compareUnsigned(key.get(), to.get()) < 0) {
            chunk.add(key);
          }
        }
      }
      chunk.forEach(store::delete);
    } while (chunk.size() == CHUNK);
  }
}
