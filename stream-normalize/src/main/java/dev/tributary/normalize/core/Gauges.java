package dev.tributary.normalize.core;

import dev.tributary.normalize.core.NormalizeResult.RejectedSpan;
import dev.tributary.schemas.Gauge;
import dev.tributary.schemas.GenAiAttributes;
import dev.tributary.schemas.GpuAttributes;
import dev.tributary.schemas.InferenceServerMetrics;
import dev.tributary.schemas.Keys;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Turns data points of accelerators and inference servers into gauges. A pure function of batch and
 * context: every point is measured, dropped or refused, and nothing is thrown for what a payload
 * holds. Only attributes of a closed list are kept. Not safe for use by several threads.
 */
public final class Gauges {
  /** What a value counts since: {@code gauge}, {@code delta} or {@code cumulative}. */
  static final String TEMPORALITY = "temporality";

  private static final String[] HOST = {
    GpuAttributes.HOST_NAME,
    GpuAttributes.NODE_NAME,
    GpuAttributes.DCGM_HOSTNAME,
    GpuAttributes.HOST_ID,
    GpuAttributes.SERVICE_INSTANCE_ID,
    GpuAttributes.INSTANCE
  };

  private static final String[] MODEL = {
    InferenceServerMetrics.VLLM_MODEL_NAME,
    GenAiAttributes.REQUEST_MODEL,
    InferenceServerMetrics.TRIBUTARY_MODEL
  };

  /** Names of kept attributes, and where each is read, in order. */
  private static final Map<String, String[]> KEPT = kept();

  private final TimeBounds times;
  private final Coercion coercion;

  /** A reader. */
  public Gauges(TimeBounds times, Findings findings) {
    this.times = times;
    this.coercion = new Coercion(findings);
  }

  private static Map<String, String[]> kept() {
    Map<String, String[]> kept = new LinkedHashMap<>();
    kept.put(
        "gpu", new String[] {GpuAttributes.HW_ID, GpuAttributes.DCGM_UUID, GpuAttributes.DCGM_GPU});
    kept.put("gpu_model", new String[] {GpuAttributes.HW_MODEL, GpuAttributes.DCGM_MODEL_NAME});
    kept.put("task", new String[] {GpuAttributes.HW_GPU_TASK});
    kept.put("direction", new String[] {GpuAttributes.IO_DIRECTION, "direction"});
    kept.put("finished_reason", new String[] {InferenceServerMetrics.VLLM_FINISHED_REASON});
    kept.put("engine", new String[] {"engine"});
    kept.put("instance", new String[] {GpuAttributes.SERVICE_INSTANCE_ID, GpuAttributes.INSTANCE});
    kept.put("pod", new String[] {GpuAttributes.POD_NAME, "pod"});
    kept.put("service", new String[] {GenAiAttributes.SERVICE_NAME});
    return kept;
  }

  /** Hands out one result per data point of the batch, in the batch's order. */
  public void read(MetricBatch batch, NormalizeContext context, Consumer<SignalResult> results) {
    int index = 0;
    for (MetricBatch.Group group : batch.groups()) {
      for (OtlpPoint point : group.points()) {
        results.accept(read(index++, point, group.resource(), context));
      }
    }
  }

