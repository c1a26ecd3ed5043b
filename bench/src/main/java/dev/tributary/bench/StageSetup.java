package dev.tributary.bench;

import dev.tributary.embedded.registry.EmbeddedRegistry;
import dev.tributary.runtime.config.CommonSettings;
import dev.tributary.runtime.config.Settings;
import dev.tributary.runtime.run.TopicAdmin;
import dev.tributary.schemas.Keys;
import dev.tributary.schemas.Topics;
import dev.tributary.standalone.demo.Demo;
import dev.tributary.standalone.reference.ReferencePublisher;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What stages of the chain need before they start: settings, topics, reference data. */
final class StageSetup {
  private StageSetup() {}

  /** Settings of the throughput profile. */
  static Map<String, String> settings(Lab lab, EmbeddedRegistry registry) {
    Map<String, String> values = new TreeMap<>();
    values.put(CommonSettings.BOOTSTRAP_SERVERS.key(), lab.bootstrap());
    values.put(CommonSettings.REGISTRY_URL.key(), registry.url());
    values.put(CommonSettings.STATE_DIR.key(), stateFolder(lab).toString());
    values.put(CommonSettings.PARTITIONS.key(), Integer.toString(Lab.PARTITIONS));
    values.put(CommonSettings.REPLICATION_FACTOR.key(), "1");
    values.put(CommonSettings.COMMIT_INTERVAL.key(), "1s");
    values.put(CommonSettings.MAX_RECORD_SIZE.key(), (Lab.MAX_RECORD_BYTES >> 10) + "KiB");
    return values;
  }

  /** Where the stores on disk are. */
  static Path stateFolder(Lab lab) {
    return lab.folder().resolve("state");
  }

  /** Creates all topics, publishes the reference data, writes the settings to a file. */
  static Path prepare(Lab lab, Map<String, String> values) throws IOException {
    Settings settings = Settings.of(values);
    try (TopicAdmin admin = TopicAdmin.of(settings)) {
      admin.create(
          Topics.all().stream().filter(topic -> topic.retention() != null).toList(),
          Map.of("retention.ms", "-1"));
      admin.create(Topics.all().stream().filter(topic -> topic.retention() == null).toList());
    }
    Path ownership = Demo.ownershipFile(lab.folder());
    ReferencePublisher.publish(settings, Keys.DEFAULT_TENANT, List.of(ownership));
    List<String> lines = new ArrayList<>();
    values.forEach((key, value) -> lines.add(key + "=" + value));
    return Files.write(lab.folder().resolve("chain.properties"), lines);
  }

  /**
   * Starts stages in a JVM of their own; not ready yet.
   *
   * @param name of the process
   * @param stages names of {@link StageMain}, comma-separated
   */
  static ChildJvm start(Lab lab, String name, String stages, Path config, List<String> jvmOptions) {
    List<String> jvm = new ArrayList<>(List.of("-Xms256m", "-Xmx1g"));
    jvm.addAll(jvmOptions);
    return ChildJvm.start(
        name,
        StageMain.class.getName(),
        lab.folder(),
        jvm,
        List.of(stages, "--config", config.toString()));
  }
}
