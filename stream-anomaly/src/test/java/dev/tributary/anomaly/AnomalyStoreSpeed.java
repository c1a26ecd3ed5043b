package dev.tributary.anomaly;

import com.sun.management.OperatingSystemMXBean;
import dev.tributary.anomaly.core.series.RuleBook;
import dev.tributary.anomaly.core.series.SeriesEvaluator;
import dev.tributary.anomaly.core.series.SeriesKey;
import dev.tributary.anomaly.core.series.SeriesState;
import dev.tributary.runtime.config.Settings;
import dev.tributary.runtime.serde.TopicSerdes;
import dev.tributary.schemas.Keys;
import dev.tributary.schemas.MinuteClosed;
import dev.tributary.schemas.TopicNames;
import dev.tributary.schemas.Topics;
import dev.tributary.schemas.Window;
import dev.tributary.schemas.WindowRecord;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;

/**
 * CPU of the whole process per minute of one-minute windows, through the processor of the topology
 * with its stores in RocksDB: decode, put, add up, load, judge, save, delete. Without the consumer,
 * the cache and the changelogs. Every series has known a week before. A main class, not a test: it
 * asserts nothing. Arguments: sets of dimension values (5,000), steps (6).
 */
final class AnomalyStoreSpeed {
  private static final int MINUTES = 5;
  private static final int KNOWN_STEPS = 8 * 288;
  private static final long MINUTE_US = 60_000_000L;
  private static final List<String> STORES =
      List.of(
          AnomalyTopologyNames.WINDOWS,
          AnomalyTopologyNames.SERIES,
          AnomalyTopologyNames.EPISODES,
          AnomalyTopologyNames.LATE,
          AnomalyTopologyNames.DETECT_PROGRESS);

  private final int sets;
  private final Serde<WindowRecord> serde = TopicSerdes.inMemory().value(Topics.WINDOWS);
  private final MockProcessorContext<String, DeskInput> context;
  private final DetectProcessor processor;
  private final KeyValueStore<Bytes, byte[]> states;
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final List<byte[]> variants = new ArrayList<>();

