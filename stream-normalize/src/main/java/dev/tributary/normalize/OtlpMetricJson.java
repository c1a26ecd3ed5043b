package dev.tributary.normalize;

import static dev.tributary.normalize.OtlpJson.member;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tributary.normalize.core.Attributes;
import dev.tributary.normalize.core.MetricBatch;
import dev.tributary.normalize.core.OtlpPoint;
import dev.tributary.normalize.core.OtlpPoint.Temporality;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Reads {@code ExportMetricsServiceRequest} in JSON, in the spellings of {@link OtlpJson}. */
final class OtlpMetricJson {
  private OtlpMetricJson() {}

  /**
   * The data points of a request.
   *
   * @throws MalformedOtlpException when the bytes are no JSON object of a metric request
   */
  static MetricBatch parse(byte[] bytes) throws MalformedOtlpException {
    JsonNode root = OtlpJson.tree(bytes);
    JsonNode resourceMetrics = member(root, "resourceMetrics", "resource_metrics");
    if (!resourceMetrics.isArray() && !root.isEmpty()) {
      throw new MalformedOtlpException(DeadLetterReason.NOT_A_METRIC_REQUEST);
    }
    List<MetricBatch.Group> groups = new ArrayList<>();
    for (JsonNode node : resourceMetrics) {
      Attributes resource = OtlpJson.attributes(node.path("resource"));
      List<OtlpPoint> points = new ArrayList<>();
      for (JsonNode scopeMetrics : OtlpJson.scopes(node, "Metrics")) {
        for (JsonNode metric : OtlpJson.list(scopeMetrics, "metrics", "metrics")) {
          metric(metric, points);
        }
      }
      groups.add(new MetricBatch.Group(resource, points));
    }
    return new MetricBatch(groups);
  }

  private static void metric(JsonNode metric, List<OtlpPoint> points) {
    String name = metric.path("name").asText("");
    numbers(name, metric.path("gauge"), Temporality.GAUGE, points);
    JsonNode sum = metric.path("sum");
    numbers(name, sum, temporality(sum), points);
    JsonNode histogram = metric.path("histogram");
    distributions(name, histogram, temporality(histogram), points);
    JsonNode exponential = member(metric, "exponentialHistogram", "exponential_histogram");
    distributions(name, exponential, temporality(exponential), points);
    distributions(name, metric.path("summary"), Temporality.CUMULATIVE, points);
  }

  private static Temporality temporality(JsonNode data) {
    JsonNode stated = member(data, "aggregationTemporality", "aggregation_temporality");
    Long number = JsonValues.wholeNumber(stated);
    if (number != null) {
      return Temporality.of(number);
    }
    return stated.asText("").toUpperCase(Locale.ROOT).endsWith("DELTA")
        ? Temporality.DELTA
        : Temporality.CUMULATIVE;
  }

  private static void numbers(
      String metric, JsonNode data, Temporality temporality, List<OtlpPoint> points) {
    for (JsonNode node : member(data, "dataPoints", "data_points")) {
      PointBuilder point = point(node, false);
      JsonNode whole = member(node, "asInt", "as_int");
      point.value = number(whole.isMissingNode() ? member(node, "asDouble", "as_double") : whole);
      points.add(point.build(metric, temporality));
    }
  }

  private static void distributions(
      String metric, JsonNode data, Temporality temporality, List<OtlpPoint> points) {
    for (JsonNode node : member(data, "dataPoints", "data_points")) {
      PointBuilder point = point(node, true);
      if (node.has("count")) {
        point.count = number(node.path("count"));
      }
      point.value = number(node.path("sum"));
      points.add(point.build(metric, temporality));
    }
  }

  private static PointBuilder point(JsonNode node, boolean isDistribution) {
    PointBuilder point = new PointBuilder(isDistribution);
    point.time = JsonValues.nanos(member(node, "timeUnixNano", "time_unix_nano"));
    OtlpJson.addAttributes(node, point.attributes);
    Long flags = JsonValues.wholeNumber(node.path("flags"));
    point.flags = flags == null ? 0 : flags;
    return point;
  }

  /** A number in any spelling; NaN: none. */
  private static double number(JsonNode node) {
    if (node.isNumber()) {
      return node.doubleValue();
    }
    Long whole = JsonValues.wholeNumber(node);
    if (whole != null) {
      return whole;
    }
    return JsonValues.decimal(node) instanceof Double decimal ? decimal : Double.NaN;
  }
}
