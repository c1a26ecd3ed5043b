package dev.tributary.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is called wrongly starts nothing, and says what is allowed. */
final class BenchMainTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "run 03 | no scenario \"03\"; allowed: 00, 00s, 02",
        "run 00,2 | no scenario \"2\"",
        "run 00 --rounds 0 | --rounds: 0 is too few; allowed: 1 or more",
        "run 00 --warm-up -1 | --warm-up: -1 is too few; allowed: 0 or more",
        "run 00 --spans 0 | --spans: 0 is too few",
        "run 00 --spans many | 'many' is not a long",
        "run 00 --span 5 | Unknown option: '--span'",
        "up --hold -1 | --hold: -1 is too few",
        "alerts --alerts 0 | --alerts: 0 is too few",
        "open-traces --traces 0 | --traces: 0 is too few",
        "measure | Unmatched argument at index 0: 'measure'",
        "'' | a command is missing; allowed: run, open-traces, up, alerts, series, jmh, help",
      })
  void wrongCall_exits2_andSaysWhatIsAllowed(String arguments, String complaint) {
    ByteArrayOutputStream errors = new ByteArrayOutputStream();
    PrintStream before = System.err;
    System.setErr(new PrintStream(errors, true, StandardCharsets.UTF_8));
    int code;
    try {
      code = BenchMain.run(arguments.isEmpty() ? new String[0] : arguments.split(" "));
    } finally {
      System.setErr(before);
    }

    assertThat(code).isEqualTo(2);
    assertThat(errors.toString(StandardCharsets.UTF_8))
        .contains(complaint)
        .contains("Usage: bench");
  }

  @Test
  void help_isNoMistake() {
    assertThat(BenchMain.run("--help")).isZero();
    assertThat(BenchMain.run("run", "--help")).isZero();
  }

  /** A block that brings all at once is not counted as nine tenths. */
  @Test
  void time_isScaledByWhatWasThere() {
    assertThat(ChainScenario.scaledToAll(9, 90, 100)).isEqualTo(10);
    assertThat(ChainScenario.scaledToAll(10, 100, 100)).isEqualTo(10);
    assertThat(ChainScenario.scaledToAll(10, 120, 100)).isEqualTo(10);
  }
}
