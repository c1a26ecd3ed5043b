package dev.tributary.standalone.backtest;

import dev.tributary.standalone.text.CsvLine;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which column of a series file is what.
 *
 * @param time column of the timestamp, from 0
 * @param value column of the value
 * @param samples column of the samples behind it; -1: there is none
 * @param names names of the columns; empty without a header
 */
record SeriesColumns(int time, int value, int samples, List<String> names) {
  /** Without a header: {@code timestamp,value[,n]}. */
  static final SeriesColumns POSITIONAL = new SeriesColumns(0, 1, 2, List.of());

  /** The plainest names first: of a file that has several of them, the first is meant. */
  private static final List<Set<String>> TIMES =
      List.of(Set.of("timestamp"), Set.of("time", "datetime", "date", "ts", "timestamps"));

  private static final List<Set<String>> VALUES =
      List.of(Set.of("value"), Set.of("values"), Set.of("y", "metric"));
  private static final List<Set<String>> SAMPLES =
      List.of(Set.of("n"), Set.of("count", "samples", "calls"));

  /** What is written where nothing is known; none of them is a column's name. */
  private static final Set<String> PLACEHOLDERS =
      Set.of("n/a", "na", "nan", "null", "none", "-", "");

  /**
   * Reads a file's first row as a header. One without a readable timestamp is one, unless it has a
   * number where names would be and names no value, or nothing but placeholders. Its names find the
   * columns; one that has no name of its own is the first of those left, and none is two things at
   * once: of {@code timestamp,count} the count is the value.
   *
   * @return null where the row is no header
   */
  static @Nullable SeriesColumns of(List<String> fields) {
    int time = indexOf(fields, TIMES);
    int value = indexOf(fields, VALUES);
    int samples = indexOf(fields, SAMPLES);
    String first = fields.get(0);
    boolean isNamed = time >= 0 && value >= 0;
    boolean hasNumber = fields.stream().anyMatch(field -> !Double.isNaN(CsvLine.number(field)));
    boolean isUnknown =
        fields.stream().allMatch(field -> PLACEHOLDERS.contains(field.toLowerCase(Locale.ROOT)));
    if (isUnknown || TimeFormat.of(first).read(first).isPresent() || (hasNumber && !isNamed)) {
      return null;
    }
    int ofTime = time >= 0 ? time : firstBut(fields.size(), value, samples);
    int ofValue = value >= 0 ? value : firstBut(fields.size(), ofTime, samples);
    return new SeriesColumns(
        ofTime, ofValue, samples == ofTime || samples == ofValue ? -1 : samples, fields);
  }

  /** The value's column, for messages. */
  String valueInWords() {
    return names.isEmpty() ? "column " + (value + 1) : "column " + names.get(value);
  }

  /** The timestamp's column, for messages. */
  String timeInWords() {
    return names.isEmpty() ? "column " + (time + 1) : "column " + names.get(time);
  }

  /** The first column that is none of two; the second of them where all are. */
  private static int firstBut(int columns, int one, int other) {
    for (int i = 0; i < columns; i++) {
      if (i != one && i != other) {
        return i;
      }
    }
    return other;
  }

  private static int indexOf(List<String> fields, List<Set<String>> names) {
    for (Set<String> alike : names) {
      for (int i = 0; i < fields.size(); i++) {
        if (alike.contains(fields.get(i).toLowerCase(Locale.ROOT))) {
          return i;
        }
      }
    }
    return -1;
  }
}
