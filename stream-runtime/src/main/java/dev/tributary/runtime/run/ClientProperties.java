package dev.tributary.runtime.run;

import dev.tributary.runtime.config.CommonSettings;
import dev.tributary.runtime.config.Settings;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.CommonClientConfigs;

/**
 * Properties of plain Kafka clients: bootstrap servers, then the free-form {@code tributary.kafka.}
 * settings. A name that starts with {@code producer.}, {@code consumer.} or {@code admin.} reaches
 * that kind of client only.
 */
public final class ClientProperties {
  private static final String PRODUCER = "producer.";
  private static final String CONSUMER = "consumer.";
  private static final String ADMIN = "admin.";

  private ClientProperties() {}

  /** For a producer; serializers and acknowledgements are the caller's. */
  public static Properties producer(Settings settings) {
    return of(settings, PRODUCER);
  }

  /** For a consumer that reads committed records only; deserializers and group are the caller's. */
  public static Properties consumer(Settings settings) {
    Properties properties = of(settings, CONSUMER);
    properties.putIfAbsent("isolation.level", "read_committed");
    properties.putIfAbsent("auto.offset.reset", "earliest");
    properties.putIfAbsent("enable.auto.commit", "false");
    return properties;
  }

  /** For an admin client. */
  public static Properties admin(Settings settings) {
    return of(settings, ADMIN);
  }

  private static Properties of(Settings settings, String kind) {
    Properties properties = new Properties();
    properties.setProperty(
        CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG,
        settings.get(CommonSettings.BOOTSTRAP_SERVERS));
    properties.setProperty(CommonClientConfigs.ENABLE_METRICS_PUSH_CONFIG, "false");
    Map<String, String> given = settings.get(CommonSettings.KAFKA);
    given.forEach(
        (key, value) -> {
          if (!key.startsWith(PRODUCER) && !key.startsWith(CONSUMER) && !key.startsWith(ADMIN)) {
            properties.setProperty(key, value);
          }
        });
    given.forEach(
        (key, value) -> {
          if (key.startsWith(kind)) {
            properties.setProperty(key.substring(kind.length()), value);
          }
        });
    return properties;
  }
}
