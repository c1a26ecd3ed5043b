package dev.tributary.sink.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.schemas.LedgerLine;
import dev.tributary.schemas.Topics;
import dev.tributary.sink.clickhouse.core.BlockData;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Blocks of the ledger that are inserted again: merges take retractions away with what they
 * retract, so that rows may be missing with good reason.
 */
final class RepeatedCallsIT extends RepeatedInserts {
  @Test
  void rowsThatAreThere_areNotInsertedAgain_alsoWhereTheyHaveCollapsed() throws IOException {
    LedgerLine line = line(10, 6);
    BlockData booked = block(Topics.LEDGER, 2, entry(1, 1, line), entry(1, 1, line(11, 6)));
    BlockData alone = block(Topics.LEDGER, 3, entry(1, 1, line(12, 6)));
    BlockData retracted = block(Topics.LEDGER, 4, entry(-1, 1, line), entry(-1, 1, line(12, 6)));
    writer.write(booked, "booked");
    writer.write(alone, "alone");
    writer.write(retracted, "retracted");
    engine.execute("OPTIMIZE TABLE repeated.calls FINAL");
    assertThat(rows("calls", 3)).as("it has collapsed").isEqualTo("0");

    for (int attempt = 0; attempt < 2; attempt++) {
      again(2, booked, "booked");
      again(3, alone, "alone");
      again(4, retracted, "retracted");
      // Also where the server has forgotten nothing of it: nobody may book it again.
      assertThat(rows("ledger", 2) + rows("ledger", 3) + rows("ledger", 4)).isEqualTo("212");
      assertThat(net(2) + net(3) + net(4)).isEqualTo("100");
    }
    assertThat(counted("calls", "restored")).isZero();
    assertThat(counted("calls", "unknown")).as("what may have collapsed").isEqualTo(4);
  }

  /** The audit has it and the calls do not: each table is asked by itself. */
  @Test
  void rowsThatOneTableLost_areInsertedThere() throws IOException {
    BlockData block = block(Topics.LEDGER, 5, entry(1, 1, line(20, 7)));
    writer.write(block, "one");
    engine.execute(
        "ALTER TABLE repeated.calls DELETE WHERE kafka_partition = 5 SETTINGS mutations_sync = 1");
    assertThat(net(5)).isEqualTo("0");

    again(5, block, "one");

    assertThat(rows("ledger", 5)).isEqualTo("1");
    assertThat(net(5)).isEqualTo("1");
  }

  /** A retraction in the audit may have taken its line away, if it is of the same hour. */
  @Test
  void rowsOfCalls_thatARetractionMayHaveTaken_areNotInserted() throws IOException {
    LedgerLine line = line(25, 7);
    BlockData block = block(Topics.LEDGER, 6, entry(1, 1, line));
    writer.write(block, "taken");
    writer.write(block(Topics.LEDGER, 7, entry(-1, 1, at(line, 1))), "taking");
    LedgerLine other = at(line(28, 7), 60_000_000);
    BlockData block2 = block(Topics.LEDGER, 25, entry(1, 1, other));
    writer.write(block2, "taken too");
    writer.write(block(Topics.LEDGER, 7, entry(-1, 1, at(other, -1))), "taking too");
    engine.execute("OPTIMIZE TABLE repeated.calls FINAL");
    assertThat(rows("calls", 6) + rows("calls", 25)).as("they have collapsed").isEqualTo("00");

    again(6, block, "taken");
    again(25, block2, "taken too");

    assertThat(rows("calls", 6) + rows("calls", 25)).isEqualTo("00");
  }

