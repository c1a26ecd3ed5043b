package dev.tributary.cost;

import dev.tributary.cost.core.MergeInput;
import dev.tributary.cost.core.PartialWindow;
import dev.tributary.cost.core.Series;
import dev.tributary.cost.core.WindowKey;
import dev.tributary.cost.core.WindowState;
import dev.tributary.cost.core.Windows;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.jspecify.annotations.Nullable;

/**
 * Adds parts to cells, and when their five minutes are closed sends the dearest of each feature by
 * themselves and the rest as {@code other}.
 *
 * <p>Which cells stand by themselves is decided once, at the close: only they stay stored, so that
 * state is bounded, and a line that is corrected later moves the cell that has it. A cell first
 * seen after the close stands by itself while there is room; otherwise it is added to {@code
 * other}. The cells of a feature always add up to its lines.
 */
final class CellMerger {
  private static final int CHUNK = 1_000;
  private static final String EVICTED = "cells-evicted-until";

  /** Where cells go. */
  interface Sender {
    void send(String key, long startUs, long revision, boolean isLate, PartialWindow sums);
  }

  /** A cell while its feature is ranked: the dearest last. */
  private record Ranked(BigDecimal cost, long calls, String key, WindowState state)
      implements Comparable<Ranked> {
    private static final Comparator<Ranked> ORDER =
        Comparator.comparing(Ranked::cost)
            .thenComparingLong(Ranked::calls)
            .thenComparing(Ranked::key, Comparator.reverseOrder());

    @Override
    public int compareTo(Ranked other) {
      return ORDER.compare(this, other);
    }
  }

  private final CostConfig config;
  private final CostMetrics metrics;
  private final WindowStore cells;
  private final MergeProgress progress;
  private final Sender sender;

  CellMerger(
      CostConfig config,
      CostMetrics metrics,
      WindowStore cells,
      MergeProgress progress,
      Sender sender) {
    this.config = config;
    this.metrics = metrics;
    this.cells = cells;
    this.progress = progress;
    this.sender = sender;
  }

  /**
   * Takes a part in.
   *
   * @param isClosed whether its five minutes are closed
   */
  void merge(String key, MergeInput.Partial part, boolean isClosed) {
    Bytes at = WindowStore.key(part.startUs(), key);
    WindowState before = cells.get(at);
    if (!isClosed) {
      add(at, before, part.sums());
    } else if (before != null || isRoomFor(part.startUs(), key)) {
      add(at, before, part.sums());
      cells.markLate(at);
    } else {
      Bytes other = WindowStore.key(part.startUs(), Series.otherCell(Series.featureOfCell(key)));
      add(other, cells.get(other), part.sums());
      cells.markLate(other);
    }
  }

  private void add(Bytes at, @Nullable WindowState before, PartialWindow sums) {
    if (before == null) {
      cells.put(at, new WindowState(0, sums));
    } else {
      before.sums().merge(sums);
      cells.put(at, before);
    }
  }

  /** True where one more may stand by itself; it then does. */
  private boolean isRoomFor(long startUs, String key) {
    Bytes header = WindowStore.key(startUs, Series.featureOfCell(key));
    WindowState counted = cells.get(header);
    long own = counted == null ? 0 : counted.revision();
    if (own >= config.cellsPerFeature()) {
      return false;
    }
    putOwn(header, own + 1);
    return true;
  }

  /** How many cells of a feature stand by themselves: in the place of a revision. */
  private void putOwn(Bytes header, long own) {
    cells.put(header, new WindowState(own, new PartialWindow()));
  }

