package dev.tributary.standalone.correct;

import dev.tributary.schemas.LedgerEntry;
import dev.tributary.schemas.LedgerLine;
import dev.tributary.schemas.Topics;
import java.util.function.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Plans a rule over the net lines of a period, read from the ledger's topic: a command must repeat
 * the booked line byte for byte where its owner has forgotten it, and ClickHouse keeps columns, not
 * the line.
 */
final class LedgerPlanner implements Planner {
  private final CorrectionClients clients;
  private final Selection selection;
  private final LineRule rule;

  LedgerPlanner(CorrectionClients clients, Selection selection, LineRule rule) {
    this.clients = clients;
    this.selection = selection;
    this.rule = rule;
  }

  @Override
  public void plan(Consumer<LineChange> changes) {
    try (TopicReader<LedgerEntry> ledger = clients.reader(Topics.LEDGER)) {
      for (TopicPartition partition : ledger.partitions()) {
        NetFold<LineChange> fold = new NetFold<>(this::change);
        ledger.read(partition, selection.fromMs(), record -> fold.add(record.value()));
        fold.forEach((key, change) -> changes.accept(change));
      }
    }
  }

  private @Nullable LineChange change(LedgerEntry entry) {
    LedgerLine line = entry.getLine();
    if (!selection.matches(line)) {
      return null;
    }
    LedgerLine after = rule.corrected(line);
    return after == null ? null : new LineChange(line, entry.getRevision(), after);
  }
}
