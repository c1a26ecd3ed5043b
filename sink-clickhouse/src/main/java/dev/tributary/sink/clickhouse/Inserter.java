package dev.tributary.sink.clickhouse;

import dev.tributary.runtime.http.DaemonThreads;
import dev.tributary.sink.clickhouse.core.BlockData;
import dev.tributary.sink.clickhouse.core.Intent;
import dev.tributary.sink.clickhouse.core.PartitionLoad.Block;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out one attempt after the other on threads of its own, so that the loading thread keeps
 * polling. It never retries: each attempt is granted by the loading thread after the block's bounds
 * were committed, which only the partition's owner can do.
 */
final class Inserter implements AutoCloseable {
  private static final Logger LOGGER = LoggerFactory.getLogger(Inserter.class);
  private static final long CLOSE_TIMEOUT_S = 10;

  /**
   * A server that dies while it is asked is asked again; one that never answers holds up nobody.
   */
  private static final int MOST_FAILED_LOOKS = 3;

  /** What became of an attempt; no failure: the block is in ClickHouse, or in quarantine. */
  record Outcome(PartitionWork work, Block<OpenBlock> block, @Nullable RuntimeException failure) {}

  private final String cluster;
  private final BlockWriter writer;
  private final Quarantine quarantine;
  private final int quarantineAfter;
  private final ExecutorService threads;
  private final Queue<Outcome> outcomes = new ConcurrentLinkedQueue<>();

  /**
   * Inserts on these threads, which are its own from here on.
   *
   * @param cluster Kafka's cluster id, part of every token
   */
  Inserter(
      String cluster,
      BlockWriter writer,
      Quarantine quarantine,
      int quarantineAfter,
      ExecutorService threads) {
    this.cluster = cluster;
    this.writer = writer;
    this.quarantine = quarantine;
    this.quarantineAfter = quarantineAfter;
    this.threads = threads;
  }

  /** Threads that insert. */
  static ExecutorService threads(int count) {
    return Executors.newFixedThreadPool(count, new DaemonThreads("sink-insert"));
  }

  /** Attempts a block; the outcome is polled for. */
  void submit(PartitionWork work, Block<OpenBlock> block) {
    threads.execute(
        () -> {
          // Stands where an error ends the thread: without any outcome nobody would try again.
          RuntimeException failure = new WriteFailedException("an error ended the attempt");
          try {
            failure = attempt(work, block);
          } finally {
            outcomes.add(new Outcome(work, block, failure));
          }
        });
  }

  /** The next outcome; null: none has come. */
  @Nullable Outcome poll() {
    return outcomes.poll();
  }

  private @Nullable RuntimeException attempt(PartitionWork work, Block<OpenBlock> block) {
    OpenBlock payload = block.payload();
    String topic = work.partition().topic();
    int partition = work.partition().partition();
    try {
      quarantine.send(payload);
      write(block, topic, partition);
      return null;
    } catch (BlockRefusedException e) {
      if (payload.refused() < quarantineAfter) {
        return e;
      }
      return quarantine(work, block, e);
    } catch (RuntimeException e) { // whatever it was, the block is not known to be there
      return e;
    }
  }

  private void write(Block<OpenBlock> block, String topic, int partition) {
    Intent intent = block.intent();
    BlockData data = block.payload().data();
    String token = intent.token(cluster, topic, partition);
    if (!block.isAnnounced() && !block.payload().hasBeenAttempted()) {
      writer.write(data, token);
      return;
    }
    BlockRange range = new BlockRange(partition, intent.first(), intent.last());
    try {
      boolean mustKnow = block.payload().failedLooks() < MOST_FAILED_LOOKS;
      writer.writeAgain(data, token, range, mustKnow);
    } catch (LookFailedException e) {
      block.payload().lookFailed();
      throw e;
    }
  }

  private @Nullable RuntimeException quarantine(
      PartitionWork work, Block<OpenBlock> block, BlockRefusedException refusal) {
    try {
      quarantine.send(work.partition(), block.intent(), refusal);
      block.payload().quarantined();
      LOGGER
          .atError()
          .addKeyValue("topic", work.partition().topic())
          .addKeyValue("partition", work.partition().partition())
          .addKeyValue("first", block.intent().first())
          .addKeyValue("last", block.intent().last())
          .addKeyValue("code", refusal.code())
          // Not the cause: the server's message may quote the record.
          .log("ClickHouse refuses a block; its records are in the dead-letter topic");
      return null;
    } catch (RuntimeException e) { // the dead-letter topic does not take it: the block stays
      return e;
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
    try {
      if (!threads.awaitTermination(CLOSE_TIMEOUT_S, TimeUnit.SECONDS)) {
        LOGGER
            .atWarn()
            .log("an insert did not end in time; its block is announced and comes again");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
