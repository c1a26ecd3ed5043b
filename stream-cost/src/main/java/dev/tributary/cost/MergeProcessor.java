package dev.tributary.cost;

import dev.tributary.cost.core.MergeInput;
import dev.tributary.cost.core.PartialWindow;
import dev.tributary.cost.core.Series;
import dev.tributary.cost.core.SourceClocks;
import dev.tributary.cost.core.WindowKey;
import dev.tributary.cost.core.WindowState;
import dev.tributary.cost.core.Windows;
import dev.tributary.runtime.metrics.InputMetrics;
import dev.tributary.schemas.Event;
import dev.tributary.schemas.MinuteClosed;
import dev.tributary.schemas.Signal;
import dev.tributary.schemas.WindowRecord;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/**
 * Adds parts to windows, closes minutes and sends what is closed.
 *
 * <p>Everything it decides by is in logged stores; the only thing on the heap is when, in wall
 * time, a source was last heard of. So the wall-clock tick may run at any moment: it reads stores,
 * and what it writes and sends is in the same transaction.
 */
final class MergeProcessor extends ContextualProcessor<String, MergeInput, String, SpecificRecord> {
  /** Windows taken from a store at a time, so that a long gap needs no more heap than a short. */
  private static final int CHUNK = 1_000;

  private static final String EVICTED = "evicted-until";

  /** Key of minute-closed records; its partition is given, so it says nothing. */
  static final String MINUTE_KEY = "minute-closed";

  private final CostConfig config;
  private final CostMetrics metrics;
  private final LoadedBudgets loadedBudgets;
  private WindowStore windows;
  private MergeProgress progress;
  private CellMerger cells;
  private BudgetKeeper budgets;
  private SourceClocks clocks;
  private InputMetrics input;
  private AtomicLong closedGauge;
  private long closedUntilUs;

  @SuppressWarnings("NullAway.Init") // init() comes before everything else
  MergeProcessor(CostConfig config, CostMetrics metrics, LoadedBudgets loadedBudgets) {
    this.config = config;
    this.metrics = metrics;
    this.loadedBudgets = loadedBudgets;
  }

  @Override
  public void init(ProcessorContext<String, SpecificRecord> context) {
    super.init(context);
    progress = new MergeProgress(context.getStateStore(CostTopologyNames.PROGRESS));
    windows = store(CostTopologyNames.WINDOWS, CostTopologyNames.LATE);
    cells =
        new CellMerger(
            config,
            metrics,
            store(CostTopologyNames.CELLS, CostTopologyNames.LATE_CELLS),
            progress,
            this::sendCell);
    int partition = context.taskId().partition();
    budgets =
        new BudgetKeeper(
            config,
            metrics,
            loadedBudgets,
            BudgetKeeper.quarters(context.getStateStore(CostTopologyNames.SPEND)),
            BudgetKeeper.minutes(context.getStateStore(CostTopologyNames.RECENT_SPEND)),
            new BudgetStores(
                context.getStateStore(CostTopologyNames.CROSSINGS),
                context.getStateStore(CostTopologyNames.BUDGET_SIGNALS),
                context.getStateStore(CostTopologyNames.CHANGED_SPEND)),
            progress,
            partition,
            budgetSender());
    input = metrics.partials(partition);
    closedGauge = metrics.closedUntil(partition);
    closedUntilUs = progress.closedUntil().orElse(Long.MIN_VALUE);
    clocks =
        new SourceClocks(
            config.partitions(), config.sourceSilence().toMillis(), context.currentSystemTimeMs());
    progress.clocks().forEach(clocks::restore);
    progress.closedUntil().ifPresent(us -> clocks.restoreReached(us + config.graceUs()));
    context.schedule(config.tick(), PunctuationType.WALL_CLOCK_TIME, this::tick);
  }

  private WindowStore store(String name, String late) {
    return new WindowStore(context().getStateStore(name), context().getStateStore(late));
  }

  @Override
  public void process(Record<String, MergeInput> received) {
    input.received();
    if (received.value() instanceof MergeInput.Partial partial) {
      merge(received.key(), partial);
    } else if (received.value() instanceof MergeInput.SourceClock clock) {
      hear(clock);
    }
  }

  private BudgetKeeper.Sender budgetSender() {
    return new BudgetKeeper.Sender() {
      @Override
      public void send(String key, Signal signal, long atUs) {
        context().forward(new Record<>(key, signal, Math.max(0, atUs / 1_000)));
      }

      @Override
      public void send(String key, Event event, long atUs) {
        context().forward(new Record<>(key, event, Math.max(0, atUs / 1_000)));
      }
    };
  }

  private void merge(String recordKey, MergeInput.Partial partial) {
    if (Series.isSpend(recordKey)) {
      if (budgets.merge(recordKey, partial)) {
        input.sentPrimary();
      } else {
        input.dropped(DropReason.BEYOND_REVISABLE);
      }
      return;
    }
    boolean isCell = Series.isCell(recordKey);
    long endUs = partial.startUs() + (isCell ? Windows.CELL_LENGTH_US : Windows.LENGTH_US);
    if (isAtMost(endUs, config.revisableUs())) {
      input.dropped(DropReason.BEYOND_REVISABLE);
      metrics.entriesBeyond(partial.entries());
      return;
    }
    if (isCell) {
      cells.merge(recordKey, partial, isAtMost(endUs, 0));
    } else {
      mergeWindow(recordKey, partial, isAtMost(endUs, 0));
    }
    input.sentPrimary();
  }

  private void mergeWindow(String recordKey, MergeInput.Partial partial, boolean isClosed) {
    Bytes key = WindowStore.key(partial.startUs(), recordKey);
    WindowState before = windows.get(key);
    PartialWindow sums = partial.sums();
    long revision = 0;
    if (before != null) {
      sums.merge(before.sums());
      revision = before.revision();
    }
    windows.put(key, new WindowState(revision, sums));
    if (isClosed) {
      windows.markLate(key);
    }
  }

