package dev.tributary.standalone.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.MutuallyExclusiveArgsException;
import picocli.CommandLine.ParameterException;

class CorrectCommandTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "price --from 2026-03-01 --to 2026-03-02 --feature search --model gpt-4o --dry-run",
        "owner --from 2026-03-01T10:00:00+05:30 --to 2026-03-02 --ref 3 --tenant acme",
        "late --from 2026-03-01 --to 2026-03-02",
        "replay 20260301-120000 --dry-run --data x",
        "list --tenant acme",
        "resume 7 --wait 30"
      })
  void correct_understands(String arguments) {
    assertThatCode(() -> new CommandLine(new CorrectCommand()).parseArgs(arguments.split(" ")))
        .doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "price --from 2026-03-01",
        "price --from 2026-13-01 --to 2026-03-02",
        "price --from yesterday --to today",
        "resume",
        "replay"
      })
  void correct_refuses(String arguments) {
    assertThatThrownBy(() -> new CommandLine(new CorrectCommand()).parseArgs(arguments.split(" ")))
        .isInstanceOf(ParameterException.class);
  }

  @Test
  void time_isADateInUtcOrATimeWithItsOffset() {
    TimeOption times = new TimeOption();

    assertThat(times.convert("2026-03-01")).isEqualTo(1_772_323_200_000_000L);
    assertThat(times.convert("2026-03-01T05:30:00+05:30")).isEqualTo(1_772_323_200_000_000L);
    assertThatThrownBy(() -> times.convert("2026-03-01T05:30:00"))
        .hasMessageContaining("2026-03-01");
  }

  @Test
  void reprocess_takesAPeriodOrAReplayToDrop() {
    CommandLine command = new CommandLine(new ReprocessCommand());

    assertThatCode(
            () ->
                command.parseArgs(
                    "--from", "2026-03-01", "--to", "2026-03-02", "--ref", "3", "--id", "again"))
        .doesNotThrowAnyException();
    assertThatCode(() -> new CommandLine(new ReprocessCommand()).parseArgs("--drop", "again"))
        .doesNotThrowAnyException();
    assertThatThrownBy(
            () ->
                new CommandLine(new ReprocessCommand())
                    .parseArgs("--drop", "again", "--from", "2026-03-01", "--to", "2026-03-02"))
        .isInstanceOf(MutuallyExclusiveArgsException.class);
    assertThatThrownBy(() -> new CommandLine(new ReprocessCommand()).parseArgs())
        .isInstanceOf(ParameterException.class);
  }
}
