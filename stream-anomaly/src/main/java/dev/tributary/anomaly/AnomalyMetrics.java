package dev.tributary.anomaly;

import dev.tributary.runtime.metrics.InputMetrics;
import dev.tributary.runtime.metrics.ModuleMetrics;
import dev.tributary.schemas.TopicNames;
import dev.tributary.schemas.Topics;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The counters of this module. For {@code llm.windows}, per partition: received = sent_primary
 * (taken into a step, a cell passed on, a minute heard) + dropped (late, outdated, misfit) +
 * dead_lettered. The same for the repartition topic, without drops, and for {@code llm.events} and
 * {@code llm.signals}: sent_primary is an alarm, dropped what is none.
 */
final class AnomalyMetrics {
  /** Episodes opened. */
  static final String EPISODES_OPENED = "tributary.anomaly.episodes.opened";

  /** Episodes that ended: by themselves, as a level shift, in silence or out of watch. */
  static final String EPISODES_ENDED = "tributary.anomaly.episodes.ended";

  /** Episodes that late windows amended. */
  static final String EPISODES_AMENDED = "tributary.anomaly.episodes.amended";

  /** Notifications sent. */
  static final String ALERTS = "tributary.anomaly.alerts";

  /** First sights of a prompt version, model or rate card. */
  static final String CHANGES = "tributary.anomaly.changes";

  /** First sights that were forgotten because their feature has too many. */
  static final String SIGHTS_FORGOTTEN = "tributary.anomaly.sights.forgotten";

  /** Series and steps judged. */
  static final String SERIES_JUDGED = "tributary.anomaly.series.judged";

  /** Series that are not watched because there are too many; once per step. */
  static final String SERIES_REFUSED = "tributary.anomaly.series.refused";

  /** Values that were left out: no number, below zero, absurd. */
  static final String VALUES_UNUSABLE = "tributary.anomaly.values.unusable";

  /** Versions of reference data that were refused. */
  static final String REFERENCE_REFUSED = "tributary.anomaly.reference.refused";

  /** End of the last judged step, seconds since the epoch; one per partition. */
  static final String JUDGED_UNTIL_S = "tributary.anomaly.judged.until.s";

  private final ModuleMetrics metrics;
  private final TopicNames names;
  private final Counter opened;
  private final Counter ended;
  private final Counter amended;
  private final Counter alerts;
  private final Counter changes;
  private final Counter sightsForgotten;
  private final Counter judged;
  private final Counter refused;
  private final Counter unusable;
  private final Counter referenceRefused;

  AnomalyMetrics(MeterRegistry registry, TopicNames names) {
    this.names = names;
    metrics = new ModuleMetrics(registry, AnomalyMain.APP.name());
    opened = metrics.counter(EPISODES_OPENED);
    ended = metrics.counter(EPISODES_ENDED);
    amended = metrics.counter(EPISODES_AMENDED);
    alerts = metrics.counter(ALERTS);
    changes = metrics.counter(CHANGES);
    sightsForgotten = metrics.counter(SIGHTS_FORGOTTEN);
    judged = metrics.counter(SERIES_JUDGED);
    refused = metrics.counter(SERIES_REFUSED);
    unusable = metrics.counter(VALUES_UNUSABLE);
    referenceRefused = metrics.counter(REFERENCE_REFUSED);
  }

  InputMetrics windows(int partition) {
    return metrics.input(names.of(Topics.WINDOWS), partition);
  }

  InputMetrics findings(int partition) {
    return metrics.input(AnomalyTopologyNames.FINDINGS, partition);
  }

  InputMetrics events(int partition) {
    return metrics.input(names.of(Topics.EVENTS), partition);
  }

  InputMetrics signals(int partition) {
    return metrics.input(names.of(Topics.SIGNALS), partition);
  }

  /** Holds the end of the last judged step of a partition, microseconds since the epoch. */
  AtomicLong judgedUntil(int partition) {
    AtomicLong holder = new AtomicLong();
    metrics.gauge(
        JUDGED_UNTIL_S,
        holder,
        us -> us.get() / 1_000_000.0,
        "partition",
        Integer.toString(partition));
    return holder;
  }

  void seriesJudged(int unusableValues) {
    judged.increment();
    unusable.increment(unusableValues);
  }

  void seriesRefused() {
    refused.increment();
  }

  void opened() {
    opened.increment();
  }

  void ended() {
    ended.increment();
  }

  void amended() {
    amended.increment();
  }

  /** An anomaly was sent. */
  void anomalySent(long ageMs) {
    metrics.sent(names.of(Topics.ANOMALIES));
    metrics.recordAge(names.of(Topics.ANOMALIES), ageMs);
  }

  void alertSent() {
    alerts.increment();
    metrics.sent(names.of(Topics.ALERTS));
  }

  void signalSent() {
    metrics.sent(names.of(Topics.SIGNALS));
  }

  void changeSent() {
    changes.increment();
    metrics.sent(names.of(Topics.EVENTS));
  }

  void sightsForgotten(int count) {
    sightsForgotten.increment(count);
  }

  void referenceRefused() {
    referenceRefused.increment();
  }
}
