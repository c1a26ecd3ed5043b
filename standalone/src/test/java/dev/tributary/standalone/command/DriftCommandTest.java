package dev.tributary.standalone.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** What the command refuses before it asks anything: code 2, and what is allowed. */
class DriftCommandTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        "--reference 2026-03-01~--reference: FROM..TO is expected",
        "--reference 2026-02-30..2026-03-01~--reference: \"2026-02-30\": a date as",
        "--reference ..2026-03-01~--reference: \"\": a date as",
        "--reference 2026-03-05..2026-03-09~overlaps",
        "--limit 5~limit is 5.0; allowed: above 0 and at most 1",
        "--limit NaN~limit is NaN",
        "--psi -1~index is -1.0; allowed: 0 or more",
        "--least 0~least size is 0; allowed: 1 or more",
      })
  void wrongOption_isRefused_sayingWhatIsAllowed(String options, String complaint) {
    StringWriter err = new StringWriter();
    List<String> arguments =
        new ArrayList<>(List.of("--feature", "f", "--from", "2026-03-08", "--to", "2026-03-15"));
    arguments.addAll(List.of(options.split(" ")));

    int code =
        new CommandLine(new DriftCommand())
            .setErr(new PrintWriter(err))
            .execute(arguments.toArray(String[]::new));

    assertThat(err.toString()).contains(complaint).doesNotContain("\tat ");
    assertThat(code).isEqualTo(CommandLine.ExitCode.USAGE);
  }
}
