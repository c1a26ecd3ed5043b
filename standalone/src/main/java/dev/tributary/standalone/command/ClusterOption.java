package dev.tributary.standalone.command;

import dev.tributary.runtime.config.Settings;
import dev.tributary.standalone.platform.SqlClient;
import dev.tributary.standalone.platform.ToolSettings;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which cluster a command works on: the instance of a data folder, or what settings name. */
final class ClusterOption {
  @Mixin private DataOption data = new DataOption();

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "Settings; without it and without TRIBUTARY_* the instance of --data.")
  private @Nullable Path config;

  Path folder() {
    return data.folder();
  }

  /** Settings of the cluster. */
  Settings settings() {
    return ToolSettings.load(data.folder(), config);
  }

  /** The cluster's ClickHouse. */
  SqlClient sql() {
    return SqlClient.of(settings());
  }
}