  private SignalResult read(
      int index, OtlpPoint point, Attributes resource, NormalizeContext context) {
    GaugeTable.Rule rule = GaugeTable.of(point.metric());
    if (rule == null
        || (rule.needsGpu()
            && !GpuAttributes.HW_TYPE_GPU.equals(
                identifier(point, resource, GpuAttributes.HW_TYPE)))) {
      return new SignalResult.Dropped(DropReason.OTHER_METRIC);
    }
    if (point.hasNoValue()) {
      return new SignalResult.Dropped(DropReason.NO_RECORDED_VALUE);
    }
    SpanChecks.Problem problem = problem(point, rule, context);
    String host = problem == null ? host(point, resource) : null;
    if (problem == null && host == null) {
      problem =
          new SpanChecks.Problem(
              RejectReason.NO_HOST, "metric " + point.metric() + " names no host.name");
    }
    if (problem != null || host == null) {
      return refused(index, problem, point, resource);
    }
    Gauge gauge = new Gauge();
    gauge.setTenant(context.tenant());
    gauge.setHost(host);
    gauge.setModel(identifier(point, resource, MODEL));
    gauge.setName(rule.name());
    gauge.setValue(point.value() * rule.factor());
    gauge.setTimeUs(point.timeNanos() / 1_000);
    gauge.setAttributes(attributes(point, resource));
    if (rule.countName() == null) {
      return new SignalResult.Measured(List.of(gauge));
    }
    Gauge count = Gauge.newBuilder(gauge).build();
    count.setName(rule.countName());
    count.setValue(point.count());
    return new SignalResult.Measured(List.of(gauge, count));
  }

  private SpanChecks.@Nullable Problem problem(
      OtlpPoint point, GaugeTable.Rule rule, NormalizeContext context) {
    boolean isNumber =
        Double.isFinite(point.value() * rule.factor())
            && (rule.countName() == null || Double.isFinite(point.count()));
    if (!isNumber) {
      return new SpanChecks.Problem(
          RejectReason.INVALID_VALUE, "metric " + point.metric() + " has no finite value");
    }
    return times(point.timeNanos(), times, context.nowUs());
  }

  /** What is wrong with the time of something that has one; null: nothing. */
  static SpanChecks.@Nullable Problem times(long nanos, TimeBounds bounds, long nowUs) {
    if (nanos <= 0) {
      return new SpanChecks.Problem(
          RejectReason.INVALID_TIMESTAMP,
          "time must be nanoseconds since the epoch; it "
              + (nanos == 0 ? "is missing" : "is not readable"));
    }
    return SpanChecks.timesUs(nanos / 1_000, null, bounds, nowUs);
  }

  private SignalResult refused(
      int index, SpanChecks.@Nullable Problem problem, OtlpPoint point, Attributes resource) {
    SpanChecks.Problem of = Objects.requireNonNull(problem, "a refusal has a reason");
    return new SignalResult.Refused(
        new RejectedSpan(
            index,
            of.reason(),
            of.detail(),
            null,
            null,
            point.timeNanos() > 0 ? Long.valueOf(point.timeNanos() / 1_000) : null,
            coercion.identifier(
                GenAiAttributes.SERVICE_NAME, resource.find(GenAiAttributes.SERVICE_NAME))));
  }

  /** The host, without the port that Prometheus' instance has. */
  private @Nullable String host(OtlpPoint point, Attributes resource) {
    String host = identifier(point, resource, HOST);
    if (host == null) {
      return null;
    }
    int colon = host.lastIndexOf(':');
    boolean isPort = colon > 0 && host.substring(colon + 1).matches("[0-9]{1,5}");
    String name = (isPort ? host.substring(0, colon) : host).toLowerCase(Locale.ROOT);
    // It becomes part of a key.
    return name.replace(Keys.SEPARATOR, '_');
  }

  private Map<String, String> attributes(OtlpPoint point, Attributes resource) {
    Map<String, String> kept = new LinkedHashMap<>();
    kept.put(TEMPORALITY, point.temporality().name().toLowerCase(Locale.ROOT));
    KEPT.forEach(
        (name, sources) -> {
          String value = identifier(point, resource, sources);
          if (value != null) {
            kept.put(name, value);
          }
        });
    return kept;
  }

  /** The first of the attributes that is there, on the point before the resource. */
  private @Nullable String identifier(OtlpPoint point, Attributes resource, String... names) {
    for (Attributes place : places(point, resource)) {
      for (String name : names) {
        String value = coercion.identifier(name, place.find(name));
        if (value != null) {
          return value;
        }
      }
    }
    return null;
  }

  private static List<Attributes> places(OtlpPoint point, Attributes resource) {
    List<Attributes> places = new ArrayList<>(2);
    places.add(point.attributes());
    places.add(resource);
    return places;
  }
}
