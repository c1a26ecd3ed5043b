package dev.tributary.normalize;

import dev.tributary.normalize.core.Findings;
import dev.tributary.runtime.metrics.ModuleMetrics;
import io.micrometer.core.instrument.Counter;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/** Counters of this module beside the common ones. Safe for use by several threads. */
final class NormalizeMetrics implements Findings {
  /** Label {@code module} of all counters. */
  static final String MODULE = "normalize";

  /** OTLP requests opened; {@code received} counts their spans. */
  static final String BATCHES = "tributary.normalize.batches";

  /** Records without a tenant header. */
  static final String DEFAULT_TENANT = "tributary.normalize.default.tenant";

  /** What normalising met, by {@code finding} and {@code subject}; see {@link Findings.Finding}. */
  static final String FINDINGS = "tributary.normalize.findings";

  private record Met(Finding finding, String subject) {}

  private final ModuleMetrics common;
  private final Map<String, Counter> sent = new HashMap<>();
  private final String spansTopic;
  private final Counter batches;
  private final Counter defaultTenant;
  private final Map<Met, Counter> met = new ConcurrentHashMap<>();

  /**
   * The counters.
   *
   * @param topics names of the output topics by the sinks that write them
   */
  NormalizeMetrics(ModuleMetrics common, Map<String, String> topics) {
    this.common = common;
    this.spansTopic = Objects.requireNonNull(topics.get(NormalizeProcessor.SPANS_SINK));
    topics.forEach((sink, topic) -> sent.put(sink, common.sentTo(topic)));
    this.batches = common.counter(BATCHES);
    this.defaultTenant = common.counter(DEFAULT_TENANT);
  }

  ModuleMetrics common() {
    return common;
  }

  void sent(String sink) {
    Objects.requireNonNull(sent.get(sink), sink).increment();
  }

  void spanAge(long ageMs) {
    common.recordAge(spansTopic, ageMs);
  }

  void batch() {
    batches.increment();
  }

  void defaultTenant() {
    defaultTenant.increment();
  }

  @Override
  public void note(Finding finding, String subject) {
    met.computeIfAbsent(new Met(finding, subject), this::counter).increment();
  }

  private Counter counter(Met what) {
    return common.counter(
        FINDINGS,
        "finding",
        what.finding().name().toLowerCase(Locale.ROOT),
        "subject",
        what.subject());
  }
}
