package dev.tributary.attribution;

import dev.tributary.schemas.Span;

/**
 * A span with its own Avro bytes, as the join stores them.
 *
 * @param content never changed
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record IncomingSpan(Span span, byte[] content) {}
