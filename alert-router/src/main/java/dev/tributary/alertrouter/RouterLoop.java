package dev.tributary.alertrouter;

import dev.tributary.alertrouter.core.AlertDesk;
import dev.tributary.alertrouter.core.DaySummary;
import dev.tributary.alertrouter.core.DeliveryEntry;
import dev.tributary.alertrouter.core.DeliveryMemory;
import dev.tributary.alertrouter.core.Notice;
import dev.tributary.alertrouter.core.Notification;
import dev.tributary.runtime.errors.DeadLetters;
import dev.tributary.runtime.serde.SchemaRegistryUnavailableException;
import dev.tributary.schemas.Alert;
import dev.tributary.schemas.Keys;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.utils.Utils;

/**
 * One membership in the group: reads alerts, sends what is due, writes down what came of it, and
 * only then commits. An offset is committed when every alert before it is settled, so a restart
 * reads again what is not, and the memory knows what is. One thread.
 */
final class RouterLoop implements ConsumerRebalanceListener {
  private static final Duration BUSY_POLL = Duration.ofMillis(10);
  private static final Duration IDLE_POLL = Duration.ofMillis(100);
  private static final Duration FORGET_EVERY = Duration.ofHours(1);

  /** What the loop works with; all of one membership. */
  record Tools(
      Consumer<byte[], byte[]> consumer,
      Membership membership,
      Producer<byte[], byte[]> producer,
      Deserializer<Alert> decoder,
      ReferenceFeed references,
      MemoryTopic memory,
      Courier courier,
      DeadLetters deadLetters,
      FaultPoints faults) {}

  private final AlertRouterConfig config;
  private final Tools tools;
  private final int partitions;
  private final AlertRouterMetrics metrics;
  private final Summaries summaries;
  private final Clock clock;
  private final Random random = new Random();
  private final Map<TopicPartition, PartitionTrack> tracks = new HashMap<>();
  private DeliveryMemory memory = new DeliveryMemory();
  private AlertDesk desk;
  private Instant forgetAt;

  /**
   * A loop.
   *
   * @param partitions of the topic of alerts, and of the memory
   */
  RouterLoop(
      AlertRouterConfig config,
      Tools tools,
      int partitions,
      AlertRouterMetrics metrics,
      Summaries summaries,
      Clock clock) {
    this.config = config;
    this.tools = tools;
    this.partitions = partitions;
    this.metrics = metrics;
    this.summaries = summaries;
    this.clock = clock;
    this.desk = newDesk();
    this.forgetAt = clock.instant().plus(FORGET_EVERY);
  }

  private AlertDesk newDesk() {
    AlertDesk fresh = new AlertDesk(config.rules(), config.kinds(), memory, metrics);
    fresh.use(tools.references().tables());
    return fresh;
  }

  /** One round. */
  void step() {
    if (tools.references().refresh()) {
      desk.use(tools.references().tables());
    }
    if (desk.pending() >= config.maxPending()) {
      tools.consumer().pause(tools.consumer().assignment());
    } else {
      tools.consumer().resume(tools.consumer().paused());
    }
    Duration timeout = desk.pending() > 0 ? BUSY_POLL : IDLE_POLL;
    takeAll(tools.consumer().poll(timeout));
    takeAnswers();
    sendDue();
    commit();
    summarise();
    Instant now = clock.instant();
    metrics.waiting(desk, now);
    if (!now.isBefore(forgetAt)) {
      memory.forget(now);
      forgetAt = now.plus(FORGET_EVERY);
    }
  }

  int pending() {
    return desk.pending();
  }

  /**
   * Takes what was read, and writes down what of it is dropped, together, as a replay drops many.
   * What is dropped counts as settled before; where nobody wrote it down, nothing is committed.
   */
  private void takeAll(Iterable<ConsumerRecord<byte[], byte[]>> records) {
    List<DeliveryEntry> dropped = new ArrayList<>();
    try {
      for (ConsumerRecord<byte[], byte[]> record : records) {
        take(record, dropped);
      }
      write(dropped);
    } catch (RuntimeException e) {
      giveUp();
      throw e;
    }
  }

  private void take(ConsumerRecord<byte[], byte[]> record, List<DeliveryEntry> dropped) {
    PartitionTrack track = track(record);
    Notice notice;
    try {
      if (record.value() == null) {
        throw new IllegalArgumentException("no value");
      }
      notice = AlertMapper.notice(tools.decoder().deserialize(record.topic(), record.value()));
    } catch (SchemaRegistryUnavailableException e) {
      throw e; // says nothing about the record: the membership ends and reads it again
    } catch (SerializationException | IllegalArgumentException e) {
      bury(record, "UNDECODABLE", e.getClass().getName());
      track.add(record, null);
      return;
    }
    AlertDesk.Accepted accepted = desk.accept(notice, clock.instant());
    dropped.addAll(accepted.entries());
    track.add(record, accepted.ticket());
  }

