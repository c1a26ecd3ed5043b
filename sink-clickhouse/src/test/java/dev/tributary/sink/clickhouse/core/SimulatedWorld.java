package dev.tributary.sink.clickhouse.core;

import dev.tributary.runtime.testing.Generator;
import dev.tributary.sink.clickhouse.core.PartitionLoad.Block;
import dev.tributary.sink.clickhouse.core.PartitionLoad.Commit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One partition, its committed offset, ClickHouse with its tokens, and loaders that die between any
 * two steps, also while an insert is on its way: it may happen, never happen, or happen long after
 * the next owner has taken over.
 */
final class SimulatedWorld {
  /** What is broken on purpose. */
  enum Variant {
    /** The protocol as it is. */
    CORRECT,
    /** The intent is not kept: at-least-once with tokens. */
    NO_INTENT,
    /** ClickHouse forgets tokens: deduplication window 0. */
    NO_WINDOW,
    /** The end is committed before the insert: at-most-once. */
    COMMIT_FIRST
  }

  private static final int MAX_STEPS = 20_000;

  private final Generator generator;
  private final Variant variant;
  private final List<Long> log = new ArrayList<>();
  private final long endOfLog;
  private final Set<String> tokens = new HashSet<>();
  private final Map<Long, Integer> table = new HashMap<>();
  private final List<Runnable> zombieInserts = new ArrayList<>();
  private long committedOffset;
  private String committedMetadata = "";
  private int crashes;

  /** A log with gaps, as transaction markers and aborted records leave them. */
  SimulatedWorld(Generator generator, Variant variant) {
    this.generator = generator;
    this.variant = variant;
    long offset = 0;
    int records = generator.between(20, 300);
    for (int i = 0; i < records; i++) {
      offset += generator.chance(20) ? generator.between(2, 5) : 1;
      log.add(offset);
    }
    this.endOfLog = offset + generator.between(1, 3);
  }

  /** Loads everything, with crashes; answers how often each record is in the table. */
  Map<Long, Integer> run() {
    int steps = 0;
    while (committedOffset <= log.get(log.size() - 1) || !committedMetadata.isEmpty()) {
      incarnation();
      if (++steps > MAX_STEPS) {
        throw new AssertionError("no progress after " + steps + " incarnations");
      }
    }
    zombieInserts.forEach(Runnable::run);
    return table;
  }

  int crashes() {
    return crashes;
  }

  List<Long> log() {
    return log;
  }

  /** One owner, from taking over until it dies or has nothing left to do. */
  private void incarnation() {
    Optional<Intent> pending = Intent.parse(committedOffset, committedMetadata);
    PartitionLoad<List<Long>> load =
        new PartitionLoad<>(committedOffset, pending.orElse(null), 1, ArrayList::new);
    BlockLimits limits = new BlockLimits(generator.between(1, 40), 1_000_000, 1_000_000);
    int next = firstAtOrAfter(committedOffset);
    int life = generator.between(1, 120);
    for (int step = 0; step < life; step++) {
      next = feed(load, limits, next);
      if (dies()) {
        break;
      }
      if (next == log.size()) {
        load.seal();
        load.passed(endOfLog);
      }
      if (generator.chance(60)) {
        commit(load);
      }
      if (dies()) {
        break;
      }
      Optional<Block<List<Long>>> block = load.dueInsert();
      if (block.isPresent()) {
        insert(load, block.get());
      }
      if (dies()) {
        break;
      }
      if (load.isFailed()) {
        load.retry();
      }
      if (!zombieInserts.isEmpty() && generator.chance(10)) {
        zombieInserts.remove(0).run();
      }
    }
    crashes++;
  }

  private boolean dies() {
    return generator.chance(8);
  }

  private int feed(PartitionLoad<List<Long>> load, BlockLimits limits, int from) {
    int next = from;
    int batch = generator.between(0, 30);
    while (batch-- > 0 && next < log.size() && load.canTake()) {
      load.take(log.get(next), 0).add(log.get(next));
      load.sealIfDue(0, 0, limits);
      next++;
    }
    return next;
  }

  private void commit(PartitionLoad<List<Long>> load) {
    Optional<Commit> due = load.dueCommit();
    if (due.isEmpty()) {
      return;
    }
    Commit commit = due.get();
    committedOffset = commit.offset();
    committedMetadata = variant == Variant.NO_INTENT ? "" : commit.metadata();
    if (variant == Variant.COMMIT_FIRST && !commit.metadata().isEmpty()) {
      Intent intent = Intent.parse(commit.offset(), commit.metadata()).orElseThrow();
      committedOffset = intent.last() + 1;
      committedMetadata = "";
    }
    if (generator.chance(95)) {
      load.committed(commit); // else: the answer was lost, and it is committed again
    }
  }

  private void insert(PartitionLoad<List<Long>> load, Block<List<Long>> block) {
    Runnable insert = () -> apply(block);
    int fate = generator.between(1, 100);
    if (fate <= 70) {
      insert.run();
      load.done();
    } else if (fate <= 80) {
      insert.run(); // the acknowledgement is lost
      load.failed();
    } else if (fate <= 90) {
      load.failed();
    } else {
      zombieInserts.add(insert); // still on its way; the loader has given up waiting
      load.failed();
    }
  }

  private void apply(Block<List<Long>> block) {
    boolean isNew = tokens.add(block.intent().token("cluster", "llm.ledger.v1", 0));
    if (isNew || variant == Variant.NO_WINDOW) {
      block.payload().forEach(offset -> table.merge(offset, 1, Integer::sum));
    }
  }

  private int firstAtOrAfter(long offset) {
    int index = 0;
    while (index < log.size() && log.get(index) < offset) {
      index++;
    }
    return index;
  }
}