  /** True where the time, plus so much, lies in a closed minute. */
  private boolean isAtMost(long timeUs, long plusUs) {
    return closedUntilUs != Long.MIN_VALUE && timeUs + plusUs <= closedUntilUs;
  }

  private void hear(MergeInput.SourceClock clock) {
    long nowMs = context().currentSystemTimeMs();
    // Minutes are all that is decided by it, so a clock is stored once per minute.
    if (config.closedAt(clock.clockUs()) > closedUntilUs) {
      progress.putClock(clock.source(), clock.clockUs());
      budgets.known(clock.clockUs());
    }
    clocks.hear(clock.source(), clock.clockUs(), nowMs);
    input.sentPrimary();
    closeMinutes(nowMs);
  }

  private void tick(long nowMs) {
    sendLate(nowMs);
    closeMinutes(nowMs);
    clocks.time(nowMs).ifPresent(budgets::tick);
  }

  private void closeMinutes(long nowMs) {
    SourceClocks.Reading reading = clocks.read(nowMs);
    if (reading.clockUs().isEmpty()) {
      return;
    }
    long untilUs = config.closedAt(reading.clockUs().getAsLong());
    if (untilUs <= closedUntilUs) {
      return;
    }
    // What is late is sent before the window it belongs to may be evicted.
    sendLate(nowMs);
    sendWindows(untilUs, nowMs);
    cells.close(closedUntilUs, untilUs);
    evict(untilUs);
    cells.evict(untilUs);
    closedUntilUs = untilUs;
    clocks.reached(untilUs + config.graceUs());
    progress.putClosedUntil(untilUs);
    closedGauge.set(untilUs);
    sendMinute(untilUs, reading);
  }

  /** Sends the windows that end after the last closed minute and up to the given one. */
  private void sendWindows(long untilUs, long nowMs) {
    Bytes last = null;
    List<KeyValue<Bytes, byte[]>> chunk;
    do {
      // A window ends one length after its start, so "ends after x" is "starts at x or after".
      chunk = windows.range(closedUntilUs, untilUs, last, CHUNK);
      for (KeyValue<Bytes, byte[]> stored : chunk) {
        send(stored.key, windows.state(stored.value), false, nowMs);
        last = stored.key;
      }
    } while (chunk.size() == CHUNK);
  }

  private void sendLate(long nowMs) {
    List<KeyValue<Bytes, byte[]>> chunk;
    do {
      chunk = windows.late(CHUNK);
      for (KeyValue<Bytes, byte[]> marked : chunk) {
        sendLate(marked.key, nowMs);
        windows.unmarkLate(marked.key);
      }
    } while (chunk.size() == CHUNK);
    cells.sendLate();
  }

  private void sendLate(Bytes key, long nowMs) {
    WindowState state = windows.get(key);
    if (state != null) {
      send(key, state, true, nowMs);
    }
  }

  private void send(Bytes key, WindowState state, boolean isLate, long nowMs) {
    if (state.revision() == 0 && state.sums().isEmpty()) {
      // Booked and retracted before anyone saw it.
      windows.delete(key);
      return;
    }
    WindowKey window = WindowKey.ofBytes(key.get());
    long revision = state.revision() + 1;
    windows.put(key, new WindowState(revision, state.sums()));
    WindowRecord record =
        new WindowRecord(
            Windows.toRecord(window.recordKey(), window.startUs(), revision, isLate, state.sums()));
    long endMs = (window.startUs() + Windows.LENGTH_US) / 1_000;
    context().forward(new Record<>(window.recordKey(), record, Math.max(0, endMs)));
    metrics.windowSent(isLate, nowMs - endMs);
  }

  private void sendCell(
      String key, long startUs, long revision, boolean isLate, PartialWindow sums) {
    WindowRecord record = new WindowRecord(Windows.toCell(key, startUs, revision, isLate, sums));
    long endMs = (startUs + Windows.CELL_LENGTH_US) / 1_000;
    context().forward(new Record<>(Series.featureOfCell(key), record, Math.max(0, endMs)));
  }

  /** Deletes windows that nothing may change any more; reads no other. */
  private void evict(long untilUs) {
    long beforeStartUs =
        Windows.startOf(untilUs - config.revisableUs() - Windows.LENGTH_US) + Windows.LENGTH_US;
    long fromStartUs = progress.evictedUntil(EVICTED).orElse(Long.MIN_VALUE);
    if (beforeStartUs <= fromStartUs) {
      return;
    }
    @Nullable Bytes last = null;
    List<KeyValue<Bytes, byte[]>> chunk;
    do {
      chunk = windows.range(fromStartUs, beforeStartUs, last, CHUNK);
      for (KeyValue<Bytes, byte[]> stored : chunk) {
        windows.delete(stored.key);
        metrics.windowEvicted();
        last = stored.key;
      }
    } while (chunk.size() == CHUNK);
    progress.putEvictedUntil(EVICTED, beforeStartUs);
  }

  private void sendMinute(long untilUs, SourceClocks.Reading reading) {
    Map<String, Long> counted = new TreeMap<>();
    reading.counted().forEach((source, clockUs) -> counted.put(String.valueOf(source), clockUs));
    MinuteClosed closed =
        new MinuteClosed(
            untilUs,
            context().taskId().partition(),
            counted,
            reading.left().stream().map(String::valueOf).toList());
    context()
        .forward(new Record<>(MINUTE_KEY, new WindowRecord(closed), Math.max(0, untilUs / 1_000)));
    metrics.minuteSent();
  }
}
