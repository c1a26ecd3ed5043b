package dev.tributary.standalone.correct;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.schemas.Correction;
import dev.tributary.schemas.CorrectionCommand;
import dev.tributary.schemas.EntryCause;
import dev.tributary.schemas.LedgerLine;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the ledger's owner is told. */
class LineChangeTest {
  private static final LedgerLine BEFORE = TestLines.call("a", "search", 100, 10);
  private static final LedgerLine AFTER = TestLines.call("a", "search", 200, 10);

  /** The owner computes the line itself: what it is told is the version, and nothing to copy. */
  @ParameterizedTest
  @EnumSource(names = {"PRICE", "OWNER"})
  void computedLine_isAskedForByItsVersion(RunOrder.Kind kind) {
    Correction command = command(kind, BEFORE, AFTER);

    assertThat(command.getCommand()).isEqualTo(kind.command());
    assertThat(command.getReferenceVersion()).isEqualTo(7);
    assertThat(command.getTargetLine()).isNull();
    assertThat(command.getCurrentLine()).isEqualTo(BEFORE);
    assertThat(command.getExpectedRevision()).isEqualTo(4);
  }

  @ParameterizedTest
  @EnumSource(names = {"LATE", "REPLAY"})
  void foundLine_isGivenAsItIs(RunOrder.Kind kind) {
    Correction command = command(kind, BEFORE, AFTER);

    assertThat(command.getCause()).isEqualTo(kind.cause());
    assertThat(command.getReferenceVersion()).isNull();
    assertThat(command.getTargetLine()).isEqualTo(AFTER);
  }

  /** Without a line there is no revision: one that is booked meanwhile makes the command stale. */
  @Test
  void missingLine_isExpectedToBeMissing() {
    Correction command = command(RunOrder.Kind.LATE, null, AFTER);

    assertThat(command.getExpectedRevision()).isNull();
    assertThat(command.getCurrentLine()).isNull();
    assertThat(command.getItem()).isEqualTo(AFTER.getItem());
  }

  @Test
  void removedLine_hasNoTarget_andItsOwnersKey() {
    LineChange change = new LineChange(BEFORE, 4, null);
    Correction command = command(RunOrder.Kind.REPLAY, BEFORE, null);

    assertThat(change.key()).isEqualTo("default|a");
    assertThat(command.getCommand()).isEqualTo(CorrectionCommand.REPLACE);
    assertThat(command.getCause()).isEqualTo(EntryCause.REPLAY);
    assertThat(command.getTargetLine()).isNull();
    assertThat(command.getCurrentLine()).isEqualTo(BEFORE);
  }

  private static Correction command(
      RunOrder.Kind kind, @Nullable LedgerLine before, @Nullable LedgerLine after) {
    RunOrder order = new RunOrder(kind, new Selection("default", 0, 1, null, null), 7, null);
    return new LineChange(before, 4, after).command("1-a", 1, order, 99);
  }
}
