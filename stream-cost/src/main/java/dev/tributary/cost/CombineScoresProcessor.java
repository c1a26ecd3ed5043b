package dev.tributary.cost;

import dev.tributary.cost.core.CombinedPart;
import dev.tributary.cost.core.MergeInput;
import dev.tributary.cost.core.PartContribution;
import dev.tributary.cost.core.PartKey;
import dev.tributary.cost.core.ScoreCells;
import dev.tributary.runtime.combine.CombiningStore;
import dev.tributary.runtime.combine.DrainCause;
import dev.tributary.runtime.combine.DrainTarget;
import dev.tributary.runtime.errors.UndecodableRecordException;
import dev.tributary.runtime.metrics.InputMetrics;
import dev.tributary.schemas.Score;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;

/**
 * Sums the scores of a partition into parts of windows, and hands them over at each commit. Who
 * writes scores drops repeated ones; a score that was written stays.
 */
final class CombineScoresProcessor extends ContextualProcessor<String, Score, String, MergeInput>
    implements DrainTarget<PartKey, CombinedPart> {

  private final CostMetrics metrics;
  private final ScoreCells cells;
  private CombiningStore<PartKey, PartContribution, CombinedPart> parts;
  private InputMetrics input;
  private HeldInput held;

  @SuppressWarnings("NullAway.Init") // init() comes before everything else
  CombineScoresProcessor(CostConfig config, CostMetrics metrics) {
    this.metrics = metrics;
    this.cells = new ScoreCells(config.groupingSets());
  }

  @Override
  public void init(ProcessorContext<String, MergeInput> context) {
    super.init(context);
    input = metrics.scores(context.taskId().partition());
    // A task whose state was lost begins again with the same processor.
    close();
    held = new HeldInput(input);
    parts = context.getStateStore(CostTopologyNames.SCORE_PARTS);
    parts.drainTo(context, this);
  }

  @Override
  public void process(Record<String, Score> score) {
    input.received();
    read(score.value());
    if (cells.sets() == 0) {
      input.dropped(DropReason.NO_MEASURE);
      return;
    }
    held.took();
    for (int set = 0; set < cells.sets(); set++) {
      parts.add(cells.key(set), cells);
    }
  }

  private void read(Score score) {
    try {
      cells.read(score);
    } catch (IllegalArgumentException e) {
      throw new UndecodableRecordException("INVALID_SCORE", e);
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
    if (cause == DrainCause.COMMIT) {
      held.sent();
    }
  }

  @Override
  public void close() {
    if (held != null) {
      held.abandon();
    }
  }
}
