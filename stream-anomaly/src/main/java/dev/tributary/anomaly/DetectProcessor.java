package dev.tributary.anomaly;

import dev.tributary.anomaly.core.StateReader;
import dev.tributary.anomaly.core.StateWriter;
import dev.tributary.anomaly.core.series.Finding;
import dev.tributary.anomaly.core.series.SeriesEvaluator;
import dev.tributary.anomaly.core.series.SeriesKey;
import dev.tributary.anomaly.core.series.SeriesState;
import dev.tributary.anomaly.core.series.StepSums;
import dev.tributary.runtime.metrics.InputMetrics;
import dev.tributary.schemas.Cell;
import dev.tributary.schemas.Keys;
import dev.tributary.schemas.MinuteClosed;
import dev.tributary.schemas.Window;
import dev.tributary.schemas.WindowRecord;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.Cancellable;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.jspecify.annotations.Nullable;

/**
 * Gathers windows by step and has a step judged when the log says that its minutes are closed. It
 * has no clock that decides anything, and keeps nothing on the heap: what it says is a function of
 * the log of its partition.
 */
final class DetectProcessor extends ContextualProcessor<String, WindowRecord, String, DeskInput> {
  /** Between two slices of a step: others get their turn, and a commit theirs. */
  private static final Duration PAUSE = Duration.ofMillis(10);

  private static final String SERIES = "series";
  private static final byte[] PRESENT = {1};

  private final AnomalyConfig config;
  private final AnomalyMetrics metrics;
  private final LoadedReferences references;
  private final SeriesEvaluator evaluator;
  private DetectStores stores;
  private ClosedSteps steps;
  private InputMetrics input;
  private AtomicLong judgedGauge;
  private @Nullable Cancellable slices;

  @SuppressWarnings("NullAway.Init") // init() comes before everything else
  DetectProcessor(AnomalyConfig config, AnomalyMetrics metrics, LoadedReferences references) {
    this.config = config;
    this.metrics = metrics;
    this.references = references;
    this.evaluator = new SeriesEvaluator(config.stepUs(), config.silentUs(), config.amendableUs());
  }

  @Override
  public void init(ProcessorContext<String, DeskInput> context) {
    super.init(context);
    stores = DetectStores.of(context);
    steps =
        new ClosedSteps(metrics, references, evaluator, stores, config.stepUs(), this::sendFound);
    int partition = context.taskId().partition();
    input = metrics.windows(partition);
    judgedGauge = metrics.judgedUntil(partition);
    slices = null;
    if (steps.isPending()) {
      scheduleSlices();
    }
  }

  @Override
  public void process(Record<String, WindowRecord> received) {
    input.received();
    Object body = received.value().getBody();
    if (body instanceof Window window) {
      take(received.key(), window);
    } else if (body instanceof Cell cell) {
      pass(cell);
      input.sentPrimary();
    } else if (body instanceof MinuteClosed closed) {
      close(closed.getClosedUntilUs());
      input.sentPrimary();
    }
  }

  private void take(String key, Window window) {
    long startUs = window.getStartTimeUs();
    long stepStartUs = config.stepOf(startUs);
    if (window.getLengthUs() <= 0
        || startUs + window.getLengthUs() > stepStartUs + config.stepUs()) {
      input.dropped(DropReason.MISFIT);
      return;
    }
    boolean isClosed = stepStartUs + config.stepUs() <= steps.closedUs();
    if (isClosed && (isForgotten(stepStartUs) || !steps.settle(key))) {
      input.dropped(DropReason.LATE);
      return;
    }
    Bytes at = DetectStores.windowKey(stepStartUs, key, startUs - stepStartUs, config.stepUs());
    byte[] before = stores.windows().get(at);
    if (before != null && revision(before) >= window.getRevision()) {
      input.dropped(DropReason.OUTDATED);
      return;
    }
    StateWriter to = new StateWriter();
    WindowMapper.sums(window).save(to.whole(window.getRevision()));
    stores.windows().put(at, to.toBytes());
    if (isClosed) {
      stores.late().put(StoreKeys.of(stepStartUs, key), PRESENT);
    } else if (stores.series().get(StoreKeys.of(key)) == null) {
      // Where it was refused before, that is told first.
      steps.settle(key);
      admit(key, window);
    }
    input.sentPrimary();
  }

  /** Whether the other windows of a judged step may be gone: what comes now is not all of it. */
  private boolean isForgotten(long stepStartUs) {
    return stepStartUs < steps.closedUs() - config.amendableUs() - config.stepUs();
  }

  /** A state before its first step, so that a step needs no record to know whose it is. */
  private void admit(String key, Window window) {
    long count = stores.progress().get(SERIES, 0);
    if (count >= config.maxSeries()) {
      return; // told when its step is judged
    }
    stores.progress().put(SERIES, count + 1);
    SeriesState fresh = new SeriesState(WindowMapper.key(window));
    stores.series().put(StoreKeys.of(key), fresh.toBytes());
  }

  private static long revision(byte[] stored) {
    return new StateReader(stored).whole();
  }

