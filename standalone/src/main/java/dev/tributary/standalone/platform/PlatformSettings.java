package dev.tributary.standalone.platform;

import dev.tributary.alertrouter.AlertRouterConfig;
import dev.tributary.console.ConsoleConfig;
import dev.tributary.cost.CostConfig;
import dev.tributary.evalworker.EvalWorkerConfig;
import dev.tributary.runtime.config.CommonSettings;
import dev.tributary.runtime.config.ProcessEnvironment;
import dev.tributary.runtime.config.Setting;
import dev.tributary.runtime.config.Settings;
import dev.tributary.runtime.run.StreamsApp;
import dev.tributary.sink.clickhouse.SinkConfig;
import dev.tributary.standalone.compare.ComparisonWatch;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Settings of an instance: what the user gave, over defaults that suit one small machine. */
final class PlatformSettings {
  /** Two per core of the smallest machine; every partition costs a task in every application. */
  private static final int PARTITIONS = 4;

  private static final String SPEED = "tributary.attribution.speed";

  private static final Duration MOST_GRACE = Duration.ofMinutes(20);

  /** Wall time by which applications may be apart. */
  private static final long APART_S = 10;

  private PlatformSettings() {}

  /** The user's settings over the standalone defaults, without addresses. */
  static Settings load(PlatformOptions options, List<StreamsApp> apps) {
    List<Setting<?>> known = new ArrayList<>(SinkConfig.allSettings());
    known.addAll(AlertRouterConfig.settings());
    known.addAll(ConsoleConfig.settings());
    known.addAll(EvalWorkerConfig.allSettings());
    known.add(ComparisonWatch.INTERVAL);
    apps.forEach(app -> known.addAll(app.allSettings()));
    ProcessEnvironment environment = ProcessEnvironment.current();
    return Settings.load(options.config(), environment.variables(), environment.properties(), known)
        .withDefaults(defaults(options));
  }

  private static Map<String, String> defaults(PlatformOptions options) {
    Map<String, String> defaults = new HashMap<>();
    defaults.put(CommonSettings.PARTITIONS.key(), Integer.toString(PARTITIONS));
    defaults.put(CommonSettings.REPLICATION_FACTOR.key(), "1");
    defaults.put(CommonSettings.COMMIT_INTERVAL.key(), "200ms");
    defaults.put(CommonSettings.PRODUCER_LINGER.key(), "20ms");
    defaults.put(CommonSettings.HEALTH_HOST.key(), "127.0.0.1");
    defaults.put(
        CommonSettings.MAX_RECORD_SIZE.key(),
        Long.toString(KafkaPart.MAX_RECORD_BYTES >> 10) + "KiB");
    defaults.put(CommonSettings.CACHE_SIZE.key(), "16MiB");
    defaults.put(SPEED, Long.toString(options.speed()));
    defaults.put(CostConfig.GRACE.key(), seconds(graceAt(options.speed())));
    return defaults;
  }

  /**
   * The settings of another speed.
   *
   * @param settings those of the speed before
   */
  static Settings atSpeed(Settings settings, long before, long speed) {
    Map<String, String> changed = new HashMap<>();
    changed.put(SPEED, Long.toString(speed));
    if (settings.get(CostConfig.GRACE).equals(graceAt(before))) {
      changed.put(CostConfig.GRACE.key(), seconds(graceAt(speed)));
    }
    return settings.with(changed);
  }

  /**
   * Windows wait for lines in event time, of which a second of wall time has as many as the speed:
   * what applications are apart by must fit into it, or most windows are closed before their lines
   * come. Bounded, since the last windows of fast traffic wait for so much more of it.
   */
  private static Duration graceAt(long speed) {
    Duration usual = Settings.of(Map.of()).get(CostConfig.GRACE);
    Duration apart = Duration.ofSeconds(Math.min(MOST_GRACE.toSeconds(), APART_S * speed));
    return speed == 1 || apart.compareTo(usual) < 0 ? usual : apart;
  }

  private static String seconds(Duration duration) {
    return duration.toSeconds() + "s";
  }