  private AnomalyStoreSpeed(int sets, Path folder) {
    this.sets = sets;
    Properties properties = new Properties();
    properties.put(StreamsConfig.APPLICATION_ID_CONFIG, "speed");
    properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "none:1");
    context = new MockProcessorContext<>(properties, new TaskId(0, 0), folder.toFile());
    context.setCurrentStreamTimeMs(0);
    for (String name : STORES) {
      KeyValueStore<Bytes, byte[]> store =
          Stores.keyValueStoreBuilder(
                  Stores.persistentKeyValueStore(name), Serdes.Bytes(), Serdes.ByteArray())
              .withLoggingDisabled()
              .withCachingDisabled()
              .build();
      store.init(context.getStateStoreContext(), store);
      context.addStateStore(store);
    }
    states = context.getStateStore(AnomalyTopologyNames.SERIES);
    AnomalyMetrics metrics = new AnomalyMetrics(meters, TopicNames.PLAIN);
    AnomalyConfig config =
        AnomalyConfig.from(
            Settings.of(
                Map.of("tributary.anomaly.max-series", "10000000"), AnomalyMain.APP.allSettings()));
    processor = new DetectProcessor(config, metrics, new LoadedReferences(metrics));
    processor.init(context);
  }

  public static void main(String[] args) throws IOException {
    int sets = args.length > 0 ? Integer.parseInt(args[0]) : 5_000;
    int steps = args.length > 1 ? Integer.parseInt(args[1]) : 6;
    for (boolean isFull : new boolean[] {false, true}) {
      Path folder = Files.createTempDirectory("anomaly-speed");
      new AnomalyStoreSpeed(sets, folder).measure(steps, isFull);
    }
  }

  private void measure(int steps, boolean isFull) {
    Random random = new Random(1);
    for (int i = 0; i < 100; i++) {
      variants.add(bytes(AnomalySpeed.window(0, random, isFull)));
    }
    int metrics = know(random, isFull);
    long stored = states.approximateNumEntries();
    long taking = 0;
    long judging = 0;
    for (int step = KNOWN_STEPS; step < KNOWN_STEPS + steps; step++) {
      long start = cpu();
      for (int minute = 0; minute < MINUTES; minute++) {
        for (int i = 0; i < sets; i++) {
          take(i, WindowFeed.step(step) + minute * MINUTE_US, random.nextInt(variants.size()));
        }
      }
      long middle = cpu();
      long endUs = WindowFeed.step(step + 1);
      MinuteClosed closed = new MinuteClosed(endUs, 0, new TreeMap<>(), List.of());
      processor.process(new Record<>("minute-closed", new WindowRecord(closed), endUs / 1_000));
      judgeRest(endUs);
      context.resetForwards();
      long end = cpu();
      boolean isSteady = step >= KNOWN_STEPS + steps / 2;
      taking += isSteady ? middle - start : 0;
      judging += isSteady ? end - middle : 0;
    }
    int steady = steps - steps / 2;
    double minutes = steady * (double) MINUTES;
    double seconds = TimeUnit.NANOSECONDS.toMillis(taking + judging) / 1e3 / minutes;
    System.out.printf(
        "%s: %d sets x %d metrics (%d stored); CPU per window %.1f us, per judged step %.1f us;"
            + " per minute and million series %.1f s, of 120 s that two cores have%n",
        isFull ? "a feature's metrics" : "calls and cost",
        sets,
        metrics,
        stored,
        taking / 1e3 / minutes / sets,
        judging / 1e3 / steady / sets,
        seconds * 1e6 / sets / metrics);
  }

  /** The slices of a step, which a clock would let through. */
  private void judgeRest(long endUs) {
    while (meters.get(AnomalyMetrics.JUDGED_UNTIL_S).gauge().value() < endUs / 1e6) {
      context
          .scheduledPunctuators()
          .forEach(
              slices -> {
                if (!slices.cancelled()) {
                  slices.getPunctuator().punctuate(0);
                }
              });
    }
  }

  /** Gives every set the state of one that has seen a week; says how many metrics it has. */
  private int know(Random random, boolean isFull) {
    SeriesEvaluator evaluator =
        new SeriesEvaluator(WindowFeed.STEP_US, 12 * WindowFeed.STEP_US, 12 * WindowFeed.STEP_US);
    SeriesState known = new SeriesState(WindowMapper.key(AnomalySpeed.window(0, random, isFull)));
    int metrics = 0;
    for (int step = 0; step < KNOWN_STEPS; step++) {
      Window window = AnomalySpeed.window(0, random, isFull);
      metrics =
          evaluator
              .evaluate(
                  known,
                  WindowFeed.step(step),
                  WindowMapper.sums(window),
                  RuleBook.DEFAULTS,
                  finding -> {})
              .values();
    }
    byte[] bytes = known.toBytes();
    System.out.printf(
        "%d bytes of state a set, %d a metric%n", bytes.length, bytes.length / metrics);
    for (int i = 0; i < sets; i++) {
      SeriesKey key = WindowMapper.key(AnomalySpeed.window(i, random, isFull));
      states.put(StoreKeys.of(Keys.series(key.tenant(), key.text())), known.toBytes(key));
    }
    return metrics;
  }

  private void take(int number, long startUs, int variant) {
    Window window =
        (Window)
            serde
                .deserializer()
                .deserialize(Topics.WINDOWS.name(), variants.get(variant))
                .getBody();
    String feature = "feature-" + number;
    window.setDimensions(Map.of("feature", feature));
    window.setSeries("feature|environment=production|feature=" + feature);
    window.setStartTimeUs(startUs);
    processor.process(
        new Record<>(
            Keys.series(window.getTenant(), window.getSeries()),
            new WindowRecord(window),
            startUs / 1_000));
  }

  private byte[] bytes(Window window) {
    return serde.serializer().serialize(Topics.WINDOWS.name(), new WindowRecord(window));
  }

  /** Of all threads: RocksDB has its own. */
  private static long cpu() {
    return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }
}
