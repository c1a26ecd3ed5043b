package dev.tributary.alertrouter;

import dev.tributary.alertrouter.core.AlertDesk;
import dev.tributary.alertrouter.core.Content;
import dev.tributary.alertrouter.core.Item;
import dev.tributary.alertrouter.core.Notification;
import dev.tributary.runtime.metrics.InputMetrics;
import dev.tributary.runtime.metrics.MetricNames;
import dev.tributary.runtime.metrics.ModuleMetrics;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counters of the router. Written by its thread, read by any. */
final class AlertRouterMetrics implements AlertDesk.Observer {
  /** Alerts that a receiver has taken, by route. */
  static final String DELIVERED = "tributary.alerts.delivered";

  /** Alerts that were given up, by route and reason. Each is an alert in itself. */
  static final String FAILED = "tributary.alerts.failed";

  /** Attempts that failed and are made again, by route. */
  static final String RETRIED = "tributary.alerts.retried";

  /** From the close of the window that an alert is about to its delivery. */
  static final String DELAY = "tributary.alerts.delivery.delay";

  /** Alerts that wait, under way included. */
  static final String PENDING = "tributary.alerts.pending";

  /** Age of the longest waiting since it was taken, seconds. */
  static final String OLDEST_PENDING = "tributary.alerts.oldest.pending.s";

  /** Times a route was named that nobody has configured. */
  static final String UNKNOWN_ROUTES = "tributary.alerts.unknown.routes";

  /** Alerts of teams without a route of their own. */
  static final String DEFAULTED = "tributary.alerts.defaulted";

  /** Policies that cannot be read, each time a version with them came in force. */
  static final String POLICIES_REFUSED = "tributary.alerts.policies.refused";

  private static final Logger LOGGER = LoggerFactory.getLogger(AlertRouterMetrics.class);
  private static final Duration[] BUCKETS = {
    Duration.ofSeconds(1),
    Duration.ofSeconds(3),
    Duration.ofSeconds(10),
    Duration.ofSeconds(30),
    Duration.ofMinutes(2),
    Duration.ofMinutes(10),
    Duration.ofHours(1)
  };

  private final MeterRegistry registry;
  private final ModuleMetrics metrics;
  private final AtomicLong pending = new AtomicLong();
  private final AtomicLong oldestS = new AtomicLong();
  private final Set<String> toldOf = new HashSet<>();

  AlertRouterMetrics(MeterRegistry registry) {
    this.registry = registry;
    this.metrics = new ModuleMetrics(registry, AlertRouterConfig.NAME);
    metrics.gauge(PENDING, pending, AtomicLong::doubleValue);
    metrics.gauge(OLDEST_PENDING, oldestS, AtomicLong::doubleValue);
  }

  InputMetrics input(String topic, int partition) {
    return metrics.input(topic, partition);
  }

  void judged(Notification notification, AlertDesk.Judged judged, Instant now) {
    String route = notification.route();
    switch (judged.verdict()) {
      case DELIVERED -> {
        for (Item item : notification.items()) {
          metrics.counter(DELIVERED, "route", route).increment();
          if (item.content() instanceof Content.OfAlert alert) {
            delay(route).record(positive(Duration.between(alert.createdAt(), now)));
          }
        }
      }
      case RETRIED -> {
        metrics.counter(RETRIED, "route", route).increment();
        LOGGER
            .atWarn()
            .addKeyValue("route", route)
            .addKeyValue("notification", notification.id())
            .addKeyValue("attempts", notification.attempts())
            .addKeyValue("reason", judged.reason())
            .log("not delivered; tried again");
      }
      case FAILED -> {
        String reason = String.valueOf(judged.reason());
        metrics
            .counter(FAILED, "route", route, MetricNames.REASON, reason)
            .increment((double) notification.items().size());
        LOGGER
            .atError()
            .addKeyValue("route", route)
            .addKeyValue("notification", notification.id())
            .addKeyValue("attempts", notification.attempts())
            .addKeyValue("reason", reason)
            .log("given up: these alerts were not delivered");
      }
    }
  }

  private Timer delay(String route) {
    return Timer.builder(DELAY)
        .tags(MetricNames.MODULE, AlertRouterConfig.NAME, "route", route)
        .serviceLevelObjectives(BUCKETS)
        .register(registry);
  }

  private static Duration positive(Duration duration) {
    return duration.isNegative() ? Duration.ZERO : duration;
  }

  void waiting(AlertDesk desk, Instant now) {
    pending.set(desk.pending());
    oldestS.set(
        desk.oldestPending().map(since -> Duration.between(since, now).toSeconds()).orElse(0L));
  }

  void error(String stage, Exception e) {
    metrics.error(stage);
    LOGGER
        .atWarn()
        .addKeyValue("stage", stage)
        .addKeyValue("reason", e.getClass().getSimpleName() + ": " + e.getMessage())
        .log("fault; trying again");
  }

  void policyRefused(String tenant, String why) {
    metrics.counter(POLICIES_REFUSED, "tenant", tenant).increment();
    LOGGER.atError().addKeyValue("tenant", tenant).log("policy is left out: {}", why);
  }

  @Override
  public void unknownRoute(String route) {
    metrics.counter(UNKNOWN_ROUTES).increment();
    if (toldOf.add("route " + route)) {
      LOGGER.atWarn().addKeyValue("route", route).log("a route that is not configured");
    }
  }

  @Override
  public void defaulted(String team) {
    metrics.counter(DEFAULTED).increment();
    if (toldOf.add("team " + team)) {
      LOGGER.atWarn().addKeyValue("team", team).log("no route; the default ones are used");
    }
  }
}
