package dev.tributary.standalone.platform;

import dev.tributary.alertrouter.AlertRouterConfig;
import dev.tributary.evalworker.EvalWorkerConfig;
import dev.tributary.runtime.config.CommonSettings;
import dev.tributary.runtime.config.ProcessEnvironment;
import dev.tributary.runtime.config.Setting;
import dev.tributary.runtime.config.Settings;
import dev.tributary.runtime.run.StreamsApp;
import dev.tributary.sink.clickhouse.SinkConfig;
import dev.tributary.standalone.compare.ComparisonWatch;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Settings of a command that works on a running cluster: its clients, groups and ClickHouse. */
public final class ToolSettings {
  private ToolSettings() {}

  /**
   * What the file, the environment and {@code -D} say, over the addresses of the instance that runs
   * on the data folder, if one does. Settings of every application are known, so that one file
   * serves a cluster and its tools.
   *
   * @param config file of settings; null: none
   * @throws PlatformException when nothing says which cluster is meant, or the instance is gone
   */
  public static Settings load(Path dataFolder, @Nullable Path config) {
    Settings settings = given(config);
    boolean isNamed =
        settings.isGiven(CommonSettings.BOOTSTRAP_SERVERS) || settings.isGiven(SinkConfig.URL);
    if (isNamed && !Files.exists(DataFolder.readyFile(dataFolder))) {
      return settings;
    }
    Addresses running = Addresses.of(dataFolder);
    if (!isNamed && !running.isAnswering()) {
      throw new PlatformException(
          "the instance of --data %s is gone, nothing answers at %s; start it again with ./tributary up"
              .formatted(dataFolder, running.kafka()));
    }
    return settings.withDefaults(
        Map.of(
            CommonSettings.BOOTSTRAP_SERVERS.key(), running.kafka(),
            CommonSettings.REGISTRY_URL.key(), running.registry(),
            SinkConfig.URL.key(), running.clickHouse(),
            SinkConfig.DATABASE.key(), running.database(),
            EvalWorkerConfig.CONTENT_URL.key(), running.clickHouse(),
            EvalWorkerConfig.CONTENT_DATABASE.key(), running.database()));
  }

  /**
   * Whether settings mean the instance that runs on a data folder, and not a cluster elsewhere.
   *
   * @param settings as {@link #load} answers them
   */
  public static boolean isInstanceOf(Path dataFolder, Settings settings) {
    return Files.exists(DataFolder.readyFile(dataFolder))
        && Addresses.of(dataFolder).kafka().equals(settings.get(CommonSettings.BOOTSTRAP_SERVERS));
  }

  /**
   * What the file, the environment and {@code -D} say, whether they name a cluster or not.
   *
   * @param config file of settings; null: none
   */
  public static Settings given(@Nullable Path config) {
    List<Setting<?>> known = new ArrayList<>(SinkConfig.allSettings());
    for (StreamsApp app : Platform.APPLICATIONS) {
      known.addAll(app.allSettings());
    }
    known.addAll(EvalWorkerConfig.allSettings());
    known.addAll(AlertRouterConfig.allSettings());
    known.add(ComparisonWatch.INTERVAL);
    ProcessEnvironment environment = ProcessEnvironment.current();
    return Settings.load(config, environment.variables(), environment.properties(), known);
  }
}
