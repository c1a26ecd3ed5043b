package dev.tributary.standalone.correct;

import dev.tributary.schemas.CorrectionCommand;
import dev.tributary.schemas.EntryCause;
import dev.tributary.schemas.LedgerLine;
import dev.tributary.schemas.LineKind;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * Money that no call owns and that is spread over those who used what it paid for. Its lines are
 * booked, changed and taken back together, in a run of their own.
 */
sealed interface Spread {

  /**
   * An hour of a pool.
   *
   * @param start its first moment
   */
  record PoolHour(String pool, Instant start) implements Spread {
    @Override
    public LineKind kind() {
      return LineKind.ALLOCATION;
    }

    @Override
    public String source() {
      return pool;
    }

    @Override
    public String runId() {
      return "allocation|" + pool + '|' + start;
    }

    @Override
    public CorrectionCommand command() {
      return CorrectionCommand.ALLOCATE;
    }

    @Override
    public EntryCause cause() {
      return EntryCause.ALLOCATION;
    }

    @Override
    public String toString() {
      return "pool " + pool + ", hour " + start;
    }

    /** The first moment of them all, milliseconds since the epoch; 0 where there is none. */
    static long firstMs(Collection<PoolHour> hours) {
      return hours.stream().mapToLong(hour -> hour.start().toEpochMilli()).min().orElse(0);
    }
  }

  /** What an invoice bills more or less than was estimated, of all its days. */
  record Invoice(String id) implements Spread {
    @Override
    public LineKind kind() {
      return LineKind.TRUE_UP;
    }

    @Override
    public String source() {
      return id;
    }

    @Override
    public String runId() {
      return "true_up|" + id;
    }

    @Override
    public CorrectionCommand command() {
      return CorrectionCommand.TRUE_UP;
    }

    @Override
    public EntryCause cause() {
      return EntryCause.TRUE_UP;
    }

    @Override
    public String toString() {
      return "invoice " + id;
    }
  }

  /** Kind of its lines. */
  LineKind kind();

  /** Source of its lines. */
  String source();

  /** The run's id: a second run has the same, and the owner opens one at a time. */
  String runId();

  /** What books a line of it. */
  CorrectionCommand command();

  /** What its entries say they are there for. */
  EntryCause cause();

  /** What a line is of; null: a line that nobody spread. */
  static @Nullable Spread of(LedgerLine line) {
    return switch (line.getKind()) {
      case ALLOCATION ->
          new PoolHour(
              line.getSource(), Instant.EPOCH.plus(line.getStartTimeUs(), ChronoUnit.MICROS));
      case TRUE_UP -> new Invoice(line.getSource());
      case USAGE, UNKNOWN -> null;
    };
  }
}
