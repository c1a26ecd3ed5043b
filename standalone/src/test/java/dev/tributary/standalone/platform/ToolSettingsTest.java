package dev.tributary.standalone.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.alertrouter.AlertRouterConfig;
import dev.tributary.runtime.config.CommonSettings;
import dev.tributary.runtime.config.Settings;
import dev.tributary.runtime.run.StreamsApp;
import dev.tributary.runtime.run.StreamsProperties;
import dev.tributary.sink.clickhouse.SinkConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ToolSettingsTest {
  private static final Addresses RUNNING =
      new Addresses("o", "http://127.0.0.1:1", "live", "127.0.0.1:2", "http://127.0.0.1:3", "h");

  @TempDir private Path folder;

  @Test
  void nothingRunsAndNothingIsNamed_isRefusedAndSaysWhatToDo() {
    assertThatThrownBy(() -> ToolSettings.load(folder, null))
        .isInstanceOf(PlatformException.class)
        .hasMessageContaining("no instance runs on --data " + folder)
        .hasMessageContaining("--config");
  }

  @Test
  void runningInstance_isMeantWithoutAFile() {
    RUNNING.write(DataFolder.readyFile(folder));

    Settings settings = ToolSettings.load(folder, null);

    assertThat(settings.get(CommonSettings.BOOTSTRAP_SERVERS)).isEqualTo("127.0.0.1:2");
    assertThat(settings.get(SinkConfig.DATABASE)).isEqualTo("live");
  }

  @Test
  void file_namesACluster_alsoBesideAnInstance() throws IOException {
    RUNNING.write(DataFolder.readyFile(folder));
    Path file = folder.resolve("cluster.properties");
    Files.writeString(file, "tributary.sink.clickhouse-url=https://clickhouse.example:8443\n");

    Settings settings = ToolSettings.load(folder, file);

    assertThat(settings.get(SinkConfig.URL)).isEqualTo("https://clickhouse.example:8443");
  }

  @Test
  void fileThatNamesNoCluster_needsAnInstance() throws IOException {
    Path file = folder.resolve("other.properties");
    Files.writeString(file, "tributary.sink.block-rows=10000\n");

    assertThatThrownBy(() -> ToolSettings.load(folder, file)).isInstanceOf(PlatformException.class);
  }

  /**
   * What the lag of every part is asked with, and what one file for a cluster and its tools has.
   */
  @Test
  void settingsOfEveryProcess_areKnown() throws IOException {
    RUNNING.write(DataFolder.readyFile(folder));
    Path file = folder.resolve("cluster.properties");
    Files.writeString(
        file,
        """
        tributary.alerts.group=alerts-of-acme
        tributary.sink.group=sink-of-acme
        tributary.eval-worker.judge-model=m
        """);

    Settings settings = ToolSettings.load(folder, file);

    assertThat(settings.get(AlertRouterConfig.GROUP)).isEqualTo("alerts-of-acme");
    assertThat(settings.get(SinkConfig.GROUP)).isEqualTo("sink-of-acme");
    for (StreamsApp app : Platform.APPLICATIONS) {
      assertThat(StreamsProperties.applicationId(app.name(), settings))
          .isEqualTo("tributary-" + app.name());
    }
  }
}
