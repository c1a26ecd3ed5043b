package dev.tributary.evalworker;

import dev.tributary.runtime.metrics.InputMetrics;
import dev.tributary.runtime.metrics.ModuleMetrics;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The counters of the worker. Per job topic and partition: received = sent_primary (answered, also
 * with a reason instead of a score) + dead_lettered (undecodable). All three rise with the commit
 * of the answer, since a batch may wait for its judge longer than an equation may be open.
 */
final class WorkerMetrics {
  /** Answers by evaluator and outcome: {@code scored}, or the reason why not. */
  static final String ANSWERS = "tributary.eval.worker.answers";

  /** Jobs whose judge failed to the end of the retries; kept in the dead-letter topic. */
  static final String GIVEN_UP = "tributary.eval.worker.given.up";

  /** Calls of judges, retries included. */
  static final String CALLS = "tributary.eval.worker.judge.calls";

  /** Jobs that wait to be taken, by route. */
  static final String LAG = "tributary.eval.worker.lag.jobs";

  /** From dispatch to answer, the last one seen, milliseconds. */
  static final String AGE_MS = "tributary.eval.worker.age.ms";

  /** Times a loop began anew after a fault of Kafka or a lost partition. */
  static final String RESTARTS = "tributary.eval.worker.restarts";

  private final ModuleMetrics metrics;

  WorkerMetrics(MeterRegistry registry) {
    metrics = new ModuleMetrics(registry, EvalWorkerConfig.NAME);
  }

  InputMetrics jobs(String topic, int partition) {
    return metrics.input(topic, partition);
  }

  /** Gauges of a route. */
  record Route(AtomicLong lag, AtomicLong ageMs) {}

  Route route(String route) {
    Route gauges = new Route(new AtomicLong(), new AtomicLong());
    metrics.gauge(LAG, gauges.lag(), AtomicLong::doubleValue, "route", route);
    metrics.gauge(AGE_MS, gauges.ageMs(), AtomicLong::doubleValue, "route", route);
    return gauges;
  }

  void answered(String evaluator, String outcome) {
    metrics.counter(ANSWERS, "evaluator", evaluator, "outcome", outcome).increment();
  }

  void givenUp(String reason) {
    metrics.counter(GIVEN_UP, "reason", reason).increment();
  }

  void calls(int calls) {
    metrics.counter(CALLS).increment(calls);
  }

  void restarted(String route) {
    metrics.counter(RESTARTS, "route", route).increment();
  }

  void error(String stage) {
    metrics.error(stage);
  }
}
