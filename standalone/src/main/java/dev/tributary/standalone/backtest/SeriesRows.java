package dev.tributary.standalone.backtest;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a series file, in the file's order and in columns: about 60 bytes a row, most of them
 * the texts. A row is known by its index from 0.
 */
final class SeriesRows {
  private static final int FIRST_ROWS = 1024;
  private static final List<Refusal> REFUSALS = List.of(Refusal.values());

  private final Texts texts = new Texts();
  private long[] timesUs = new long[FIRST_ROWS];
  private double[] values = new double[FIRST_ROWS];
  private byte[] refusals = new byte[FIRST_ROWS];
  private int[] lines = new int[FIRST_ROWS];

  /** Null as long as no row has any. */
  private double @Nullable [] samples;

  private int size;

  /**
   * Adds a row.
   *
   * @param line its line in the file, from 1
   * @param timestamp as written; empty where there is none
   * @param timeUs microseconds since the epoch; 0 where it could not be read
   * @param text value as written; empty where there is none
   * @param value the value; NaN where it is no number
   * @param count samples behind it; NaN where not given
   * @param refused why the row is not used; null where it is
   */
  void add(
      int line,
      String timestamp,
      long timeUs,
      String text,
      double value,
      double count,
      @Nullable Refusal refused) {
    if (size == lines.length) {
      grow(size + (size >> 1));
    }
    texts.add(timestamp);
    texts.add(text);
    lines[size] = line;
    timesUs[size] = timeUs;
    values[size] = value;
    if (!Double.isNaN(count)) {
      samplesOfAll()[size] = count;
    }
    size++;
    if (refused != null) {
      refuse(size - 1, refused);
    }
  }

  private void grow(int rows) {
    timesUs = Arrays.copyOf(timesUs, rows);
    values = Arrays.copyOf(values, rows);
    refusals = Arrays.copyOf(refusals, rows);
    lines = Arrays.copyOf(lines, rows);
    double[] known = samples;
    if (known != null) {
      samples = Arrays.copyOf(known, rows);
      Arrays.fill(samples, known.length, rows, Double.NaN);
    }
  }

  private double[] samplesOfAll() {
    double[] known = samples;
    if (known == null) {
      known = new double[lines.length];
      Arrays.fill(known, Double.NaN);
      samples = known;
    }
    return known;
  }

  /** How many there are. */
  int size() {
    return size;
  }

  int line(int row) {
    return lines[row];
  }

  /** Microseconds since the epoch; meaningless for a row without a time. */
  long timeUs(int row) {
    return timesUs[row];
  }

  /** NaN where it is no number. */
  double value(int row) {
    return values[row];
  }

  /** NaN where not given. */
  double samples(int row) {
    double[] known = samples;
    return known == null ? Double.NaN : known[row];
  }

  /** Why a row is not used; null where it is. */
  @Nullable Refusal refused(int row) {
    return refusals[row] == 0 ? null : REFUSALS.get(refusals[row] - 1);
  }

  boolean isUsed(int row) {
    return refusals[row] == 0;
  }

  /** Whether a row has a time that can be believed. */
  boolean hasPlace(int row) {
    Refusal refused = refused(row);
    return refused == null || refused.hasPlace();
  }

  void refuse(int row, Refusal reason) {
    refusals[row] = (byte) (REFUSALS.indexOf(reason) + 1);
  }

  /** Timestamp and value of every row in turn, as written. */
  Texts.Reader texts() {
    return texts.reader();
  }
}
