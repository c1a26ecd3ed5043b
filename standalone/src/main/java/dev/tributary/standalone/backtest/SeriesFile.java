package dev.tributary.standalone.backtest;

import dev.tributary.anomaly.core.SeriesDetector;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
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

  /** Row from which {@link #latest} begins. */
  private int latestBack = -1;

  private long[] latest = {};

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
          if (isHeader(number, CsvLine.split(text, separator))) {
            continue;
          }
        }
        add(number, CsvLine.split(text, separator));
      }
    } catch (CharacterCodingException e) {
      throw new SeriesFileException(file + ": not UTF-8");
    }
    TimeFormat known = format;
    if (known == null) {
      throw new SeriesFileException(file + ": no row with a readable timestamp");
    }
    return new Content(refuseJumps(), known);
  }

  /**
   * A first row without a readable timestamp is a header, unless it has a number where names would
   * be. Its names find the columns; one that has no name of its own is the first of those left, and
   * none is two things at once: of {@code timestamp,count} the count is the value.
   */
  private boolean isHeader(long line, List<String> fields) throws IOException {
    String first = fields.get(0);
    boolean isTime = TimeFormat.of(first).read(first).isPresent();
    if (isTime || fields.stream().anyMatch(field -> !Double.isNaN(CsvLine.number(field)))) {
      return false;
    }
    if (fields.size() < 2) {
      throw new SeriesFileException(file + ", line " + line + ": expected timestamp,value[,n]");
    }
    int time = indexOf(fields, TIMES);
    int value = indexOf(fields, VALUES);
    int samples = indexOf(fields, SAMPLES);
    timeColumn = time >= 0 ? time : firstBut(fields.size(), value, samples);
    valueColumn = value >= 0 ? value : firstBut(fields.size(), timeColumn, samples);
    sampleColumn = samples == timeColumn || samples == valueColumn ? -1 : samples;
    return true;
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
    double value = CsvLine.number(text);
    Refusal refused = null;
    if (!Double.isFinite(value)) {
      refused = text.isEmpty() ? Refusal.EMPTY_VALUE : Refusal.NOT_A_NUMBER;
    } else if (Math.abs(value) > SeriesDetector.LARGEST) {
      refused = Refusal.TOO_LARGE;
    }
    double samples = samples(line, fields);
    rows.add(new SeriesRow(line, timestamp, time.getAsLong(), text, value, samples, refused));
  }

  /** NaN where they are not given, or are no number of samples, which is said. */
  private double samples(long line, List<String> fields) {
    String text = sampleColumn >= 0 && sampleColumn < fields.size() ? fields.get(sampleColumn) : "";
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

  /**
   * Time runs forwards: a row that stands still or goes back is refused, and so are rows ahead of
   * what follows when more than they are carry on from the row before them.
   */
  private List<SeriesRow> refuseJumps() {
    List<SeriesRow> kept = new ArrayList<>(rows.size());
    int[] backs = backs();
    long last = Long.MIN_VALUE;
    for (int i = 0; i < rows.size(); i++) {
      SeriesRow row = rows.get(i);
      Refusal reason = row.refused();
      if (row.timeUs() == last) {
        reason = Refusal.DUPLICATE;
      } else if (row.timeUs() < last) {
        reason = Refusal.OUT_OF_ORDER;
      } else if (isAhead(i, backs[i], last)) {
        reason = Refusal.CLOCK_JUMP;
      } else {
        last = row.timeUs();
      }
      kept.add(reason == null ? row : row.refusedFor(reason));
    }
    return kept;
  }

  /** Per row the next one that is before the row above it; as many as there are rows: none. */
  private int[] backs() {
    int[] backs = new int[rows.size()];
    int next = rows.size();
    for (int i = rows.size() - 1; i >= 0; i--) {
      backs[i] = next;
      next = i > 0 && rows.get(i).timeUs() < rows.get(i - 1).timeUs() ? i : next;
    }
    return backs;
  }

  /**
   * Whether time goes back after a row, between it and the row before, for more rows than lie ahead
   * with it, and two at least.
   */
  private boolean isAhead(int i, int back, long last) {
    int more = back - i + 1;
    if (back + more > rows.size() || rows.get(back).timeUs() <= last) {
      return false;
    }
    return latestFrom(back, more) < rows.get(i).timeUs();
  }

  /** Latest of so many rows from one on; asked of one beginning with ever fewer rows. */
  private long latestFrom(int back, int more) {
    if (back != latestBack) {
      latestBack = back;
      latest = new long[more];
      for (int j = 0; j < more; j++) {
        long timeUs = rows.get(back + j).timeUs();
        latest[j] = j == 0 ? timeUs : Math.max(timeUs, latest[j - 1]);
      }
    }
    return latest[more - 1];
  }
}
