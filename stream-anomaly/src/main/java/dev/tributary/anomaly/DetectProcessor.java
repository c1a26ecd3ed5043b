package dev.tributary.anomaly;

import dev.tributary.anomaly.core.StateReader;
import dev.tributary.anomaly.core.StateWriter;
import dev.tributary.anomaly.core.series.Finding;
import dev.tributary.anomaly.core.series.RuleBook;
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
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Gathers windows by step and judges a step when the log says that its minutes are closed. It has
 * no clock and keeps nothing on the heap: what it says is a function of the log of its partition.
 */
final class DetectProcessor extends ContextualProcessor<String, WindowRecord, String, DeskInput> {
  /** Windows taken from a store at a time. */
  private static final int CHUNK = 1_000;

  private static final String JUDGED = "judged-until";
  private static final String SERIES = "series";
  private static final byte[] PRESENT = {1};

  private final AnomalyConfig config;
  private final AnomalyMetrics metrics;
  private final LoadedReferences references;
  private final SeriesEvaluator evaluator;
  private KeyValueStore<Bytes, byte[]> windows;
  private KeyValueStore<Bytes, byte[]> series;
  private KeyValueStore<Bytes, byte[]> episodes;
  private KeyValueStore<Bytes, byte[]> late;
  private Progress progress;
  private InputMetrics input;
  private AtomicLong judgedGauge;

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
    windows = context.getStateStore(AnomalyTopologyNames.WINDOWS);
    series = context.getStateStore(AnomalyTopologyNames.SERIES);
    episodes = context.getStateStore(AnomalyTopologyNames.EPISODES);
    late = context.getStateStore(AnomalyTopologyNames.LATE);
    progress = new Progress(context.getStateStore(AnomalyTopologyNames.DETECT_PROGRESS));
    int partition = context.taskId().partition();
    input = metrics.windows(partition);
    judgedGauge = metrics.judgedUntil(partition);
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
    boolean isJudged = stepStartUs + config.stepUs() <= progress.get(JUDGED, Long.MIN_VALUE);
    Bytes at = StoreKeys.of(stepStartUs, key, (int) (startUs - stepStartUs));
    byte[] before = windows.get(at);
    if (before != null && revision(before) >= window.getRevision()) {
      input.dropped(DropReason.OUTDATED);
      return;
    }
    if (isJudged && episodes.get(StoreKeys.of(key)) == null) {
      input.dropped(DropReason.LATE);
      return;
    }
    StateWriter to = new StateWriter();
    WindowMapper.sums(window).save(to.whole(window.getRevision()));
    windows.put(at, to.toBytes());
    if (isJudged) {
      late.put(StoreKeys.of(stepStartUs, key), PRESENT);
    } else if (series.get(StoreKeys.of(key)) == null) {
      admit(key, window);
    }
    input.sentPrimary();
  }

  /** A state before its first step, so that a step needs no record to know whose it is. */
  private void admit(String key, Window window) {
    long count = progress.get(SERIES, 0);
    if (count >= config.maxSeries()) {
      return; // told when its step is judged
    }
    progress.put(SERIES, count + 1);
    series.put(StoreKeys.of(key), new SeriesState(WindowMapper.key(window)).toBytes());
  }

  private static long revision(byte[] stored) {
    return new StateReader(stored).whole();
  }

  private static StepSums sums(byte[] stored) {
    StateReader from = new StateReader(stored);
    from.whole();
    return StepSums.load(from);
  }

  /** A cell may be used with the first step that closes after it came. */
  private void pass(Cell cell) {
    long endUs = cell.getStartTimeUs() + Math.max(1, cell.getLengthUs());
    long usableUs = config.stepOf(endUs - 1) + config.stepUs();
    long judgedUs = progress.get(JUDGED, Long.MIN_VALUE);
    if (judgedUs != Long.MIN_VALUE) {
      usableUs = Math.max(usableUs, judgedUs + config.stepUs());
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

  private void close(long closedUntilUs) {
    long untilUs = config.stepOf(closedUntilUs);
    long judgedUs = progress.get(JUDGED, Long.MIN_VALUE);
    if (untilUs <= judgedUs) {
      return;
    }
    List<Finding> amendments = new ArrayList<>();
    amendLate(amendments);
    boolean isFirst = true;
    for (long endUs = nextEnd(judgedUs, untilUs); ; endUs = nextEnd(endUs, untilUs)) {
      List<Finding> found = new ArrayList<>(isFirst ? amendments : List.of());
      isFirst = false;
      judge(endUs - config.stepUs(), found);
      expire(endUs - config.stepUs(), found);
      for (Finding finding : found) {
        SeriesKey key = finding.key();
        send(
            new DeskInput.Found(endUs, finding), key.tenant() + Keys.SEPARATOR + key.environment());
      }
      if (endUs >= untilUs) {
        break;
      }
    }
    forgetWindows(untilUs);
    if (isNewDay(judgedUs, untilUs)) {
      forgetSeries(untilUs);
    }
    progress.put(JUDGED, untilUs);
    judgedGauge.set(untilUs);
    int partition = context().taskId().partition();
    send(new DeskInput.Closed(partition, untilUs), Integer.toString(partition));
  }

  /** End of the next step that has windows, at most the given one. */
  private long nextEnd(long afterUs, long untilUs) {
    Bytes from = afterUs == Long.MIN_VALUE ? null : StoreKeys.of(afterUs);
    try (KeyValueIterator<Bytes, byte[]> next = windows.range(from, StoreKeys.of(untilUs))) {
      return next.hasNext()
          ? Math.min(untilUs, StoreKeys.time(next.next().key) + config.stepUs())
          : untilUs;
    }
  }

  /** Judges the series that have windows in a step, in the order of their names. */
  private void judge(long stepStartUs, List<Finding> found) {
    Bytes from = StoreKeys.of(stepStartUs);
    String open = "";
    List<KeyValue<Bytes, byte[]>> own = new ArrayList<>();
    List<KeyValue<Bytes, byte[]>> chunk;
    @Nullable Bytes last = null;
    do {
      chunk = range(windows, from, StoreKeys.of(stepStartUs + config.stepUs()), last);
      for (KeyValue<Bytes, byte[]> stored : chunk) {
        String key = StoreKeys.textBeforeTail(stored.key);
        if (!key.equals(open) && !own.isEmpty()) {
          judge(open, stepStartUs, own, found);
          own.clear();
        }
        open = key;
        own.add(stored);
        last = stored.key;
      }
    } while (chunk.size() == CHUNK);
    if (!own.isEmpty()) {
      judge(open, stepStartUs, own, found);
    }
  }

  private void judge(
      String key, long stepStartUs, List<KeyValue<Bytes, byte[]>> own, List<Finding> found) {
    byte[] stored = series.get(StoreKeys.of(key));
    if (stored == null) {
      metrics.seriesRefused();
      own.forEach(window -> windows.delete(window.key));
      return;
    }
    SeriesState state = SeriesState.of(stored);
    StepSums sums = new StepSums();
    own.forEach(window -> sums.merge(sums(window.value)));
    RuleBook rules = references.of(state.key().tenant()).rules();
    SeriesEvaluator.Outcome outcome =
        evaluator.evaluate(state, stepStartUs, sums, rules, found::add);
    metrics.seriesJudged(outcome.unusable());
    series.put(StoreKeys.of(key), state.toBytes());
    if (state.hasEpisode()) {
      episodes.put(StoreKeys.of(key), PRESENT);
    } else {
      own.forEach(window -> windows.delete(window.key));
    }
  }

  /** Looks at every series with an episode: it may have fallen silent. */
  private void expire(long stepStartUs, List<Finding> found) {
    @Nullable Bytes last = null;
    List<KeyValue<Bytes, byte[]>> chunk;
    do {
      chunk = range(episodes, null, null, last);
      for (KeyValue<Bytes, byte[]> entry : chunk) {
        last = entry.key;
        byte[] stored = series.get(entry.key);
        if (stored == null) {
          episodes.delete(entry.key);
          continue;
        }
        SeriesState state = SeriesState.of(stored);
        evaluator.expire(state, stepStartUs, found::add);
        series.put(entry.key, state.toBytes());
        if (!state.hasEpisode()) {
          episodes.delete(entry.key);
        }
      }
    } while (chunk.size() == CHUNK);
  }

  /** What came late since the last step, amended once per step however many windows changed. */
  private void amendLate(List<Finding> found) {
    List<KeyValue<Bytes, byte[]>> chunk;
    do {
      chunk = range(late, null, null, null);
      for (KeyValue<Bytes, byte[]> entry : chunk) {
        late.delete(entry.key);
        amend(StoreKeys.time(entry.key), StoreKeys.textAfterTime(entry.key), found);
      }
    } while (chunk.size() == CHUNK);
  }

  private void amend(long stepStartUs, String key, List<Finding> found) {
    byte[] stored = series.get(StoreKeys.of(key));
    if (stored == null) {
      return;
    }
    SeriesState state = SeriesState.of(stored);
    StepSums sums = new StepSums();
    Bytes from = StoreKeys.of(stepStartUs, key, 0);
    Bytes to = StoreKeys.of(stepStartUs, key, (int) config.stepUs());
    try (KeyValueIterator<Bytes, byte[]> own = windows.range(from, to)) {
      while (own.hasNext()) {
        KeyValue<Bytes, byte[]> window = own.next();
        if (StoreKeys.textBeforeTail(window.key).equals(key)) {
          sums.merge(sums(window.value));
        }
      }
    }
    evaluator.amend(state, stepStartUs, sums, found::add);
    series.put(StoreKeys.of(key), state.toBytes());
  }

  /** Windows of judged steps that nothing can amend any more. */
  private void forgetWindows(long untilUs) {
    Bytes to = StoreKeys.of(untilUs - config.amendableUs() - config.stepUs());
    List<KeyValue<Bytes, byte[]>> chunk;
    do {
      chunk = range(windows, null, to, null);
      chunk.forEach(window -> windows.delete(window.key));
    } while (chunk.size() == CHUNK);
  }

  private static boolean isNewDay(long beforeUs, long afterUs) {
    long dayUs = 86_400_000_000L;
    return Math.floorDiv(beforeUs, dayUs) != Math.floorDiv(afterUs, dayUs);
  }

  /** Once a day in event time, because it reads every series. */
  private void forgetSeries(long untilUs) {
    long count = 0;
    List<Bytes> idle = new ArrayList<>();
    try (KeyValueIterator<Bytes, byte[]> all = series.all()) {
      while (all.hasNext()) {
        KeyValue<Bytes, byte[]> entry = all.next();
        SeriesState state = SeriesState.of(entry.value);
        boolean isIdle =
            state.lastUs() != Long.MIN_VALUE
                && state.lastUs() < untilUs - config.seriesIdleUs()
                && !state.hasEpisode();
        if (isIdle) {
          idle.add(entry.key);
        } else {
          count++;
        }
      }
    }
    idle.forEach(series::delete);
    progress.put(SERIES, count);
  }

  /** At most a chunk of a range, after a key. */
  private static List<KeyValue<Bytes, byte[]>> range(
      KeyValueStore<Bytes, byte[]> store,
      @Nullable Bytes from,
      @Nullable Bytes to,
      @Nullable Bytes after) {
    List<KeyValue<Bytes, byte[]>> chunk = new ArrayList<>();
    try (KeyValueIterator<Bytes, byte[]> entries = store.range(after == null ? from : after, to)) {
      while (entries.hasNext() && chunk.size() < CHUNK) {
        KeyValue<Bytes, byte[]> entry = entries.next();
        boolean isBefore = to == null || entry.key.compareTo(to) < 0;
        if (!entry.key.equals(after) && isBefore) {
          chunk.add(entry);
        }
      }
    }
    return chunk;
  }
}
