package dev.tributary.standalone.correct;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.schemas.Correction;
import dev.tributary.schemas.CorrectionCommand;
import dev.tributary.schemas.LineKind;
import org.junit.jupiter.api.Test;

class AllocationRunsTest {
  private static final String RUN = "allocation|ptu|2026-03-01T10:00:00Z";

  private final AllocationRuns runs = new AllocationRuns();
  private long offset;

  @Test
  void holder_isWhoOpenedFirst_untilItCloses() {
    add(CorrectionCommand.OPEN_RUN, "mine");
    add(CorrectionCommand.OPEN_RUN, "theirs");
    assertThat(runs.holder("default", RUN)).isEqualTo("mine");

    add(CorrectionCommand.CLOSE_RUN, "mine");
    assertThat(runs.holder("default", RUN)).isNull();

    add(CorrectionCommand.OPEN_RUN, "theirs");
    assertThat(runs.holder("default", RUN)).isEqualTo("theirs");
    assertThat(runs.holder("other", RUN)).isNull();
  }

  @Test
  void commands_areThoseOfTheRunThatIsOpen() {
    add(CorrectionCommand.OPEN_RUN, "first");
    add(CorrectionCommand.ALLOCATE, "");
    add(CorrectionCommand.CLOSE_RUN, "first");
    add(CorrectionCommand.ALLOCATE, "");
    assertThat(runs.commands("default", RUN)).containsExactly(new AllocationRuns.Place(3, 1));

    add(CorrectionCommand.OPEN_RUN, "second");
    add(CorrectionCommand.REPLACE, "");
    assertThat(runs.commands("default", RUN)).containsExactly(new AllocationRuns.Place(3, 5));
  }

  private void add(CorrectionCommand command, String reason) {
    runs.add(
        3,
        offset++,
        Correction.newBuilder()
            .setTenant("default")
            .setRunId(RUN)
            .setCommand(command)
            .setKind(LineKind.ALLOCATION)
            .setReason(reason)
            .setIssuedAtUs(0)
            .build());
  }
}
