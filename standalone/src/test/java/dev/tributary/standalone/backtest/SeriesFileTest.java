package dev.tributary.standalone.backtest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.standalone.text.CsvLine;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which columns of a file are what, and which rows are not used. */
class SeriesFileTest {
  private static final long START = 1_772_409_600;

  @TempDir private Path folder;

  private final StringWriter errors = new StringWriter();

  private SeriesRows read(String text) throws IOException {
    Path file = folder.resolve("series.csv");
    Files.writeString(file, text, StandardCharsets.UTF_8);
    Narration narration = Narration.of(new PrintWriter(errors, true));
    return SeriesFile.read(file, new Complaints("series.csv", narration), narration).rows();
  }

  private SeriesRows ordered(String text) throws IOException {
    SeriesRows rows = read(text);
    TimeOrder.of(rows).refuseRepeated();
    return rows;
  }

  private static List<@Nullable Refusal> refusals(SeriesRows rows) {
    List<@Nullable Refusal> refusals = new ArrayList<>();
    for (int i = 0; i < rows.size(); i++) {
      refusals.add(rows.refused(i));
    }
    return refusals;
  }

  /** No column is two things. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "timestamp,value,n      | 1772409600,7,90    | 7 | 90",
        "timestamp,count        | 1772409600,7       | 7 | NaN",
        "timestamp,count,ms     | 1772409600,90,7    | 7 | 90",
        "count,timestamp,ms     | 90,1772409600,7    | 7 | 90",
        "ms,timestamp           | 7,1772409600       | 7 | NaN",
        "n,ts                   | 7,1772409600       | 7 | NaN",
        "value,when             | 7,1772409600       | 7 | NaN",
        "value,n,when           | 7,90,1772409600    | 7 | 90",
        "when,what,who          | 1772409600,7,90    | 7 | NaN",
        "timestamp,metric,value | 1772409600,cpu,7 | 7 | NaN",
        "date,calls,value,n,timestamp | today,1,7,90,1772409600 | 7 | 90",
        "timestamp,value,99     | 1772409600,7,5     | 7 | NaN",
        "time,-,n/a             | 1772409600,7,5     | 7 | NaN",
        "n;\"Value\";label;time | 90;\"7\";a;1772409600 | 7 | 90",
      })
  void read_header_findsTheColumns(String header, String row, double value, double samples)
      throws IOException {
    SeriesRows rows = read("\uFEFF" + header + "\r\n" + row + "\r\n");

    assertThat(rows.size()).isEqualTo(1);
    assertThat(rows.timeUs(0)).isEqualTo(START * 1_000_000);
    assertThat(rows.value(0)).isEqualTo(value);
    assertThat(Double.compare(rows.samples(0), samples)).isZero();
  }

  /** A row of numbers is no header, whatever its timestamp is: it is named, and n stays n. */
  @Test
  void read_firstTimestampUnreadable_isNoHeader() throws IOException {
    SeriesRows rows = read("yesterday,10,50\n" + START + ",11,60\n");

    assertThat(refusals(rows)).containsExactly(Refusal.UNREADABLE_TIME, null);
    assertThat(rows.samples(1)).isEqualTo(60.0);
    assertThat(errors.toString()).contains("line 1: unreadable timestamp: 'yesterday'");
  }

  /** Nor is one in which nothing is known: it has a line in the output as every row. */
  @ParameterizedTest
  @ValueSource(strings = {"n/a,n/a", "NaN;null;None", "-,", ",", "\"\",N/A"})
  void read_firstRowOfPlaceholders_isNoHeader(String first) throws IOException {
    char separator = CsvLine.separatorOf(first);
    SeriesRows rows = read(first + "\n" + START + separator + "11" + separator + "60\n");

    assertThat(refusals(rows)).containsExactly(Refusal.UNREADABLE_TIME, null);
    assertThat(rows.samples(1)).isEqualTo(60.0);
    assertThat(errors.toString()).contains("line 1: unreadable timestamp: '");
  }

