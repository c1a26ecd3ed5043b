package dev.tributary.standalone.correct;

import dev.tributary.schemas.Correction;
import dev.tributary.schemas.CorrectionCommand;
import java.util.BitSet;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A run as its records on the commands' topic tell it. Filled by {@link Runs} only. */
final class Run {
  private final String id;
  private final long number;
  private final String tenant;
  private final long openedUs;
  private final String reason;
  private final @Nullable RunOrder order;
  private final SortedSet<Integer> asked = new TreeSet<>();
  private final SortedSet<Integer> open = new TreeSet<>();
  private final SortedSet<Integer> closed = new TreeSet<>();
  private final SortedSet<Integer> refused = new TreeSet<>();
  private final Map<Integer, Commands> commands = new TreeMap<>();
  private long count;

  /**
   * Offsets of a partition's commands, relative to the first: a bit each, however many there are.
   */
  private static final class Commands {
    private final long first;
    private final BitSet offsets = new BitSet();

    private Commands(long first) {
      this.first = first;
    }

    private void add(long offset) {
      offsets.set(Math.toIntExact(offset - first));
    }

    private boolean has(long offset) {
      long index = offset - first;
      return index >= 0 && index <= Integer.MAX_VALUE && offsets.get((int) index);
    }
  }

  Run(Correction opening) {
    this.id = opening.getRunId();
    this.number = opening.getRunNumber();
    this.tenant = opening.getTenant();
    this.openedUs = opening.getIssuedAtUs();
    this.reason = opening.getReason();
    this.order = RunOrder.parse(tenant, reason);
  }

  void opened(int partition, boolean isAccepted) {
    asked.add(partition);
    (isAccepted ? open : refused).add(partition);
  }

  void closed(int partition) {
    open.remove(partition);
    closed.add(partition);
  }

  void commanded(int partition, long offset, Correction command) {
    if (command.getCommand() != CorrectionCommand.OPEN_RUN
        && command.getCommand() != CorrectionCommand.CLOSE_RUN) {
      commands.computeIfAbsent(partition, unused -> new Commands(offset)).add(offset);
      count++;
    }
  }

  String id() {
    return id;
  }

  long number() {
    return number;
  }

  String tenant() {
    return tenant;
  }

  /** When its first opening record was issued, microseconds since the epoch. */
  long openedUs() {
    return openedUs;
  }

  /** What it was asked to do; null: another tool opened it. */
  @Nullable RunOrder order() {
    return order;
  }

  /** The order for people. */
  String describe() {
    return order == null ? reason : order.describe();
  }

  /** Partitions that have an opening record. */
  SortedSet<Integer> asked() {
    return asked;
  }

  /** Partitions on which it is open now. */
  SortedSet<Integer> open() {
    return open;
  }

  /** Partitions whose owner refused to open it, since another run was. */
  SortedSet<Integer> refused() {
    return refused;
  }

  /** True where its end has begun: it takes no more commands. */
  boolean isEnding() {
    return !closed.isEmpty();
  }

  /** Commands on lines, whatever became of them. */
  long count() {
    return count;
  }

  boolean isCommand(int partition, long offset) {
    Commands known = commands.get(partition);
    return known != null && known.has(offset);
  }

  /** {@code open}, {@code closed}, or {@code refused} where it was never open on all partitions. */
  String state() {
    if (!open.isEmpty()) {
      return "open";
    }
    return refused.isEmpty() ? "closed" : "refused";
  }
}
