package dev.tributary.runtime.run;

import dev.tributary.runtime.health.HealthServer;
import dev.tributary.runtime.serde.TopicSerdes;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import org.jspecify.annotations.Nullable;

/**
 * What several applications of one process share.
 *
 * @param meters where all counters go; not closed by an application
 * @param health where an application registers itself under its name; null: nowhere
 * @param serdes given ready made; null: made from the settings
 * @param clock the wall clock
 */
public record RunOptions(
    MeterRegistry meters,
    @Nullable HealthServer health,
    @Nullable TopicSerdes serdes,
    Clock clock) {

  /** Counters only: no health endpoint, serdes from the settings, the system's clock in UTC. */
  public static RunOptions of(MeterRegistry meters) {
    return new RunOptions(meters, null, null, Clock.systemUTC());
  }

  public RunOptions withHealth(HealthServer server) {
    return new RunOptions(meters, server, serdes, clock);
  }

  public RunOptions withSerdes(TopicSerdes ready) {
    return new RunOptions(meters, health, ready, clock);
  }

  public RunOptions withClock(Clock other) {
    return new RunOptions(meters, health, serdes, other);
  }
}
