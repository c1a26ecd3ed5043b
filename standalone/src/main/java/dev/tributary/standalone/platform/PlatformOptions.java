package dev.tributary.standalone.platform;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How to run an instance.
 *
 * @param data folder of all its state
 * @param ports where it listens
 * @param clickHouse a ClickHouse server to use; null: the embedded engine
 * @param config file of settings; null: none
 * @param speed how much faster than real time the expected traffic goes by, at least 1
 * @param ownership ownership files (YAML) to publish at start
 */
public record PlatformOptions(
    Path data,
    Ports ports,
    @Nullable URI clickHouse,
    @Nullable Path config,
    long speed,
    List<Path> ownership) {
  /** Checks the speed and copies the list. */
  public PlatformOptions {
    if (speed < 1) {
      throw new PlatformException("speed must be at least 1: " + speed);
    }
    ownership = List.copyOf(ownership);
  }

  /** The same instance for traffic that goes by faster. */
  public PlatformOptions withSpeed(long newSpeed) {
    return new PlatformOptions(data, ports, clickHouse, config, newSpeed, ownership);
  }
}
