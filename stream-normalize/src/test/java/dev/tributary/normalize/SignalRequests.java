package dev.tributary.normalize;

import static dev.tributary.normalize.RandomRequests.text;

import com.google.protobuf.ByteString;
import dev.tributary.runtime.testing.Generator;
import dev.tributary.runtime.testing.TopologyFixture;
import dev.tributary.schemas.EvaluationAttributes;
import dev.tributary.schemas.GenAiAttributes;
import dev.tributary.schemas.GpuAttributes;
import dev.tributary.schemas.InferenceServerMetrics;
import dev.tributary.schemas.Topic;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.logs.v1.LogsData;
import io.opentelemetry.proto.logs.v1.ResourceLogs;
import io.opentelemetry.proto.metrics.v1.AggregationTemporality;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.MetricsData;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import io.opentelemetry.proto.metrics.v1.ResourceMetrics;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.test.TestRecord;

/** Log and metric requests written by hand, and random ones that are sound or broken. */
final class SignalRequests {
  static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  static final String SPAN = "b7ad6b7169203331";
  static final long NOW_NANOS = OtlpFixtures.NOW.getEpochSecond() * 1_000_000_000L;

  private final Generator generator;

  SignalRequests(Generator generator) {
    this.generator = generator;
  }

  static LogRecord.Builder evaluation() {
    return LogRecord.newBuilder()
        .setTimeUnixNano(NOW_NANOS)
        .setTraceId(id(TRACE))
        .setSpanId(id(SPAN))
        .setEventName(EvaluationAttributes.RESULT_EVENT)
        .addAttributes(text(EvaluationAttributes.NAME, "faithfulness"))
        .addAttributes(decimal(EvaluationAttributes.SCORE_VALUE, 0.25))
        .addAttributes(text(EvaluationAttributes.SCORE_LABEL, "unfaithful"))
        .addAttributes(text(EvaluationAttributes.EXPLANATION, "the planted explanation"));
  }

  static LogRecord.Builder exception() {
    return LogRecord.newBuilder()
        .setObservedTimeUnixNano(NOW_NANOS)
        .setTraceId(id(TRACE))
        .setSpanId(id(SPAN))
        .addAttributes(
            text(EvaluationAttributes.EVENT_NAME, GenAiAttributes.OPERATION_EXCEPTION_EVENT))
        .addAttributes(text(GenAiAttributes.EXCEPTION_TYPE, "RateLimitError"))
        .addAttributes(text(GenAiAttributes.EXCEPTION_MESSAGE, "429 planted message"))
        .addAttributes(text(GenAiAttributes.REQUEST_MODEL, "gpt-4o"));
  }

  static byte[] logs(LogRecord.Builder... records) {
    ResourceLogs.Builder resource = ResourceLogs.newBuilder();
    resource.getResourceBuilder().addAttributes(text(GenAiAttributes.SERVICE_NAME, "shop"));
    var scope = resource.addScopeLogsBuilder();
    scope.getScopeBuilder().setName("judge").setVersion("1.4");
    for (LogRecord.Builder record : records) {
      scope.addLogRecords(record);
    }
    return LogsData.newBuilder().addResourceLogs(resource).build().toByteArray();
  }

  /** The same evaluation as {@link #evaluation} in JSON. */
  static String evaluationJson() {
    return """
        {"resourceLogs":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"shop"}}]},
        "scopeLogs":[{"scope":{"name":"judge","version":"1.4"},"logRecords":[{"timeUnixNano":"%d",
        "traceId":"%s","spanId":"%s","eventName":"gen_ai.evaluation.result","attributes":[
        {"key":"gen_ai.evaluation.name","value":{"stringValue":"faithfulness"}},
        {"key":"gen_ai.evaluation.score.value","value":{"doubleValue":0.25}},
        {"key":"gen_ai.evaluation.score.label","value":{"stringValue":"unfaithful"}},
        {"key":"gen_ai.evaluation.explanation","value":{"stringValue":"the planted explanation"}}]}]}]}]}
        """
        .formatted(NOW_NANOS, TRACE, SPAN);
  }

  static Metric.Builder gauge(String name, double value, KeyValue... attributes) {
    return Metric.newBuilder()
        .setName(name)
        .setGauge(
            io.opentelemetry.proto.metrics.v1.Gauge.newBuilder()
                .addDataPoints(point(value, attributes)));
  }

  static Metric.Builder counter(String name, long value, KeyValue... attributes) {
    Metric.Builder metric = Metric.newBuilder().setName(name);
    metric
        .getSumBuilder()
        .setAggregationTemporality(AggregationTemporality.AGGREGATION_TEMPORALITY_CUMULATIVE)
        .setIsMonotonic(true)
        .addDataPoints(
            NumberDataPoint.newBuilder()
                .setTimeUnixNano(NOW_NANOS)
                .setAsInt(value)
                .addAllAttributes(List.of(attributes)));
    return metric;
  }

  static Metric.Builder histogram(String name, double sum, long count) {
    Metric.Builder metric = Metric.newBuilder().setName(name);
    metric
        .getHistogramBuilder()
        .setAggregationTemporality(AggregationTemporality.AGGREGATION_TEMPORALITY_DELTA)
        .addDataPointsBuilder()
        .setTimeUnixNano(NOW_NANOS)
        .setCount(count)
        .setSum(sum)
        .addBucketCounts(count);
    return metric;
  }

