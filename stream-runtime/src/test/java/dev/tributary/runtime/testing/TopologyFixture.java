package dev.tributary.runtime.testing;

import dev.tributary.runtime.config.Settings;
import dev.tributary.runtime.errors.DeadLetters;
import dev.tributary.runtime.errors.ErrorRoutes;
import dev.tributary.runtime.metrics.ModuleMetrics;
import dev.tributary.runtime.run.AppContext;
import dev.tributary.runtime.run.StreamsApp;
import dev.tributary.runtime.run.StreamsProperties;
import dev.tributary.runtime.serde.TopicSerdes;
import dev.tributary.schemas.Topic;
import dev.tributary.schemas.TopicNames;
import dev.tributary.schemas.Topics;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;

/**
 * An application's topology without a broker: typed pipes for the catalogue's topics, the error
 * routes of production, a wall clock that the test moves. It commits after every record and has
 * neither transactions nor rebalances nor caching: what depends on those needs {@link
 * KafkaTestCluster}.
 */
public final class TopologyFixture implements AutoCloseable {
  private static final Duration STEP = Duration.ofSeconds(10);

  /** Where the wall clock of a fixture starts. */
  public static final Instant START = Instant.parse("2026-03-01T10:00:00Z");

  private final Topology topology;
  private final TopologyTestDriver driver;
  private final TopicSerdes serdes;
  private final TopicNames names;
  private final MeterRegistry meters;
  private final TestClock clock;
  private final Path stateDir;

  private TopologyFixture(StreamsApp app, Settings settings, TopicSerdes serdes) {
    this.serdes = serdes;
    this.names = TopicNames.PLAIN;
    this.meters = new SimpleMeterRegistry();
    this.clock = new TestClock(START);
    this.stateDir = temporaryFolder();
    this.topology = app.topology().apply(new AppContext(settings, serdes, names, meters, clock));
    Properties properties =
        StreamsProperties.of(
            app.name(), settings.with(Map.of("tributary.streams.state-dir", stateDir.toString())));
    StreamsProperties.addErrorRoutes(
        properties,
        new ErrorRoutes(
            new DeadLetters(names.of(Topics.DLQ), app.name(), 1 << 20),
            new ModuleMetrics(meters, app.name()),
            true));
    this.driver = new TopologyTestDriver(topology, properties, START);
  }

  /** The application with its default settings. */
  public static TopologyFixture of(StreamsApp app) {
    return of(app, Map.of());
  }

  /** The application with some settings given; unknown keys fail as in production. */
  public static TopologyFixture of(StreamsApp app, Map<String, String> settings) {
    Map<String, String> all = new HashMap<>();
    all.put("tributary.streams.store", "memory");
    // In transactions the driver of Kafka 4.3.1 forgets the dead letter of an undecodable record:
    // it clears its producer before anything is committed.
    all.put("tributary.streams.processing-guarantee", "at_least_once");
    all.putAll(settings);
    return new TopologyFixture(app, Settings.of(all, app.allSettings()), TopicSerdes.inMemory());
  }

  /** Where a test writes records of a topic; the record's time is given with each record. */
  public <K, V> TestInputTopic<K, V> input(Topic<K, V> topic) {
    return driver.createInputTopic(
        names.of(topic), serdes.key(topic).serializer(), serdes.value(topic).serializer());
  }

  /** Where a test writes any bytes to a topic. */
  public TestInputTopic<byte[], byte[]> rawInput(Topic<?, ?> topic) {
    return driver.createInputTopic(
        names.of(topic), new ByteArraySerializer(), new ByteArraySerializer());
  }

  /** Where a test reads a topic, from where the last read ended. */
  public <K, V> TestOutputTopic<K, V> output(Topic<K, V> topic) {
    return driver.createOutputTopic(
        names.of(topic), serdes.key(topic).deserializer(), serdes.value(topic).deserializer());
  }

  /** The bytes of a topic. */
  public TestOutputTopic<byte[], byte[]> rawOutput(Topic<?, ?> topic) {
    return driver.createOutputTopic(
        names.of(topic), new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  /** All records that came to a topic since the last read. */
  public <K, V> List<TestRecord<K, V>> records(Topic<K, V> topic) {
    return output(topic).readRecordsToList();
  }

  /** All values that came to a topic since the last read. */
  public <V> List<V> values(Topic<?, V> topic) {
    return output(topic).readValuesToList();
  }

  /** Lets time pass as it does, in steps; all at once it would be a jump of the wall clock. */
  public void pass(Duration time) {
    Duration left = time;
    while (left.compareTo(STEP) > 0) {
      advance(STEP);
      left = left.minus(STEP);
    }
    advance(left);
  }

  /** Moves the wall clock of the topology and of Kafka at once; punctuators run. */
  public void advance(Duration by) {
    clock.advance(by);
    driver.advanceWallClockTime(by);
  }

  /** The module's counters. */
  public MeterRegistry meters() {
    return meters;
  }

  /** The sum of all counters of a name, over all labels. */
  public long count(String metric) {
    return Math.round(
        meters.find(metric).counters().stream().mapToDouble(counter -> counter.count()).sum());
  }

  public TestClock clock() {
    return clock;
  }

  public TopicSerdes serdes() {
    return serdes;
  }

  public Topology topology() {
    return topology;
  }

  /** The driver itself, for stores and what is not here. */
  public TopologyTestDriver driver() {
    return driver;
  }

  @Override
  public void close() {
    driver.close();
    serdes.close();
    delete(stateDir);
  }

  private static Path temporaryFolder() {
    try {
      return Files.createTempDirectory("tributary-topology");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static void delete(Path folder) {
    try (Stream<Path> paths = Files.walk(folder)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
