package dev.tributary.standalone.correct;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.schemas.Correction;
import dev.tributary.schemas.CorrectionCommand;
import dev.tributary.schemas.LedgerLine;
import dev.tributary.schemas.LineKind;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SpreadRunsTest {
  private static final Spread RUN =
      new Spread.PoolHour("ptu", Instant.parse("2026-03-01T10:00:00Z"));

  private final SpreadRuns runs = new SpreadRuns();
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
    assertThat(runs.commands("default", RUN)).containsExactly(new SpreadRuns.Place(3, 1));

    add(CorrectionCommand.OPEN_RUN, "second");
    add(CorrectionCommand.REPLACE, "");
    assertThat(runs.commands("default", RUN)).containsExactly(new SpreadRuns.Place(3, 5));
  }

  /** Runs of another kind are others', as they are for the ledger's owner. */
  @Test
  void holder_isOfItsKind() {
    runs.add(3, 0, draft(CorrectionCommand.OPEN_RUN).setKind(LineKind.TRUE_UP).build());
    assertThat(runs.holder("default", RUN)).isNull();
  }

  /** What an invoice was of is as far back as the ledger is read, whatever it is of now. */
  @Test
  void firstMs_isOfTheEarliestLineThatWasEverAskedFor() {
    Spread invoice = new Spread.Invoice("inv-1");
    assertThat(runs.firstMs("default", invoice)).isEmpty();
    ask(invoice, CorrectionCommand.OPEN_RUN, null);
    assertThat(runs.firstMs("default", invoice)).isEmpty();
    ask(invoice, CorrectionCommand.TRUE_UP, 9_000_000L);
    ask(invoice, CorrectionCommand.TRUE_UP, 7_000_000L);
    ask(invoice, CorrectionCommand.CLOSE_RUN, null);
    ask(invoice, CorrectionCommand.OPEN_RUN, null);
    ask(invoice, CorrectionCommand.TRUE_UP, 8_000_000L);

    assertThat(runs.firstMs("default", invoice)).hasValue(7_000);
    assertThat(runs.firstMs("default", new Spread.Invoice("inv-2"))).isEmpty();
    assertThat(runs.firstMs("other", invoice)).isEmpty();
  }

  private void ask(Spread of, CorrectionCommand command, @Nullable Long startUs) {
    LedgerLine line = startUs == null ? null : TestLines.call("t", "f", 1, 1);
    if (line != null) {
      line.setStartTimeUs(startUs);
    }
    runs.add(
        1,
        offset++,
        draft(command).setRunId(of.runId()).setKind(of.kind()).setTargetLine(line).build());
  }

  private void add(CorrectionCommand command, String reason) {
    runs.add(3, offset++, draft(command).setReason(reason).build());
  }

  private static Correction.Builder draft(CorrectionCommand command) {
    return Correction.newBuilder()
        .setTenant("default")
        .setRunId(RUN.runId())
        .setCommand(command)
        .setKind(LineKind.ALLOCATION)
        .setIssuedAtUs(0);
  }
}
