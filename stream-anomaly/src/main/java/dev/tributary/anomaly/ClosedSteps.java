package dev.tributary.anomaly;

import dev.tributary.anomaly.core.StateReader;
import dev.tributary.anomaly.core.series.Finding;
import dev.tributary.anomaly.core.series.RuleBook;
import dev.tributary.anomaly.core.series.SeriesEvaluator;
import dev.tributary.anomaly.core.series.SeriesState;
import dev.tributary.anomaly.core.series.StepSums;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.jspecify.annotations.Nullable;

/**
 * Judges the steps that are closed, some series at a time: all series of a step are too many for
 * one transaction.
 *
 * <p>What is said does not depend on where a slice ends. A step counts as closed from the record
 * that closes it on, whatever is judged by then. Series know nothing of each other, each is judged
 * once per step and in the order of steps; and whoever wants to know of a series what comes of the
 * closed steps has to {@link #settle} it first.
 */
final class ClosedSteps {
  /** Where a finding goes, with the end of the step it belongs to. */
  interface Output {
    void found(long stepEndUs, Finding finding);
  }

  private static final String CLOSED = "judged-until";
  private static final String PENDING = "steps-to-judge";
  private static final byte[] PRESENT = {1};

  private final AnomalyMetrics metrics;
  private final LoadedReferences references;
  private final SeriesEvaluator evaluator;
  private final DetectStores stores;
  private final long stepUs;
  private final Output out;

  /** Ends of the steps that had windows when they were closed, and of the last one. */
  private final List<Long> pending;

  /**
   * How far the first of them is; lost in a restart, which then finds out what was judged before.
   */
  private @Nullable Bytes place;

  private boolean isJudged;

  ClosedSteps(
      AnomalyMetrics metrics,
      LoadedReferences references,
      SeriesEvaluator evaluator,
      DetectStores stores,
      long stepUs,
      Output out) {
    this.metrics = metrics;
    this.references = references;
    this.evaluator = evaluator;
    this.stores = stores;
    this.stepUs = stepUs;
    this.out = out;
    this.pending = stores.progress().getAll(PENDING);
  }

  /** Until when everything is closed; the least number before anything was. */
  long closedUs() {
    return stores.progress().get(CLOSED, Long.MIN_VALUE);
  }

  /** Whether closed steps are left to judge. */
  boolean isPending() {
    return !pending.isEmpty();
  }

  /**
   * Closes the steps up to a time; nothing may be pending.
   *
   * @param untilUs end of a step, later than all closed before
   * @return end of the first step that is to be judged
   */
  long close(long untilUs) {
    long stepEndUs = nextEnd(closedUs(), untilUs);
    stores.progress().put(CLOSED, untilUs);
    pending.add(stepEndUs);
    while (stepEndUs < untilUs) {
      stepEndUs = nextEnd(stepEndUs, untilUs);
      pending.add(stepEndUs);
    }
    stores.progress().putAll(PENDING, pending);
    return pending.get(0);
  }

  /** End of the next step that has windows, at most the given one. */
  private long nextEnd(long afterUs, long untilUs) {
    Bytes from = afterUs == Long.MIN_VALUE ? null : StoreKeys.of(afterUs);
    try (KeyValueIterator<Bytes, byte[]> next =
        stores.windows().range(from, StoreKeys.of(untilUs))) {
      return next.hasNext() ? Math.min(untilUs, StoreKeys.time(next.next().key) + stepUs) : untilUs;
    }
  }

  /**
   * Takes so many series further.
   *
   * @return whether nothing is pending any more
   */
  boolean advance(int series) {
    int left = series;
    while (isPending() && left > 0) {
      left -= isJudged ? expire(left) : judge(left);
    }
    return !isPending();
  }

  /** Judges series that have windows in the step, in the order of their names. */
  private int judge(int most) {
    int judged = 0;
    long endUs = pending.get(0);
    String open = "";
    List<KeyValue<Bytes, byte[]>> own = new ArrayList<>();
    List<KeyValue<Bytes, byte[]>> chunk;
    @Nullable Bytes last = place;
    do {
      chunk =
          DetectStores.chunk(
              stores.windows(), StoreKeys.of(endUs - stepUs), StoreKeys.of(endUs), last);
      for (KeyValue<Bytes, byte[]> stored : chunk) {
        String key = StoreKeys.textBeforeTail(stored.key);
        if (!key.equals(open) && !own.isEmpty()) {
          judge(open, endUs, own);
          own.clear();
          judged++;
          if (judged == most) {
            place = last;
            return judged;
          }
        }
        open = key;
        own.add(stored);
        last = stored.key;
      }
    } while (chunk.size() == DetectStores.CHUNK);
    if (!own.isEmpty()) {
      judge(open, endUs, own);
      judged++;
    }
    place = null;
    isJudged = true;
    return judged;
  }

