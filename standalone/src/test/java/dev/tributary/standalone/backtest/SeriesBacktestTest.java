package dev.tributary.standalone.backtest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.anomaly.core.Episode;
import dev.tributary.anomaly.core.Policy;
import dev.tributary.anomaly.core.PolicyException;
import dev.tributary.anomaly.core.PolicyYaml;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SeriesBacktestTest {
  private static final Instant START = Instant.parse("2026-03-02T00:00:00Z");
  private static final int DAY = 96;

  @TempDir private Path folder;

  private final StringWriter out = new StringWriter();
  private final StringWriter errors = new StringWriter();
  private List<Episode> episodes = List.of();

  /** Five days of about 10 a quarter of an hour, tripled for three hours on the fourth. */
  private static List<String> rows() {
    Random random = new Random(11);
    List<String> rows = new ArrayList<>();
    for (int i = 0; i < 5 * DAY; i++) {
      double value = 10 + 0.5 * random.nextGaussian();
      boolean isTripled = i >= 3 * DAY && i < 3 * DAY + 12;
      rows.add(START.plusSeconds(900L * i) + "," + (isTripled ? 3 * value : value));
    }
    return rows;
  }

  private List<String> run(List<String> rows) throws IOException {
    return run(rows, new PolicyYaml.Parsed(Policy.DEFAULT, false));
  }

  private List<String> run(List<String> rows, PolicyYaml.Parsed policy) throws IOException {
    Path file = folder.resolve("series.csv");
    Files.write(file, rows);
    SeriesBacktest backtest =
        new SeriesBacktest(file, policy, Narration.of(new PrintWriter(errors, true)));
    episodes = backtest.run(new PrintWriter(out, true));
    return out.toString().lines().skip(1).toList();
  }

  private static String state(String line) {
    return line.split(",", -1)[3];
  }

  @Test
  void run_tripleForThreeHours_isOneEpisode() throws IOException {
    List<String> lines = run(rows());

    assertThat(lines).hasSize(5 * DAY);
    assertThat(state(lines.get(0))).isEqualTo("WARMUP");
    assertThat(state(lines.get(3 * DAY - 1))).isEqualTo("OK");
    assertThat(state(lines.get(3 * DAY + 1))).isEqualTo("OPEN");
    assertThat(state(lines.get(3 * DAY + 14))).isEqualTo("RESOLVED");
    assertThat(episodes).hasSize(1);
    assertThat(episodes.get(0).end()).isEqualTo(Episode.End.RESOLVED);
    assertThat(episodes.get(0).peakRatio()).isBetween(2.8, 3.6);
  }

  /** Its line says which episode it goes on with. */
  @Test
  void run_whatComesBackWithinSixHours_isTheSameEpisode() throws IOException {
    List<String> rows = new ArrayList<>(rows());
    for (int i : new int[] {3 * DAY + 24, 3 * DAY + 25, 3 * DAY + 26, 4 * DAY + 24, 4 * DAY + 25}) {
      rows.set(i, START.plusSeconds(900L * i) + ",31");
    }

    run(rows);
    Path lines = folder.resolve("episodes.jsonl");
    EpisodeLines.write(lines, "s", episodes);

    assertThat(episodes).extracting(Episode::goesOn).containsExactly(false, true, false);
    assertThat(episodes.get(1).firstUs()).isEqualTo(episodes.get(0).openedUs());
    List<String> written = Files.readAllLines(lines);
    List<String> ids = written.stream().map(line -> line.substring(0, line.indexOf(','))).toList();
    assertThat(ids.get(1)).isEqualTo(ids.get(0));
    assertThat(ids.get(2)).isNotEqualTo(ids.get(0));
    assertThat(written.get(0)).contains("\"again\":false");
    assertThat(written.get(1)).contains("\"again\":true");
    assertThat(written.get(2)).contains("\"again\":false");
  }

  @Test
  void run_badRows_areNamedAndNeverPage() throws IOException {
    List<String> rows = new ArrayList<>(rows().subList(0, 3 * DAY));
    Instant next = START.plusSeconds(900L * 3 * DAY);
    rows.add(next + ",NaN");
    rows.add(next.plusSeconds(900) + ",");
    rows.add(next.plusSeconds(1800) + ",-1000000");
    rows.add(rows.get(3 * DAY - 1));
    rows.add(START + ",99999");
    rows.add("yesterday,10");
    rows.add(next.plusSeconds(2700) + ",Infinity");
    rows.add("alone");
    rows.add(next.plusSeconds(3600) + ",1e200");

    List<String> lines = run(rows);

    assertThat(lines).hasSize(3 * DAY + 9).noneMatch(line -> state(line).equals("OPEN"));
    assertThat(errors.toString())
        .contains("line 289: value is not a finite number")
        .contains("line 290: empty value")
        .contains("line 291: negative value")
        .contains("line 292: timestamp given before")
        .contains("line 293: timestamp given before")
        .contains("line 294: unreadable timestamp: 'yesterday'")
        .contains("line 295: value is not a finite number")
        .contains("line 296: too few columns")
        .contains("line 297: value beyond 1e100");
    assertThat(episodes).isEmpty();
  }

  /** A value that only the kind of the series forbids takes no good row's place either. */
  @Test
  void run_negativeThenGoodOfTheSameTime_usesTheGoodOne() throws IOException {
    List<String> rows = new ArrayList<>(rows());
    String bad = rows.get(200).split(",")[0] + ",-1";
    rows.addAll(200, List.of(bad, bad));

    run(rows);

    assertThat(errors.toString())
        .contains("line 201: negative value", "line 202: negative value", " 2 rows not used")
        .contains("0 gaps")
        .doesNotContain("given before");
  }

  /** Whatever order a file is in: what is found is the same, and lines stand where they stood. */
  @ParameterizedTest
  @ValueSource(strings = {"newest first", "shuffled", "halves swapped"})
  void run_anyOrder_isJudgedInOrderOfTimeAndWrittenInTheFiles(String how) throws IOException {
    List<String> inOrder = run(rows());
    List<Episode> expected = episodes;
    out.getBuffer().setLength(0);
    errors.getBuffer().setLength(0);
    List<String> rows = new ArrayList<>(rows());
    switch (how) {
      case "newest first" -> Collections.reverse(rows);
      case "shuffled" -> Collections.shuffle(rows, new Random(3));
      default -> Collections.rotate(rows, 2 * DAY);
    }

    List<String> lines = run(rows);

    assertThat(episodes).hasSize(1).isEqualTo(expected);
    assertThat(lines).containsExactlyInAnyOrderElementsOf(inOrder);
    for (int i = 0; i < lines.size(); i++) {
      assertThat(lines.get(i)).startsWith(rows.get(i) + ",");
    }
    assertThat(errors.toString().lines().filter(line -> line.contains("out of order"))).hasSize(1);
    assertThat(errors.toString()).contains(" 0 rows not used, 1 episode opened");
  }

  @Test
  void run_newestFirst_countsTheRowsOutOfOrder() throws IOException {
    List<String> rows = new ArrayList<>(rows());
    Collections.reverse(rows);
    rows.add(5, rows.get(4));

    List<String> lines = run(rows);

    assertThat(lines).hasSize(rows.size());
    assertThat(lines.get(5)).isEqualTo(lines.get(4));
    assertThat(errors.toString())
        .contains("479 of 481 rows are out of order")
        .contains("line 6: timestamp given before");
  }

  @Test
  void run_summary_saysWhatWasFound() throws IOException {
    List<String> rows = new ArrayList<>(rows());
    rows.subList(100, 110).clear();
    rows.set(50, START.plusSeconds(900L * 50) + ",many");

    run(rows);

    assertThat(errors.toString().lines().reduce((one, other) -> other).orElseThrow())
        .endsWith(
            "series.csv: 470 rows, step 900 s, 2 gaps, 1 row not used, 1 episode opened;"
                + " timestamps in ISO 8601, UTC where no offset is given, values amount");
  }

  @Test
  void run_shorterThanTheWarmUp_isSaid() throws IOException {
    run(rows().subList(0, 20));

    assertThat(errors.toString()).contains("too short: all of it is warm-up");
  }

  /** Nothing is written, so that nobody takes it for a calm series. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "timestamp,value     | ,x                     | NOT_A_NUMBER",
        "timestamp,metric,ms | ,latency,5             | NOT_A_NUMBER",
        "timestamp,value     | ,                      | EMPTY_VALUE",
        "timestamp,value     | ,1e101                 | TOO_LARGE",
      })
  void run_noUsableValue_isRefused(String header, String rest, Refusal why) {
    List<String> rows = new ArrayList<>(List.of(header));
    for (int i = 0; i < 20; i++) {
      rows.add(START.plusSeconds(60L * i) + rest);
    }

    assertThatThrownBy(() -> run(rows))
        .isInstanceOf(SeriesFileException.class)
        .hasMessageContaining(
            "no row with a usable value in column " + header.split(",")[1] + ", as in line 2;")
        .hasMessageContaining("20 rows: " + why.words());
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void run_amountsThatAreAllNegative_areRefused() {
    assertThatThrownBy(
            () ->
                run(
                    rows().stream().map(row -> row.replace(",", ",-")).toList(),
                    PolicyYaml.parse("test", "values: amount")))
        .hasMessageContaining("480 rows: negative value in a series of amounts");
    assertThat(out.toString()).isEmpty();
  }

  /** A clock that began at the epoch must not end the warm-up. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void run_rowOf1970InTheMidst_isRefusedAndTheRestRead(boolean isNewestFirst) throws IOException {
    List<String> rows = new ArrayList<>(rows());
    if (isNewestFirst) {
      Collections.reverse(rows);
    }
    rows.add(5, "1970-01-01T00:00:00Z,10");

    List<String> lines = run(rows);

    assertThat(errors.toString()).contains("line 6: timestamp far before that of all other rows");
    assertThat(lines).hasSize(481);
    assertThat(state(lines.get(isNewestFirst ? 472 : 8))).isEqualTo("WARMUP");
    assertThat(episodes).hasSize(1);
  }

  /** A file whose last part is far from the rest is in order, not of a wrong clock. */
  @Test
  void run_longPause_isNoWrongClock() throws IOException {
    List<String> rows = new ArrayList<>(rows());
    rows.add("2027-03-02T00:00:00Z,10");
    Collections.reverse(rows);

    run(rows);

    assertThat(errors.toString()).contains(" 1 gap, 0 rows not used");
  }

  @Test
  void run_readerThatLeft_saysNothingMore() throws IOException {
    Path file = Files.write(folder.resolve("series.csv"), rows());
    PrintWriter closed =
        new PrintWriter(
            new Writer() {
              @Override
              public void write(char[] text, int from, int length) throws IOException {
                throw new IOException("Broken pipe");
              }

              @Override
              public void flush() {}

              @Override
              public void close() {}
            });

    new SeriesBacktest(
            file,
            new PolicyYaml.Parsed(Policy.DEFAULT, false),
            Narration.of(new PrintWriter(errors, true)))
        .run(closed);

    assertThat(errors.toString()).isEmpty();
  }

  @Test
  void run_clockJump_isRefusedAndTheRestRead() throws IOException {
    List<String> rows = new ArrayList<>(rows());
    rows.add(100, "2099-01-01T00:00:00Z,10");

    run(rows);

    assertThat(errors.toString())
        .contains("line 101: timestamp far ahead of that of all other rows");
    assertThat(episodes).hasSize(1);
  }

  @Test
  void run_epochMillisWithHeaderAndLabel_readsTheNamedColumns() throws IOException {
    List<String> rows = new ArrayList<>();
    rows.add("label,value,timestamp");
    for (String row : rows()) {
      String[] fields = row.split(",");
      rows.add("1," + fields[1] + "," + Instant.parse(fields[0]).toEpochMilli());
    }

    run(rows);

    assertThat(errors.toString()).contains("milliseconds since the epoch").contains("step 900 s");
    assertThat(episodes).hasSize(1);
  }

  @Test
  void run_manyNegatives_isASignedSeries() throws IOException {
    Random random = new Random(3);
    List<String> rows = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      rows.add(i + "," + random.nextGaussian());
    }

    List<String> lines = run(rows);

    assertThat(errors.toString()).contains("values signed").contains("step 1 s");
    assertThat(lines).hasSize(500);
  }

  @Test
  void run_noRow_isRefused() {
    assertThatThrownBy(() -> run(List.of("timestamp,value")))
        .isInstanceOf(SeriesFileException.class)
        .hasMessageContaining("no row with a readable timestamp");
  }

  /** What is above 1 is no share; a per cent would be far above whatever is usual. */
  @Test
  void run_shareAboveOne_isRefused() throws IOException {
    List<String> rows = new ArrayList<>();
    for (int i = 0; i < 3 * DAY; i++) {
      rows.add(START.plusSeconds(900L * i) + "," + (i < 2 * DAY + 5 ? "0.4" : "40"));
    }

    List<String> lines = run(rows, PolicyYaml.parse("test", "values: share"));

    assertThat(lines).hasSize(3 * DAY).noneMatch(line -> state(line).equals("OPEN"));
    assertThat(errors.toString()).contains("line 198: value above 1 in a series of shares");
  }

  /** Which values a file has may contradict a policy that was fine by itself. */
  @Test
  void run_policyThatDoesNotSuitTheValues_namesTheFile() {
    List<String> rows = rows().stream().map(row -> row.replace(",", ",-")).toList();

    assertThatThrownBy(() -> run(rows, PolicyYaml.parse("test", "resolve_factor: 1")))
        .isInstanceOf(PolicyException.class)
        .hasMessageContaining(
            "series.csv: resolve_factor is 1.0; allowed: at least 1.1 for signed");
  }

  /** There is nothing to compare with, and a line must be written all the same. */
  @Test
  void run_anythingAfterNothing_isWrittenAsAnEpisode() throws IOException {
    List<String> rows = new ArrayList<>();
    for (int i = 0; i < 3 * DAY; i++) {
      rows.add(START.plusSeconds(900L * i) + "," + (i < 2 * DAY ? "0" : "1e12"));
    }

    run(rows);
    Path lines = folder.resolve("episodes.jsonl");
    EpisodeLines.write(lines, "s", episodes);

    assertThat(Files.readAllLines(lines))
        .singleElement()
        .asString()
        .contains("\"baseline\":0,", "\"peak_ratio\":null");
  }
}
