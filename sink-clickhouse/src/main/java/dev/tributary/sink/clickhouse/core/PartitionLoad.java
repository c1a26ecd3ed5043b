package dev.tributary.sink.clickhouse.core;

import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The protocol by which one partition is loaded, as a state machine without I/O: it says what to
 * commit and what to insert next, and is told what happened. At most one block is on its way while
 * the next one is being filled.
 *
 * <p>Invariants, from which exactly-once follows (RATIONALE.md):
 *
 * <ol>
 *   <li>the committed offset is the start of the first block that is not known to be in ClickHouse;
 *   <li>its metadata is empty, or the bounds of exactly that block;
 *   <li>a block is inserted only after its bounds were committed, and again before every retry;
 *   <li>an offset beyond a block is committed only after ClickHouse has acknowledged it.
 * </ol>
 *
 * @param <P> what a block carries
 */
public final class PartitionLoad<P> {
  /** An offset and its metadata, to be committed. */
  public record Commit(long offset, String metadata) {}

  /**
   * A block whose bounds are fixed.
   *
   * @param isAnnounced whether somebody announced it before, and may have inserted it
   */
  public record Block<P>(Intent intent, P payload, boolean isAnnounced) {}

  private enum Phase {
    /** Its bounds are to be committed, for the first time or before a retry. */
    INTENT_DUE,
    READY,
    INSERTING,
    /** An attempt failed; the driver decides when to try again. */
    FAILED,
    /** It is in ClickHouse (or in quarantine); its end is to be committed. */
    DONE
  }

  private final int layoutVersion;
  private final Supplier<P> payloads;

  private @Nullable Block<P> moving;
  private Phase phase = Phase.DONE;

  private long openFirst;
  private long openLast = -1;
  private int openRecords;
  private long openSinceMs;
  private @Nullable P openPayload;
  private boolean isSealed;
  private @Nullable Intent pending;
  private long advanceTo = -1;

  /**
   * The state after taking the partition over.
   *
   * @param start the committed offset, or where a group that never committed starts
   * @param pending the block announced with that offset; null: none
   * @param layoutVersion version of the rows that this program makes
   */
  public PartitionLoad(
      long start, @Nullable Intent pending, int layoutVersion, Supplier<P> payloads) {
    if (pending != null && pending.first() != start) {
      throw new IllegalArgumentException("pending block does not start at " + start);
    }
    this.openFirst = start;
    this.pending = pending;
    this.layoutVersion = layoutVersion;
    this.payloads = payloads;
  }

  /** Whether the next record has a block to go to; false while a full one waits for its turn. */
  public boolean canTake() {
    return !isSealed;
  }

  /**
   * The next committed record of the partition joins the open block.
   *
   * @return the payload to add it to
   * @throws BlockChangedException the record proves that an announced block has changed
   */
  public P take(long offset, long nowMs) {
    if (isSealed || offset < openFirst || offset <= openLast) {
      throw new IllegalStateException("offset " + offset + " is not next after " + openLast);
    }
    Intent bounds = pending;
    if (bounds != null && offset > bounds.last()) {
      throw changed(bounds, "its last record is gone");
    }
    if (openPayload == null) {
      openPayload = payloads.get();
      openSinceMs = nowMs;
    }
    openLast = offset;
    openRecords++;
    return openPayload;
  }

  /**
   * Cuts the open block where a limit is reached, or where it has all records of the block that was
   * announced.
   *
   * @param bytes bytes of its columns
   */
  public void sealIfDue(long bytes, long nowMs, BlockLimits limits) {
    Intent bounds = pending;
    if (bounds != null) {
      if (openLast == bounds.last() && !isSealed) {
        if (openRecords != bounds.records()) {
          throw changed(bounds, "it had " + bounds.records() + " records, now " + openRecords);
        }
        isSealed = true;
      }
      return;
    }
    boolean isOld = nowMs - openSinceMs >= limits.ageMs();
    if (openRecords > 0 && (openRecords >= limits.rows() || bytes >= limits.bytes() || isOld)) {
      isSealed = true;
    }
  }

