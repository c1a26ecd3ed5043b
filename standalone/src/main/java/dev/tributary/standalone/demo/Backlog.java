package dev.tributary.standalone.demo;

import dev.tributary.runtime.config.Settings;
import dev.tributary.runtime.run.ClientProperties;
import dev.tributary.standalone.platform.Lag;
import java.time.Duration;
import org.apache.kafka.clients.admin.Admin;

/** Whether the instance still works off what was sent to it. Not for several threads. */
final class Backlog implements AutoCloseable {
  /** Nothing less is left for so long: what is missing does not come any more. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Admin admin;
  private final Settings settings;
  private long least = Long.MAX_VALUE;
  private long leastSince;

  Backlog(Settings settings) {
    this.settings = settings;
    this.admin = Admin.create(ClientProperties.admin(settings));
  }

  /**
   * Whether less is left than ever before, or was a short time ago. Clocks go on for ever: that
   * something comes and goes says nothing.
   */
  boolean isShrinking() {
    long left = Lag.byPart(admin, settings).values().stream().mapToLong(Long::longValue).sum();
    if (left < least) {
      least = left;
      leastSince = System.nanoTime();
    }
    return System.nanoTime() - leastSince < PATIENCE.toNanos();
  }

  @Override
  public void close() {
    admin.close();
  }
}
