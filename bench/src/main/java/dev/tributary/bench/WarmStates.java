package dev.tributary.bench;

import dev.tributary.anomaly.WindowMapper;
import dev.tributary.anomaly.core.series.RuleBook;
import dev.tributary.anomaly.core.series.SeriesEvaluator;
import dev.tributary.anomaly.core.series.SeriesKey;
import dev.tributary.anomaly.core.series.SeriesState;
import dev.tributary.runtime.config.Settings;
import dev.tributary.runtime.run.ClientProperties;
import dev.tributary.schemas.Keys;
import dev.tributary.schemas.Measures;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * What stream-anomaly knows of series after a week, made by its own rules, and written where it
 * restores from. Baselines warm up in a day of event time, which a million series do not get here.
 */
final class WarmStates {
  /** The application's defaults. */
  static final long STEP_US = 300_000_000L;

  static final int WEEK_STEPS = 7 * 24 * 12;

  private static final long HOUR_US = 12 * STEP_US;

  /** Name of the application's store; were it another, it would know nothing and open nothing. */
  private static final String STORE = "series";

  private final List<SeriesState> byKind;

  private WarmStates(List<SeriesState> byKind) {
    this.byKind = byKind;
  }

  /**
   * Lets one feature of each kind live a week.
   *
   * @param untilUs where the week ends
   * @throws BenchException where a window shows other metrics than we count
   */
  static WarmStates learn(WatchedSeries series, long seed, long untilUs) {
    return new WarmStates(
        IntStream.range(0, series.kinds())
            .parallel()
            .mapToObj(kind -> learn(series, kind, new SplittableRandom(seed + kind), untilUs))
            .toList());
  }

  private static SeriesState learn(
      WatchedSeries series, int kind, SplittableRandom random, long untilUs) {
    SeriesEvaluator evaluator = new SeriesEvaluator(STEP_US, HOUR_US, HOUR_US);
    SeriesState state = new SeriesState(WatchedSeries.key(kind));
    List<Object> found = new ArrayList<>();
    for (int step = -WEEK_STEPS; step < 0; step++) {
      long startUs = untilUs + step * STEP_US;
      Measures measures = series.measures(kind, startUs, STEP_US, 1, random);
      int metrics =
          evaluator
              .evaluate(
                  state,
                  startUs,
                  WindowMapper.sums(WatchedSeries.window(kind, startUs, STEP_US, measures)),
                  RuleBook.DEFAULTS,
                  found::add)
              .values();
      if (metrics != WatchedSeries.METRICS) {
        throw new BenchException("a window shows " + metrics + " metrics");
      }
    }
    if (!found.isEmpty()) {
      throw new BenchException("something happened in a quiet week: " + found);
    }
    return state;
  }

  /**
   * Writes a state for every feature to the topic that the application restores its store from.
   *
   * @param applicationId owner of that topic, which has not run yet
   * @return bytes of the states
   */
  long write(Settings settings, String applicationId, WatchedSeries series)
      throws ExecutionException, InterruptedException {
    String topic = applicationId + "-" + STORE + "-changelog";
    try (Admin admin = Admin.create(ClientProperties.admin(settings))) {
      NewTopic wanted =
          new NewTopic(topic, Optional.of(Lab.PARTITIONS), Optional.empty())
              .configs(Map.of("cleanup.policy", "compact"));
      admin.createTopics(List.of(wanted)).all().get();
    }
    Properties properties = ClientProperties.producer(settings);
    properties.put(ProducerConfig.ACKS_CONFIG, "all");
    properties.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
    properties.put(ProducerConfig.LINGER_MS_CONFIG, 20);
    properties.put(ProducerConfig.BATCH_SIZE_CONFIG, 256 << 10);
    long bytes = 0;
    AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer())) {
      for (int number = 0; number < series.windows(); number++) {
        SeriesKey key = WatchedSeries.key(number);
        byte[] name = Keys.series(key.tenant(), key.text()).getBytes(StandardCharsets.UTF_8);
        byte[] state = byKind.get(series.kindOf(number)).toBytes(key);
        bytes += name.length + state.length;
        // The callback keeps what fails. Partitioned as llm.windows is, by the bytes of the key.
        Future<RecordMetadata> unused =
            producer.send(
                new ProducerRecord<>(topic, name, state),
                (written, e) -> {
                  if (e != null) {
                    failure.compareAndSet(null, e);
                  }
                });
      }
    }
    Exception failed = failure.get();
    if (failed != null) {
      throw new BenchException("cannot write states to " + topic, failed);
    }
    return bytes;
  }
}
