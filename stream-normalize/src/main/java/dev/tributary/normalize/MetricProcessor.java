package dev.tributary.normalize;

import dev.tributary.normalize.core.Erasures;
import dev.tributary.normalize.core.Gauges;
import dev.tributary.normalize.core.MetricBatch;
import dev.tributary.normalize.core.NormalizeContext;
import dev.tributary.normalize.core.SignalResult;
import dev.tributary.runtime.metrics.InputMetrics;
import dev.tributary.schemas.Gauge;
import dev.tributary.schemas.Keys;
import java.time.Clock;
import org.apache.kafka.streams.processor.api.Record;

/** One OTLP metric request in, the gauges of accelerators and inference servers out. */
final class MetricProcessor extends NormalizeProcessor<byte[]> {
  private final NormalizeConfig config;
  private final NormalizeMetrics metrics;
  private final Gauges gauges;

  MetricProcessor(
      NormalizeConfig config, NormalizeMetrics metrics, Erasures erasures, Clock clock) {
    super(config, metrics, erasures, clock);
    this.config = config;
    this.metrics = metrics;
    this.gauges = new Gauges(config.rules().times(), metrics);
  }

  @Override
  void normalize(Record<byte[], byte[]> record, NormalizeContext at, InputMetrics input) {
    MetricBatch batch =
        OtlpBody.open(record, config, input, OtlpMetricProto::parse, OtlpMetricJson::parse);
    metrics.batch();
    gauges.read(
        batch,
        at,
        result -> {
          input.received();
          accept(result, at, input);
        });
  }

  private void accept(SignalResult result, NormalizeContext at, InputMetrics input) {
    if (result instanceof SignalResult.Measured measured) {
      for (Gauge gauge : measured.gauges()) {
        forward(
            Keys.gauge(gauge.getTenant(), gauge.getHost(), gauge.getModel()),
            gauge,
            gauge.getTimeUs() / 1_000,
            GAUGES_SINK);
      }
      input.sentPrimary();
    } else if (result instanceof SignalResult.Refused refused) {
      reject(input, at.tenant(), refused.rejected());
    } else if (result instanceof SignalResult.Dropped dropped) {
      input.dropped(dropped.reason());
    }
  }
}
