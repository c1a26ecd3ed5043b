package dev.tributary.normalize.core;

import dev.tributary.schemas.Span;
import dev.tributary.schemas.SpanContent;
import org.jspecify.annotations.Nullable;

/** What became of one span of a batch. */
public sealed interface NormalizeResult {
  /** Position of the span in its batch, from 0. */
  int index();

  /**
   * A normalised span. Where its {@code usage_error} is set, its usage was refused.
   *
   * @param content its text; null: it has none
   */
  record Normalized(int index, Span span, @Nullable SpanContent content)
      implements NormalizeResult {}

  /**
   * A refused span.
   *
   * @param detail names, numbers and limits; never content
   * @param traceId as stated; null: unusable
   * @param spanId as stated; null: unusable
   * @param eventTimeUs as stated, microseconds since the epoch; null: unusable
   * @param serviceName null: not stated
   */
  record RejectedSpan(
      int index,
      RejectReason reason,
      String detail,
      @Nullable String traceId,
      @Nullable String spanId,
      @Nullable Long eventTimeUs,
      @Nullable String serviceName)
      implements NormalizeResult {}
}
