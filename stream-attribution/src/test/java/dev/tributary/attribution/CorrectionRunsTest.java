package dev.tributary.attribution;

import static dev.tributary.attribution.CorrectionDrafts.AFTER;
import static dev.tributary.attribution.CorrectionDrafts.BEFORE;
import static dev.tributary.attribution.CorrectionDrafts.booked;
import static dev.tributary.attribution.CorrectionDrafts.command;
import static dev.tributary.attribution.CorrectionDrafts.run;
import static dev.tributary.attribution.core.TestSpans.TENANT;
import static dev.tributary.attribution.core.TestSpans.id;
import static dev.tributary.attribution.core.TestSpans.trace;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.attribution.core.TestSpans;
import dev.tributary.schemas.Correction;
import dev.tributary.schemas.CorrectionCommand;
import dev.tributary.schemas.EntryCause;
import dev.tributary.schemas.LedgerEntry;
import dev.tributary.schemas.LedgerLine;
import dev.tributary.schemas.LineKind;
import dev.tributary.schemas.Rejected;
import dev.tributary.schemas.Topics;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Runs of corrections: which are open, and which commands they let through. */
class CorrectionRunsTest {
  /**
   * The negative control: once the run is closed its memory is gone, and of a forgotten line nobody
   * else remembers. So a run is planned only from what every run before it has done.
   */
  @Test
  void repeatedInAnotherRun_ofAForgottenLine_countsTwice() {
    try (AttributionFixture topology = booked(Duration.ofHours(8))) {
      BigDecimal before = topology.ledger.cost();
      Correction reprice =
          command("run-1", CorrectionCommand.REPRICE, 1L)
              .setReferenceVersion(2L)
              .setCurrentLine(topology.ledger.line(id(3)))
              .build();
      topology.send(run("run-1", 1, CorrectionCommand.OPEN_RUN));
      topology.send(reprice);
      topology.send(run("run-1", 1, CorrectionCommand.CLOSE_RUN));
      List<LedgerEntry> first = topology.entries();
      assertThat(sum(first)).isEqualTo(AFTER.subtract(BEFORE));
      topology.send(run("run-2", 2, CorrectionCommand.OPEN_RUN));
      topology.send(Correction.newBuilder(reprice).setRunId("run-2").build());

      assertThat(topology.topology().output(Topics.LEDGER).readValuesToList())
          .extracting(LedgerEntry::getRunId)
          .containsExactly("run-2", "run-2");
      assertThat(before).isEqualTo(BEFORE);
    }
  }

  @Test
  void commandUnderAnotherKey_isRefused() {
    try (AttributionFixture topology = booked(Duration.ofSeconds(1))) {
      topology.send(run("run-1", 1, CorrectionCommand.OPEN_RUN));
      Correction reprice =
          command("run-1", CorrectionCommand.REPRICE, 1L).setReferenceVersion(2L).build();
      topology.topology().input(Topics.CORRECTIONS).pipeInput("default|" + trace(5), reprice);
      assertThat(topology.entries()).isEmpty();
      assertThat(topology.rejected()).extracting(Rejected::getReason).containsExactly("WRONG_KEY");
      topology.send(reprice);
      assertThat(topology.entries()).hasSize(2);
    }
  }

  @Test
  void runs_belongToTheirTenant() {
    try (AttributionFixture topology = booked(Duration.ofSeconds(1))) {
      topology.send(run("run-1", 7, CorrectionCommand.OPEN_RUN));
      Correction others =
          Correction.newBuilder(run("run-1", 1, CorrectionCommand.OPEN_RUN))
              .setTenant("other")
              .build();
      topology.send(others);
      topology.send(Correction.newBuilder(others).setCommand(CorrectionCommand.CLOSE_RUN).build());
      topology.send(
          command("run-1", CorrectionCommand.REPRICE, 1L).setReferenceVersion(2L).build());
      assertThat(topology.entries()).hasSize(2);
      assertThat(topology.rejected()).isEmpty();
    }
  }