  private PartitionTrack track(ConsumerRecord<byte[], byte[]> record) {
    // The consumer's position is behind the whole batch by now.
    return tracks.computeIfAbsent(
        new TopicPartition(record.topic(), record.partition()),
        key -> new PartitionTrack(metrics.input(key.topic(), key.partition()), record.offset()));
  }

  private void bury(ConsumerRecord<byte[], byte[]> record, String reason, String exception) {
    Future<RecordMetadata> sent =
        tools.producer().send(tools.deadLetters().of(record, reason, exception));
    MemoryTopic.await(List.of(sent));
  }

  private void takeAnswers() {
    for (Courier.Answered answered : tools.courier().answers()) {
      Instant now = clock.instant();
      if (!desk.isUnderWay(answered.notification())) {
        continue; // of partitions that were given up while it was under way
      }
      AlertDesk.Judged judged =
          desk.answered(answered.notification(), answered.answer(), now, random.nextDouble());
      metrics.judged(answered.notification(), judged, now);
      if (judged.verdict() == AlertDesk.Verdict.DELIVERED) {
        tools.faults().reach(FaultPoints.AFTER_DELIVERY);
      }
      writeJudged(judged);
    }
  }

  /**
   * Dead letters first: what the memory knows as given up is not looked at again. The alerts count
   * as settled already; where nobody wrote that down, nothing is committed.
   */
  private void writeJudged(AlertDesk.Judged judged) {
    try {
      if (judged.verdict() == AlertDesk.Verdict.FAILED) {
        tracks
            .values()
            .forEach(
                track ->
                    track.newlyUndelivered().forEach(record -> bury(record, "UNDELIVERED", "")));
      }
      write(judged.entries());
    } catch (KafkaException e) {
      giveUp();
      throw e;
    }
  }

  private void sendDue() {
    if (desk.pending() == 0 || !tools.membership().isSure(this::standing)) {
      return;
    }
    for (Notification notification : desk.due(clock.instant(), config.inFlight())) {
      List<DeliveryEntry> announcement = desk.announcement(notification, clock.instant());
      if (!announcement.isEmpty()) {
        write(announcement);
        tools.faults().reach(FaultPoints.AFTER_ANNOUNCEMENT);
      }
      tools.courier().send(notification);
    }
  }

  private void write(List<DeliveryEntry> entries) {
    if (!entries.isEmpty()) {
      tools.memory().write(entries, this::partitionOf);
    }
  }

  /** Where Kafka's default partitioner put a team's alerts. */
  private int partitionOf(String key) {
    return Utils.toPositive(Utils.murmur2(key.getBytes(StandardCharsets.UTF_8))) % partitions;
  }

  private void commit() {
    Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
    List<PartitionTrack> ahead = new ArrayList<>();
    tracks.forEach(
        (partition, track) -> {
          track.settle();
          if (track.isToCommit()) {
            offsets.put(partition, new OffsetAndMetadata(track.settledUpTo()));
            ahead.add(track);
          }
        });
    if (!offsets.isEmpty()) {
      tools.faults().reach(FaultPoints.BEFORE_COMMIT);
      tools.membership().commit(offsets);
      ahead.forEach(PartitionTrack::committed);
    }
  }

  /** Where each of our partitions stands, whether or not something was settled. */
  private Map<TopicPartition, OffsetAndMetadata> standing() {
    Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
    for (TopicPartition partition : tools.consumer().assignment()) {
      PartitionTrack track = tracks.get(partition);
      long offset = track == null ? tools.consumer().position(partition) : track.settledUpTo();
      offsets.put(partition, new OffsetAndMetadata(offset));
    }
    return offsets;
  }

  private void summarise() {
    Instant now = clock.instant();
    for (DaySummary summary : summaries.ready(now)) {
      int partition = partitionOf(Keys.team(summary.tenant(), summary.team()));
      boolean isOurs =
          tools.consumer().assignment().stream().anyMatch(own -> own.partition() == partition);
      if (isOurs) {
        desk.accept(summary, Summaries.endOf(summary.day()), now);
      }
    }
  }

  @Override
  public void onPartitionsAssigned(Collection<TopicPartition> assigned) {
    List<Integer> numbers = new ArrayList<>();
    tools.consumer().assignment().forEach(partition -> numbers.add(partition.partition()));
    memory = tools.memory().load(numbers);
    desk = newDesk();
    tracks.clear();
    tools.membership().forget();
    summaries.startAgain();
  }

  /**
   * All partitions go at once (the assignor is an eager one). What is under way is waited for, so
   * that the next owner finds in the memory what its receivers have.
   */
  @Override
  public void onPartitionsRevoked(Collection<TopicPartition> revoked) {
    long deadline = System.nanoTime() + config.requestTimeout().toNanos();
    takeAnswers();
    while (desk.inFlight() > 0 && System.nanoTime() < deadline) {
      LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
      takeAnswers();
    }
    commit();
    giveUp();
  }

  @Override
  public void onPartitionsLost(Collection<TopicPartition> lost) {
    giveUp();
  }

  private void giveUp() {
    tracks.values().forEach(PartitionTrack::giveUp);
    tracks.clear();
    memory = new DeliveryMemory();
    desk = newDesk();
  }
}
