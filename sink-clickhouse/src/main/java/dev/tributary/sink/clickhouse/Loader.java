package dev.tributary.sink.clickhouse;

import dev.tributary.sink.clickhouse.core.PartitionLoad.Commit;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One membership in the consumer group: polls, cuts blocks, commits bounds and ends, and hands
 * blocks to the {@link Inserter}. The only thread that touches the consumer and the protocol state.
 */
final class Loader {
  private static final Logger LOGGER = LoggerFactory.getLogger(Loader.class);

  /** With an insert under way the next poll must end soon, to commit its end. */
  private static final Duration BUSY_POLL = Duration.ofMillis(5);

  private static final Duration IDLE_POLL = Duration.ofMillis(50);

  private final Consumer<byte[], byte[]> consumer;
  private final SinkConfig config;
  private final RecordDecoder decoder;
  private final Inserter inserter;
  private final SinkMetrics metrics;
  private final FaultPoints faults;
  private final Clock clock;
  private final Assignment assignment;
  private int underWay;

  Loader(
      Consumer<byte[], byte[]> consumer,
      SinkConfig config,
      Assignment assignment,
      RecordDecoder decoder,
      Inserter inserter,
      SinkMetrics metrics,
      FaultPoints faults,
      Clock clock) {
    this.consumer = consumer;
    this.config = config;
    this.assignment = assignment;
    this.decoder = decoder;
    this.inserter = inserter;
    this.metrics = metrics;
    this.faults = faults;
    this.clock = clock;
  }

  /**
   * One round. Never longer than a commit, a poll, and where a schema is new one question to the
   * registry, so membership is kept whatever happens.
   */
  void step() {
    long nowMs = clock.millis();
    takeOutcomes(nowMs);
    fill(nowMs);
    boundBuffers();
    commit(nowMs);
    submit();
    steer();
    poll(nowMs);
  }

  private void takeOutcomes(long nowMs) {
    for (Inserter.Outcome outcome = inserter.poll(); outcome != null; outcome = inserter.poll()) {
      underWay--;
      PartitionWork work = outcome.work();
      if (!assignment.isCurrent(work)) {
        continue; // somebody else's partition now; the token makes our attempt harmless
      }
      RuntimeException failure = outcome.failure();
      if (failure == null) {
        work.load().done();
        metrics.loaded(work, outcome.block());
      } else {
        work.load().failed();
        long pauseMs = pauseMs(outcome.block().payload().attempted());
        work.retryAt(nowMs + pauseMs);
        metrics.failed(work, outcome.block(), failure, pauseMs);
      }
    }
    for (PartitionWork work : assignment.all()) {
      if (work.isRetryDue(nowMs)) {
        work.load().retry();
      }
    }
  }

  private long pauseMs(int attempts) {
    long most = config.retryMost().toMillis();
    return Math.min(most, config.retryFirst().toMillis() << Math.min(attempts - 1, 20));
  }

  private void fill(long nowMs) {
    for (PartitionWork work : assignment.all()) {
      work.fill(decoder, config.limits(), nowMs);
    }
  }

  /** Too much in memory: what is open is cut, and nothing more is read until it has gone. */
  private void boundBuffers() {
    if (isFull()) {
      // A record that waits for the registry has joined its block already: the block is not whole.
      assignment.all().stream()
          .filter(work -> !work.isWaitingForSchema())
          .forEach(work -> work.load().seal());
    }
  }

  private boolean isFull() {
    long bytes = 0;
    for (PartitionWork work : assignment.all()) {
      bytes += work.bufferedBytes();
    }
    return bytes > config.maxBufferedBytes();
  }

