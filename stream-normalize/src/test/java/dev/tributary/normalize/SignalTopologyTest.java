package dev.tributary.normalize;

import static dev.tributary.normalize.RandomRequests.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.runtime.errors.DeadLetters;
import dev.tributary.runtime.metrics.MetricNames;
import dev.tributary.runtime.testing.ConservationCheck;
import dev.tributary.runtime.testing.TopologyFixture;
import dev.tributary.schemas.Event;
import dev.tributary.schemas.Gauge;
import dev.tributary.schemas.GpuAttributes;
import dev.tributary.schemas.InferenceServerMetrics;
import dev.tributary.schemas.Rejected;
import dev.tributary.schemas.Topic;
import dev.tributary.schemas.Topics;
import io.opentelemetry.proto.metrics.v1.Metric;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** OTLP beyond spans and evaluations: failed calls, gauges, requests that are none. */
class SignalTopologyTest {
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

  @Test
  void exceptionLog_becomesAnEventWithoutItsMessage() {
    fixture
        .rawInput(Topics.OTLP_LOGS)
        .pipeInput(null, SignalRequests.logs(SignalRequests.exception()));

    TestRecord<String, Event> record = fixture.records(Topics.EVENTS).get(0);
    Event event = record.value();
    assertThat(record.key()).isEqualTo("default|" + SignalRequests.TRACE);
    assertThat(event.getKind()).isEqualTo("call_failed");
    assertThat(event.getDetail())
        .containsEntry("span_id", SignalRequests.SPAN)
        .containsEntry("error_type", "RateLimitError")
        .containsEntry("http_status", "429");
    assertThat(event.getDimensions())
        .containsEntry("service", "shop")
        .containsEntry("model", "gpt-4o");
    assertThat(event.toString()).doesNotContain("planted");
    assertThat(fixture.values(Topics.SPAN_CONTENT).get(0).toString()).contains("planted message");
  }

  @Test
  void gaugeThatItsUnitTakesBeyondADouble_isRejected() {
    fixture
        .rawInput(Topics.OTLP_METRICS)
        .pipeInput(
            null,
            SignalRequests.metrics(
                "gpu-1", SignalRequests.gauge(GpuAttributes.DCGM_FB_USED, Double.MAX_VALUE)));

    assertThat(fixture.values(Topics.REJECTED))
        .extracting(Rejected::getReason)
        .containsExactly("INVALID_VALUE");
    assertThat(fixture.values(Topics.GAUGES)).isEmpty();
  }

  /** Every exporter's unit becomes ours: ratios of 1, bytes, watts, joules. */
  @Test
  void gpuMetrics_ofEveryVocabulary_becomeGaugesInOneUnit() {
    fixture
        .rawInput(Topics.OTLP_METRICS)
        .pipeInput(
            null,
            SignalRequests.metrics(
                "GPU-1",
                SignalRequests.gauge(GpuAttributes.HW_GPU_UTILIZATION, 0.5, text("hw.id", "0")),
                SignalRequests.gauge(
                    GpuAttributes.DCGM_GPU_UTIL,
                    50,
                    text("UUID", "GPU-abc"),
                    text("modelName", "NVIDIA H100"),
                    text("secret", "planted")),
                SignalRequests.gauge(GpuAttributes.DCGM_FB_USED, 2),
                SignalRequests.gauge(GpuAttributes.HW_POWER, 300, text("hw.type", "gpu")),
                SignalRequests.gauge(GpuAttributes.HW_POWER, 80, text("hw.type", "cpu")),
                SignalRequests.counter(GpuAttributes.DCGM_TOTAL_ENERGY, 5_000)));

    List<TestRecord<String, Gauge>> gauges = fixture.records(Topics.GAUGES);
    assertThat(gauges).extracting(TestRecord::key).containsOnly("default|gpu-1|");
    assertThat(
            gauges.stream()
                .map(record -> record.value().getName() + " " + record.value().getValue()))
        .containsExactly(
            "gpu_utilization_ratio 0.5",
            "gpu_utilization_ratio 0.5",
            "gpu_memory_used_bytes 2097152.0",
            "gpu_power_watts 300.0",
            "gpu_energy_total_joules 5.0");
    assertThat(gauges.get(1).value().getAttributes())
        .containsOnly(
            Map.entry("temporality", "gauge"),
            Map.entry("gpu", "GPU-abc"),
            Map.entry("gpu_model", "NVIDIA H100"));
    assertThat(fixture.count(MetricNames.DROPPED)).isEqualTo(1);
  }

