package dev.tributary.normalize;

import dev.tributary.normalize.core.AvroIntake;
import dev.tributary.normalize.core.Erasures;
import dev.tributary.normalize.core.NormalizeContext;
import dev.tributary.runtime.errors.UndecodableRecordException;
import dev.tributary.runtime.metrics.InputMetrics;
import dev.tributary.schemas.Span;
import java.time.Clock;
import org.apache.kafka.streams.processor.api.Record;

/** One span in our own schema in, the same out, checked and under its tenant. */
final class AvroSpanProcessor extends NormalizeProcessor<Span> {
  private final AvroIntake intake;

  AvroSpanProcessor(
      NormalizeConfig config, NormalizeMetrics metrics, Erasures erasures, Clock clock) {
    super(config, metrics, erasures, clock);
    this.intake = new AvroIntake(config.rules(), config.pseudonyms(), metrics);
  }

  @Override
  void normalize(Record<byte[], Span> record, NormalizeContext at, InputMetrics input) {
    input.received();
    Span span = record.value();
    if (span == null) {
      throw new UndecodableRecordException(DeadLetterReason.EMPTY_RECORD.name());
    }
    accept(intake.take(span, at), at, input);
  }
}
