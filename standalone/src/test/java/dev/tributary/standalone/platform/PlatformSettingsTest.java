package dev.tributary.standalone.platform;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.alertrouter.AlertRouterConfig;
import dev.tributary.console.ConsoleConfig;
import dev.tributary.cost.CostConfig;
import dev.tributary.runtime.config.CommonSettings;
import dev.tributary.runtime.config.Settings;
import dev.tributary.runtime.run.ClientProperties;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Windows that close too early lose the money of what comes after. */
class PlatformSettingsTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({"1, 90", "2, 90", "9, 90", "10, 100", "60, 600", "120, 1200", "7200, 1200"})
  void grace_isTenSecondsOfWallTime_atLeastTheUsual_atMostTwentyMinutes(long speed, long seconds) {
    assertThat(load(speed, null).get(CostConfig.GRACE)).isEqualTo(Duration.ofSeconds(seconds));
  }

  @Test
  void grace_isTheUsualAgain_atSpeedOne() {
    Settings slow = PlatformSettings.atSpeed(load(60, null), 60, 1);

    assertThat(slow.get(CostConfig.GRACE)).isEqualTo(Duration.ofSeconds(90));
  }

  @Test
  void graceOfTheUser_stays_atEverySpeed() throws Exception {
    Path config =
        Files.writeString(
            folder.resolve("own.properties"),
            CostConfig.GRACE.key() + "=7m" + System.lineSeparator());
    Settings fast = load(60, config);

    assertThat(fast.get(CostConfig.GRACE)).isEqualTo(Duration.ofMinutes(7));
    assertThat(PlatformSettings.atSpeed(fast, 60, 1).get(CostConfig.GRACE))
        .isEqualTo(Duration.ofMinutes(7));
  }

  /** Whoever names a server in a file expects the instance to use it. */
  @Test
  void addressesThatAnInstanceBringsItself_areSaidToBeUnused() throws Exception {
    Path config =
        Files.writeString(
            folder.resolve("cluster.properties"),
            """
            tributary.broker.bootstrap-servers=kafka.example:9092
            tributary.registry.url=http://schemas.example:8081
            tributary.sink.clickhouse-url=http://clickhouse.example:8123
            """);
    Settings given = load(1, config);

    assertThat(PlatformSettings.unused(given, null))
        .containsExactly(
            "tributary.broker.bootstrap-servers is not used: an instance has its own Kafka",
            "tributary.registry.url is not used: an instance has its own registry",
            "tributary.sink.clickhouse-url is not used: an instance has its own ClickHouse, unless"
                + " --clickhouse URL names one");
    assertThat(PlatformSettings.unused(given, URI.create("http://clickhouse.example:8123")))
        .hasSize(2);
    assertThat(PlatformSettings.unused(given, URI.create("http://Clickhouse.example:8123/")))
        .hasSize(2);
    assertThat(PlatformSettings.unused(given, URI.create("http://other.example:8123")))
        .last()
        .isEqualTo("tributary.sink.clickhouse-url is not used: --clickhouse names another");
    assertThat(PlatformSettings.unused(load(1, null), null)).isEmpty();
  }

  /** Kafka's clients take that name last, and would write into somebody else's topics. */
  @Test
  void brokersOfKafkasOwnClients_areNotFollowedAwayFromTheInstance() throws Exception {
    Path config =
        Files.writeString(
            folder.resolve("clients.properties"),
            """
            tributary.kafka.bootstrap.servers=kafka.example:9092
            tributary.kafka.main.consumer.bootstrap.servers=kafka.example:9092
            tributary.kafka.linger.ms=7
            """);
    Settings given = load(1, config);

    assertThat(PlatformSettings.unused(given, null))
        .containsExactly(
            "tributary.kafka.bootstrap.servers is not used: an instance has its own Kafka",
            "tributary.kafka.main.consumer.bootstrap.servers is not used: an instance has its own"
                + " Kafka");
    URI own = URI.create("http://127.0.0.1:1");
    Settings settings;
    try (DataFolder data = DataFolder.open(folder.resolve("data"))) {
      settings = PlatformSettings.withAddresses(given, data, "127.0.0.1:9", own, own, Ports.USUAL);
    }
    assertThat(ClientProperties.producer(settings))
        .containsEntry("bootstrap.servers", "127.0.0.1:9")
        .containsEntry("linger.ms", "7");
    assertThat(settings.get(CommonSettings.KAFKA))
        .containsEntry("main.consumer.bootstrap.servers", "127.0.0.1:9");
  }

  @Test
  void console_readsTheInstancesClickHouse_andAlertsLinkToIt() throws IOException {
    URI own = URI.create("http://127.0.0.1:1");
    try (DataFolder data = DataFolder.open(folder.resolve("data"))) {
      Settings settings =
          PlatformSettings.withAddresses(
              load(1, null), data, "127.0.0.1:9", own, own, Ports.from(7).withConsole(99));

      assertThat(settings.get(ConsoleConfig.PORT)).isEqualTo(99);
      assertThat(settings.get(ConsoleConfig.CLICKHOUSE_URL)).isEqualTo(own.toString());
      assertThat(settings.get(ConsoleConfig.OTLP_URL)).contains("http://127.0.0.1:7");
      assertThat(settings.get(AlertRouterConfig.LINK))
          .isEqualTo("http://127.0.0.1:99/episode?id={episode}&tenant={tenant}");
    }
    Path config =
        Files.writeString(
            folder.resolve("link.properties"), "tributary.alerts.link=https://wiki/{episode}\n");
    try (DataFolder data = DataFolder.open(folder.resolve("other"))) {
      Settings settings =
          PlatformSettings.withAddresses(
              load(1, config), data, "127.0.0.1:9", own, own, Ports.USUAL);

      assertThat(settings.get(AlertRouterConfig.LINK)).isEqualTo("https://wiki/{episode}");
    }
  }

  private Settings load(long speed, @Nullable Path config) {
    return PlatformSettings.load(
        new PlatformOptions(folder, Ports.USUAL, null, config, speed, Map.of()),
        Platform.APPLICATIONS);
  }
}