  /** A cell may be used with the first step that closes after it came. */
  private void pass(Cell cell) {
    long endUs = cell.getStartTimeUs() + Math.max(1, cell.getLengthUs());
    long usableUs = config.stepOf(endUs - 1) + config.stepUs();
    long closedUs = steps.closedUs();
    if (closedUs != Long.MIN_VALUE) {
      usableUs = Math.max(usableUs, closedUs + config.stepUs());
    }
    send(
        new DeskInput.Seen(
            usableUs,
            cell.getTenant(),
            cell.getEnvironment(),
            WindowMapper.cell(cell),
            WindowMapper.versions(cell)),
        cell.getTenant() + Keys.SEPARATOR + cell.getEnvironment());
  }

  private void send(DeskInput output, String key) {
    context().forward(new Record<>(key, output, context().currentStreamTimeMs()));
  }

  private void sendFound(long stepEndUs, Finding finding) {
    SeriesKey key = finding.key();
    send(
        new DeskInput.Found(stepEndUs, finding), key.tenant() + Keys.SEPARATOR + key.environment());
  }

  private void close(long closedUntilUs) {
    long untilUs = config.stepOf(closedUntilUs);
    long beforeUs = steps.closedUs();
    if (untilUs <= beforeUs) {
      return;
    }
    // Only where judging a step takes longer than the next step.
    judge(Integer.MAX_VALUE);
    if (isNewDay(beforeUs, untilUs)) {
      forgetSeries(beforeUs);
    }
    long firstEndUs = steps.close(untilUs);
    amendLate(firstEndUs);
    forgetWindows(
        Math.min(untilUs - config.amendableUs() - config.stepUs(), firstEndUs - config.stepUs()));
    judge(config.judgedAtOnce());
  }

  /** Judges some more of what is pending; says so when that was the last of it. */
  private void judge(int series) {
    if (!steps.isPending()) {
      return;
    }
    if (!steps.advance(series)) {
      scheduleSlices();
      return;
    }
    if (slices != null) {
      slices.cancel();
      slices = null;
    }
    long untilUs = steps.closedUs();
    judgedGauge.set(untilUs);
    int partition = context().taskId().partition();
    send(new DeskInput.Closed(partition, untilUs), Integer.toString(partition));
  }

  /** When a slice is judged says nothing about what comes of it, so the wall clock may. */
  private void scheduleSlices() {
    if (slices == null) {
      slices =
          context()
              .schedule(
                  PAUSE, PunctuationType.WALL_CLOCK_TIME, time -> judge(config.judgedAtOnce()));
    }
  }

  /** What came late since the last step, amended once per step however many windows changed. */
  private void amendLate(long stepEndUs) {
    List<KeyValue<Bytes, byte[]>> chunk;
    do {
      chunk = DetectStores.chunk(stores.late(), null, null, null);
      for (KeyValue<Bytes, byte[]> entry : chunk) {
        stores.late().delete(entry.key);
        amend(StoreKeys.time(entry.key), StoreKeys.textAfterTime(entry.key), stepEndUs);
      }
    } while (chunk.size() == DetectStores.CHUNK);
  }

  private void amend(long stepStartUs, String key, long stepEndUs) {
    byte[] stored = stores.series().get(StoreKeys.of(key));
    if (stored == null) {
      return;
    }
    SeriesState state = SeriesState.of(stored);
    StepSums sums = new StepSums();
    stores
        .windowsOf(key, stepStartUs, config.stepUs())
        .forEach(window -> sums.merge(ClosedSteps.sums(window.value)));
    evaluator.amend(state, stepStartUs, sums, finding -> sendFound(stepEndUs, finding));
    stores.series().put(StoreKeys.of(key), state.toBytes());
  }

  /** Windows of judged steps that nothing can amend any more. */
  private void forgetWindows(long untilUs) {
    Bytes to = StoreKeys.of(untilUs);
    List<KeyValue<Bytes, byte[]>> chunk;
    do {
      chunk = DetectStores.chunk(stores.windows(), null, to, null);
      chunk.forEach(window -> stores.windows().delete(window.key));
    } while (chunk.size() == DetectStores.CHUNK);
  }

  private static boolean isNewDay(long beforeUs, long afterUs) {
    long dayUs = 86_400_000_000L;
    return Math.floorDiv(beforeUs, dayUs) != Math.floorDiv(afterUs, dayUs);
  }

  /** Once a day in event time, because it reads every series. */
  private void forgetSeries(long closedUs) {
    long idleUs = closedUs == Long.MIN_VALUE ? Long.MIN_VALUE : closedUs - config.seriesIdleUs();
    long count = 0;
    Set<String> idle = new HashSet<>();
    try (KeyValueIterator<Bytes, byte[]> all = stores.series().all()) {
      while (all.hasNext()) {
        KeyValue<Bytes, byte[]> entry = all.next();
        SeriesState state = SeriesState.of(entry.value);
        count++;
        if (state.lastUs() < idleUs && state.lastUs() != Long.MIN_VALUE && !state.hasEpisode()) {
          idle.add(StoreKeys.text(entry.key));
        }
      }
    }
    if (!idle.isEmpty()) {
      // Those that are back have windows that wait.
      try (KeyValueIterator<Bytes, byte[]> waiting =
          stores.windows().range(StoreKeys.of(closedUs), null)) {
        waiting.forEachRemaining(window -> idle.remove(StoreKeys.textBeforeTail(window.key)));
      }
    }
    idle.forEach(key -> stores.series().delete(StoreKeys.of(key)));
    stores.progress().put(SERIES, count - idle.size());
  }
}