  /** Cuts the open block now, if it holds anything and is not one announced before. */
  public void seal() {
    isSealed |= pending == null && openRecords > 0;
  }

  /**
   * The reader has passed offsets that hold no committed record (transaction markers, aborted
   * records). Where nothing is under way, the group's offset may follow.
   */
  public void passed(long position) {
    if (moving == null && openRecords == 0 && pending == null && position > openFirst) {
      advanceTo = position;
    }
  }

  /** What must be committed now. */
  public Optional<Commit> dueCommit() {
    if (moving == null) {
      if (isSealed) {
        promote(Phase.INTENT_DUE);
      } else if (openRecords == 0 && advanceTo > openFirst) {
        return Optional.of(new Commit(advanceTo, ""));
      }
    }
    if (moving == null) {
      return Optional.empty();
    }
    if (phase == Phase.INTENT_DUE) {
      return Optional.of(new Commit(moving.intent().first(), moving.intent().metadata()));
    }
    if (phase == Phase.DONE) {
      String metadata = isSealed ? sealedIntent().metadata() : "";
      return Optional.of(new Commit(moving.intent().last() + 1, metadata));
    }
    return Optional.empty();
  }

  /** Kafka has accepted the commit. */
  public void committed(Commit commit) {
    if (moving == null) {
      openFirst = commit.offset();
      advanceTo = -1;
    } else if (phase == Phase.INTENT_DUE) {
      phase = Phase.READY;
    } else if (phase == Phase.DONE) {
      moving = null;
      if (!commit.metadata().isEmpty()) {
        promote(Phase.READY);
      }
    }
  }

  /** The block to insert now; its bounds are committed. The caller reports what became of it. */
  public Optional<Block<P>> dueInsert() {
    if (moving == null || phase != Phase.READY) {
      return Optional.empty();
    }
    phase = Phase.INSERTING;
    return Optional.of(moving);
  }

  /** ClickHouse has acknowledged the block, or it is in quarantine. */
  public void done() {
    expect(Phase.INSERTING);
    phase = Phase.DONE;
  }

  /** An attempt failed, or nobody knows; it stays this block's turn. */
  public void failed() {
    expect(Phase.INSERTING);
    phase = Phase.FAILED;
  }

  /**
   * The block is to be tried again: first its bounds are committed again, which proves ownership.
   */
  public void retry() {
    expect(Phase.FAILED);
    phase = Phase.INTENT_DUE;
  }

  /** Whether a block waits for its retry. */
  public boolean isFailed() {
    return moving != null && phase == Phase.FAILED;
  }

  /** The block on its way, if any. */
  public Optional<Block<P>> moving() {
    return Optional.ofNullable(moving);
  }

  /** Whether records were taken that go on their way whatever comes after them. */
  public boolean isUnderWay() {
    return moving != null || (pending == null && openRecords > 0);
  }

  /** The block that somebody announced, until all its records are read again. */
  public Optional<Intent> pending() {
    return Optional.ofNullable(pending);
  }

  /** The payload of the block being filled, if it has records. */
  public Optional<P> open() {
    return Optional.ofNullable(openPayload);
  }

  private void expect(Phase expected) {
    if (moving == null || phase != expected) {
      throw new IllegalStateException("expected a block in " + expected + ", it is " + phase);
    }
  }

  private Intent sealedIntent() {
    Intent bounds = pending;
    return bounds != null ? bounds : new Intent(openFirst, openLast, openRecords, layoutVersion);
  }

  private void promote(Phase next) {
    P payload = openPayload;
    if (payload == null) {
      throw new IllegalStateException("a sealed block without records");
    }
    Intent intent = sealedIntent();
    moving = new Block<>(intent, payload, pending != null);
    phase = next;
    openFirst = intent.last() + 1;
    openLast = -1;
    openRecords = 0;
    openPayload = null;
    isSealed = false;
    pending = null;
    advanceTo = -1;
  }

  private static BlockChangedException changed(Intent bounds, String how) {
    return new BlockChangedException(
        "block "
            + bounds.first()
            + ".."
            + bounds.last()
            + " cannot be read again as announced: "
            + how);
  }
}
