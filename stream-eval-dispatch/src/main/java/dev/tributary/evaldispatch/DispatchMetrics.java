package dev.tributary.evaldispatch;

import dev.tributary.runtime.metrics.InputMetrics;
import dev.tributary.runtime.metrics.ModuleMetrics;
import dev.tributary.schemas.TopicNames;
import dev.tributary.schemas.Topics;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The counters of this module. Per input topic and partition: received + taken_over = sent_primary
 * + rejected + dead_lettered + dropped + in_state. For {@code llm.traces} sent_primary is a trace
 * that was decided; for {@code llm.eval.results} a score that was written, in_state a result that
 * waits for its trace; for the job topics a job that is watched.
 */
final class DispatchMetrics {
  /** Decisions of the controller: admitted, not_drawn, and gaps by reason. */
  static final String DECISIONS = "tributary.eval.dispatch.decisions";

  /** Eligible traces by policy and stratum; the difference to jobs was not sampled. */
  static final String ELIGIBLE = "tributary.eval.dispatch.eligible";

  /** Jobs sent by route. */
  static final String JOBS = "tributary.eval.dispatch.jobs";

  /** Jobs sent again because no answer came. */
  static final String RETRIES = "tributary.eval.dispatch.retries";

  /** Jobs given up after their last attempt. */
  static final String EXPIRED = "tributary.eval.dispatch.expired";

  /** Rates the controller wrote. */
  static final String RATES = "tributary.eval.dispatch.rates";

  /** Jobs that judges have not answered, all policies and teams. */
  static final String QUEUED = "tributary.eval.dispatch.queued.jobs";

  /** Queues that are not told of because there are too many; once per plan. */
  static final String QUEUES_REFUSED = "tributary.eval.dispatch.queues.refused";

  /** Versions of policies that were refused. */
  static final String REFERENCE_REFUSED = "tributary.eval.dispatch.reference.refused";

  /** From the close of a trace to the dispatch of its job, the last one seen, milliseconds. */
  static final String DISPATCH_AGE_MS = "tributary.eval.dispatch.age.ms";

  private final ModuleMetrics metrics;
  private final TopicNames names;
  private final AtomicLong queued = new AtomicLong();
  private final AtomicLong age = new AtomicLong();
  private final Counter retries;
  private final Counter expired;
  private final Counter rates;
  private final Counter queuesRefused;
  private final Counter referenceRefused;

  DispatchMetrics(MeterRegistry registry, TopicNames names) {
    this.names = names;
    metrics = new ModuleMetrics(registry, DispatchMain.APP.name());
    retries = metrics.counter(RETRIES);
    expired = metrics.counter(EXPIRED);
    rates = metrics.counter(RATES);
    queuesRefused = metrics.counter(QUEUES_REFUSED);
    referenceRefused = metrics.counter(REFERENCE_REFUSED);
    metrics.gauge(QUEUED, queued, AtomicLong::doubleValue);
    metrics.gauge(DISPATCH_AGE_MS, age, AtomicLong::doubleValue);
  }

  InputMetrics traces(int partition) {
    return metrics.input(names.of(Topics.TRACES), partition);
  }

  InputMetrics results(int partition) {
    return metrics.input(names.of(Topics.EVAL_RESULTS), partition);
  }

  InputMetrics jobs(String topic, int partition) {
    return metrics.input(topic, partition);
  }

  void decision(String what) {
    metrics.counter(DECISIONS, "decision", what.toLowerCase(Locale.ROOT)).increment();
  }

  void eligible(String policy, String stratum) {
    metrics.counter(ELIGIBLE, "policy", policy, "stratum", stratum).increment();
  }

  /** A job went out. */
  void job(String route, long ageMs) {
    metrics.counter(JOBS, "route", route).increment();
    age.lazySet(ageMs);
  }

  void score() {
    metrics.sent(names.of(Topics.SCORES));
  }

  void retry() {
    retries.increment();
  }

  void expired() {
    expired.increment();
  }

  void rate() {
    rates.increment();
  }

  void signal() {
    metrics.sent(names.of(Topics.SIGNALS));
  }

  void queuesRefused(long queues) {
    queuesRefused.increment((double) queues);
  }

  void referenceRefused() {
    referenceRefused.increment();
  }

  void queued(long jobs) {
    queued.lazySet(jobs);
  }
}
