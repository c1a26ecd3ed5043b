package dev.tributary.standalone.correct;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.schemas.Correction;
import dev.tributary.schemas.CorrectionCommand;
import dev.tributary.schemas.LineKind;
import dev.tributary.standalone.platform.PlatformException;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class RunsTest {
  private final Runs runs = new Runs();
  private long offset;

  @Test
  void order_isReadBack() {
    RunOrder order =
        new RunOrder(
            RunOrder.Kind.PRICE,
            new Selection("default", TestLines.DAY_US, TestLines.DAY_US + 5, "search", null),
            3,
            null);

    assertThat(RunOrder.parse("default", order.print())).isEqualTo(order);
    assertThat(RunOrder.parse("default", "because of the new contract")).isNull();
  }

  @Test
  void run_isOpenUntilClosedEverywhere() {
    open(0, "1-a", 1);
    open(1, "1-a", 1);
    assertThat(Objects.requireNonNull(runs.open("default")).id()).isEqualTo("1-a");
    assertThat(runs.open("other")).isNull();

    add(0, "1-a", 1, CorrectionCommand.CLOSE_RUN);
    assertThat(runs.find("default", "1").state()).isEqualTo("open");
    assertThat(runs.find("default", "1").isEnding()).isTrue();
    add(1, "1-a", 1, CorrectionCommand.CLOSE_RUN);

    assertThat(runs.find("default", "1-a").state()).isEqualTo("closed");
    assertThat(runs.open("default")).isNull();
    assertThat(runs.nextNumber("default")).isEqualTo(2);
  }

  /** Two tools that start at once: each partition has one winner, both know that they have lost. */
  @Test
  void runsAtTheSameTime_areBothRefusedSomewhere() {
    open(0, "1-a", 1);
    open(0, "1-b", 1);
    open(1, "1-b", 1);
    open(1, "1-a", 1);

    assertThat(runs.find("default", "1-a").refused()).containsExactly(1);
    assertThat(runs.find("default", "1-b").refused()).containsExactly(0);
    assertThatThrownBy(() -> runs.find("default", "1"))
        .isInstanceOf(PlatformException.class)
        .hasMessageContaining("several");
    add(0, "1-a", 1, CorrectionCommand.CLOSE_RUN);
    add(1, "1-b", 1, CorrectionCommand.CLOSE_RUN);
    assertThat(runs.find("default", "1-a").state()).isEqualTo("refused");
    assertThat(runs.open("default")).isNull();
  }

  @Test
  void openedTwice_isOneRun() {
    open(0, "1-a", 1);
    open(0, "1-a", 1);

    assertThat(runs.find("default", "1-a").refused()).isEmpty();
    assertThat(runs.find("default", "1-a").open()).containsExactly(0);
  }

  @Test
  void commands_areCountedAndKnownByPosition() {
    open(0, "1-a", 1);
    offset = 1_000_000_000_000L;
    add(0, "1-a", 1, CorrectionCommand.REPRICE);
    add(0, "1-a", 1, CorrectionCommand.REPRICE);

    Run run = runs.find("default", "1-a");
    assertThat(run.count()).isEqualTo(2);
    assertThat(run.isCommand(0, 1_000_000_000_001L)).isTrue();
    assertThat(run.isCommand(0, 1_000_000_000_002L)).isFalse();
    assertThat(run.isCommand(1, 1_000_000_000_001L)).isFalse();
  }

  /**
   * As the owner decides: what the tool takes for open and the owner does not, is never applied.
   */
  @Test
  void secondRun_isRefusedWhileOneIsOpen_alsoWithAHigherNumber() {
    open(0, "1-a", 1);
    open(0, "2-b", 2);

    assertThat(runs.find("default", "2-b").state()).isEqualTo("refused");
    assertThat(Objects.requireNonNull(runs.open("default")).id()).isEqualTo("1-a");
  }

  @Test
  void numberThatWasUsed_isRefused_andTheNextIsAboveAll() {
    open(0, "5-a", 5);
    add(0, "5-a", 5, CorrectionCommand.CLOSE_RUN);
    open(0, "3-b", 3);
    open(0, "5-c", 5);

    assertThat(runs.find("default", "3-b").refused()).containsExactly(0);
    assertThat(runs.find("default", "5-c").refused()).containsExactly(0);
    assertThat(runs.nextNumber("default")).isEqualTo(6);
    assertThat(runs.nextNumber("other")).isEqualTo(1);
  }

  @Test
  void endOfARunThatIsNotOpen_endsNoOther() {
    open(0, "1-a", 1);
    open(0, "1-b", 1);
    add(0, "1-b", 1, CorrectionCommand.CLOSE_RUN);

    assertThat(runs.find("default", "1-a").state()).isEqualTo("open");
    assertThat(runs.find("default", "1-b").isEnding()).isFalse();
  }

  @Test
  void otherKinds_areNotUsageRuns() {
    runs.add(
        0,
        offset++,
        Correction.newBuilder(record("pool", 0, CorrectionCommand.OPEN_RUN))
            .setKind(LineKind.ALLOCATION)
            .build());

    assertThat(runs.all()).isEmpty();
  }

  private void open(int partition, String id, long number) {
    add(partition, id, number, CorrectionCommand.OPEN_RUN);
  }

  private void add(int partition, String id, long number, CorrectionCommand command) {
    runs.add(partition, offset++, record(id, number, command));
  }

  private static Correction record(String id, long number, CorrectionCommand command) {
    return Correction.newBuilder()
        .setTenant("default")
        .setRunId(id)
        .setRunNumber(number)
        .setCommand(command)
        .setIssuedAtUs(0)
        .build();
  }
}
