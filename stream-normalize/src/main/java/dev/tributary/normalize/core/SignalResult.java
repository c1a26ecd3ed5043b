package dev.tributary.normalize.core;

import dev.tributary.normalize.core.NormalizeResult.RejectedSpan;
import dev.tributary.schemas.EvalResult;
import dev.tributary.schemas.Event;
import dev.tributary.schemas.Gauge;
import dev.tributary.schemas.SpanContent;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What became of one log record, span event or data point. */
public sealed interface SignalResult {
  /**
   * An evaluation.
   *
   * @param content its text; null: none, or kept with its span
   */
  record Evaluated(EvalResult result, @Nullable SpanContent content) implements SignalResult {}

  /**
   * A call that failed.
   *
   * @param content its text; null: none
   */
  record Failed(Event event, @Nullable SpanContent content) implements SignalResult {}

  /** Measurements: one, or sum and count of a histogram. */
  record Measured(List<Gauge> gauges) implements SignalResult {}

  /** Without effect, by design. */
  record Dropped(DropReason reason) implements SignalResult {}

  /** Refused. */
  record Refused(RejectedSpan rejected) implements SignalResult {}
}