  @Test
  void read_samplesThatAreNone_areSaidAndUnknown() throws IOException {
    StringBuilder text = new StringBuilder();
    for (String n : new String[] {"5", "-3", "many", "1e400", "1e101", "", "0"}) {
      text.append(START + text.length()).append(",10,").append(n).append('\n');
    }

    SeriesRows rows = read(text.toString());

    assertThat(refusals(rows)).containsOnlyNulls();
    assertThat(IntStream.range(0, rows.size()).mapToObj(rows::samples))
        .containsExactly(5.0, Double.NaN, Double.NaN, Double.NaN, Double.NaN, Double.NaN, 0.0);
    assertThat(errors.toString().lines())
        .hasSize(4)
        .allMatch(line -> line.contains("n is no number from 0 to 1e100, taken as unknown"));
    assertThat(errors.toString()).contains("line 2: ", "'-3'", "line 3: ", "'many'");
  }

  @ParameterizedTest
  @CsvSource({"5d", "0x1p3", "1_000", "1e5f", "NaN", "Infinity", "1e400", "five"})
  void read_valueThatIsNoDecimalNumber_isRefused(String value) throws IOException {
    SeriesRows rows = read(START + "," + value + "\n" + (START + 1) + ",5\n");

    assertThat(refusals(rows)).containsExactly(Refusal.NOT_A_NUMBER, null);
  }

  /** A clock that is ahead for a while costs what was written then, and nothing after it. */
  @ParameterizedTest
  @CsvSource({"0, 1", "0, 4", "50, 1", "50, 2", "50, 24", "97, 1"})
  void read_rowsAhead_areRefusedAndNoOther(int at, int ahead) throws IOException {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 100; i++) {
      boolean isAhead = i >= at && i < at + ahead && (at > 0 || i < ahead);
      text.append(START + 300 * i + (isAhead ? 1_000_000_000L : 0)).append(",10\n");
    }

    SeriesRows rows = ordered(text.toString());

