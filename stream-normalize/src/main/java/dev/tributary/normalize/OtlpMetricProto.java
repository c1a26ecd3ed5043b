package dev.tributary.normalize;

import static com.google.protobuf.WireFormat.WIRETYPE_FIXED64;
import static com.google.protobuf.WireFormat.WIRETYPE_VARINT;

import dev.tributary.normalize.core.MetricBatch;
import dev.tributary.normalize.core.OtlpPoint;
import dev.tributary.normalize.core.OtlpPoint.Temporality;
import io.opentelemetry.proto.metrics.v1.ExponentialHistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.Gauge;
import io.opentelemetry.proto.metrics.v1.HistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import io.opentelemetry.proto.metrics.v1.Sum;
import io.opentelemetry.proto.metrics.v1.SummaryDataPoint;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Reads {@code ExportMetricsServiceRequest} and {@code MetricsData} (one shape) in protobuf. */
final class OtlpMetricProto {
  /** Field numbers of the parts of a data point that differ from kind to kind; 0: it has none. */
  private record Shape(int attributes, int flags, int count, int sum) {
    boolean isDistribution() {
      return count != 0;
    }
  }

  private static final Shape NUMBER =
      new Shape(NumberDataPoint.ATTRIBUTES_FIELD_NUMBER, NumberDataPoint.FLAGS_FIELD_NUMBER, 0, 0);
  private static final Shape HISTOGRAM =
      new Shape(
          HistogramDataPoint.ATTRIBUTES_FIELD_NUMBER,
          HistogramDataPoint.FLAGS_FIELD_NUMBER,
          HistogramDataPoint.COUNT_FIELD_NUMBER,
          HistogramDataPoint.SUM_FIELD_NUMBER);
  private static final Shape EXPONENTIAL =
      new Shape(
          ExponentialHistogramDataPoint.ATTRIBUTES_FIELD_NUMBER,
          ExponentialHistogramDataPoint.FLAGS_FIELD_NUMBER,
          ExponentialHistogramDataPoint.COUNT_FIELD_NUMBER,
          ExponentialHistogramDataPoint.SUM_FIELD_NUMBER);
  private static final Shape SUMMARY =
      new Shape(
          SummaryDataPoint.ATTRIBUTES_FIELD_NUMBER,
          SummaryDataPoint.FLAGS_FIELD_NUMBER,
          SummaryDataPoint.COUNT_FIELD_NUMBER,
          SummaryDataPoint.SUM_FIELD_NUMBER);

  private OtlpMetricProto() {}

  /**
   * The data points of a request.
   *
   * @throws MalformedOtlpException when the bytes are no such request, or cut off
   */
  static MetricBatch parse(byte[] bytes) throws MalformedOtlpException {
    List<MetricBatch.Group> groups = new ArrayList<>();
    for (ProtoRequest.OfResource<OtlpPoint> resource :
        ProtoRequest.<OtlpPoint>parse(
            bytes,
            DeadLetterReason.NOT_A_METRIC_REQUEST,
            (in, place, points) -> metric(in, points))) {
      List<OtlpPoint> points = new ArrayList<>();
      resource.scopes().forEach(scope -> points.addAll(scope.items()));
      groups.add(new MetricBatch.Group(resource.attributes(), points));
    }
    return new MetricBatch(groups);
  }

  private static void metric(ProtoFields in, List<OtlpPoint> points) throws IOException {
    String name = "";
    List<PointBuilder> found = new ArrayList<>();
    Temporality temporality = Temporality.GAUGE;
    while (in.next()) {
      if (in.isMessage(Metric.NAME_FIELD_NUMBER)) {
        name = in.text();
      } else if (in.isMessage(Metric.GAUGE_FIELD_NUMBER)) {
        data(in, NUMBER, found);
        temporality = Temporality.GAUGE;
      } else if (in.isMessage(Metric.SUM_FIELD_NUMBER)) {
        temporality = data(in, NUMBER, found);
      } else if (in.isMessage(Metric.HISTOGRAM_FIELD_NUMBER)) {
        temporality = data(in, HISTOGRAM, found);
      } else if (in.isMessage(Metric.EXPONENTIAL_HISTOGRAM_FIELD_NUMBER)) {
        temporality = data(in, EXPONENTIAL, found);
      } else if (in.isMessage(Metric.SUMMARY_FIELD_NUMBER)) {
        data(in, SUMMARY, found);
        temporality = Temporality.CUMULATIVE;
      } else {
        in.skip();
      }
    }
    for (PointBuilder point : found) {
      points.add(point.build(name, temporality));
    }
  }

  /** Points and temporality have the same field numbers in every kind of data. */
  private static Temporality data(ProtoFields in, Shape shape, List<PointBuilder> points)
      throws IOException {
    long temporality = 0;
    int limit = in.enter();
    while (in.next()) {
      if (in.isMessage(Gauge.DATA_POINTS_FIELD_NUMBER)) {
        int point = in.enter();
        points.add(point(in, shape));
        in.leave(point);
      } else if (in.field() == Sum.AGGREGATION_TEMPORALITY_FIELD_NUMBER
          && in.wireType() == WIRETYPE_VARINT) {
        temporality = in.varint();
      } else {
        in.skip();
      }
    }
    in.leave(limit);
    return Temporality.of(temporality);
  }

  private static PointBuilder point(ProtoFields in, Shape shape) throws IOException {
    PointBuilder point = new PointBuilder(shape.isDistribution());
    while (in.next()) {
      if (in.wireType() == WIRETYPE_FIXED64) {
        fixed(in, shape, point);
      } else if (in.wireType() == WIRETYPE_VARINT && in.field() == shape.flags()) {
        point.flags = in.varint();
      } else {
        in.attributeOrSkip(shape.attributes(), point.attributes);
      }
    }
    return point;
  }

  private static void fixed(ProtoFields in, Shape shape, PointBuilder point) throws IOException {
    int field = in.field();
    if (field == NumberDataPoint.TIME_UNIX_NANO_FIELD_NUMBER) {
      point.time = in.fixed64();
    } else if (field == shape.count()) {
      point.count = in.fixed64();
    } else if (field == shape.sum()) {
      point.value = Double.longBitsToDouble(in.fixed64());
    } else if (!shape.isDistribution() && field == NumberDataPoint.AS_DOUBLE_FIELD_NUMBER) {
      point.value = Double.longBitsToDouble(in.fixed64());
    } else if (!shape.isDistribution() && field == NumberDataPoint.AS_INT_FIELD_NUMBER) {
      point.value = in.fixed64();
    } else {
      in.skip();
    }
  }
}
