package dev.tributary.standalone.correct;

import dev.tributary.attribution.SchemaCodec;
import dev.tributary.schemas.EntryCause;
import dev.tributary.schemas.LedgerEntry;
import dev.tributary.schemas.LedgerLine;
import dev.tributary.schemas.LineKind;
import dev.tributary.schemas.Topics;
import java.util.Objects;
import java.util.function.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Compares the net of a replay with the net of the ledger, line by line, over the usage lines of a
 * period. Both topics have the same partitions; of one partition at a time all lines of the period
 * are held as bytes, about 400 each.
 */
final class ReplayPlanner implements Planner {
  /** A line as bytes, with what a command needs beside it. */
  @SuppressWarnings("ArrayRecordComponent") // never compared as a whole, never changed
  private record Net(byte[] line, long revision, EntryCause cause, boolean isInPeriod) {}

  private final CorrectionClients clients;
  private final Selection selection;
  private final Shadow shadow;
  private final SchemaCodec codec = new SchemaCodec();
  private final LineComparison comparison = new LineComparison();

  ReplayPlanner(CorrectionClients clients, RunOrder order) {
    this.clients = clients;
    this.selection = order.selection();
    this.shadow =
        new Shadow(
            clients.names(), Objects.requireNonNull(order.replay(), "a replay's run has its id"));
  }

  @Override
  public void plan(Consumer<LineChange> changes) {
    try (TopicReader<LedgerEntry> booked = clients.reader(Topics.LEDGER);
        TopicReader<LedgerEntry> replayed =
            clients.reader(shadow.name(Topics.LEDGER), Topics.LEDGER)) {
      for (TopicPartition partition : booked.partitions()) {
        NetFold<Net> ledger = fold(booked, partition);
        NetFold<Net> replay =
            fold(replayed, new TopicPartition(replayed.topic(), partition.partition()));
        replay.forEach((key, net) -> changed(ledger.get(key), net, changes));
        ledger.forEach(
            (key, net) -> {
              if (replay.get(key) == null) {
                removed(net, changes);
              }
            });
      }
    }
  }

  private NetFold<Net> fold(TopicReader<LedgerEntry> reader, TopicPartition partition) {
    NetFold<Net> fold = new NetFold<>(this::net);
    reader.read(
        partition,
        Math.max(0, selection.fromMs() - Shadow.LEAD.toMillis()),
        record -> fold.add(record.value()));
    return fold;
  }

  private @Nullable Net net(LedgerEntry entry) {
    LedgerLine line = entry.getLine();
    if (line.getKind() != LineKind.USAGE || !line.getTenant().equals(selection.tenant())) {
      return null;
    }
    return new Net(
        codec.encode(line),
        entry.getRevision(),
        entry.getCause(),
        selection.isInPeriod(line.getEventTimeUs()));
  }

  /** A line that moved in time is in the period where either of the two is. */
  private void changed(@Nullable Net before, Net after, Consumer<LineChange> changes) {
    if (!after.isInPeriod && (before == null || !before.isInPeriod)) {
      return;
    }
    LedgerLine line = codec.decodeLine(after.line);
    if (before == null) {
      changes.accept(new LineChange(null, 0, line));
      return;
    }
    LedgerLine booked = codec.decodeLine(before.line);
    if (!comparison.isAlike(booked, line)) {
      changes.accept(new LineChange(booked, before.revision, line));
    }
  }

  /** What a command admitted is there by its own right, without its span. */
  private void removed(Net before, Consumer<LineChange> changes) {
    if (before.isInPeriod && before.cause != EntryCause.ADMITTED) {
      changes.accept(new LineChange(codec.decodeLine(before.line), before.revision, null));
    }
  }
}
