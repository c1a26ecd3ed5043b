package dev.tributary.standalone.correct;

import dev.tributary.schemas.LedgerEntry;
import dev.tributary.schemas.Topics;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.apache.kafka.common.TopicPartition;

/** Plans what a replay found to be different. Its topics have the partitions of the ledger's. */
final class ReplayPlanner implements Planner {
  private final CorrectionClients clients;
  private final Selection selection;
  private final Shadow shadow;
  private final String replay;
  private long leftAlone;

  ReplayPlanner(CorrectionClients clients, RunOrder order) {
    this.clients = clients;
    this.selection = order.selection();
    this.replay = Objects.requireNonNull(order.replay(), "a replay's run has its id");
    this.shadow = new Shadow(clients.names(), replay);
  }

  @Override
  public void plan(Consumer<LineChange> changes) {
    leftAlone = 0;
    Map<Integer, Long> ledgerEnds =
        Reprocessing.find(clients, selection.tenant(), replay).ledgerEnds();
    long fromMs = Math.max(0, selection.fromMs() - Shadow.LEAD.toMillis());
    try (TopicReader<LedgerEntry> booked = clients.reader(Topics.LEDGER);
        TopicReader<LedgerEntry> replayed =
            clients.reader(shadow.name(Topics.LEDGER), Topics.LEDGER)) {
      for (TopicPartition partition : booked.partitions()) {
        NetComparison comparison = new NetComparison(selection);
        long knownTo = ledgerEnds.getOrDefault(partition.partition(), 0L);
        booked.read(
            partition,
            fromMs,
            record -> {
              if (record.offset() < knownTo) {
                comparison.booked(record.value());
              } else {
                comparison.bookedSince(record.value());
              }
            });
        replayed.read(
            new TopicPartition(replayed.topic(), partition.partition()),
            fromMs,
            record -> comparison.replayed(record.value()));
        comparison.changes(changes);
        leftAlone += comparison.leftAlone();
      }
    }
  }

  @Override
  public List<String> notes() {
    return leftAlone == 0
        ? List.of()
        : List.of(
            "%,d lines that differ were booked after the replay had read its spans and are left alone; repeat the same ./tributary reprocess with --id %s to compare them"
                .formatted(leftAlone, replay));
  }
}
