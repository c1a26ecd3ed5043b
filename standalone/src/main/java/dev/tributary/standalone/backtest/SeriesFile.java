package dev.tributary.standalone.backtest;

import dev.tributary.anomaly.core.SeriesDetector;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads {@code timestamp,value[,n]}, with or without a header row. */
final class SeriesFile {
  private static final Set<String> TIMES =
      Set.of("timestamp", "time", "datetime", "date", "ts", "timestamps");
  private static final Set<String> VALUES = Set.of("value", "values", "y", "metric");
  private static final Set<String> SAMPLES = Set.of("n", "count", "samples", "calls");

  private final Path file;
  private final Complaints complaints;
  private final List<SeriesRow> rows = new ArrayList<>();
  private @Nullable TimeFormat format;
  private char separator = ',';
  private int timeColumn;
  private int valueColumn = 1;
  private int sampleColumn = 2;

  private SeriesFile(Path file, Complaints complaints) {
    this.file = file;
    this.complaints = complaints;
  }

  /**
   * Rows of a file.
   *
   * @param rows every row with a readable timestamp, in the file's order
   * @param format how its timestamps are written
   */
  record Content(List<SeriesRow> rows, TimeFormat format) {}

  static Content read(Path file, Complaints complaints) throws IOException {
    return new SeriesFile(file, complaints).content();
  }

  private Content content() throws IOException {
    try (BufferedReader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      long number = 0;
      boolean isFirst = true;
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        number++;
        String text = number == 1 && line.startsWith("\uFEFF") ? line.substring(1) : line;
        if (text.isBlank()) {
          continue;
        }
        if (isFirst) {
          isFirst = false;
          separator = CsvLine.separatorOf(text);
          if (isHeader(CsvLine.split(text, separator))) {
            continue;
          }
        }
        add(number, CsvLine.split(text, separator));
      }
    }
    TimeFormat known = format;
    if (known == null) {
      throw new SeriesFileException(file + ": no row with a readable timestamp");
    }
    return new Content(refuseJumps(), known);
  }

  /** A first row without a readable timestamp is a header; its names find the columns. */
  private boolean isHeader(List<String> fields) throws IOException {
    String first = fields.get(0);
    if (TimeFormat.of(first).read(first).isPresent()) {
      return false;
    }
    int time = indexOf(fields, TIMES);
    int value = indexOf(fields, VALUES);
    if (time < 0 && value < 0 && fields.size() < 2) {
      throw new SeriesFileException(file + ", line 1: expected timestamp,value[,n]");
    }
    timeColumn = Math.max(time, 0);
    valueColumn = value >= 0 ? value : timeColumn + 1;
    sampleColumn = indexOf(fields, SAMPLES);
    return true;
  }

  private static int indexOf(List<String> fields, Set<String> names) {
    for (int i = 0; i < fields.size(); i++) {
      if (names.contains(fields.get(i).toLowerCase(Locale.ROOT))) {
        return i;
      }
    }
    return -1;
  }

  private void add(long line, List<String> fields) {
    if (fields.size() <= Math.max(timeColumn, valueColumn)) {
      complaints.add(Refusal.MISSING_COLUMN, line, String.join(",", fields));
      return;
    }
    String timestamp = fields.get(timeColumn);
    TimeFormat known = format == null ? TimeFormat.of(timestamp) : format;
    OptionalLong time = known.read(timestamp);
    if (time.isEmpty()) {
      complaints.add(Refusal.UNREADABLE_TIME, line, timestamp);
      return;
    }
    format = known;
    String text = fields.get(valueColumn);
    double value = number(text);
    Refusal refused = null;
    if (!Double.isFinite(value)) {
      refused = text.isEmpty() ? Refusal.EMPTY_VALUE : Refusal.NOT_A_NUMBER;
    } else if (Math.abs(value) > SeriesDetector.LARGEST) {
      refused = Refusal.TOO_LARGE;
    }
    double samples =
        sampleColumn >= 0 && sampleColumn < fields.size()
            ? number(fields.get(sampleColumn))
            : Double.NaN;
    rows.add(new SeriesRow(line, timestamp, time.getAsLong(), text, value, samples, refused));
  }

  private static double number(String text) {
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      return Double.NaN;
    }
  }

  /**
   * Time runs forwards: a row that stands still or goes back is refused, and so is a row ahead of
   * everything that follows when the next one carries on from the row before.
   */
  private List<SeriesRow> refuseJumps() {
    List<SeriesRow> kept = new ArrayList<>(rows.size());
    long last = Long.MIN_VALUE;
    for (int i = 0; i < rows.size(); i++) {
      SeriesRow row = rows.get(i);
      Refusal reason = row.refused();
      if (row.timeUs() == last) {
        reason = Refusal.DUPLICATE;
      } else if (row.timeUs() < last) {
        reason = Refusal.OUT_OF_ORDER;
      } else if (isAhead(i, last)) {
        reason = Refusal.CLOCK_JUMP;
      } else {
        last = row.timeUs();
      }
      kept.add(reason == null ? row : row.refusedFor(reason));
    }
    return kept;
  }

  private boolean isAhead(int i, long last) {
    if (i + 2 >= rows.size() || i == 0) {
      return false;
    }
    long here = rows.get(i).timeUs();
    long next = rows.get(i + 1).timeUs();
    return next < here && next > last && rows.get(i + 2).timeUs() < here;
  }
}
