package dev.tributary.normalize;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.runtime.testing.ConservationCheck;
import dev.tributary.runtime.testing.Seeds;
import dev.tributary.runtime.testing.TopologyFixture;
import dev.tributary.schemas.Topic;
import dev.tributary.schemas.Topics;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.metrics.v1.Metric;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for all logs and metrics: random ones, and any bytes. */
class SignalLawsTest {
  private static final int FUZZ_ROUNDS = Integer.getInteger("tributary.fuzz.rounds", 2_000);

  private TopologyFixture fixture;

  @BeforeEach
  void start() {
    fixture = TopologyFixture.of(NormalizeMain.APP, Map.of("tributary.normalize.user-secret", "s"));
    fixture.clock().set(OtlpFixtures.NOW);
  }

  @AfterEach
  void stop() {
    fixture.close();
  }

  static Stream<Long> seeds() {
    return Seeds.many(3);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void counters_randomLogsAndMetrics_everyUnitAccountedFor(long seed) {
    Seeds.with(
        seed,
        generator -> {
          SignalRequests requests = new SignalRequests(generator);
          long units = 0;
          for (int i = 0; i < 150; i++) {
            LogRecord.Builder[] logs = new LogRecord.Builder[generator.between(0, 6)];
            Arrays.setAll(logs, n -> requests.randomLog());
            Metric.Builder[] metrics = new Metric.Builder[generator.between(0, 6)];
            Arrays.setAll(metrics, n -> requests.randomMetric());
            byte[] log = SignalRequests.logs(logs);
            byte[] metric = SignalRequests.metrics(generator.chance(80) ? "gpu-1" : "", metrics);
            boolean isBroken = generator.chance(15);
            fixture
                .rawInput(Topics.OTLP_LOGS)
                .pipeInput(null, isBroken ? Arrays.copyOf(log, log.length - 1) : log);
            fixture.rawInput(Topics.OTLP_METRICS).pipeInput(null, metric);
            units += (isBroken ? 1 : logs.length) + metrics.length;
          }

          ConservationCheck check = new ConservationCheck(fixture.meters(), "normalize");
          check.assertHolds();
          assertThat(check.received()).isEqualTo(units);
          assertThat(
                  List.of(
                      fixture.values(Topics.EVAL_RESULTS).size(),
                      fixture.values(Topics.EVENTS).size(),
                      fixture.values(Topics.GAUGES).size(),
                      fixture.values(Topics.REJECTED).size()))
              .doesNotContain(0);
        });
  }

  /**
   * Any bytes: a record is read or dead-lettered, and nothing is thrown. {@code
   * -Dtributary.fuzz.rounds=N} makes it long.
   */
  @ParameterizedTest
  @MethodSource("seeds")
  void mutatedRequests_endWithoutAnException(long seed) {
    Seeds.with(
        seed,
        generator -> {
          byte[][] corpus = {
            SignalRequests.logs(SignalRequests.evaluation(), SignalRequests.exception()),
            SignalRequests.metricsProto(),
            SignalRequests.evaluationJson().getBytes(StandardCharsets.UTF_8),
            SignalRequests.metricsJson().getBytes(StandardCharsets.UTF_8)
          };
          for (int i = 0; i < FUZZ_ROUNDS; i++) {
            int which = generator.between(0, 3);
            byte[] bytes = corpus[which].clone();
            for (int change = generator.between(1, 4); change > 0; change--) {
              bytes[generator.between(0, bytes.length - 1)] = (byte) generator.between(0, 255);
            }
            Topic<byte[], byte[]> topic = which % 2 == 0 ? Topics.OTLP_LOGS : Topics.OTLP_METRICS;
            RecordHeaders headers = new RecordHeaders();
            if (which > 1) {
              headers.add("tributary-encoding", "otlp_json".getBytes(StandardCharsets.UTF_8));
            }
            fixture.rawInput(topic).pipeInput(new TestRecord<>(null, bytes, headers));
          }

          new ConservationCheck(fixture.meters(), "normalize").assertHolds();
        });
  }
}