  /** Closing one run keeps what another one with a longer id has changed. */
  @Test
  void closedRun_leavesOthersAlone() {
    try (AttributionFixture topology = booked(Duration.ofSeconds(1))) {
      LedgerLine share =
          LedgerLine.newBuilder(topology.ledger.line(id(3)))
              .setKind(LineKind.ALLOCATION)
              .setSource("pool")
              .setItem("hour")
              .build();
      Correction allocate =
          command("a|b", CorrectionCommand.ALLOCATE, null)
              .setKind(LineKind.ALLOCATION)
              .setSource("pool")
              .setItem("hour")
              .setTargetLine(share)
              .build();
      for (String run : List.of("a", "a|b")) {
        topology.send(
            Correction.newBuilder(run(run, 0, CorrectionCommand.OPEN_RUN))
                .setKind(LineKind.ALLOCATION)
                .build());
      }
      topology.send(allocate);
      topology.send(
          Correction.newBuilder(run("a", 0, CorrectionCommand.CLOSE_RUN))
              .setKind(LineKind.ALLOCATION)
              .build());
      topology.send(allocate);
      assertThat(topology.entries()).hasSize(1);
      assertThat(topology.rejected()).extracting(Rejected::getReason).containsExactly("REPEATED");
    }
  }

  @Test
  void allocation_hasRunsOfItsOwn() {
    try (AttributionFixture topology = booked(Duration.ofSeconds(1))) {
      LedgerLine share =
          LedgerLine.newBuilder(topology.ledger.line(id(3)))
              .setKind(LineKind.ALLOCATION)
              .setSource("ptu-pool-1")
              .setItem("2026-03-01T10|search")
              .build();
      topology.send(run("run-1", 1, CorrectionCommand.OPEN_RUN));
      topology.send(
          Correction.newBuilder(run("pool-hour", 0, CorrectionCommand.OPEN_RUN))
              .setKind(LineKind.ALLOCATION)
              .build());
      topology.send(
          Correction.newBuilder()
              .setTenant(TENANT)
              .setRunId("pool-hour")
              .setCommand(CorrectionCommand.ALLOCATE)
              .setCause(EntryCause.ALLOCATION)
              .setKind(LineKind.ALLOCATION)
              .setSource(share.getSource())
              .setItem(share.getItem())
              .setTargetLine(share)
              .setIssuedAtUs(TestSpans.T0)
              .build());
      assertThat(topology.entries()).extracting(LedgerEntry::getSign).containsExactly(1);
      assertThat(topology.rejected()).isEmpty();
    }
  }

  @Test
  void usageRuns_areNumberedAndOneAtATime() {
    try (AttributionFixture topology = booked(Duration.ofSeconds(1))) {
      topology.send(run("run-2", 2, CorrectionCommand.OPEN_RUN));
      topology.send(run("run-3", 3, CorrectionCommand.OPEN_RUN));
      topology.send(run("run-2", 2, CorrectionCommand.CLOSE_RUN));
      topology.send(run("run-1", 1, CorrectionCommand.OPEN_RUN));
      topology.send(run("another-2", 2, CorrectionCommand.OPEN_RUN));
      topology.send(run("run-3", 3, CorrectionCommand.OPEN_RUN));
      assertThat(topology.rejected())
          .extracting(refused -> refused.getReason() + ' ' + refused.getDetail().split(" ")[3])
          .containsExactly("RUN_REFUSED run-3", "RUN_REFUSED run-1", "RUN_REFUSED another-2");
    }
  }

  private static BigDecimal sum(List<LedgerEntry> entries) {
    return entries.stream()
        .map(entry -> entry.getLine().getCost().multiply(BigDecimal.valueOf(entry.getSign())))
        .reduce(BigDecimal.ZERO, BigDecimal::add);
  }
}
