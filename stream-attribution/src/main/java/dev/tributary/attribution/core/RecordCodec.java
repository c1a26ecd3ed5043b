package dev.tributary.attribution.core;

import dev.tributary.schemas.LedgerLine;
import dev.tributary.schemas.Span;
import dev.tributary.schemas.TraceSummary;

/** Avro bytes of the records the join keeps; plain binary without a schema id. */
public interface RecordCodec {
  byte[] encode(Span span);

  Span decodeSpan(byte[] bytes);

  byte[] encode(LedgerLine line);

  byte[] encode(TraceSummary summary);

  LedgerLine decodeLine(byte[] bytes);
}
