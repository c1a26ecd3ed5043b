package dev.tributary.standalone.platform;

import dev.tributary.standalone.reference.ReferenceSource;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How to run an instance.
 *
 * @param data folder of all its state
 * @param ports where it listens
 * @param clickHouse a ClickHouse server to use; null: the embedded engine
 * @param config file of settings; null: none
 * @param speed how much faster than real time the expected traffic goes by, at least 1
 * @param reference files of reference data (YAML) to publish at start, by source
 */
public record PlatformOptions(
    Path data,
    Ports ports,
    @Nullable URI clickHouse,
    @Nullable Path config,
    long speed,
    Map<ReferenceSource, List<Path>> reference) {
  /** Checks the speed and copies the map. */
  public PlatformOptions {
    if (speed < 1) {
      throw new PlatformException("speed must be at least 1: " + speed);
    }
    reference = Map.copyOf(reference);
  }

  /** The same instance for traffic that goes by faster. */
  public PlatformOptions withSpeed(long newSpeed) {
    return new PlatformOptions(data, ports, clickHouse, config, newSpeed, reference);
  }
}
