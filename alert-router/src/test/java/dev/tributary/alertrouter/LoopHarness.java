package dev.tributary.alertrouter;

import dev.tributary.alertrouter.core.Answer;
import dev.tributary.alertrouter.core.Notification;
import dev.tributary.runtime.config.Settings;
import dev.tributary.runtime.errors.DeadLetters;
import dev.tributary.runtime.testing.TestClock;
import dev.tributary.schemas.Alert;
import dev.tributary.schemas.AlertDelivery;
import dev.tributary.schemas.Topics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** A loop that owns one partition, without a broker; its receivers answer as the test says. */
final class LoopHarness {
  private static final TopicPartition ALERTS = new TopicPartition(Topics.ALERTS.name(), 0);
  private static final TopicPartition REFERENCES = new TopicPartition(Topics.REF.name(), 0);
  private static final Duration TRUST = Duration.ofSeconds(20);

  /** Takes everything, but for one topic. */
  private static final class Log extends MockProducer<byte[], byte[]> {
    private String refused = "";

    Log() {
      super(true, null, new ByteArraySerializer(), new ByteArraySerializer());
    }

    @Override
    public synchronized Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> record) {
      if (record.topic().equals(refused)) {
        throw new TimeoutException("not taken");
      }
      return super.send(record);
    }
  }

  /** A consumer that its group may have given up without its noticing. */
  private static final class Member extends MockConsumer<byte[], byte[]> {
    private boolean isExpelled;
    private int commits;

    Member() {
      super("earliest");
    }

    @Override
    public synchronized void commitSync(Map<TopicPartition, OffsetAndMetadata> offsets) {
      if (isExpelled) {
        throw new CommitFailedException("no member any more");
      }
      commits++;
      super.commitSync(offsets);
    }
  }

  /** Answers at a certain poll from now. */
  private static final class Receivers implements Courier {
    private record Planned(int polls, String alert, Answer answer) {}

    private final Map<String, Notification> sent = new HashMap<>();
    private final List<Planned> planned = new ArrayList<>();

    @Override
    public void send(Notification notification) {
      notification.items().forEach(item -> sent.put(item.content().id(), notification));
    }

    @Override
    public List<Answered> answers() {
      List<Answered> found = new ArrayList<>();
      List<Planned> due = List.copyOf(planned);
      planned.clear();
      for (Planned next : due) {
        if (next.polls() > 1) {
          planned.add(new Planned(next.polls() - 1, next.alert(), next.answer()));
        } else {
          found.add(new Answered(sent.get(next.alert()), next.answer()));
        }
      }
      return found;
    }
  }

  private final TestClock clock = new TestClock(Instant.now());
  private final Member consumer = new Member();
  private final Log log = new Log();
  private final Receivers receivers = new Receivers();
  private final Map<String, Alert> alerts = new HashMap<>();
  private final RouterLoop loop;
  private long next;

  LoopHarness() {
    consumer.assign(List.of(ALERTS));
    consumer.updateBeginningOffsets(Map.of(ALERTS, 0L));
    MockConsumer<String, byte[]> references = new MockConsumer<>("earliest");
    references.updateBeginningOffsets(Map.of(REFERENCES, 0L));
    AlertRouterConfig config = config();
    AlertRouterMetrics metrics = new AlertRouterMetrics(new SimpleMeterRegistry());
    loop =
        new RouterLoop(
            config,
            new RouterLoop.Tools(
                consumer,
                new Membership(consumer, TRUST, clock),
                log,
                (topic, value) -> alerts.get(text(value)),
                new ReferenceFeed(references, REFERENCES.topic(), (topic, value) -> null, metrics),
                new MemoryTopic(
                    Topics.ALERT_DELIVERIES.name(),
                    log,
                    () -> new MockConsumer<>("earliest"),
                    LoopHarness::bytes,
                    (topic, value) -> null,
                    (topic, key) -> key.getBytes(StandardCharsets.UTF_8),
                    metrics,
                    clock),
                receivers,
                new DeadLetters(Topics.DLQ.name(), AlertRouterConfig.NAME, 1_000_000),
                FaultPoints.NONE),
            1,
            metrics,
            new Summaries(config, metrics),
            clock);
  }

  private static AlertRouterConfig config() {
    return AlertRouterConfig.from(
        Settings.of(
            Map.of(
                "tributary.alerts.route.hook.kind", "webhook",
                "tributary.alerts.route.hook.url", "http://hook.invalid",
                "tributary.alerts.default-routes", "hook",
                "tributary.alerts.merge-window", "0s",
                "tributary.alerts.max-pending", "2",
                "tributary.alerts.request-timeout", "1s"),
            AlertRouterConfig.allSettings()));
  }

  private static byte[] bytes(String topic, AlertDelivery value) {
    return (value.getAlertId() + " " + value.getOutcome()).getBytes(StandardCharsets.UTF_8);
  }

  private static String text(byte[] value) {
    return new String(value, StandardCharsets.UTF_8);
  }

  RouterLoop loop() {
    return loop;
  }

  /** The next poll brings these, all of one team. */
  void arrive(Alert... arriving) {
    for (Alert alert : arriving) {
      alerts.put(alert.getAlertId(), alert);
      consumer.addRecord(
          new ConsumerRecord<>(
              ALERTS.topic(),
              ALERTS.partition(),
              next++,
              new byte[0],
              alert.getAlertId().getBytes(StandardCharsets.UTF_8)));
    }
  }

  /** The receiver of an alert that was sent answers. */
  void answer(String alertId, Answer answer) {
    answerAtPoll(1, alertId, answer);
  }

  void answerAtPoll(int poll, String alertId, Answer answer) {
    receivers.planned.add(new Receivers.Planned(poll, alertId, answer));
  }

  /** A topic that takes nothing from now on; empty: all do. */
  void refuse(String topic) {
    log.refused = topic;
  }

  /** As a consumer that closes, or whose group changes, says it. */
  void revoke() {
    loop.onPartitionsRevoked(consumer.assignment());
  }

  /** Another instance has the partition from now on; the consumer is not told yet. */
  void expel() {
    consumer.isExpelled = true;
  }

  /** Time goes by, up to a little more than a commit is trusted for. */
  void passTrust() {
    clock.advance(TRUST.plusMillis(1));
  }

  /** How often something was committed. */
  int commits() {
    return consumer.commits;
  }

  /** Alerts that were sent. */
  Set<String> sent() {
    return receivers.sent.keySet();
  }

  /** The committed offset; 0: none. */
  long committed() {
    OffsetAndMetadata offset = consumer.committed(Set.of(ALERTS)).get(ALERTS);
    return offset == null ? 0 : offset.offset();
  }

  boolean isPaused() {
    return consumer.paused().contains(ALERTS);
  }

  /** What was written down, in order. */
  List<String> written() {
    return log.history().stream()
        .filter(record -> record.topic().equals(Topics.ALERT_DELIVERIES.name()))
        .map(record -> text(record.value()))
        .toList();
  }

  /** Where records went, in order. */
  List<String> topics() {
    return log.history().stream().map(ProducerRecord::topic).toList();
  }
}