  @Test
  void serverMetrics_inBothEncodings_areTheSameGauges() {
    fixture.rawInput(Topics.OTLP_METRICS).pipeInput(null, SignalRequests.metricsProto());
    SignalRequests.pipeJson(fixture, Topics.OTLP_METRICS, SignalRequests.metricsJson());

    List<TestRecord<String, Gauge>> gauges = fixture.records(Topics.GAUGES);
    assertThat(gauges.subList(4, 8)).isEqualTo(gauges.subList(0, 4));
    assertThat(gauges.get(0).key()).isEqualTo("default|gpu-1|llama-3");
    assertThat(gauges.subList(0, 4).stream().map(record -> describe(record.value())))
        .containsExactly(
            "server_running_requests 3.0 gauge",
            "server_generated_total_tokens 1234.0 cumulative",
            "server_queue_total_seconds 0.5 delta",
            "server_queue_total_count 4.0 delta");
  }

  private static String describe(Gauge gauge) {
    return gauge.getName()
        + " "
        + gauge.getValue()
        + " "
        + gauge.getAttributes().get("temporality");
  }

  @Test
  void hostOfPrometheus_losesItsPort_andWithoutHostThePointIsRejected() {
    Metric.Builder scraped =
        SignalRequests.gauge(
            InferenceServerMetrics.TGI_QUEUE_SIZE,
            4,
            text(GpuAttributes.INSTANCE, "10.0.0.7:8080"));
    Metric.Builder nowhere = SignalRequests.gauge(InferenceServerMetrics.TGI_QUEUE_SIZE, 4);

    fixture
        .rawInput(Topics.OTLP_METRICS)
        .pipeInput(null, SignalRequests.metrics("", scraped, nowhere));

    assertThat(fixture.values(Topics.GAUGES))
        .extracting(Gauge::getHost)
        .containsExactly("10.0.0.7");
    assertThat(fixture.values(Topics.REJECTED))
        .extracting(Rejected::getReason)
        .containsExactly("NO_HOST");
  }

  @ParameterizedTest
  @CsvSource({
    "otlp_logs, JSON, NOT_A_LOG_REQUEST",
    "otlp_logs, CUT, MALFORMED_PROTO",
    "otlp_metrics, JSON, NOT_A_METRIC_REQUEST",
    "otlp_metrics, CUT, MALFORMED_PROTO"
  })
  void brokenRequest_isADeadLetterWithItsReason(String topic, String how, String reason) {
    Topic<byte[], byte[]> input =
        topic.equals("otlp_logs") ? Topics.OTLP_LOGS : Topics.OTLP_METRICS;
    if (how.equals("JSON")) {
      SignalRequests.pipeJson(fixture, input, "{\"resourceSpans\": []}");
    } else {
      byte[] whole =
          input == Topics.OTLP_LOGS
              ? SignalRequests.logs(SignalRequests.evaluation())
              : SignalRequests.metricsProto();
      fixture.rawInput(input).pipeInput(null, Arrays.copyOf(whole, whole.length - 1));
    }

    TestRecord<byte[], byte[]> dead = fixture.rawOutput(Topics.DLQ).readRecordsToList().get(0);
    assertThat(
            new String(
                dead.headers().lastHeader(DeadLetters.REASON).value(), StandardCharsets.UTF_8))
        .isEqualTo(reason);
    new ConservationCheck(fixture.meters(), "normalize").assertHolds();
  }
}