  /**
   * Sends the cells that end after one time and up to another.
   *
   * @param fromUs end of the last closed minute so far; {@code Long.MIN_VALUE}: none
   */
  void close(long fromUs, long untilUs) {
    long fromStartUs = fromUs == Long.MIN_VALUE ? Long.MIN_VALUE : startOf(fromUs);
    long toStartUs = startOf(untilUs);
    if (fromStartUs >= toStartUs) {
      return;
    }
    PriorityQueue<Ranked> dearest = new PriorityQueue<>();
    PartialWindow rest = new PartialWindow();
    String feature = "";
    long startUs = fromStartUs;
    Bytes last = null;
    List<KeyValue<Bytes, byte[]>> chunk;
    do {
      chunk = cells.range(fromStartUs, toStartUs, last, CHUNK);
      for (KeyValue<Bytes, byte[]> stored : chunk) {
        WindowKey key = WindowKey.ofBytes(stored.key.get());
        String of = Series.featureOfCell(key.recordKey());
        if (startUs != key.startUs() || !of.equals(feature)) {
          send(feature, startUs, dearest, rest);
          dearest = new PriorityQueue<>();
          rest = new PartialWindow();
          feature = of;
          startUs = key.startUs();
        }
        rank(key, cells.state(stored.value), dearest, rest);
        last = stored.key;
      }
    } while (chunk.size() == CHUNK);
    send(feature, startUs, dearest, rest);
  }

  private void rank(
      WindowKey key, WindowState state, PriorityQueue<Ranked> dearest, PartialWindow rest) {
    PartialWindow sums = state.sums();
    if (sums.isEmpty()) {
      // Booked and retracted before anyone saw it.
      cells.delete(WindowStore.key(key.startUs(), key.recordKey()));
      return;
    }
    dearest.add(new Ranked(sums.totalCost(), sums.calls(), key.recordKey(), state));
    if (dearest.size() > config.cellsPerFeature()) {
      Ranked least = dearest.remove();
      rest.merge(least.state().sums());
      cells.delete(WindowStore.key(key.startUs(), least.key()));
      metrics.cellFolded();
    }
  }

  private void send(
      String feature, long startUs, PriorityQueue<Ranked> dearest, PartialWindow rest) {
    if (dearest.isEmpty()) {
      return;
    }
    List<Ranked> own = new ArrayList<>(dearest);
    own.sort(Comparator.comparing(Ranked::key));
    for (Ranked cell : own) {
      send(cell.key(), startUs, cell.state(), false);
    }
    putOwn(WindowStore.key(startUs, feature), own.size());
    if (!rest.isEmpty()) {
      send(Series.otherCell(feature), startUs, new WindowState(0, rest), false);
    }
  }

  /** Sends what changed after its close. */
  void sendLate() {
    List<KeyValue<Bytes, byte[]>> chunk;
    do {
      chunk = cells.late(CHUNK);
      for (KeyValue<Bytes, byte[]> marked : chunk) {
        WindowState state = cells.get(marked.key);
        WindowKey key = WindowKey.ofBytes(marked.key.get());
        if (state != null && state.revision() == 0 && state.sums().isEmpty()) {
          cells.delete(marked.key);
        } else if (state != null) {
          send(key.recordKey(), key.startUs(), state, true);
        }
        cells.unmarkLate(marked.key);
      }
    } while (chunk.size() == CHUNK);
  }

  private void send(String key, long startUs, WindowState state, boolean isLate) {
    long revision = state.revision() + 1;
    cells.put(WindowStore.key(startUs, key), new WindowState(revision, state.sums()));
    sender.send(key, startUs, revision, isLate, state.sums());
    metrics.cellSent(isLate);
  }

  /** Deletes cells that nothing may change any more; reads no other. */
  void evict(long untilUs) {
    long beforeStartUs =
        startOf(untilUs - config.revisableUs() - Windows.CELL_LENGTH_US) + Windows.CELL_LENGTH_US;
    long fromStartUs = progress.evictedUntil(EVICTED).orElse(Long.MIN_VALUE);
    if (beforeStartUs <= fromStartUs) {
      return;
    }
    @Nullable Bytes last = null;
    List<KeyValue<Bytes, byte[]>> chunk;
    do {
      chunk = cells.range(fromStartUs, beforeStartUs, last, CHUNK);
      for (KeyValue<Bytes, byte[]> stored : chunk) {
        cells.delete(stored.key);
        last = stored.key;
      }
    } while (chunk.size() == CHUNK);
    progress.putEvictedUntil(EVICTED, beforeStartUs);
  }

  private static long startOf(long timeUs) {
    return Math.floorDiv(timeUs, Windows.CELL_LENGTH_US) * Windows.CELL_LENGTH_US;
  }
}
