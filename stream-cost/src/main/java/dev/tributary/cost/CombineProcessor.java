package dev.tributary.cost;

import dev.tributary.cost.core.CombinedPart;
import dev.tributary.cost.core.EntryCells;
import dev.tributary.cost.core.LedgerClock;
import dev.tributary.cost.core.MergeInput;
import dev.tributary.cost.core.PartContribution;
import dev.tributary.cost.core.PartKey;
import dev.tributary.runtime.combine.CombiningStore;
import dev.tributary.runtime.combine.DrainCause;
import dev.tributary.runtime.combine.DrainTarget;
import dev.tributary.runtime.errors.UndecodableRecordException;
import dev.tributary.runtime.metrics.InputMetrics;
import dev.tributary.schemas.LedgerEntry;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/**
 * Sums the entries of a ledger partition into parts of windows, and hands them over at each commit
 * with the partition's clock behind them.
 */
final class CombineProcessor extends ContextualProcessor<String, LedgerEntry, String, MergeInput>
    implements DrainTarget<PartKey, CombinedPart> {

  /** Key of clock records; every partition gets them, so it says nothing. */
  static final String CLOCK_KEY = "clock";

  private final CostConfig config;
  private final CostMetrics metrics;
  private final EntryCells cells;
  private LedgerClock clock;
  private CombiningStore<PartKey, PartContribution, CombinedPart> parts;
  private InputMetrics input;
  private HeldInput held;
  private boolean hasNews;

  @SuppressWarnings("NullAway.Init") // init() comes before everything else
  CombineProcessor(CostConfig config, CostMetrics metrics) {
    this.config = config;
    this.metrics = metrics;
    this.cells =
        new EntryCells(
            config.groupingSets(), config.lowScores(), config.hasCells(), config.budgetScopes());
  }

  @Override
  public void init(ProcessorContext<String, MergeInput> context) {
    super.init(context);
    clock = new LedgerClock(config.clockSkewUs());
    input = metrics.ledger(context.taskId().partition());
    // A task whose state was lost begins again with the same processor.
    close();
    held = new HeldInput(input);
    hasNews = false;
    parts = context.getStateStore(CostTopologyNames.PARTS);
    parts.drainTo(context, this);
  }

  @Override
  public void process(Record<String, LedgerEntry> entry) {
    input.received();
    read(entry.value());
    clock.see(entry.value().getLine(), context().currentSystemTimeMs() * 1_000);
    hasNews = true;
    if (!cells.isMeasured()) {
      input.dropped(DropReason.NO_MEASURE);
      return;
    }
    held.took();
    for (int set = 0; set < cells.sets(); set++) {
      if (cells.enters(set)) {
        parts.add(cells.key(set), cells.contribution(set));
      }
    }
    for (int scope = 0; scope < cells.spends(); scope++) {
      parts.add(cells.spendKey(scope), cells.spend());
    }
  }

  private void read(LedgerEntry entry) {
    try {
      cells.read(entry);
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw new UndecodableRecordException("INVALID_ENTRY", e);
    }
  }

  @Override
  public void forward(PartKey key, CombinedPart part) {
    context()
        .forward(
            new Record<>(key.recordKey(), part.toPartial(key.startUs()), key.startUs() / 1_000));
  }

  @Override
  public void drained(DrainCause cause) {
    if (cause == DrainCause.FULL) {
      // In the middle of an entry: the rest of it is still to come.
      return;
    }
    held.sent();
    if (hasNews) {
      // Silence is silence: a commit without records says nothing about the time.
      hasNews = false;
      clock.readUs().ifPresent(this::sendClock);
    }
  }

  private void sendClock(long clockUs) {
    MergeInput record = new MergeInput.SourceClock(context().taskId().partition(), clockUs);
    context().forward(new Record<>(CLOCK_KEY, record, Math.max(0, clockUs / 1_000)));
  }

  @Override
  public void close() {
    if (held != null) {
      held.abandon();
    }
  }
}
