package dev.tributary.standalone.e2e;

import dev.tributary.runtime.config.CommonSettings;
import dev.tributary.standalone.e2e.ChainCluster.Part;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * What the processes of a chain are told.
 *
 * @param overrides settings of all stream applications
 */
record ChainSettings(
    String bootstrapServers,
    int replicationFactor,
    String registryUrl,
    String clickHouseUrl,
    Map<String, String> overrides) {
  static final int PARTITIONS = 3;
  static final String DATABASE = "tributary";
  static final String SINK_GROUP = "e2e-sink";

  /** Of a client of Kafka and the registry. */
  Map<String, String> client() {
    Map<String, String> settings = new HashMap<>();
    settings.put(CommonSettings.BOOTSTRAP_SERVERS.key(), bootstrapServers);
    settings.put(CommonSettings.REGISTRY_URL.key(), registryUrl);
    settings.put(CommonSettings.REPLICATION_FACTOR.key(), Integer.toString(replicationFactor));
    settings.put(CommonSettings.PARTITIONS.key(), Integer.toString(PARTITIONS));
    return settings;
  }

  /**
   * Of one process; an application refuses keys that are not its own.
   *
   * @param state folder of a stream application's state
   */
  Map<String, String> of(Part part, Path state) {
    Map<String, String> settings = client();
    settings.put(CommonSettings.HEALTH_HOST.key(), "127.0.0.1");
    settings.put(CommonSettings.HEALTH_PORT.key(), "0");
    if (part == Part.SINK) {
      settings.put("tributary.sink.clickhouse-url", clickHouseUrl);
      settings.put("tributary.sink.database", DATABASE);
      settings.put("tributary.sink.group", SINK_GROUP);
      settings.put("tributary.sink.block-rows", "500");
      settings.put("tributary.sink.block-age", "200ms");
      settings.put("tributary.kafka.consumer.session.timeout.ms", "6000");
      settings.put("tributary.kafka.consumer.heartbeat.interval.ms", "1000");
      return settings;
    }
    settings.put(CommonSettings.STATE_DIR.key(), state.toString());
    // A killed instance is missed for the session timeout. Its successor takes over its open
    // transaction at once, whatever the transaction timeout is, as it finds the same state folder.
    settings.put("tributary.streams.commit-interval", "200ms");
    settings.put("tributary.streams.session-timeout", "6s");
    settings.put("tributary.streams.producer-linger", "5ms");
    settings.put("tributary.streams.cache-size", "8MiB");
    settings.put("tributary.streams.rocksdb-memory", "32MiB");
    settings.putAll(overrides);
    if (part == Part.ATTRIBUTION) {
      settings.put("tributary.attribution.settle", "2s");
      settings.put("tributary.attribution.clock-idle", "2s");
    }
    if (part == Part.COST) {
      settings.put("tributary.cost.window-grace", "2s");
      settings.put("tributary.cost.source-silence", "3s");
    }
    return settings;
  }
}
