package dev.tributary.standalone.platform;

import dev.tributary.alertrouter.AlertRouterConfig;
import dev.tributary.console.ConsoleConfig;
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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Settings of a command that works on a running cluster: its clients, groups and ClickHouse. */
public final class ToolSettings {
  /** Name of the setting in Kafka's own clients. */
  static final String BROKERS_OF_CLIENTS = "bootstrap.servers";

  private ToolSettings() {}

  /**
   * A cluster that a command works on.
   *
   * @param half whose the half is that was not named, as a sentence; null: all of it is one's
   * @param clash why its Kafka is not one Kafka with one registry, as a sentence; null: it is
   * @param isClickHouseNamed whether settings name its ClickHouse
   */
  public record Cluster(
      Settings settings, @Nullable String half, @Nullable String clash, boolean isClickHouseNamed) {
    /**
     * The settings, for what works on Kafka. What asks ClickHouse alone needs no such check.
     *
     * @throws PlatformException when there is a clash
     */
    public Settings ofOne() {
      if (clash != null) {
        throw new PlatformException(clash);
      }
      return settings;
    }
  }

  /**
   * Settings of {@link #cluster}.
   *
   * @throws PlatformException as that, and when there is a clash
   */
  public static Settings load(Path dataFolder, @Nullable Path config) {
    return cluster(dataFolder, config).ofOne();
  }

  /**
   * What the file, the environment and {@code -D} say, over the addresses of the instance that runs
   * on the data folder, if one does. Settings of every application are known, so that one file
   * serves a cluster and its tools. Where only one of Kafka and ClickHouse is named, the other is
   * the instance's, or where none runs the default. A registry belongs to its Kafka: where one of
   * them would be the instance's and the other not, there is a clash.
   *
   * @param config file of settings; null: none
   * @throws PlatformException when nothing says which cluster is meant, or the instance is gone
   */
  public static Cluster cluster(Path dataFolder, @Nullable Path config) {
    Settings given = withKafkaOfClients(given(config));
    boolean isKafkaNamed = given.isGiven(CommonSettings.BOOTSTRAP_SERVERS);
    boolean isClickHouseNamed = given.isGiven(SinkConfig.URL);
    boolean isNamed = isKafkaNamed || isClickHouseNamed;
    if (isNamed && !Files.exists(DataFolder.readyFile(dataFolder))) {
      Settings settings = withContent(given);
      String half = isKafkaNamed && isClickHouseNamed ? null : half(settings, isKafkaNamed);
      return new Cluster(
          settings,
          half == null ? null : half + ", the default",
          clientsElsewhere(settings),
          isClickHouseNamed);
    }
    Addresses running = Addresses.of(dataFolder);
    if (!isNamed && !running.isAnswering()) {
      throw new PlatformException(
          "the instance of --data %s is gone, nothing answers at %s; start it again with ./tributary up"
              .formatted(dataFolder, running.kafka()));
    }
    boolean isOtherKafka =
        isKafkaNamed
            && !SameServer.byBrokers(given.get(CommonSettings.BOOTSTRAP_SERVERS), running.kafka());
    boolean isOtherClickHouse =
        isClickHouseNamed && !SameServer.byUrl(given.get(SinkConfig.URL), running.clickHouse());
    Settings settings = withInstance(given, running, isOtherKafka, isOtherClickHouse);
    boolean isWhole = (isKafkaNamed && isClickHouseNamed) || isOtherKafka == isOtherClickHouse;
    String registry = registryElsewhere(given, running, isOtherKafka, dataFolder);
    return new Cluster(
        settings,
        isWhole
            ? null
            : half(settings, isOtherKafka) + ", that of the instance of --data " + dataFolder,
        registry == null ? clientsElsewhere(settings) : registry,
        isClickHouseNamed);
  }

  /** What reaches the clients last is where they go, so it names Kafka. */
  private static Settings withKafkaOfClients(Settings given) {
    String brokers = given.get(CommonSettings.KAFKA).get(BROKERS_OF_CLIENTS);
    return brokers == null
        ? given
        : given.with(Map.of(CommonSettings.BOOTSTRAP_SERVERS.key(), brokers));
  }

