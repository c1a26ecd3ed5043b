package dev.tributary.standalone.backtest;

import dev.tributary.anomaly.core.SeriesDetector;
import dev.tributary.standalone.text.CsvLine;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Reads {@code timestamp,value[,n]}, with or without a header row. */
final class SeriesFile {
  /** So many rows between two tellings of how far the work is. */
  static final int ROWS_TOLD = 1 << 16;

  private final Path file;
  private final Complaints complaints;
  private final Narration narration;
  private final SeriesRows rows = new SeriesRows();
  private @Nullable TimeFormat format;
  private SeriesColumns columns = SeriesColumns.POSITIONAL;
  private char separator = ',';

  private SeriesFile(Path file, Complaints complaints, Narration narration) {
    this.file = file;
    this.complaints = complaints;
    this.narration = narration;
  }

  /**
   * Rows of a file.
   *
   * @param rows every row but blank ones and the header, in the file's order
   * @param format how its timestamps are written
   * @param columns which column is what
   */
  record Content(SeriesRows rows, TimeFormat format, SeriesColumns columns) {}

  /**
   * Reads a file.
   *
   * @throws SeriesFileException where it is a folder or not UTF-8, has no row with a readable
   *     timestamp, or dates of which nobody knows whether the day or the month comes first
   */
  static Content read(Path file, Complaints complaints, Narration narration) throws IOException {
    return new SeriesFile(file, complaints, narration).content();
  }

  private Content content() throws IOException {
    if (Files.isDirectory(file)) {
      throw new SeriesFileException(file + ": is a folder, not a file");
    }
    try (BufferedReader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      int number = 0;
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
          if (isHeader(number, CsvLine.split(text, separator))) {
            continue;
          }
        }
        add(number, CsvLine.split(text, separator));
        if (rows.size() % ROWS_TOLD == 0) {
          narration.progress("read", rows.size());
        }
      }
    } catch (CharacterCodingException e) {
      throw new SeriesFileException(file + ": not UTF-8");
    }
    TimeFormat known = format;
    if (known == null) {
      String where = rows.size() == 0 ? "" : " in " + columns.timeInWords();
      throw new SeriesFileException(file + ": no row with a readable timestamp" + where);
    }
    return new Content(rows, known, columns);
  }

  private boolean isHeader(long line, List<String> fields) throws IOException {
    SeriesColumns named = SeriesColumns.of(fields);
    if (named == null) {
      return false;
    }
    if (fields.size() < 2) {
      throw new SeriesFileException(file + ", line " + line + ": expected timestamp,value[,n]");
    }
    columns = named;
    return true;
  }

  private void add(int line, List<String> fields) throws IOException {
    String timestamp = field(fields, columns.time());
    String text = field(fields, columns.value());
    if (fields.size() <= Math.max(columns.time(), columns.value())) {
      complaints.add(Refusal.MISSING_COLUMN, line, String.join(",", fields));
      rows.add(line, timestamp, 0, text, Double.NaN, Double.NaN, Refusal.MISSING_COLUMN);
      return;
    }
    TimeFormat known = format == null ? TimeFormat.of(timestamp) : format;
    OptionalLong time = known.read(timestamp);
    if (time.isEmpty()) {
      refuseAmbiguous(line, timestamp);
      complaints.add(Refusal.UNREADABLE_TIME, line, timestamp);
      rows.add(line, timestamp, 0, text, Double.NaN, Double.NaN, Refusal.UNREADABLE_TIME);
      return;
    }
    format = known;
    double value = CsvLine.number(text);
    Refusal refused = null;
    if (!Double.isFinite(value)) {
      refused = text.isEmpty() ? Refusal.EMPTY_VALUE : Refusal.NOT_A_NUMBER;
    } else if (Math.abs(value) > SeriesDetector.LARGEST) {
      refused = Refusal.TOO_LARGE;
    }
    rows.add(line, timestamp, time.getAsLong(), text, value, samples(line, fields), refused);
  }

  private static String field(List<String> fields, int column) {
    return column >= 0 && column < fields.size() ? fields.get(column) : "";
  }

  /** Only of the file's first time: behind one that can be read it is a single bad row. */
  private void refuseAmbiguous(long line, String timestamp) throws IOException {
    if (format == null && TimeFormat.isAmbiguous(timestamp)) {
      throw new SeriesFileException(
          file
              + ", line "
              + line
              + ": '"
              + timestamp
              + "' does not say whether the day or the month comes first; write the year first,"
              + " as 2024-04-03 00:00:00");
    }
  }

  /** NaN where they are not given, or are no number of samples, which is said. */
  private double samples(long line, List<String> fields) {
    String text = field(fields, columns.samples());
    if (text.isEmpty()) {
      return Double.NaN;
    }
    double samples = CsvLine.number(text);
    if (samples >= 0 && samples <= SeriesDetector.LARGEST) {
      return samples;
    }
    complaints.add(Refusal.NO_COUNT, line, text);
    return Double.NaN;
  }
}