  /**
   * Lines about what was given and is not used: an instance brings its own Kafka and registry, and
   * its own ClickHouse unless its option names one.
   */
  static List<String> unused(Settings given, @Nullable URI clickHouse) {
    List<String> lines = new ArrayList<>();
    String own = "%s is not used: an instance has its own %s";
    if (given.isGiven(CommonSettings.BOOTSTRAP_SERVERS)) {
      lines.add(own.formatted(CommonSettings.BOOTSTRAP_SERVERS.key(), "Kafka"));
    }
    brokersOfClients(given).sorted().forEach(key -> lines.add(own.formatted(key, "Kafka")));
    if (given.isGiven(CommonSettings.REGISTRY_URL)) {
      lines.add(own.formatted(CommonSettings.REGISTRY_URL.key(), "registry"));
    }
    if (given.isGiven(SinkConfig.URL)
        && (clickHouse == null
            || !SameServer.byUrl(given.get(SinkConfig.URL), clickHouse.toString()))) {
      lines.add(
          SinkConfig.URL.key()
              + " is not used: "
              + (clickHouse == null
                  ? "an instance has its own ClickHouse, unless --clickhouse URL names one"
                  : "--clickhouse names another"));
    }
    return lines;
  }

  /** Settings that Kafka's clients follow to a Kafka of their own, past what names it for all. */
  private static Stream<String> brokersOfClients(Settings given) {
    return given.get(CommonSettings.KAFKA).keySet().stream()
        .filter(key -> ("." + key).endsWith("." + ToolSettings.BROKERS_OF_CLIENTS))
        .map(key -> CommonSettings.KAFKA.key() + key);
  }

  /** Addresses are where this instance listens, whatever was given. */
  static Settings withAddresses(
      Settings settings, DataFolder data, String kafka, URI registry, URI clickHouse, Ports ports) {
    Map<String, String> addresses = new HashMap<>();
    addresses.put(CommonSettings.BOOTSTRAP_SERVERS.key(), kafka);
    brokersOfClients(settings).forEach(key -> addresses.put(key, kafka));
    addresses.put(CommonSettings.REGISTRY_URL.key(), registry.toString());
    addresses.put(CommonSettings.STATE_DIR.key(), data.state().toString());
    addresses.put(CommonSettings.HEALTH_PORT.key(), Integer.toString(ports.health()));
    addresses.put(ConsoleConfig.PORT.key(), Integer.toString(ports.console()));
    addresses.put(ConsoleConfig.CLICKHOUSE_URL.key(), clickHouse.toString());
    addresses.put(ConsoleConfig.DATABASE.key(), settings.get(SinkConfig.DATABASE));
    addresses.put(SinkConfig.URL.key(), clickHouse.toString());
    addresses.put(AlertRouterConfig.CLICKHOUSE_URL.key(), clickHouse.toString());
    addresses.put(EvalWorkerConfig.CONTENT_URL.key(), clickHouse.toString());
    addresses.put(EvalWorkerConfig.CONTENT_DATABASE.key(), settings.get(SinkConfig.DATABASE));
    return settings
        .with(addresses)
        .withDefaults(
            Map.of(
                AlertRouterConfig.CLICKHOUSE_USER.key(),
                settings.get(SinkConfig.USER),
                AlertRouterConfig.CLICKHOUSE_PASSWORD.key(),
                settings.get(SinkConfig.PASSWORD).orElse(""),
                AlertRouterConfig.DATABASE.key(),
                settings.get(SinkConfig.DATABASE),
                ConsoleConfig.CLICKHOUSE_USER.key(),
                settings.get(SinkConfig.USER),
                ConsoleConfig.CLICKHOUSE_PASSWORD.key(),
                settings.get(SinkConfig.PASSWORD).orElse(""),
                ConsoleConfig.OTLP_URL.key(),
                "http://127.0.0.1:" + ports.otlp(),
                AlertRouterConfig.LINK.key(),
                "http://127.0.0.1:" + ports.console() + "/episode?id={episode}&tenant={tenant}"))
        .withDefaults(Map.of("tributary.normalize.user-secret", data.userSecret()));
  }
}