  /** Clients of one kind that go to another Kafka than the rest; null: there are none. */
  private static @Nullable String clientsElsewhere(Settings settings) {
    String brokers = settings.get(CommonSettings.BOOTSTRAP_SERVERS);
    return new TreeMap<>(settings.get(CommonSettings.KAFKA))
        .entrySet().stream()
            .filter(entry -> entry.getKey().endsWith("." + BROKERS_OF_CLIENTS))
            .filter(entry -> !SameServer.byBrokers(entry.getValue(), brokers))
            .findFirst()
            .map(
                entry ->
                    "%s%s = %s, and other clients would go to %s; set %s for all"
                        .formatted(
                            CommonSettings.KAFKA.key(),
                            entry.getKey(),
                            entry.getValue(),
                            brokers,
                            CommonSettings.BOOTSTRAP_SERVERS.key()))
            .orElse(null);
  }

  /** What is not named is the instance's, but nothing that belongs to what is named. */
  private static Settings withInstance(
      Settings given, Addresses running, boolean isOtherKafka, boolean isOtherClickHouse) {
    Map<String, String> ofInstance = new HashMap<>();
    if (!isOtherKafka) {
      ofInstance.put(CommonSettings.BOOTSTRAP_SERVERS.key(), running.kafka());
      ofInstance.put(CommonSettings.REGISTRY_URL.key(), running.registry());
    }
    if (!isOtherClickHouse) {
      ofInstance.put(SinkConfig.URL.key(), running.clickHouse());
      ofInstance.put(SinkConfig.DATABASE.key(), running.database());
    }
    return withContent(given.withDefaults(ofInstance));
  }

  /** Content is read where everything else is, unless another place is named. */
  private static Settings withContent(Settings settings) {
    return settings.withDefaults(
        Map.of(
            EvalWorkerConfig.CONTENT_URL.key(), settings.get(SinkConfig.URL),
            EvalWorkerConfig.CONTENT_DATABASE.key(), settings.get(SinkConfig.DATABASE)));
  }

  /** The schemas of one cluster have other ids in another's registry; null: it is the cluster's. */
  private static @Nullable String registryElsewhere(
      Settings given, Addresses running, boolean isOtherKafka, Path dataFolder) {
    List<String> registry = given.get(CommonSettings.REGISTRY_URL);
    boolean isGiven = given.isGiven(CommonSettings.REGISTRY_URL);
    boolean isInstances =
        registry.stream().anyMatch(url -> SameServer.byUrl(url, running.registry()));
    if (isOtherKafka && isInstances) {
      return "%s = %s, and the registry would be that of the instance of --data %s (%s); set %s"
          .formatted(
              CommonSettings.BOOTSTRAP_SERVERS.key(),
              given.get(CommonSettings.BOOTSTRAP_SERVERS),
              dataFolder,
              running.registry(),
              CommonSettings.REGISTRY_URL.key());
    }
    if (!isOtherKafka && isGiven && !isInstances) {
      return "%s = %s, and Kafka would be that of the instance of --data %s (%s); set %s, too"
          .formatted(
              CommonSettings.REGISTRY_URL.key(),
              String.join(",", registry),
              dataFolder,
              running.kafka(),
              CommonSettings.BOOTSTRAP_SERVERS.key());
    }
    return null;
  }

  private static String half(Settings settings, boolean isKafkaNamed) {
    String kafka = "Kafka " + settings.get(CommonSettings.BOOTSTRAP_SERVERS);
    String clickHouse = "ClickHouse " + settings.get(SinkConfig.URL);
    return isKafkaNamed
        ? kafka + " is named, and ClickHouse is not: " + clickHouse
        : clickHouse + " is named, and Kafka is not: " + kafka;
  }

  /**
   * Whether settings mean the instance that runs on a data folder, and not a cluster elsewhere.
   *
   * @param settings as {@link #load} answers them
   */
  public static boolean isInstanceOf(Path dataFolder, Settings settings) {
    return Files.exists(DataFolder.readyFile(dataFolder))
        && SameServer.byBrokers(
            settings.get(CommonSettings.BOOTSTRAP_SERVERS), Addresses.of(dataFolder).kafka());
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
    known.addAll(ConsoleConfig.settings());
    known.add(ComparisonWatch.INTERVAL);
    ProcessEnvironment environment = ProcessEnvironment.current();
    return Settings.load(config, environment.variables(), environment.properties(), known);
  }
}
