package dev.tributary.standalone.command;

import dev.tributary.runtime.config.Settings;
import dev.tributary.standalone.platform.PlatformException;
import dev.tributary.standalone.platform.SqlClient;
import dev.tributary.standalone.platform.ToolSettings;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Which cluster a command works on: the instance of a data folder, or what settings name. */
final class ClusterOption {
  @Mixin private DataOption data = new DataOption();

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "Settings; without it and without TRIBUTARY_* the instance of --data.")
  private @Nullable Path config;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command = CommandSpec.create();

  private boolean isSaid;

  Path folder() {
    return data.folder();
  }

  /**
   * Settings of the cluster; says, once, whose its other half is where only one was named.
   *
   * @throws PlatformException when its Kafka is not one Kafka with one registry
   */
  Settings settings() {
    ToolSettings.Cluster cluster = cluster();
    Settings settings = cluster.ofOne();
    say(cluster.half());
    return settings;
  }

  private void say(@Nullable String half) {
    if (half != null && !isSaid) {
      isSaid = true;
      command.commandLine().getErr().println("tributary: " + half);
    }
  }

  /** The cluster, without a word. */
  ToolSettings.Cluster cluster() {
    return ToolSettings.cluster(data.folder(), config);
  }

  /**
   * The cluster's ClickHouse; says whose it is where only Kafka was named, and needs no registry.
   */
  SqlClient sql() {
    ToolSettings.Cluster cluster = cluster();
    if (!cluster.isClickHouseNamed()) {
      say(cluster.half());
    }
    return SqlClient.of(cluster.settings());
  }
}
