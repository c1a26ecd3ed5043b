package dev.tributary.cost;

import dev.tributary.runtime.metrics.InputMetrics;
import dev.tributary.runtime.metrics.ModuleMetrics;
import dev.tributary.schemas.TopicNames;
import dev.tributary.schemas.Topics;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The counters of this module. For {@code llm.ledger}, per partition: received = sent_primary (in a
 * drained part) + dropped (no measure) + dead_lettered + in_state (in a part not yet drained). The
 * same for {@code llm.scores}. For the repartition topic: received = sent_primary (merged into a
 * window, or a clock heard) + dropped (beyond revisable).
 */
final class CostMetrics {
  /** Windows sent at the close of their minute. */
  static final String WINDOWS_CLOSED = "tributary.cost.windows.closed";

  /** Revisions sent after the close. */
  static final String WINDOWS_REVISED = "tributary.cost.windows.revised";

  /** Windows whose state was deleted because nothing may change them any more. */
  static final String WINDOWS_EVICTED = "tributary.cost.windows.evicted";

  /** Cells sent at the close of their five minutes. */
  static final String CELLS_CLOSED = "tributary.cost.cells.closed";

  /** Revisions of cells sent after the close. */
  static final String CELLS_REVISED = "tributary.cost.cells.revised";

  /** Cells added to their feature's {@code other} at the close because they were too small. */
  static final String CELLS_FOLDED = "tributary.cost.cells.folded";

  /** States of budgets sent because they changed. */
  static final String BUDGET_SIGNALS = "tributary.cost.budget.signals";

  /** Crossings of budgets, their amendments, and forecasts beyond the amount. */
  static final String BUDGET_EVENTS = "tributary.cost.budget.events";

  /** Versions of budgets that were refused. */
  static final String REFERENCE_REFUSED = "tributary.cost.reference.refused";

  /**
   * Values of what spend is kept by that no call of their day or the day before had, by tenant and
   * tag.
   */
  static final String TAG_VALUES_NEW = "tributary.cost.tag.values.new";

  /** Ledger entries in parts that came too late, once per grouping set. */
  static final String ENTRIES_BEYOND = "tributary.cost.entries.beyond.revisable";

  /** End of the last closed minute, seconds since the epoch; one per partition. */
  static final String CLOSED_UNTIL_S = "tributary.cost.closed.until.s";

  private final ModuleMetrics metrics;
  private final String ledger;
  private final String scores;
  private final String windows;
  private final Counter closed;
  private final Counter revised;
  private final Counter evicted;
  private final Counter cellsClosed;
  private final Counter cellsRevised;
  private final Counter cellsFolded;
  private final Counter budgetSignals;
  private final Counter budgetEvents;
  private final Counter sentSignals;
  private final Counter sentEvents;
  private final Counter referenceRefused;
  private final Counter beyond;
  private final Counter sent;

  CostMetrics(MeterRegistry registry, TopicNames names) {
    metrics = new ModuleMetrics(registry, CostMain.APP.name());
    ledger = names.of(Topics.LEDGER);
    scores = names.of(Topics.SCORES);
    windows = names.of(Topics.WINDOWS);
    closed = metrics.counter(WINDOWS_CLOSED);
    revised = metrics.counter(WINDOWS_REVISED);
    evicted = metrics.counter(WINDOWS_EVICTED);
    cellsClosed = metrics.counter(CELLS_CLOSED);
    cellsRevised = metrics.counter(CELLS_REVISED);
    cellsFolded = metrics.counter(CELLS_FOLDED);
    budgetSignals = metrics.counter(BUDGET_SIGNALS);
    budgetEvents = metrics.counter(BUDGET_EVENTS);
    sentSignals = metrics.sentTo(names.of(Topics.SIGNALS));
    sentEvents = metrics.sentTo(names.of(Topics.EVENTS));
    referenceRefused = metrics.counter(REFERENCE_REFUSED);
    beyond = metrics.counter(ENTRIES_BEYOND);
    sent = metrics.sentTo(windows);
  }

  InputMetrics ledger(int partition) {
    return metrics.input(ledger, partition);
  }

  InputMetrics scores(int partition) {
    return metrics.input(scores, partition);
  }

  InputMetrics partials(int partition) {
    return metrics.input(CostTopologyNames.PARTIALS, partition);
  }

  /** Holds the end of the last closed minute of a partition, microseconds since the epoch. */
  AtomicLong closedUntil(int partition) {
    AtomicLong holder = new AtomicLong();
    metrics.gauge(
        CLOSED_UNTIL_S,
        holder,
        us -> us.get() / 1_000_000.0,
        "partition",
        Integer.toString(partition));
    return holder;
  }

  void windowSent(boolean isLate, long ageMs) {
    (isLate ? revised : closed).increment();
    sent.increment();
    metrics.recordAge(windows, ageMs);
  }

  void cellSent(boolean isLate) {
    (isLate ? cellsRevised : cellsClosed).increment();
    sent.increment();
  }

  void cellFolded() {
    cellsFolded.increment();
  }

  void budgetSignal() {
    budgetSignals.increment();
    sentSignals.increment();
  }

  void budgetEvent() {
    budgetEvents.increment();
    sentEvents.increment();
  }

  void referenceRefused() {
    referenceRefused.increment();
  }

  void newTagValue(String tenant, String tag) {
    metrics.counter(TAG_VALUES_NEW, "tenant", tenant, "tag", tag).increment();
  }

  void minuteSent() {
    sent.increment();
  }

  void windowEvicted() {
    evicted.increment();
  }

  void entriesBeyond(long entries) {
    beyond.increment((double) entries);
  }
}
