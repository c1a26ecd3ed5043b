package dev.tributary.attribution;

import static dev.tributary.attribution.core.TestSpans.TENANT;
import static dev.tributary.attribution.core.TestSpans.TRACE;
import static dev.tributary.attribution.core.TestSpans.feature;
import static dev.tributary.attribution.core.TestSpans.id;
import static dev.tributary.attribution.core.TestSpans.llm;
import static dev.tributary.attribution.core.TestSpans.span;
import static dev.tributary.attribution.core.TestSpans.trace;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.attribution.core.TestSpans;
import dev.tributary.runtime.testing.ConservationCheck;
import dev.tributary.schemas.Correction;
import dev.tributary.schemas.CorrectionCommand;
import dev.tributary.schemas.EntryCause;
import dev.tributary.schemas.LedgerEntry;
import dev.tributary.schemas.LedgerLine;
import dev.tributary.schemas.LineKind;
import dev.tributary.schemas.Rejected;
import dev.tributary.schemas.SpanKind;
import dev.tributary.schemas.Topics;
import dev.tributary.schemas.TraceSummary;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CorrectionTest {
  private static final BigDecimal BEFORE = new BigDecimal("0.003457500000000000");
  private static final BigDecimal AFTER = new BigDecimal("0.004284000000000000");

  /** Where the owner has its line from: the whole trace, its stub, or the command alone. */
  @ParameterizedTest
  @ValueSource(strings = {"PT1S", "PT20M", "PT8H"})
  void reprice_forthAndBack_restores(Duration age) {
    try (AttributionFixture topology = booked(age)) {
      Map<String, byte[]> before = topology.ledger.netBytes();
      LedgerLine line = topology.ledger.line(id(3));

      topology.send(run("run-1", 1, CorrectionCommand.OPEN_RUN));
      topology.send(
          command("run-1", CorrectionCommand.REPRICE, 1L)
              .setReferenceVersion(2L)
              .setCurrentLine(line)
              .build());
      List<LedgerEntry> entries = topology.entries();
      assertThat(entries).extracting(LedgerEntry::getSign).containsExactly(-1, 1);
      assertThat(entries).extracting(LedgerEntry::getRunId).containsOnly("run-1");
      assertThat(entries).extracting(LedgerEntry::getCause).containsOnly(EntryCause.REPRICE);
      assertThat(topology.ledger.line(id(3)).getCost()).isEqualTo(AFTER);
      assertThat(topology.ledger.line(id(3)).getRateCardId()).isEqualTo("card-2");
      topology.send(run("run-1", 1, CorrectionCommand.CLOSE_RUN));

      topology.send(run("run-2", 2, CorrectionCommand.OPEN_RUN));
      topology.send(
          command("run-2", CorrectionCommand.REPRICE, 2L)
              .setReferenceVersion(1L)
              .setCurrentLine(topology.ledger.line(id(3)))
              .build());
      topology.entries();
      Map<String, byte[]> after = topology.ledger.netBytes();
      assertThat(after.keySet()).isEqualTo(before.keySet());
      before.forEach((item, bytes) -> assertThat(after.get(item)).as(item).isEqualTo(bytes));
      assertThat(topology.rejected()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"PT1S", "PT20M", "PT8H"})
  void repeated_isRefused(Duration age) {
    try (AttributionFixture topology = booked(age)) {
      Correction reprice =
          command("run-1", CorrectionCommand.REPRICE, 1L)
              .setReferenceVersion(2L)
              .setCurrentLine(topology.ledger.line(id(3)))
              .build();
      topology.send(run("run-1", 1, CorrectionCommand.OPEN_RUN));
      topology.send(reprice);
      topology.send(reprice);
      topology.send(Correction.newBuilder(reprice).setExpectedRevision(2L).build());
      assertThat(topology.entries()).hasSize(2);
      assertThat(topology.rejected())
          .extracting(Rejected::getReason)
          .containsExactly("REPEATED", "REPEATED");
    }
  }

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

  private static BigDecimal sum(List<LedgerEntry> entries) {
    return entries.stream()
        .map(entry -> entry.getLine().getCost().multiply(BigDecimal.valueOf(entry.getSign())))
        .reduce(BigDecimal.ZERO, BigDecimal::add);
  }

  /** A fixed line that is priced again stays fixed: the spans do not bring back the old one. */
  @Test
  void repriceOfAReplacedLine_survivesLateSpans() {
    try (AttributionFixture topology = booked(Duration.ofSeconds(1))) {
      LedgerLine replaced =
          LedgerLine.newBuilder(topology.ledger.line(id(3))).setErrorType("replaced").build();
      topology.send(run("run-1", 1, CorrectionCommand.OPEN_RUN));
      topology.send(
          command("run-1", CorrectionCommand.REPLACE, 1L).setTargetLine(replaced).build());
      topology.send(run("run-1", 1, CorrectionCommand.CLOSE_RUN));
      topology.send(run("run-2", 2, CorrectionCommand.OPEN_RUN));
      topology.send(
          command("run-2", CorrectionCommand.REPRICE, 2L).setReferenceVersion(2L).build());
      topology.send(llm(5, 1).build());
      topology.entries();

      assertThat(topology.ledger.line(id(3)).getErrorType()).isEqualTo("replaced");
      assertThat(topology.ledger.line(id(3)).getCost()).isEqualTo(AFTER);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"PT1S", "PT20M"})
  void staleRevision_isRefused(Duration age) {
    try (AttributionFixture topology = booked(age)) {
      topology.send(run("run-1", 1, CorrectionCommand.OPEN_RUN));
      topology.send(
          command("run-1", CorrectionCommand.REPRICE, 7L)
              .setReferenceVersion(2L)
              .setCurrentLine(topology.ledger.line(id(3)))
              .build());
      assertThat(topology.entries()).isEmpty();
      assertThat(topology.rejected())
          .extracting(Rejected::getReason)
          .containsExactly("STALE_REVISION");
    }
  }

  @Test
  void reattribute_movesRulesOnly() {
    try (AttributionFixture topology = booked(Duration.ofSeconds(1))) {
      topology.send(run("run-1", 1, CorrectionCommand.OPEN_RUN));
      topology.send(
          command("run-1", CorrectionCommand.REATTRIBUTE, 1L)
              .setCause(EntryCause.REATTRIBUTE)
              .setReferenceVersion(2L)
              .build());
      topology.entries();
      LedgerLine line = topology.ledger.line(id(3));
      assertThat(line.getAttribution().getTeam().getValue()).isEqualTo("findability");
      assertThat(line.getAttribution().getFeature().getValue()).isEqualTo("search");
      assertThat(line.getCost()).isEqualTo(BEFORE);
      assertThat(line.getReferenceVersion()).isEqualTo(2);
    }
  }

  @Test
  void lateSpanAfterCorrection_keepsTheCorrection() {
    try (AttributionFixture topology = booked(Duration.ofSeconds(1))) {
      topology.traces();
      topology.send(run("run-1", 1, CorrectionCommand.OPEN_RUN));
      topology.send(
          command("run-1", CorrectionCommand.REPRICE, 1L).setReferenceVersion(2L).build());
      List<TraceSummary> corrected = topology.traces();
      assertThat(corrected).hasSize(1);
      assertThat(corrected.get(0).getCost()).isEqualTo(AFTER);
      topology.send(llm(5, 1).build());
      topology.entries();
      assertThat(topology.ledger.line(id(3)).getCost()).isEqualTo(AFTER);
      assertThat(topology.ledger.line(id(5)).getCost()).isEqualTo(BEFORE);
    }
  }

  @Test
  void replaceByNothing_removesTheLine() {
    try (AttributionFixture topology = booked(Duration.ofSeconds(1))) {
      topology.send(run("run-1", 1, CorrectionCommand.OPEN_RUN));
      topology.send(command("run-1", CorrectionCommand.REPLACE, 1L).build());
      assertThat(topology.entries()).extracting(LedgerEntry::getSign).containsExactly(-1);
      topology.send(llm(5, 1).build());
      topology.entries();
      assertThat(topology.ledger.line(id(3))).isNull();
    }
  }

  @Test
  void admit_booksALineOnce() {
    try (AttributionFixture topology = booked(Duration.ofSeconds(1))) {
      LedgerLine other =
          LedgerLine.newBuilder(topology.ledger.line(id(3)))
              .setSource(TestSpans.trace(4711))
              .build();
      Correction admit =
          command("run-1", CorrectionCommand.ADMIT, null)
              .setCause(EntryCause.ADMITTED)
              .setSource(other.getSource())
              .setTargetLine(other)
              .build();
      topology.send(run("run-1", 1, CorrectionCommand.OPEN_RUN));
      topology.send(admit);
      topology.send(admit);
      topology.send(
          command("run-1", CorrectionCommand.ADMIT, null)
              .setTargetLine(topology.ledger.line(id(3)))
              .build());
      assertThat(topology.entries()).extracting(LedgerEntry::getSign).containsExactly(1);
      assertThat(topology.rejected())
          .extracting(Rejected::getReason)
          .containsExactly("REPEATED", "ALREADY_BOOKED");
    }
  }

  /** The trace is kept, the span has not come: one line, however often it is admitted or comes. */
  @ParameterizedTest
  @ValueSource(strings = {"PT1S", "PT20M"})
  void admit_intoAKeptTrace_booksOnce(Duration later) {
    try (AttributionFixture topology = booked(Duration.ofSeconds(1))) {
      LedgerLine line = LedgerLine.newBuilder(topology.ledger.line(id(3))).setItem(id(8)).build();
      Correction admit =
          command("run-1", CorrectionCommand.ADMIT, null)
              .setCause(EntryCause.ADMITTED)
              .setItem(id(8))
              .setTargetLine(line)
              .build();
      topology.traces();
      topology.send(run("run-1", 1, CorrectionCommand.OPEN_RUN));
      topology.send(admit);
      assertThat(topology.entries()).extracting(LedgerEntry::getSign).containsExactly(1);
      List<TraceSummary> summaries = topology.traces();
      assertThat(summaries).hasSize(1);
      assertThat(summaries.get(0).getCost()).isEqualTo(BEFORE.add(BEFORE));
      topology.advance(later);
      topology.send(run("run-1", 1, CorrectionCommand.CLOSE_RUN));
      topology.send(run("run-2", 2, CorrectionCommand.OPEN_RUN));
      topology.send(Correction.newBuilder(admit).setRunId("run-2").build());
      assertThat(topology.rejected())
          .extracting(Rejected::getReason)
          .containsExactly("ALREADY_BOOKED");
      topology.send(llm(8, 1).build());
      topology.closeAll();
      assertThat(topology.entries()).isEmpty();
      assertThat(topology.ledger.cost()).isEqualTo(BEFORE.add(BEFORE));
      new ConservationCheck(topology.topology().meters(), AttributionTopology.MODULE).assertHolds();
    }
  }

  @Test
  void admit_ofASpanThatWaits_isRefused() {
    try (AttributionFixture topology = booked(Duration.ofSeconds(1))) {
      topology.send(llm(8, 7).setTraceId(trace(9)).build());
      LedgerLine line =
          LedgerLine.newBuilder(topology.ledger.line(id(3)))
              .setSource(trace(9))
              .setItem(id(8))
              .build();
      topology.send(run("run-1", 1, CorrectionCommand.OPEN_RUN));
      topology.send(
          command("run-1", CorrectionCommand.ADMIT, null)
              .setSource(trace(9))
              .setItem(id(8))
              .setTargetLine(line)
              .build());
      assertThat(topology.rejected())
          .extracting(Rejected::getReason)
          .containsExactly("ALREADY_BOOKED");
      topology.closeAll();
      assertThat(topology.entries()).extracting(LedgerEntry::getSign).containsOnly(1);
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
      topology.send(run("run-3", 3, CorrectionCommand.OPEN_RUN));
      assertThat(topology.rejected())
          .extracting(Rejected::getReason)
          .containsExactly("RUN_REFUSED", "RUN_REFUSED");
    }
  }

  /** A booked trace of two spans, both reference versions loaded after it, and so much time. */
  private static AttributionFixture booked(Duration age) {
    AttributionFixture topology = AttributionFixture.withPrices();
    topology.send(
        llm(3, 1).build(), span(SpanKind.WORKFLOW, 1, 0).setTags(feature("search")).build());
    topology.closeAll();
    topology.load(TestReference.second());
    topology.advance(age);
    if (age.compareTo(Duration.ofHours(1)) > 0) {
      topology.advance(age);
    }
    topology.entries();
    assertThat(topology.ledger.line(id(3)).getCost()).isEqualTo(BEFORE);
    return topology;
  }

  private static Correction run(String runId, long number, CorrectionCommand command) {
    return Correction.newBuilder()
        .setTenant(TENANT)
        .setRunId(runId)
        .setRunNumber(number)
        .setCommand(command)
        .setIssuedAtUs(TestSpans.T0)
        .build();
  }

  private static Correction.Builder command(
      String runId, CorrectionCommand command, Long expectedRevision) {
    return Correction.newBuilder()
        .setTenant(TENANT)
        .setRunId(runId)
        .setCommand(command)
        .setSource(TRACE)
        .setItem(id(3))
        .setExpectedRevision(expectedRevision)
        .setIssuedAtUs(TestSpans.T0);
  }
}
