package dev.tributary.standalone.backtest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which columns of a file are what, and which rows are not used. */
class SeriesFileTest {
  private static final long START = 1_772_409_600;

  @TempDir private Path folder;

  private final StringWriter errors = new StringWriter();

  private List<SeriesRow> read(String text) throws IOException {
    Path file = folder.resolve("series.csv");
    Files.writeString(file, text, StandardCharsets.UTF_8);
    Complaints complaints = new Complaints("series.csv", new PrintWriter(errors, true));
    return SeriesFile.read(file, complaints).rows();
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
        "n;\"Value\";label;time | 90;\"7\";a;1772409600 | 7 | 90",
      })
  void read_header_findsTheColumns(String header, String row, double value, double samples)
      throws IOException {
    List<SeriesRow> rows = read("\uFEFF" + header + "\r\n" + row + "\r\n");

    assertThat(rows).hasSize(1);
    assertThat(rows.get(0).timeUs()).isEqualTo(START * 1_000_000);
    assertThat(rows.get(0).value()).isEqualTo(value);
    assertThat(Double.compare(rows.get(0).samples(), samples)).isZero();
  }

  /** A row of numbers is no header, whatever its timestamp is: it is named, and n stays n. */
  @Test
  void read_firstTimestampUnreadable_isNoHeader() throws IOException {
    List<SeriesRow> rows = read("yesterday,10,50\n" + START + ",11,60\n");

    assertThat(rows).extracting(SeriesRow::samples).containsExactly(60.0);
    assertThat(errors.toString()).contains("line 1: unreadable timestamp: 'yesterday'");
  }

  @Test
  void read_samplesThatAreNone_areSaidAndUnknown() throws IOException {
    StringBuilder text = new StringBuilder();
    for (String n : new String[] {"5", "-3", "many", "1e400", "1e101", "", "0"}) {
      text.append(START + text.length()).append(",10,").append(n).append('\n');
    }

    List<SeriesRow> rows = read(text.toString());

    assertThat(rows).extracting(SeriesRow::refused).containsOnlyNulls();
    assertThat(rows)
        .extracting(SeriesRow::samples)
        .containsExactly(5.0, Double.NaN, Double.NaN, Double.NaN, Double.NaN, Double.NaN, 0.0);
    assertThat(errors.toString().lines())
        .hasSize(4)
        .allMatch(line -> line.contains("n is no number from 0 to 1e100, taken as unknown"));
    assertThat(errors.toString()).contains("line 2: ", "'-3'", "line 3: ", "'many'");
  }

  @ParameterizedTest
  @CsvSource({"5d", "0x1p3", "1_000", "1e5f", "NaN", "Infinity", "1e400", "five"})
  void read_valueThatIsNoDecimalNumber_isRefused(String value) throws IOException {
    List<SeriesRow> rows = read(START + "," + value + "\n" + (START + 1) + ",5\n");

    assertThat(rows).extracting(SeriesRow::refused).containsExactly(Refusal.NOT_A_NUMBER, null);
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

    List<SeriesRow> rows = read(text.toString());

    assertThat(rows.stream().filter(row -> row.refused() == Refusal.CLOCK_JUMP)).hasSize(ahead);
    assertThat(rows.stream().filter(row -> row.refused() == null)).hasSize(100 - ahead);
    assertThat(rows.get(at).refused()).isEqualTo(Refusal.CLOCK_JUMP);
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

    List<SeriesRow> rows = read(text.toString());

    assertThat(rows.stream().map(row -> row.refused() == null)).isEqualTo(isKept);
  }

  /** A row that comes late does not push out those before which it belongs. */
  @Test
  void read_oneRowLate_isTheOneRefused() throws IOException {
    StringBuilder text = new StringBuilder();
    for (int i : new int[] {0, 1, 3, 4, 5, 2, 6, 7, 8}) {
      text.append(START + 300 * i).append(",10\n");
    }

    List<SeriesRow> rows = read(text.toString());

    assertThat(rows.stream().filter(row -> row.refused() != null)).hasSize(1);
    assertThat(rows.get(5).refused()).isEqualTo(Refusal.OUT_OF_ORDER);
  }

  @Test
  void read_notUtf8_namesTheFile() throws IOException {
    Path file = folder.resolve("latin.csv");
    Files.write(file, "timestamp,value\n1,\u00e9".getBytes(StandardCharsets.ISO_8859_1));
    Complaints complaints = new Complaints("latin.csv", new PrintWriter(errors, true));

    assertThatThrownBy(() -> SeriesFile.read(file, complaints))
        .isInstanceOf(SeriesFileException.class)
        .hasMessage(file + ": not UTF-8");
  }
}
