package dev.tributary.embedded.clickhouse;

/**
 * Counters of a query, as in the header {@code X-ClickHouse-Summary}. Written rows include those of
 * materialized views.
 */
record Summary(
    long readRows,
    long readBytes,
    long writtenRows,
    long writtenBytes,
    long resultRows,
    long resultBytes,
    long elapsedNs) {

  static final Summary EMPTY = new Summary(0, 0, 0, 0, 0, 0, 0);

  /** Result counters add up over chunks; the storage counters of a chunk are running totals. */
  Summary plusChunk(Summary chunk) {
    return new Summary(
        Math.max(readRows, chunk.readRows),
        Math.max(readBytes, chunk.readBytes),
        Math.max(writtenRows, chunk.writtenRows),
        Math.max(writtenBytes, chunk.writtenBytes),
        resultRows + chunk.resultRows,
        resultBytes + chunk.resultBytes,
        Math.max(elapsedNs, chunk.elapsedNs));
  }

  /** The header's value: a JSON object whose numbers are strings, as ClickHouse writes them. */
  String toJson() {
    return "{\"read_rows\":\""
        + readRows
        + "\",\"read_bytes\":\""
        + readBytes
        + "\",\"written_rows\":\""
        + writtenRows
        + "\",\"written_bytes\":\""
        + writtenBytes
        + "\",\"total_rows_to_read\":\"0\",\"result_rows\":\""
        + resultRows
        + "\",\"result_bytes\":\""
        + resultBytes
        + "\",\"elapsed_ns\":\""
        + elapsedNs
        + "\"}";
  }
}
