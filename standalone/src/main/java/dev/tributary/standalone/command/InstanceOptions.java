package dev.tributary.standalone.command;

import dev.tributary.standalone.platform.PlatformOptions;
import dev.tributary.standalone.platform.Ports;
import dev.tributary.standalone.reference.ReferenceSource;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Options of every command that starts an instance. */
final class InstanceOptions {
  @Mixin private DataOption data = new DataOption();

  @Option(
      names = "--port-base",
      paramLabel = "N",
      description =
          "Listen on N (OTLP), N+1 (ClickHouse), N+2 (Kafka), N+3 (registry), N+4 (health),"
              + " N+5 (console) instead of 4318, 8123, 9092, 8081, 8090, 8080.")
  private @Nullable Integer portBase;

  @Option(
      names = "--console-port",
      paramLabel = "N",
      description = "Port of the web console alone.")
  private @Nullable Integer consolePort;

  @Option(
      names = "--clickhouse",
      paramLabel = "URL",
      description = "Use that ClickHouse server instead of the embedded engine; needs no npm.")
  private @Nullable URI clickHouse;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "Settings (properties or YAML); TRIBUTARY_* and -D win over it.")
  private @Nullable Path config;

  Path folder() {
    return data.folder();
  }

  PlatformOptions platform(long speed, Map<ReferenceSource, List<Path>> reference) {
    return new PlatformOptions(
        data.folder(),
        Ports.from(portBase).withConsole(consolePort),
        clickHouse,
        config,
        speed,
        reference);
  }
}
