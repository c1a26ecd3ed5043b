package dev.tributary.attribution;

import static dev.tributary.attribution.CorrectionDrafts.AFTER;
import static dev.tributary.attribution.CorrectionDrafts.BEFORE;
import static dev.tributary.attribution.CorrectionDrafts.booked;
import static dev.tributary.attribution.CorrectionDrafts.command;
import static dev.tributary.attribution.CorrectionDrafts.run;
import static dev.tributary.attribution.core.TestSpans.id;
import static dev.tributary.attribution.core.TestSpans.trace;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.schemas.Correction;
import dev.tributary.schemas.CorrectionCommand;
import dev.tributary.schemas.LedgerEntry;
import dev.tributary.schemas.LedgerLine;
import dev.tributary.schemas.LineKind;
import dev.tributary.schemas.Rejected;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands that change nothing: why, and what is left to send them anew. */
class CorrectionRefusalTest {
  private static final Duration KEPT = Duration.ofSeconds(1);

  private static void assertRefused(AttributionFixture topology, String... reasons) {
    assertThat(topology.entries()).isEmpty();
    assertThat(topology.rejected()).extracting(Rejected::getReason).containsExactly(reasons);
    assertThat(topology.ledger.line(id(3)).getCost()).isEqualTo(BEFORE);
  }

  @Test
  void commandOfARunThatIsNotOpen_isRefused() {
    try (AttributionFixture topology = booked(KEPT)) {
      Correction reprice =
          command("run-1", CorrectionCommand.REPRICE, 1L).setReferenceVersion(2L).build();
      topology.send(reprice);
      topology.send(run("run-1", 1, CorrectionCommand.CLOSE_RUN));
      topology.send(run("run-1", 1, CorrectionCommand.OPEN_RUN));
      topology.send(run("run-1", 1, CorrectionCommand.OPEN_RUN));
      topology.send(run("", 2, CorrectionCommand.OPEN_RUN));
      topology.send(run("run-1", 1, CorrectionCommand.CLOSE_RUN));
      topology.send(reprice);

      assertRefused(
          topology, "RUN_NOT_OPEN", "RUN_NOT_OPEN", "REPEATED", "INCOMPLETE", "RUN_NOT_OPEN");
    }
  }

  /** What was refused is not remembered: put right, it may come again in the same run. */
  @ParameterizedTest
  @ValueSource(strings = {"PT1S", "PT20M", "PT8H"})
  void versionThatNobodyKnows_isRefused_andTheCommandMayComeAgain(Duration age) {
    try (AttributionFixture topology = booked(age)) {
      Correction.Builder reprice =
          command("run-1", CorrectionCommand.REPRICE, 1L)
              .setCurrentLine(topology.ledger.line(id(3)));
      topology.send(run("run-1", 1, CorrectionCommand.OPEN_RUN));
      topology.send(reprice.setReferenceVersion(99L).build());
      assertRefused(topology, "UNKNOWN_REFERENCE");

      topology.send(reprice.setReferenceVersion(2L).build());

      assertThat(topology.entries()).extracting(LedgerEntry::getSign).containsExactly(-1, 1);
      assertThat(topology.ledger.line(id(3)).getCost()).isEqualTo(AFTER);
    }
  }

  /** Without a version the one in force decides, and not the one the line was booked with. */
  @ParameterizedTest
  @ValueSource(strings = {"PT1S", "PT20M", "PT8H"})
  void reprice_withoutAVersion_takesTheOneInForce(Duration age) {
    try (AttributionFixture topology = booked(age)) {
      topology.send(run("run-1", 1, CorrectionCommand.OPEN_RUN));
      topology.send(
          command("run-1", CorrectionCommand.REPRICE, 1L)
              .setCurrentLine(topology.ledger.line(id(3)))
              .build());
      topology.entries();

      assertThat(topology.ledger.line(id(3)).getCost()).isEqualTo(AFTER);
      assertThat(topology.ledger.line(id(3)).getReferenceVersion()).isEqualTo(2);
    }
  }

  /** Applied all the same: a run is planned so that it can be sent twice. */
  @ParameterizedTest
  @ValueSource(strings = {"PT1S", "PT20M", "PT8H"})
  void commandThatChangesNothing_booksNothing_andIsNoRefusal(Duration age) {
    try (AttributionFixture topology = booked(age)) {
      Correction same =
          command("run-1", CorrectionCommand.REPRICE, 1L)
              .setReferenceVersion(1L)
              .setCurrentLine(topology.ledger.line(id(3)))
              .build();
      topology.send(run("run-1", 1, CorrectionCommand.OPEN_RUN));
      topology.send(same);
      assertRefused(topology);

      topology.send(same);

      assertRefused(topology, "REPEATED");
    }
  }

  private enum Other {
    TENANT,
    KIND,
    SOURCE,
    ITEM;

    LedgerLine of(LedgerLine line) {
      LedgerLine.Builder other = LedgerLine.newBuilder(line);
      switch (this) {
        case TENANT -> other.setTenant("other");
        case KIND -> other.setKind(LineKind.ALLOCATION);
        case SOURCE -> other.setSource(trace(5));
        case ITEM -> other.setItem(id(4));
      }
      return other.build();
    }
  }

  /** A line of somebody else under this line's name would be money that nobody can take back. */
  @ParameterizedTest
  @EnumSource
  void lineOfAnotherName_isIncomplete_asTargetAndAsCurrent(Other other) {
    try (AttributionFixture topology = booked(Duration.ofHours(8))) {
      LedgerLine line = topology.ledger.line(id(3));
      topology.send(run("run-1", 1, CorrectionCommand.OPEN_RUN));
      topology.send(
          command("run-1", CorrectionCommand.REPLACE, 1L)
              .setTargetLine(other.of(line))
              .setCurrentLine(line)
              .build());
      topology.send(
          command("run-1", CorrectionCommand.REPLACE, 1L).setCurrentLine(other.of(line)).build());

      assertRefused(topology, "INCOMPLETE", "INCOMPLETE");
    }
  }

  @Test
  void commandWithoutALine_isIncomplete() {
    try (AttributionFixture topology = booked(KEPT)) {
      topology.send(run("run-1", 1, CorrectionCommand.OPEN_RUN));
      topology.send(command("run-1", CorrectionCommand.REPLACE, 1L).setItem("").build());
      LedgerLine nowhere = LedgerLine.newBuilder(topology.ledger.line(id(3))).setSource("").build();
      topology.send(
          command("run-1", CorrectionCommand.ADMIT, null)
              .setSource("")
              .setTargetLine(nowhere)
              .build());
      topology.send(command("run-1", CorrectionCommand.ADMIT, null).setItem(id(8)).build());

      assertRefused(topology, "INCOMPLETE", "INCOMPLETE", "INCOMPLETE");
    }
  }

  /** Of a forgotten line both its revision and what it says are needed, or neither. */
  @ParameterizedTest
  @CsvSource({"true, false, INCOMPLETE", "false, true, INCOMPLETE", "false, false, UNKNOWN_LINE"})
  void forgottenLine_saidByHalf_isRefused(boolean revision, boolean current, String reason) {
    try (AttributionFixture topology = booked(Duration.ofHours(8))) {
      LedgerLine line = topology.ledger.line(id(3));
      topology.send(run("run-1", 1, CorrectionCommand.OPEN_RUN));
      topology.send(
          command("run-1", CorrectionCommand.REPRICE, revision ? Long.valueOf(1) : null)
              .setReferenceVersion(2L)
              .setCurrentLine(current ? line : null)
              .build());

      assertRefused(topology, reason);
    }
  }
}
