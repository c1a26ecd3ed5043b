package dev.tributary.standalone.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** Numbers of things that a command refuses before it asks anything. */
class PositiveOptionTest {
  @ParameterizedTest
  @CsvSource({
    "--limit, 0, alerts",
    "--limit, -1, review-queue",
    "--limit, 3000000000, lint",
    "--limit, many, alerts",
    "--traces, 0, demo",
    "--seconds, -5, demo",
    "--most, 0, backtest"
  })
  void noNumberFromOne_isRefused_sayingWhatIsAllowed(String option, String value, String name) {
    StringWriter err = new StringWriter();

    int code = new CommandLine(command(name)).setErr(new PrintWriter(err)).execute(option, value);

    assertThat(err.toString())
        .contains("'" + option + "'", "\"" + value + "\": allowed: 1 to 2147483647")
        .doesNotContain("\tat ");
    assertThat(code).isEqualTo(CommandLine.ExitCode.USAGE);
  }

  private static Object command(String name) {
    return switch (name) {
      case "alerts" -> new AlertsCommand();
      case "review-queue" -> new ReviewQueueCommand();
      case "lint" -> new LintCommand();
      case "demo" -> new DemoCommand();
      default -> new BacktestCommand();
    };
  }
}