  /** Where the audit lacks rows, it proves nothing. */
  @Test
  void rowsOfCalls_thatTheAuditLacks_areNotInserted() throws IOException {
    BlockData block = block(Topics.LEDGER, 8, entry(1, 1, line(26, 8)), entry(1, 1, line(27, 8)));
    writer.write(block, "audit");
    for (String where : List.of("ledger DELETE WHERE kafka_offset = 0 AND", "calls DELETE WHERE")) {
      engine.execute(
          "ALTER TABLE repeated." + where + " kafka_partition = 8 SETTINGS mutations_sync = 1");
    }

    again(8, block, "audit");

    assertThat(rows("calls", 8)).isEqualTo("0");
    assertThat(counted("calls", "unknown")).isEqualTo(1);
    assertThat(counted("ledger", "missing")).isEqualTo(1);
  }

  /** Of two months the calls have nothing, but what was in one of them may have collapsed. */
  @Test
  void rowsOfCalls_ofTwoPartitions_areNotInserted() throws IOException {
    LedgerLine old = line(33, 8);
    writer.write(block(Topics.LEDGER, 10, entry(1, 1, old)), "old");
    BlockData block = block(Topics.LEDGER, 11, entry(-1, 1, old), entry(1, 1, line(34, 40)));
    writer.write(block, "both");
    engine.execute("OPTIMIZE TABLE repeated.calls FINAL");
    engine.execute(
        "ALTER TABLE repeated.calls DELETE WHERE kafka_partition = 11 SETTINGS mutations_sync = 1");

    again(11, block, "both");

    assertThat(rows("calls", 11)).isEqualTo("0");
    assertThat(counted("calls", "missing")).isEqualTo(1);
  }

  /** The audit may lack what a retraction went away with. */
  @Test
  void retractionsOfCalls_withoutTheirLine_areNotInserted() throws IOException {
    LedgerLine line = line(53, 9);
    BlockData block = block(Topics.LEDGER, 28, entry(-1, 1, line));
    writer.write(block(Topics.LEDGER, 27, entry(1, 1, line)), "line");
    writer.write(block, "retraction");
    engine.execute("OPTIMIZE TABLE repeated.calls FINAL");
    engine.execute(
        "ALTER TABLE repeated.ledger DELETE WHERE kafka_partition = 27 SETTINGS mutations_sync = 1");

    again(28, block, "retraction");

    assertThat(rows("calls", 28)).isEqualTo("0");
    assertThat(counted("calls", "unknown")).isEqualTo(1);
  }

  /** A server loses a part whole: where one row is left, somebody took the others away. */
  @Test
  void rowsOfCalls_someOfOnePartition_areNotInserted() throws IOException {
    BlockData block = block(Topics.LEDGER, 26, entry(1, 1, line(51, 8)), entry(1, 1, line(52, 8)));
    writer.write(block, "some");
    engine.execute(
        "ALTER TABLE repeated.calls DELETE WHERE kafka_partition = 26 AND kafka_offset = 1"
            + " SETTINGS mutations_sync = 1");

    again(26, block, "some");

    assertThat(rows("calls", 26)).isEqualTo("1");
    assertThat(counted("calls", "missing")).isEqualTo(1);
  }

  @Test
  void rowsOfCalls_ofOneMonth_areRepairedAsTheRunbookSays() throws IOException {
    BlockData block = block(Topics.LEDGER, 24, entry(1, 1, line(49, 8)), entry(1, 1, line(50, 40)));
    writer.write(block, "month");
    engine.execute(
        "ALTER TABLE repeated.calls DELETE WHERE kafka_partition = 24 AND toYYYYMM(event_time) = 202602"
            + " SETTINGS mutations_sync = 1");
    again(24, block, "month");
    assertThat(counted("calls", "missing")).isEqualTo(1);

    String columns = String.join(", ", block.layout().columnsOf("calls"));
    engine.execute(
        "INSERT INTO repeated.calls (%1$s) SELECT %1$s FROM repeated.ledger WHERE %2$s"
                .formatted(columns, range(24, block).condition())
            + " AND toYYYYMM(event_time) = 202602");

    again(24, block, "month");
    assertThat(counted("calls", "there")).isEqualTo(1);
  }
}
