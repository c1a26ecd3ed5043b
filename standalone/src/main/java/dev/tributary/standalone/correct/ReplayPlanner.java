package dev.tributary.standalone.correct;

import dev.tributary.schemas.LedgerEntry;
import dev.tributary.schemas.Topics;
import java.util.Objects;
import java.util.function.Consumer;
import org.apache.kafka.common.TopicPartition;

/** Plans what a replay found to be different. Its topics have the partitions of the ledger's. */
final class ReplayPlanner implements Planner {
  private final CorrectionClients clients;
  private final Selection selection;
  private final Shadow shadow;

  ReplayPlanner(CorrectionClients clients, RunOrder order) {
    this.clients = clients;
    this.selection = order.selection();
    String replay = Objects.requireNonNull(order.replay(), "a replay's run has its id");
    this.shadow = new Shadow(clients.names(), replay);
  }

  @Override
  public void plan(Consumer<LineChange> changes) {
    long fromMs = Math.max(0, selection.fromMs() - Shadow.LEAD.toMillis());
    try (TopicReader<LedgerEntry> booked = clients.reader(Topics.LEDGER);
        TopicReader<LedgerEntry> replayed =
            clients.reader(shadow.name(Topics.LEDGER), Topics.LEDGER)) {
      for (TopicPartition partition : booked.partitions()) {
        NetComparison comparison = new NetComparison(selection);
        booked.read(partition, fromMs, record -> comparison.booked(record.value()));
        replayed.read(
            new TopicPartition(replayed.topic(), partition.partition()),
            fromMs,
            record -> comparison.replayed(record.value()));
        comparison.changes(changes);
      }
    }
  }
}
