package dev.tributary.alertrouter;

import dev.tributary.alertrouter.RouterStatus.State;
import dev.tributary.runtime.config.CommonSettings;
import dev.tributary.runtime.config.Settings;
import dev.tributary.runtime.errors.DeadLetters;
import dev.tributary.runtime.run.ClientProperties;
import dev.tributary.runtime.run.ClientThread;
import dev.tributary.runtime.serde.TopicSerdes;
import dev.tributary.schemas.TopicNames;
import dev.tributary.schemas.Topics;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.RangeAssignor;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The life of a router: one membership in the group after the other. A fault of Kafka or of the
 * registry ends a membership and begins another; what was delivered is in the memory.
 */
final class RouterThread {
  private static final Logger LOGGER = LoggerFactory.getLogger(RouterThread.class);
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final AlertRouterConfig config;
  private final Settings settings;
  private final TopicNames names;
  private final TopicSerdes serdes;
  private final AlertRouterMetrics metrics;
  private final FaultPoints faults;
  private final Clock clock;
  private final ClientThread thread = new ClientThread("alert-router");
  private volatile State state = State.STARTING;
  private volatile @Nullable String trouble;
  private volatile int pending;

  RouterThread(
      AlertRouterConfig config,
      Settings settings,
      TopicSerdes serdes,
      AlertRouterMetrics metrics,
      FaultPoints faults,
      Clock clock) {
    this.config = config;
    this.settings = settings;
    this.names = new TopicNames(settings.get(CommonSettings.TOPIC_PREFIX));
    this.serdes = serdes;
    this.metrics = metrics;
    this.faults = faults;
    this.clock = clock;
  }

  void start() {
    thread.start(this::run);
  }

  RouterStatus status() {
    return new RouterStatus(state, pending, trouble);
  }

  void awaitEnd() throws InterruptedException {
    thread.awaitEnd();
  }

  void close() {
    thread.close();
  }

  private void run() {
    try {
      if (config.endpoints().isEmpty()) {
        idle();
      }
      while (!thread.isClosing()) {
        member();
      }
      state = State.STOPPED;
    } catch (InterruptedException e) {
      state = State.STOPPED;
    } catch (RuntimeException e) { // the thread's last resort: it must say why it ends
      trouble = e.getClass().getSimpleName() + ": " + e.getMessage();
      state = State.FAILED;
      LOGGER.atError().setCause(e).log("the router has failed and stops");
    }
  }

  private void idle() throws InterruptedException {
    state = State.IDLE;
    LOGGER
        .atInfo()
        .addKeyValue("setting", AlertRouterConfig.ROUTES.key() + "NAME.kind")
        .log("no route is configured: alerts stay on their topic");
    thread.awaitClosing();
  }

  /** One membership in the group, until closing or a fault of Kafka. */
  private void member() throws InterruptedException {
    Summaries summaries = new Summaries(config, metrics);
    try (Producer<byte[], byte[]> producer = producer();
        Consumer<byte[], byte[]> consumer = consumer(true);
        ReferenceFeed references = references()) {
      references.catchUp();
      RouterLoop loop =
          new RouterLoop(
              config,
              tools(producer, consumer, references),
              partitions(consumer),
              metrics,
              summaries,
              clock);
      work(consumer, loop);
    } catch (AuthorizationException | AuthenticationException e) {
      throw new IllegalStateException("Kafka refuses the router: " + e.getMessage(), e);
    } catch (KafkaException e) {
      metrics.error("kafka", e);
      trouble = "Kafka or registry: " + e.getMessage();
      state = State.STARTING;
      thread.pause(PAUSE);
    }
  }

  private RouterLoop.Tools tools(
      Producer<byte[], byte[]> producer,
      Consumer<byte[], byte[]> consumer,
      ReferenceFeed references) {
    long largest = settings.get(CommonSettings.MAX_RECORD_SIZE) - CommonSettings.RECORD_OVERHEAD;
    return new RouterLoop.Tools(
        consumer,
        new Membership(consumer, session().dividedBy(2), clock),
        producer,
        serdes.value(Topics.ALERTS).deserializer(),
        references,
        new MemoryTopic(
            names.of(Topics.ALERT_DELIVERIES),
            producer,
            () -> consumer(false),
            serdes.value(Topics.ALERT_DELIVERIES).serializer(),
            serdes.value(Topics.ALERT_DELIVERIES).deserializer(),
            serdes.key(Topics.ALERT_DELIVERIES).serializer(),
            metrics,
            clock),
        new Sender(config, clock),
        new DeadLetters(names.of(Topics.DLQ), AlertRouterConfig.NAME, largest),
        faults);
  }

  private void work(Consumer<byte[], byte[]> consumer, RouterLoop loop) {
    consumer.subscribe(List.of(names.of(Topics.ALERTS)), loop);
    while (!thread.isClosing()) {
      loop.step();
      pending = loop.pending();
      trouble = null;
      if (!consumer.assignment().isEmpty()) {
        state = State.RUNNING;
      }
    }
    loop.onPartitionsRevoked(consumer.assignment());
  }

  /** The memory lies partition for partition beside the alerts. */
  private int partitions(Consumer<byte[], byte[]> consumer) {
    int alerts = consumer.partitionsFor(names.of(Topics.ALERTS)).size();
    int deliveries = consumer.partitionsFor(names.of(Topics.ALERT_DELIVERIES)).size();
    if (alerts == 0 || deliveries == 0) {
      throw new KafkaException(
          names.of(Topics.ALERTS)
              + " and "
              + names.of(Topics.ALERT_DELIVERIES)
              + " are not both there");
    }
    if (alerts != deliveries) {
      throw new IllegalStateException(
          names.of(Topics.ALERTS)
              + " has "
              + alerts
              + " partitions, "
              + names.of(Topics.ALERT_DELIVERIES)
              + " has "
              + deliveries
              + "; they must have equally many");
    }
    return alerts;
  }

  private Producer<byte[], byte[]> producer() {
    Properties properties = ClientProperties.producer(settings);
    properties.put(ProducerConfig.ACKS_CONFIG, "all");
    properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, "true");
    return new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
  }

  private Consumer<byte[], byte[]> consumer(boolean isMember) {
    return new KafkaConsumer<>(
        consumerProperties(isMember), new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  private ReferenceFeed references() {
    return new ReferenceFeed(
        new KafkaConsumer<>(
            consumerProperties(false), new StringDeserializer(), new ByteArrayDeserializer()),
        names.of(Topics.REF),
        serdes.value(Topics.REF).deserializer(),
        metrics);
  }

  /** How long the group waits for a member that says nothing. */
  private Duration session() {
    String key = ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG;
    String usual = String.valueOf(ConsumerConfig.configDef().defaultValues().get(key));
    String ms = consumerProperties(true).getProperty(key, usual);
    return Duration.ofMillis(Long.parseLong(ms));
  }

  private Properties consumerProperties(boolean isMember) {
    Properties properties = ClientProperties.consumer(settings);
    if (!isMember) {
      properties.remove(ConsumerConfig.GROUP_ID_CONFIG);
      properties.remove(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG);
    } else {
      properties.put(ConsumerConfig.GROUP_ID_CONFIG, config.group());
      properties.put(
          ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG, RangeAssignor.class.getName());
      properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, "500");
    }
    properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
    properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, "false");
    // A group that is new tells what is not too old; the age limit leaves out the rest.
    properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    return properties;
  }
}
