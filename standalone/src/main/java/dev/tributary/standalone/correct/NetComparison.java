package dev.tributary.standalone.correct;

import dev.tributary.attribution.SchemaCodec;
import dev.tributary.schemas.EntryCause;
import dev.tributary.schemas.LedgerEntry;
import dev.tributary.schemas.LedgerLine;
import dev.tributary.schemas.LineKind;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Compares the net of a replay with the net of the ledger, line by line over the usage lines of a
 * period, a partition at a time. Lines are held as bytes, about 400 each.
 */
final class NetComparison {
  /** A line as bytes, with what a command needs beside it. */
  @SuppressWarnings("ArrayRecordComponent") // never compared as a whole, never changed
  private record Net(byte[] line, long revision, EntryCause cause, boolean isInPeriod) {}

  private final Selection selection;
  private final SchemaCodec codec = new SchemaCodec();
  private final LineComparison comparison = new LineComparison();
  private final NetFold<Net> ledger = new NetFold<>(this::net);
  private final NetFold<Net> replay = new NetFold<>(this::net);

  /** Keys of lines with entries that the replay cannot know of. */
  private final Set<String> moved = new HashSet<>();

  private long leftAlone;

  NetComparison(Selection selection) {
    this.selection = selection;
  }

  /** Takes the ledger's next entry. */
  void booked(LedgerEntry entry) {
    ledger.add(entry);
  }

  /**
   * Takes the ledger's next entry where it was written after the replay had looked how far the
   * spans go. Its span may have come since, so that the replay, which lacks it, is not the better
   * one: such a line is left alone.
   */
  void bookedSince(LedgerEntry entry) {
    LedgerLine line = entry.getLine();
    if (line.getKind() == LineKind.USAGE && line.getTenant().equals(selection.tenant())) {
      moved.add(NetFold.key(line));
    }
    booked(entry);
  }

  /** Takes the replay's next entry. */
  void replayed(LedgerEntry entry) {
    replay.add(entry);
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

  /** Hands out what would make the ledger say what the replay says. */
  void changes(Consumer<LineChange> changes) {
    leftAlone = 0;
    replay.forEach((key, net) -> changed(ledger.get(key), net, unmoved(key, changes)));
    ledger.forEach(
        (key, net) -> {
          if (replay.get(key) == null) {
            removed(net, unmoved(key, changes));
          }
        });
  }

  /** Lines of the last {@link #changes} that differ and moved since the replay began. */
  long leftAlone() {
    return leftAlone;
  }

  private Consumer<LineChange> unmoved(String key, Consumer<LineChange> changes) {
    return moved.contains(key) ? change -> leftAlone++ : changes;
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