  private void judge(String key, long stepEndUs, List<KeyValue<Bytes, byte[]>> own) {
    byte[] stored = stores.series().get(StoreKeys.of(key));
    if (stored == null) {
      metrics.seriesRefused();
      own.forEach(window -> stores.windows().delete(window.key));
      return;
    }
    SeriesState state = SeriesState.of(stored);
    if (state.lastUs() >= stepEndUs - stepUs) {
      return; // before its turn, or before a restart; its windows were kept for an episode
    }
    judge(state, stepEndUs, own);
    stores.series().put(StoreKeys.of(key), state.toBytes());
    if (state.isWaiting()) {
      stores.waiting().put(StoreKeys.of(key), PRESENT);
    }
    if (!state.hasEpisode()) {
      own.forEach(window -> stores.windows().delete(window.key));
    }
  }

  private void judge(SeriesState state, long stepEndUs, List<KeyValue<Bytes, byte[]>> own) {
    StepSums sums = new StepSums();
    own.forEach(window -> sums.merge(sums(window.value)));
    RuleBook rules = references.of(state.key().tenant()).rules();
    SeriesEvaluator.Outcome outcome =
        evaluator.evaluate(
            state, stepEndUs - stepUs, sums, rules, finding -> out.found(stepEndUs, finding));
    metrics.seriesJudged(outcome.unusable());
  }

  /** The sums of a stored window, behind its revision. */
  static StepSums sums(byte[] stored) {
    StateReader from = new StateReader(stored);
    from.whole();
    return StepSums.load(from);
  }

  /**
   * Looks at series with an episode, which may have fallen silent, and at those whose hour may be
   * over. Then the next step's turn is.
   */
  private int expire(int most) {
    int looked = 0;
    List<KeyValue<Bytes, byte[]>> chunk = DetectStores.chunk(stores.waiting(), null, null, place);
    for (KeyValue<Bytes, byte[]> entry : chunk) {
      if (looked == most) {
        return looked;
      }
      expire(entry.key, pending.get(0));
      place = entry.key;
      looked++;
    }
    if (chunk.size() < DetectStores.CHUNK) {
      end();
    }
    return looked;
  }

  private void expire(Bytes name, long stepEndUs) {
    byte[] stored = stores.series().get(name);
    if (stored == null) {
      stores.waiting().delete(name);
      return;
    }
    SeriesState state = SeriesState.of(stored);
    RuleBook rules = references.of(state.key().tenant()).rules();
    evaluator.expire(state, stepEndUs - stepUs, rules, finding -> out.found(stepEndUs, finding));
    byte[] expired = state.toBytes();
    if (!Arrays.equals(expired, stored)) {
      stores.series().put(name, expired);
    }
    if (!state.isWaiting()) {
      stores.waiting().delete(name);
    }
  }

  private void end() {
    pending.remove(0);
    stores.progress().putAll(PENDING, pending);
    place = null;
    isJudged = false;
  }

  /**
   * Judges one series before its turn, so that it is as the closed steps leave it; what comes of
   * them later is not judged any more.
   *
   * @return whether it has an episode, which what comes late may amend
   */
  boolean settle(String key) {
    pending.forEach(stepEndUs -> settle(key, stepEndUs));
    Bytes name = StoreKeys.of(key);
    byte[] stored = stores.series().get(name);
    if (stored == null || stores.waiting().get(name) == null) {
      return false;
    }
    SeriesState state = SeriesState.of(stored);
    if (!state.hasEpisode()) {
      return false;
    }
    long overUs = closedUs() - stepUs;
    if (state.lastUs() < overUs) {
      state.seen(overUs);
      stores.series().put(name, state.toBytes());
    }
    return true;
  }

  private void settle(String key, long stepEndUs) {
    List<KeyValue<Bytes, byte[]>> own = stores.windowsOf(key, stepEndUs - stepUs, stepUs);
    if (!own.isEmpty()) {
      judge(key, stepEndUs, own);
    }
    Bytes name = StoreKeys.of(key);
    if (stores.waiting().get(name) != null) {
      expire(name, stepEndUs);
    }
  }
}
