package dev.tributary.anomaly;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.anomaly.core.series.RuleBook;
import dev.tributary.anomaly.core.series.SeriesEvaluator;
import dev.tributary.anomaly.core.series.SeriesState;
import dev.tributary.runtime.config.Settings;
import dev.tributary.schemas.Keys;
import dev.tributary.schemas.MinuteClosed;
import dev.tributary.schemas.TopicNames;
import dev.tributary.schemas.Window;
import dev.tributary.schemas.WindowRecord;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A restart between two slices of a step, with what was committed: no series is judged twice, none
 * is left out. Series with an open episode keep their windows, so windows alone do not tell.
 */
class SlicedRestartTest {
  private static final int SERIES = 5;
  private static final int WARM = 300;
  private static final List<String> STORES =
      List.of(
          AnomalyTopologyNames.WINDOWS,
          AnomalyTopologyNames.SERIES,
          AnomalyTopologyNames.EPISODES,
          AnomalyTopologyNames.LATE,
          AnomalyTopologyNames.DETECT_PROGRESS);

  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final AnomalyMetrics metrics = new AnomalyMetrics(meters, TopicNames.PLAIN);
  private final AnomalyConfig config =
      AnomalyConfig.from(
          Settings.of(
              Map.of("tributary.anomaly.judged-at-once", "2"), AnomalyMain.APP.allSettings()));

  private MockProcessorContext<String, DeskInput> context;

  @BeforeEach
  void open(@TempDir Path folder) {
    Properties properties = new Properties();
    properties.put(StreamsConfig.APPLICATION_ID_CONFIG, "restart");
    properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "none:1");
    context = new MockProcessorContext<>(properties, new TaskId(0, 0), folder.toFile());
    context.setCurrentStreamTimeMs(0);
    for (String name : STORES) {
      KeyValueStore<Bytes, byte[]> store =
          Stores.keyValueStoreBuilder(
                  Stores.inMemoryKeyValueStore(name), Serdes.Bytes(), Serdes.ByteArray())
              .withLoggingDisabled()
              .build();
      store.init(context.getStateStoreContext(), store);
      context.addStateStore(store);
    }
  }

  private DetectProcessor start() {
    DetectProcessor processor = new DetectProcessor(config, metrics, new LoadedReferences(metrics));
    processor.init(context);
    return processor;
  }

  private static Window window(int number, int step, double cost) {
    return WindowFeed.window(
        "feature", Map.of("feature", "feature-" + number), WindowFeed.step(step), 500, cost);
  }

  private static String key(Window window) {
    return Keys.series(window.getTenant(), window.getSeries());
  }

  private static void take(DetectProcessor processor, Window window) {
    processor.process(new Record<>(key(window), new WindowRecord(window), 0));
  }

  private static void close(DetectProcessor processor, int step) {
    MinuteClosed closed = new MinuteClosed(WindowFeed.step(step), 0, new TreeMap<>(), List.of());
    processor.process(new Record<>("minute-closed", new WindowRecord(closed), 0));
  }

  private long judged() {
    return Math.round(meters.get(AnomalyMetrics.SERIES_JUDGED).counter().count());
  }

  private List<DeskInput> sent() {
    List<DeskInput> sent = new ArrayList<>();
    context.forwarded().forEach(each -> sent.add(each.record().value()));
    return sent;
  }

  /** Puts series that have an open episode where a restart finds them. */
  private void openEpisodes() {
    SeriesEvaluator evaluator =
        new SeriesEvaluator(config.stepUs(), config.silentUs(), config.amendableUs());
    KeyValueStore<Bytes, byte[]> series = context.getStateStore(AnomalyTopologyNames.SERIES);
    KeyValueStore<Bytes, byte[]> episodes = context.getStateStore(AnomalyTopologyNames.EPISODES);
    for (int number = 0; number < SERIES; number++) {
      SeriesState state = new SeriesState(WindowMapper.key(window(number, 0, 1)));
      for (int step = 0; step <= WARM; step++) {
        Window window = window(number, step, step < WARM ? 10 : 100);
        evaluator.evaluate(
            state,
            WindowFeed.step(step),
            WindowMapper.sums(window),
            RuleBook.DEFAULTS,
            finding -> {});
      }
      assertThat(state.hasOpen()).isTrue();
      Bytes name = StoreKeys.of(key(window(number, 0, 1)));
      series.put(name, state.toBytes());
      episodes.put(name, new byte[] {1});
    }
  }

  @Test
  void restart_betweenSlices_judgesTheRestOnce() {
    openEpisodes();
    DetectProcessor first = start();
    for (int number = 0; number < SERIES; number++) {
      take(first, window(number, WARM + 1, 100));
    }
    close(first, WARM + 2);
    assertThat(judged()).isEqualTo(2);
    assertThat(sent()).hasSize(2).hasOnlyElementsOfType(DeskInput.Found.class);
    context.scheduledPunctuators().forEach(MockProcessorContext.CapturedPunctuator::cancel);

    start();
    for (int slice = 0; slice < 10; slice++) {
      for (var scheduled : new ArrayList<>(context.scheduledPunctuators())) {
        if (!scheduled.cancelled()) {
          scheduled.getPunctuator().punctuate(0);
        }
      }
    }

    assertThat(judged()).isEqualTo(SERIES);
    assertThat(sent()).hasSize(SERIES + 1);
    assertThat(sent().get(SERIES)).isEqualTo(new DeskInput.Closed(0, WindowFeed.step(WARM + 2)));
    assertThat(context.scheduledPunctuators())
        .allSatisfy(each -> assertThat(each.cancelled()).isTrue());
  }
}
