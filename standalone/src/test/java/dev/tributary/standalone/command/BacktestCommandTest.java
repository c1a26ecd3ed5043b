package dev.tributary.standalone.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** What is wrongly called is said before anything is asked or read; all of it is exit code 2. */
class BacktestCommandTest {
  @TempDir private Path folder;

  private final StringWriter out = new StringWriter();
  private final StringWriter errors = new StringWriter();

  private int run(String... arguments) {
    return new CommandLine(new BacktestCommand())
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(errors, true))
        .execute(arguments);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--from 2026-02-02 --to 2026-02-01          | --from must be before --to",
        "--from 2026-02-01 --to 2026-02-01          | --from must be before --to",
        "--from 2026-02-01                          | either --series FILE.csv, or --from",
        "--series a.csv --from 2026-02-01           | either --series FILE.csv, or --from",
        "--from 2026-02-01 --to 2026-02-02 --step PT25H | --step is PT25H; allowed: PT1S to",
        "--from 2026-02-01 --to 2026-02-02 --metric joy | --metric is joy; allowed: spend_per",
        "--series a.csv --step PT1H                 | --step is for windows",
        "--series a.csv --metric calls              | --metric is for windows",
        "--series a.csv --tenant acme               | --tenant is for windows",
        "--series a.csv --episodes nowhere/e.jsonl  | nowhere/e.jsonl: cannot be written, no such",
        "--series a.csv --episodes /                | /: cannot be written, is a folder",
        "--series /                                 | /: is a folder, not a file",
        "--series nowhere.csv                       | nowhere.csv: no such file",
      })
  void run_wronglyCalled_saysWhat(String arguments, String message) {
    assertThat(run(arguments.split(" "))).isEqualTo(2);
    assertThat(errors.toString()).contains(message);
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void run_policyThatContradictsItself_namesFileAndKey() throws IOException {
    Path series = Files.writeString(folder.resolve("s.csv"), "1772409600,1\n1772409900,1\n");
    Path policy = Files.writeString(folder.resolve("p.yaml"), "{factor: 3, sudden_factor: 2}");

    assertThat(run("--series", series.toString(), "--policy", policy.toString())).isEqualTo(2);
    assertThat(errors.toString())
        .contains("p.yaml: sudden_factor is 2.0; allowed: at least factor 3.0");
    assertThat(out.toString()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "season:                                         | p.yaml: season is empty",
        "policies: [{id: a, metric: calls, factor: 3}]   | p.yaml: policies is a list of several",
      })
  void run_policyThatIsNone_saysWhatIsExpected(String policy, String message) throws IOException {
    Path series = Files.writeString(folder.resolve("s.csv"), "1772409600,1\n1772409900,1\n");
    Path file = Files.writeString(folder.resolve("p.yaml"), policy);

    assertThat(run("--series", series.toString(), "--policy", file.toString())).isEqualTo(2);
    assertThat(errors.toString()).contains(message);
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void run_episodesIntoTheSeries_isRefused() throws IOException {
    Path series = Files.writeString(folder.resolve("s.csv"), "1772409600,1\n1772409900,1\n");

    assertThat(run("--series", series.toString(), "--episodes", series.toString())).isEqualTo(2);
    assertThat(errors.toString()).contains("allowed: a file other than --series");
    assertThat(series).hasContent("1772409600,1\n1772409900,1\n");
  }

  @Test
  void run_twoRows_writesThem() throws IOException {
    Path series = Files.writeString(folder.resolve("s.csv"), "1772409600,1\n1772409900,2\n");
    Path episodes = folder.resolve("e.jsonl");

    assertThat(run("--series", series.toString(), "--episodes", episodes.toString())).isZero();
    assertThat(out.toString())
        .isEqualToNormalizingNewlines(
            """
            timestamp,value,anomaly_score,state,baseline
            1772409600,1,0,WARMUP,1
            1772409900,2,0,WARMUP,1
            """);
    assertThat(episodes).isEmptyFile();
  }
}