  private static NumberDataPoint.Builder point(double value, KeyValue... attributes) {
    return NumberDataPoint.newBuilder()
        .setTimeUnixNano(NOW_NANOS)
        .setAsDouble(value)
        .addAllAttributes(List.of(attributes));
  }

  static byte[] metrics(String host, Metric.Builder... metrics) {
    ResourceMetrics.Builder resource = ResourceMetrics.newBuilder();
    if (!host.isEmpty()) {
      resource.getResourceBuilder().addAttributes(text(GpuAttributes.HOST_NAME, host));
    }
    var scope = resource.addScopeMetricsBuilder();
    for (Metric.Builder metric : metrics) {
      scope.addMetrics(metric);
    }
    return MetricsData.newBuilder().addResourceMetrics(resource).build().toByteArray();
  }

  /** A gauge with a label and a counter in JSON, as a Collector writes them. */
  static String metricsJson() {
    return """
        {"resourceMetrics":[{"resource":{"attributes":[{"key":"host.name","value":{"stringValue":"gpu-1"}}]},
        "scopeMetrics":[{"metrics":[
        {"name":"vllm:num_requests_running","gauge":{"dataPoints":[{"timeUnixNano":"%1$d","asDouble":3,
         "attributes":[{"key":"model_name","value":{"stringValue":"llama-3"}}]}]}},
        {"name":"vllm:generation_tokens_total","sum":{"aggregationTemporality":2,"isMonotonic":true,
         "dataPoints":[{"timeUnixNano":"%1$d","asInt":"1234"}]}},
        {"name":"tgi_request_queue_duration","histogram":{"aggregationTemporality":1,
         "dataPoints":[{"timeUnixNano":"%1$d","count":"4","sum":0.5,"bucketCounts":["4"]}]}}]}]}]}
        """
        .formatted(NOW_NANOS);
  }

  /** The same as {@link #metricsJson}. */
  static byte[] metricsProto() {
    return metrics(
        "gpu-1",
        gauge(
            InferenceServerMetrics.VLLM_RUNNING,
            3,
            text(InferenceServerMetrics.VLLM_MODEL_NAME, "llama-3")),
        counter(InferenceServerMetrics.VLLM_GENERATION_TOKENS + "_total", 1_234),
        histogram(InferenceServerMetrics.TGI_QUEUE_DURATION, 0.5, 4));
  }

  /** A random log record: an event that is sound or broken in each way, or any other log. */
  LogRecord.Builder randomLog() {
    LogRecord.Builder log = generator.chance(50) ? evaluation() : exception();
    switch (generator.between(0, 9)) {
      case 0 -> log.setEventName("app.log").clearAttributes();
      case 1 -> log.clearTraceId();
      case 2 -> log.clearTraceId().clearSpanId();
      case 3 -> log.setTimeUnixNano(NOW_NANOS + 7_200_000_000_000L);
      case 4 -> log.clearTimeUnixNano().clearObservedTimeUnixNano();
      case 5 -> log.addAttributes(0, decimal(EvaluationAttributes.SCORE_VALUE, 7));
      case 6 -> log.addAttributes(0, text(EvaluationAttributes.NAME, "two\nlines"));
      case 7 -> log.setSpanId(ByteString.copyFrom(new byte[3]));
      default -> log.setSeverityNumberValue(9);
    }
    return log;
  }

  /** A random data point: of a known metric, sound or broken, or of any other. */
  Metric.Builder randomMetric() {
    String name =
        generator.pick(
            List.of(
                GpuAttributes.DCGM_GPU_UTIL,
                GpuAttributes.HW_GPU_MEMORY_USAGE,
                InferenceServerMetrics.VLLM_PROMPT_TOKENS,
                "http.server.duration",
                GpuAttributes.HW_POWER));
    return switch (generator.between(0, 4)) {
      case 0 -> gauge(name, Double.NaN);
      case 1 -> counter(name, generator.between(0, 9_999));
      case 2 -> histogram(name, generator.between(0, 99), generator.between(0, 9));
      case 3 -> {
        Metric.Builder metric = gauge(name, 1);
        metric.getGaugeBuilder().getDataPointsBuilder(0).setFlags(1);
        yield metric;
      }
      default -> gauge(name, generator.between(0, 100));
    };
  }

  static ByteString id(String hex) {
    return ByteString.copyFrom(HexFormat.of().parseHex(hex));
  }

  static KeyValue decimal(String name, double value) {
    return KeyValue.newBuilder()
        .setKey(name)
        .setValue(AnyValue.newBuilder().setDoubleValue(value))
        .build();
  }

  /** Sends a body as a Collector's exporter sends JSON. */
  static void pipeJson(TopologyFixture fixture, Topic<byte[], byte[]> topic, String json) {
    fixture
        .rawInput(topic)
        .pipeInput(
            new TestRecord<>(
                null,
                json.getBytes(StandardCharsets.UTF_8),
                new RecordHeaders()
                    .add("tributary-encoding", "otlp_json".getBytes(StandardCharsets.UTF_8))));
  }
}
