package dev.tributary.standalone.backtest;

import org.jspecify.annotations.Nullable;

/**
 * A row of a series file whose timestamp could be read.
 *
 * @param line its line in the file, from 1
 * @param timestamp as written
 * @param timeUs microseconds since the epoch
 * @param text value as written
 * @param value the value; NaN where it was refused
 * @param samples samples behind it; NaN where not given
 * @param refused why the row is not used; null where it is
 */
record SeriesRow(
    long line,
    String timestamp,
    long timeUs,
    String text,
    double value,
    double samples,
    @Nullable Refusal refused) {

  SeriesRow refusedFor(Refusal reason) {
    return new SeriesRow(line, timestamp, timeUs, text, value, samples, reason);
  }
}