  /** All partitions' commits of this round go in one request. */
  private void commit(long nowMs) {
    Map<PartitionWork, Commit> due = new HashMap<>();
    Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
    boolean isIntent = false;
    boolean isEnd = false;
    for (PartitionWork work : assignment.all()) {
      Commit commit = work.load().dueCommit().orElse(null);
      if (commit != null) {
        due.put(work, commit);
        offsets.put(work.partition(), new OffsetAndMetadata(commit.offset(), commit.metadata()));
        isIntent |= !commit.metadata().isEmpty();
        isEnd |= isEndOfMoving(work, commit);
      }
    }
    if (offsets.isEmpty()) {
      return;
    }
    reach(isIntent, FaultPoints.BEFORE_INTENT, isEnd, FaultPoints.BEFORE_END);
    try {
      consumer.commitSync(offsets);
    } catch (RebalanceInProgressException e) {
      return; // the group is changing: the next poll joins, then it is tried again
    } catch (CommitFailedException e) {
      // Not a member any more: the next poll says which partitions were lost.
      metrics.error("commit", e);
      return;
    }
    due.forEach(
        (work, commit) -> {
          if (isEndOfMoving(work, commit)) {
            work.load().moving().ifPresent(block -> work.ended(block.payload()));
          }
          work.load().committed(commit);
          work.committedAt(nowMs);
        });
    reach(isIntent, FaultPoints.AFTER_INTENT, isEnd, FaultPoints.AFTER_END);
  }

  private void reach(boolean isIntent, String intentStep, boolean isEnd, String endStep) {
    if (isIntent) {
      faults.reach(intentStep);
    }
    if (isEnd) {
      faults.reach(endStep);
    }
  }

  private static boolean isEndOfMoving(PartitionWork work, Commit commit) {
    return work.load()
        .moving()
        .filter(block -> commit.offset() > block.intent().last())
        .isPresent();
  }

  private void submit() {
    for (PartitionWork work : assignment.all()) {
      work.load()
          .dueInsert()
          .ifPresent(
              block -> {
                underWay++;
                inserter.submit(work, block);
              });
    }
  }

  /**
   * A partition whose records wait, or end at a gap, is not read further; nor is any while memory
   * is full, but for one that alone can make room.
   */
  private void steer() {
    boolean isFull = isFull();
    PartitionWork readOn = isFull ? announcedToReadOn() : null;
    List<TopicPartition> pause = new ArrayList<>();
    List<TopicPartition> resume = new ArrayList<>();
    Set<TopicPartition> paused = consumer.paused();
    for (PartitionWork work : assignment.all()) {
      boolean isHeldBack = isFull && work != readOn;
      boolean wait = isHeldBack || !work.queue().isEmpty() || work.isHeld();
      if (wait != paused.contains(work.partition())) {
        (wait ? pause : resume).add(work.partition());
      }
    }
    consumer.pause(pause);
    consumer.resume(resume);
  }

  /**
   * Memory may be full of announced blocks, of which none can be cut: where nothing else will make
   * room, they are read to their ends one by one. The one with most of it, so that it stays the
   * same one.
   */
  private @Nullable PartitionWork announcedToReadOn() {
    PartitionWork most = null;
    for (PartitionWork work : assignment.all()) {
      if (work.load().moving().isPresent()) {
        return null;
      }
      if (work.load().pending().isPresent()
          && !work.isWaitingForSchema()
          && (most == null || work.bufferedBytes() > most.bufferedBytes())) {
        most = work;
      }
    }
    return most;
  }

  private void poll(long nowMs) {
    ConsumerRecords<byte[], byte[]> records;
    try {
      records = consumer.poll(underWay > 0 ? BUSY_POLL : IDLE_POLL);
    } catch (OffsetOutOfRangeException e) {
      assignment.lost(e.offsetOutOfRangePartitions());
      return;
    }
    for (ConsumerRecord<byte[], byte[]> record : records) {
      PartitionWork work = assignment.of(record.topic(), record.partition());
      if (work == null) {
        throw new IllegalStateException("a record of a partition that is not assigned");
      }
      work.queue().add(record);
    }
    for (PartitionWork work : assignment.all()) {
      if (work.queue().isEmpty()
          && nowMs - work.lastCommitMs() >= config.limits().ageMs()
          && consumer.assignment().contains(work.partition())) {
        work.load().passed(consumer.position(work.partition()));
      }
    }
    metrics.lag(assignment.all(), consumer);
  }

  /** Ends what can be ended at once: acknowledged blocks are committed, the rest is announced. */
  void finish() {
    LOGGER.atInfo().addKeyValue("under_way", underWay).log("the loader stops");
    long deadlineMs = clock.millis() + config.clickHouse().timeout().toMillis() / 4;
    while (underWay > 0 && clock.millis() < deadlineMs) {
      takeOutcomes(clock.millis());
      commit(clock.millis());
      steerNothing();
    }
  }

  private void steerNothing() {
    consumer.pause(consumer.assignment());
    consumer.poll(BUSY_POLL);
  }
}