    assertThat(Collections.frequency(refusals(rows), Refusal.CLOCK_AHEAD)).isEqualTo(ahead);
    assertThat(Collections.frequency(refusals(rows), null)).isEqualTo(100 - ahead);
    assertThat(rows.refused(at)).isEqualTo(Refusal.CLOCK_AHEAD);
  }

  /** The same in a file with the newest row first. */
  @ParameterizedTest
  @CsvSource({
    "50, 1, 1000000000, CLOCK_AHEAD",
    "50, 24, 1000000000, CLOCK_AHEAD",
    "99, 1, 1000000000, CLOCK_AHEAD",
    "5, 1, -1000000000, CLOCK_BEHIND",
    "50, 24, -1000000000, CLOCK_BEHIND",
    "0, 4, -1000000000, CLOCK_BEHIND",
  })
  void read_newestFirst_wrongClockIsRefusedAndNoOther(
      int at, int wrong, long seconds, Refusal expected) throws IOException {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 100; i++) {
      boolean isWrong = i >= at && i < at + wrong;
      text.append(START - 300 * i + (isWrong ? seconds : 0)).append(",10\n");
    }

    List<@Nullable Refusal> refusals = refusals(ordered(text.toString()));

    assertThat(refusals.subList(at, at + wrong)).containsOnly(expected);
    assertThat(Collections.frequency(refusals, null)).isEqualTo(100 - wrong);
  }

  /** Files joined in whatever order: a block is no clock that was wrong for a moment. */
  @ParameterizedTest
  @CsvSource({"300, 900", "900, 300", "10, 900", "900, 10"})
  void read_newerBlockFirst_refusesNone(int newer, int older) throws IOException {
    for (boolean isNewestFirst : new boolean[] {false, true}) {
      List<String> lines = new ArrayList<>();
      for (int i = 0; i < newer + older; i++) {
        long start = i < newer ? START + 13_000_000 : START;
        lines.add(start + 300L * i + ",10");
      }
      if (isNewestFirst) {
        Collections.reverse(lines);
      }

      assertThat(refusals(ordered(String.join("\n", lines)))).containsOnlyNulls();
    }
  }

  /** What is wrong beside such a block is found all the same. */
  @Test
  void read_newerBlockFirstAndAWrongClock_refusesTheClockOnly() throws IOException {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 400; i++) {
      long start = i < 100 ? START + 13_000_000 : START;
      text.append(start + 300L * i + (i == 250 ? 2_000_000_000L : 0)).append(",10\n");
    }

    List<@Nullable Refusal> refusals = refusals(ordered(text.toString()));

    assertThat(refusals.get(250)).isEqualTo(Refusal.CLOCK_AHEAD);
    assertThat(Collections.frequency(refusals, null)).isEqualTo(399);
  }

  /** What was not used itself takes no later row's place, and keeps its own reason. */
  @Test
  void read_repeatedTime_onlyBehindAUsedRowIsRefused() throws IOException {
    StringBuilder text = new StringBuilder();
    for (String value : new String[] {"", "many", "106.694", "107", ""}) {
      text.append("2026-03-02T00:35:00,").append(value).append('\n');
    }

    assertThat(refusals(ordered(text.toString())))
        .containsExactly(
            Refusal.EMPTY_VALUE,
            Refusal.NOT_A_NUMBER,
            null,
            Refusal.DUPLICATE,
            Refusal.EMPTY_VALUE);
  }

  /** Where the hour comes twice, as on the last day of summer time, the first is kept. */
  @Test
  void read_anHourTwice_keepsTheFirst() throws IOException {
    StringBuilder text = new StringBuilder();
    List<Boolean> isKept = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      text.append(START + 300 * (i < 20 ? i : i - 12)).append(",10\n");
      isKept.add(i < 20 || i >= 32);
    }

    SeriesRows rows = ordered(text.toString());

    assertThat(refusals(rows).stream().map(refused -> refused == null)).isEqualTo(isKept);
  }

  @Test
  void of_oneRowLate_isPutWhereItBelongs() throws IOException {
    StringBuilder text = new StringBuilder();
    for (int i : new int[] {0, 1, 3, 4, 5, 2, 6, 7, 8}) {
      text.append(START + 300 * i).append(",10\n");
    }

    SeriesRows rows = read(text.toString());
    TimeOrder order = TimeOrder.of(rows);

    assertThat(refusals(rows)).containsOnlyNulls();
    assertThat(IntStream.range(0, order.size()).map(order::row))
        .containsExactly(0, 1, 5, 2, 3, 4, 6, 7, 8);
    assertThat(order.late()).isEqualTo(1);
  }

  /** Texts come back as written, wherever a block of them ends. */
  @Test
  void texts_many_areReadAgain() throws IOException {
    StringBuilder text = new StringBuilder();
    List<String> written = new ArrayList<>();
    Random random = new Random(7);
    for (int i = 0; i < 60_000; i++) {
      String value = "é".repeat(random.nextInt(40)) + i;
      written.add(value);
      text.append(START + i).append(',').append(value).append('\n');
    }

    SeriesRows rows = read(text.toString());

    Texts.Reader texts = rows.texts();
    for (int i = 0; i < rows.size(); i++) {
      assertThat(texts.next()).isEqualTo(Long.toString(START + i));
      assertThat(texts.next()).isEqualTo(written.get(i));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"03/04/2024 00:00", "03/04/2024", "13/04/24", "3-4-2024 1:00", "3.4.2024"})
  void read_dayOrMonthFirst_isRefused(String timestamp) {
    assertThatThrownBy(() -> read("timestamp,value\n" + timestamp + ",5\n"))
        .isInstanceOf(SeriesFileException.class)
        .hasMessageContaining("line 2: '" + timestamp + "' does not say whether the day or the");
  }

  @Test
  void read_folder_isNamed() {
    Narration narration = Narration.of(new PrintWriter(errors, true));

    assertThatThrownBy(
            () -> SeriesFile.read(folder, new Complaints("folder", narration), narration))
        .isInstanceOf(SeriesFileException.class)
        .hasMessage(folder + ": is a folder, not a file");
  }

  @Test
  void read_notUtf8_namesTheFile() throws IOException {
    Path file = folder.resolve("latin.csv");
    Files.write(file, "timestamp,value\n1,\u00e9".getBytes(StandardCharsets.ISO_8859_1));
    Narration narration = Narration.of(new PrintWriter(errors, true));

    assertThatThrownBy(
            () -> SeriesFile.read(file, new Complaints("latin.csv", narration), narration))
        .isInstanceOf(SeriesFileException.class)
        .hasMessage(file + ": not UTF-8");
  }
}
