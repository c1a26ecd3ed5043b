package dev.tributary.evaldispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.runtime.config.Settings;
import dev.tributary.runtime.metrics.MetricNames;
import dev.tributary.runtime.serde.TopicSerdes;
import dev.tributary.runtime.testing.ConservationCheck;
import dev.tributary.runtime.testing.TestClock;
import dev.tributary.schemas.EvalJob;
import dev.tributary.schemas.EvalResult;
import dev.tributary.schemas.EvalSubject;
import dev.tributary.schemas.Keys;
import dev.tributary.schemas.TopicNames;
import dev.tributary.schemas.TraceSummary;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Properties;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Results that wait while their task goes elsewhere: each process accounts for what it had. */
class RestartWithWaitingResultsTest {
  private final TestClock clock = new TestClock(Instant.parse("2026-03-01T10:00:00Z"));
  private final DispatchConfig config =
      DispatchConfig.from(Settings.of(Map.of(), DispatchMain.APP.allSettings()));
  private final TopicSerdes serdes = TopicSerdes.inMemory();
  private MockProcessorContext<String, SpecificRecord> context;

  @BeforeEach
  void open(@TempDir Path folder) {
    Properties properties = new Properties();
    properties.put(StreamsConfig.APPLICATION_ID_CONFIG, "restart");
    properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "none:1");
    context = new MockProcessorContext<>(properties, new TaskId(0, 0), folder.toFile());
    context.setRecordMetadata("results", 0, 0);
    add(DispatchTopologyNames.SUBJECTS, serdes.avro(EvalSubject.class));
    add(DispatchTopologyNames.SESSIONS, serdes.avro(EvalSubject.class));
    add(DispatchTopologyNames.FIRST_SEEN, Serdes.String());
    add(DispatchTopologyNames.PENDING, serdes.avro(EvalJob.class));
    add(DispatchTopologyNames.WAITING, serdes.avro(EvalResult.class));
    add(DispatchTopologyNames.WRITTEN, Serdes.String());
    add(DispatchTopologyNames.DEADLINES, Serdes.String());
  }

  @AfterEach
  void close() {
    serdes.close();
  }

  private <V> void add(String name, Serde<V> serde) {
    KeyValueStore<String, V> store =
        Stores.keyValueStoreBuilder(Stores.inMemoryKeyValueStore(name), Serdes.String(), serde)
            .withLoggingDisabled()
            .build();
    store.init(context.getStateStoreContext(), store);
    context.addStateStore(store);
  }

  /** A process that has the task: counters start at nothing, stores are those of the task. */
  private final class Process {
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final DispatchMetrics metrics = new DispatchMetrics(meters, TopicNames.PLAIN);
    private final TraceProcessor processor =
        new TraceProcessor(config, metrics, new LoadedPolicies(metrics), clock);

    Process() {
      processor.init(context);
    }

    void thumb(int trace) {
      EvalResult result = Traces.thumb(Traces.id(trace), 1, nowUs());
      processor.process(new Record<>(Keys.trace(Traces.TENANT, Traces.id(trace)), result, 0));
    }

    void closed(int trace) {
      TraceSummary summary = Traces.closed(Traces.id(trace), nowUs());
      processor.process(new Record<>(Keys.trace(Traces.TENANT, Traces.id(trace)), summary, 0));
    }

    private long nowUs() {
      return TraceProcessor.micros(clock.instant());
    }

    /** In state, taken over. */
    double[] held() {
      new ConservationCheck(meters, "eval-dispatch").assertHolds();
      return new double[] {sum(MetricNames.IN_STATE), sum(MetricNames.TAKEN_OVER)};
    }

    private double sum(String name) {
      return meters.find(name).gauges().stream().mapToDouble(gauge -> gauge.value()).sum();
    }
  }

  @Test
  void whatWaits_isLeftByOne_takenOverByTheNext_andSentByIt() {
    Process before = new Process();
    before.thumb(1);
    before.thumb(2);
    before.thumb(3);
    before.closed(3);
    assertThat(before.held()).containsExactly(2, 0);
    before.processor.close();
    assertThat(before.held()).containsExactly(0, -2);

    Process after = new Process();
    assertThat(after.held()).containsExactly(2, 2);
    after.closed(1);
    assertThat(after.held()).containsExactly(1, 2);
    after.processor.close();
    assertThat(after.held()).containsExactly(0, 1);
  }

  /** What a process received before it was killed is nobody's but the next one's. */
  @Test
  void whatWaits_isTakenOver_afterAProcessThatWasKilled() {
    new Process().thumb(1);

    Process after = new Process();
    after.closed(1);

    assertThat(after.held()).containsExactly(0, 1);
  }
}
