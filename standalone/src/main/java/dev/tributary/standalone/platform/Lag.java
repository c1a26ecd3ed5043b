package dev.tributary.standalone.platform;

import dev.tributary.alertrouter.AlertRouterConfig;
import dev.tributary.runtime.config.Settings;
import dev.tributary.runtime.run.GroupLag;
import dev.tributary.runtime.run.StreamsApp;
import dev.tributary.runtime.run.StreamsProperties;
import dev.tributary.sink.clickhouse.SinkConfig;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;

/** How far the parts of an instance are behind. */
public final class Lag {
  private Lag() {}

  /**
   * Records that a part has not processed yet, by part, in the order of the chain; 0 for one that
   * has not begun.
   *
   * @throws dev.tributary.runtime.run.TopicException when the cluster does not answer
   */
  public static Map<String, Long> byPart(Admin admin, Settings settings) {
    Map<String, Long> lag = new LinkedHashMap<>();
    groups(settings).forEach((part, group) -> lag.put(part, of(admin, group)));
    return lag;
  }

  /** Consumer groups of the parts that have one each, by part, in the order of the chain. */
  static Map<String, String> groups(Settings settings) {
    Map<String, String> groups = new LinkedHashMap<>();
    for (StreamsApp app : Platform.APPLICATIONS) {
      groups.put(app.name(), StreamsProperties.applicationId(app.name(), settings));
    }
    groups.put("sink", settings.get(SinkConfig.GROUP));
    groups.put("alert-router", settings.get(AlertRouterConfig.GROUP));
    return groups;
  }

  private static long of(Admin admin, String group) {
    return GroupLag.of(admin, group).values().stream().mapToLong(Long::longValue).sum();
  }
}
