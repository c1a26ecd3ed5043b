package dev.tributary.attribution;

import static dev.tributary.attribution.CorrectionDrafts.AFTER;
import static dev.tributary.attribution.CorrectionDrafts.BEFORE;
import static dev.tributary.attribution.CorrectionDrafts.booked;
import static dev.tributary.attribution.CorrectionDrafts.command;
import static dev.tributary.attribution.CorrectionDrafts.run;
import static dev.tributary.attribution.core.TestSpans.id;
import static dev.tributary.attribution.core.TestSpans.llm;
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
import dev.tributary.schemas.TraceSummary;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands on lines: what they change, and what they leave as it is. */
class CorrectionTest {
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
  @CsvSource({"PT1S, 7", "PT20M, 7", "PT1S, 0", "PT20M, 0"})
  void staleRevision_isRefused(Duration age, long expected) {
    try (AttributionFixture topology = booked(age)) {
      topology.send(run("run-1", 1, CorrectionCommand.OPEN_RUN));
      topology.send(
          command("run-1", CorrectionCommand.REPRICE, expected)
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

  /** What a newer version asks for is no wish to remove the line, whoever owns it. */
  @ParameterizedTest
  @ValueSource(strings = {"PT1S", "PT20M", "PT8H"})
  void commandOrKindAddedLater_isRefused_andTheLineStays(Duration age) {
    try (AttributionFixture topology = booked(age)) {
      LedgerLine line = topology.ledger.line(id(3));
      topology.send(run("run-1", 1, CorrectionCommand.OPEN_RUN));
      topology.send(command("run-1", CorrectionCommand.UNKNOWN, 1L).setCurrentLine(line).build());
      topology.send(
          command("run-1", CorrectionCommand.REPLACE, 1L)
              .setKind(LineKind.UNKNOWN)
              .setCurrentLine(line)
              .build());

      assertThat(topology.entries()).isEmpty();
      assertThat(topology.rejected())
          .extracting(Rejected::getReason)
          .containsExactly("UNKNOWN_COMMAND", "UNKNOWN_COMMAND");
      assertThat(topology.ledger.line(id(3))).isEqualTo(line);
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

  /** What the ledger says of it is older than the trace, which knows no such line. */
  @Test
  void lineThatAKeptTraceDoesNotHave_isUnknown() {
    try (AttributionFixture topology = booked(Duration.ofSeconds(1))) {
      LedgerLine other = topology.ledger.line(id(3));
      other.setItem(id(99));
      topology.send(run("run-1", 1, CorrectionCommand.OPEN_RUN));
      topology.send(
          command("run-1", CorrectionCommand.REPRICE, 1L)
              .setItem(id(99))
              .setCurrentLine(other)
              .build());
      assertThat(topology.entries()).isEmpty();
      assertThat(topology.rejected())
          .extracting(Rejected::getReason)
          .containsExactly("UNKNOWN_LINE");
    }
  }

  /** Lines over the limit are not read again: the summary has their sums. */
  @Test
  void reprice_ofALineOverTheLimit_isInTheSummary() {
    try (AttributionFixture topology =
        AttributionFixture.withPrices(Map.of("tributary.attribution.trace-span-limit", "2"))) {
      topology.send(llm(3, 1).build(), llm(4, 1).build(), llm(5, 1).build());
      topology.closeAll();
      topology.load(TestReference.second());
      topology.entries();
      topology.traces();

      topology.send(run("run-1", 1, CorrectionCommand.OPEN_RUN));
      topology.send(
          command("run-1", CorrectionCommand.REPRICE, 1L)
              .setItem(id(5))
              .setReferenceVersion(2L)
              .build());
      topology.entries();

      assertThat(topology.ledger.line(id(5)).getCost()).isEqualTo(AFTER);
      List<TraceSummary> traces = topology.traces();
      assertThat(traces).hasSize(1);
      assertThat(traces.get(0).getCost()).isEqualByComparingTo(topology.ledger.cost());
    }
  }
}
