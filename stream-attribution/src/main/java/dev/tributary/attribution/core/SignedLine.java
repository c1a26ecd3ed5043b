package dev.tributary.attribution.core;

import dev.tributary.schemas.EntryCause;
import org.jspecify.annotations.Nullable;

/**
 * An entry for the ledger.
 *
 * @param key tenant and source
 * @param sign +1 books the line, -1 retracts it
 * @param revision the line's, from 1; a retraction carries the one it retracts
 * @param runId correction run; null: the live stream
 * @param eventTimeUs the line's event time
 * @param serviceVersion version of the service that sent the span; null: not stated, or not known
 *     any more
 * @param line the line's Avro bytes
 */
@SuppressWarnings("ArrayRecordComponent") // never compared as a whole, never changed
public record SignedLine(
    String key,
    int sign,
    long revision,
    EntryCause cause,
    @Nullable String runId,
    long eventTimeUs,
    @Nullable String serviceVersion,
    byte[] line) {}
