package dev.tributary.standalone.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.alertrouter.AlertRouterConfig;
import dev.tributary.evalworker.EvalWorkerConfig;
import dev.tributary.runtime.config.CommonSettings;
import dev.tributary.runtime.config.Settings;
import dev.tributary.runtime.run.StreamsApp;
import dev.tributary.runtime.run.StreamsProperties;
import dev.tributary.sink.clickhouse.SinkConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ToolSettingsTest {
  @TempDir private Path folder;

  private ServerSocket kafka;

  @BeforeEach
  void listen() throws IOException {
    kafka = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
  }

  @AfterEach
  void close() throws IOException {
    kafka.close();
  }

  private String bootstrap() {
    return "127.0.0.1:" + kafka.getLocalPort();
  }

  private void writeAddresses() {
    new Addresses("o", "http://127.0.0.1:1", "live", bootstrap(), "http://127.0.0.1:3", "h", "c")
        .write(DataFolder.readyFile(folder));
  }

  @Test
  void nothingRunsAndNothingIsNamed_isRefusedAndSaysWhatToDo() {
    assertThatThrownBy(() -> ToolSettings.load(folder, null))
        .isInstanceOf(PlatformException.class)
        .hasMessageContaining("no instance runs on --data " + folder)
        .hasMessageContaining("--config");
  }

  @Test
  void runningInstance_isMeantWithoutAFile() {
    writeAddresses();

    Settings settings = ToolSettings.load(folder, null);

    assertThat(settings.get(CommonSettings.BOOTSTRAP_SERVERS)).isEqualTo(bootstrap());
    assertThat(settings.get(SinkConfig.DATABASE)).isEqualTo("live");
  }

  /** Kafka's clients would ask where nobody is for a minute, and then not say where. */
  @Test
  void instanceThatWasKilled_isRefusedAtOnce() throws IOException {
    writeAddresses();
    kafka.close();

    assertThatThrownBy(() -> ToolSettings.load(folder, null))
        .isInstanceOf(PlatformException.class)
        .hasMessageContaining("--data " + folder)
        .hasMessageContaining(bootstrap())
        .hasMessageContaining("./tributary up");
  }

  /** What its addresses say is not asked for. */
  @ParameterizedTest
  @CsvSource({
    "tributary.broker.bootstrap-servers, kafka.example:9092",
    "tributary.sink.clickhouse-url, https://clickhouse.example:8443"
  })
  void clusterThatIsNamed_isMeantBesideAnInstanceThatWasKilled(String key, String address)
      throws IOException {
    writeAddresses();
    kafka.close();
    Path file = Files.writeString(folder.resolve("cluster.properties"), key + "=" + address);

    Settings settings = ToolSettings.load(folder, file);

    assertThat(
            List.of(settings.get(CommonSettings.BOOTSTRAP_SERVERS), settings.get(SinkConfig.URL)))
        .contains(address);
  }

  @Test
  void file_namesACluster_alsoBesideAnInstance() throws IOException {
    writeAddresses();
    Path file = folder.resolve("cluster.properties");
    Files.writeString(file, "tributary.sink.clickhouse-url=https://clickhouse.example:8443\n");

    Settings settings = ToolSettings.load(folder, file);

    assertThat(settings.get(SinkConfig.URL)).isEqualTo("https://clickhouse.example:8443");
  }

  @Test
  void fileThatNamesClickHouse_needsNoInstance() throws IOException {
    Path file = folder.resolve("clickhouse.properties");
    Files.writeString(file, "tributary.sink.clickhouse-url=https://clickhouse.example:8443\n");

    assertThat(ToolSettings.load(folder, file).get(SinkConfig.URL))
        .isEqualTo("https://clickhouse.example:8443");
  }

  @Test
  void fileThatNamesNoCluster_needsAnInstance() throws IOException {
    Path file = folder.resolve("other.properties");
    Files.writeString(file, "tributary.sink.block-rows=10000\n");

    assertThatThrownBy(() -> ToolSettings.load(folder, file)).isInstanceOf(PlatformException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "true, tributary.broker.bootstrap-servers, kafka.example:9092, 'Kafka kafka.example:9092 is named"
        + ", and ClickHouse is not: ClickHouse http://127.0.0.1:1, that of the instance of --data '",
    "true, tributary.sink.clickhouse-url, https://clickhouse.example:8443, 'ClickHouse"
        + " https://clickhouse.example:8443 is named, and Kafka is not: Kafka 127.0.0.1:'",
    "false, tributary.broker.bootstrap-servers, kafka.example:9092, 'Kafka kafka.example:9092 is"
        + " named, and ClickHouse is not: ClickHouse http://localhost:8123, the default'",
    "false, tributary.sink.clickhouse-url, https://clickhouse.example:8443, 'ClickHouse"
        + " https://clickhouse.example:8443 is named, and Kafka is not: Kafka localhost:9092, the"
        + " default'"
  })
  void halfOfACluster_saysWhoseTheOtherHalfIs(
      boolean isRunning, String key, String address, String half) throws IOException {
    if (isRunning) {
      writeAddresses();
    }

    assertThat(ToolSettings.cluster(folder, file(key + "=" + address)).half()).startsWith(half);
  }

  @Test
  void wholeCluster_orTheInstanceByItsOwnAddresses_isNoHalf() throws IOException {
    writeAddresses();

    assertThat(ToolSettings.cluster(folder, null).half()).isNull();
    assertThat(
            ToolSettings.cluster(folder, file("tributary.broker.bootstrap-servers=" + bootstrap()))
                .half())
        .isNull();
    assertThat(
            ToolSettings.cluster(
                    folder,
                    file(
                        "tributary.broker.bootstrap-servers=kafka.example:9092\n"
                            + "tributary.sink.clickhouse-url=https://clickhouse.example:8443"))
                .half())
        .isNull();
  }

  /** An instance writes down 127.0.0.1; documentation and defaults say localhost. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "localhost:%d",
        "127.0.0.1:%d",
        " localhost:%d , 127.0.0.1:%d",
      })
  void instanceByAnotherSpelling_isTheInstance(String brokers) throws IOException {
    writeAddresses();
    String named = brokers.replace("%d", Integer.toString(kafka.getLocalPort()));
    ToolSettings.Cluster cluster =
        ToolSettings.cluster(
            folder,
            file(
                """
                tributary.broker.bootstrap-servers=%s
                tributary.sink.clickhouse-url=http://localhost:1/
                tributary.registry.url=http://localhost:3
                """
                    .formatted(named)));

    assertThat(cluster.half()).isNull();
    assertThat(cluster.ofOne().get(SinkConfig.DATABASE)).isEqualTo("live");
    assertThat(ToolSettings.isInstanceOf(folder, cluster.ofOne())).isTrue();
  }

  /** The registry's default is the one of an instance on default ports. */
  @Test
  void kafkaOfTheInstanceByAnotherSpelling_hasItsRegistry() throws IOException {
    writeAddresses();
    String named = "tributary.broker.bootstrap-servers=localhost:" + kafka.getLocalPort();

    assertThat(ToolSettings.load(folder, file(named)).get(CommonSettings.REGISTRY_URL))
        .containsExactly("http://127.0.0.1:3");
  }

  @Test
  void moreBrokersThanTheInstances_areAnotherKafka() throws IOException {
    writeAddresses();
    String named = "tributary.broker.bootstrap-servers=other.example:9092," + bootstrap();

    assertThat(ToolSettings.isInstanceOf(folder, ToolSettings.load(folder, file(named)))).isFalse();
  }

  /** The clients get it last, whatever else was said. */
  @Test
  void bootstrapServersOfTheClients_nameKafka() throws IOException {
    writeAddresses();
    String named = "tributary.kafka.bootstrap.servers=kafka.example:9092\n";

    ToolSettings.Cluster half = ToolSettings.cluster(folder, file(named));
    assertThat(half.half()).startsWith("Kafka kafka.example:9092 is named, and ClickHouse is not");
    assertThat(half.settings().get(CommonSettings.BOOTSTRAP_SERVERS))
        .isEqualTo("kafka.example:9092");
    assertThat(half.settings().get(CommonSettings.REGISTRY_URL))
        .containsExactly("http://localhost:8081");
    assertThat(
            ToolSettings.cluster(
                    folder, file(named + "tributary.broker.bootstrap-servers=" + bootstrap()))
                .half())
        .startsWith("Kafka kafka.example:9092 is named");
  }

  @ParameterizedTest
  @CsvSource({"true", "false"})
  void bootstrapServersOfOneKindOfClient_areRefused(boolean isRunning) throws IOException {
    if (isRunning) {
      writeAddresses();
    }
    Path file =
        file(
            """
            tributary.broker.bootstrap-servers=%s
            tributary.kafka.consumer.bootstrap.servers=kafka.example:9092
            """
                .formatted(bootstrap()));

    assertThatThrownBy(() -> ToolSettings.load(folder, file))
        .isInstanceOf(PlatformException.class)
        .hasMessageContaining("tributary.kafka.consumer.bootstrap.servers = kafka.example:9092")
        .hasMessageContaining("tributary.broker.bootstrap-servers");
  }

  /** Nothing is left to name. */
  @ParameterizedTest
  @CsvSource({"true, https://clickhouse.example:8443", "false, http://127.0.0.1:1"})
  void bothNamed_oneOfThemTheInstances_isNoHalf(boolean isInstancesKafka, String clickHouse)
      throws IOException {
    writeAddresses();

    ToolSettings.Cluster cluster =
        ToolSettings.cluster(
            folder,
            file(
                """
                tributary.broker.bootstrap-servers=%s
                tributary.sink.clickhouse-url=%s
                """
                    .formatted(isInstancesKafka ? bootstrap() : "kafka.example:9092", clickHouse)));

    assertThat(cluster.half()).isNull();
    assertThat(cluster.ofOne().get(SinkConfig.URL)).isEqualTo(clickHouse);
  }

  /** Ids of schemas are a registry's own. */
  @Test
  void namedKafka_doesNotTakeTheRegistryOfTheInstance() throws IOException {
    writeAddresses();
    String kafka = "tributary.broker.bootstrap-servers=kafka.example:9092\n";

    assertThat(ToolSettings.load(folder, file(kafka)).get(CommonSettings.REGISTRY_URL))
        .containsExactly("http://localhost:8081");
    assertThatThrownBy(
            () ->
                ToolSettings.load(
                    folder, file(kafka + "tributary.registry.url=http://localhost:3/")))
        .isInstanceOf(PlatformException.class)
        .hasMessageContaining("kafka.example:9092")
        .hasMessageContaining("registry")
        .hasMessageContaining("the instance of --data " + folder);
  }

  @Test
  void namedRegistry_doesNotTakeTheKafkaOfTheInstance() throws IOException {
    writeAddresses();

    assertThatThrownBy(
            () ->
                ToolSettings.load(
                    folder, file("tributary.registry.url=http://schemas.example:8081")))
        .isInstanceOf(PlatformException.class)
        .hasMessageContaining("http://schemas.example:8081")
        .hasMessageContaining("Kafka would be that of the instance of --data " + folder)
        .hasMessageContaining("tributary.broker.bootstrap-servers");
    assertThat(
            ToolSettings.load(folder, file("tributary.registry.url=http://localhost:3"))
                .get(CommonSettings.BOOTSTRAP_SERVERS))
        .isEqualTo(bootstrap());
  }

  /** Neither its database nor the content beside it. */
  @Test
  void namedClickHouse_takesNothingOfTheInstancesOne() throws IOException {
    writeAddresses();

    Settings settings =
        ToolSettings.load(
            folder, file("tributary.sink.clickhouse-url=https://clickhouse.example:8443"));

    assertThat(settings.get(SinkConfig.DATABASE)).isEqualTo("tributary");
    assertThat(settings.get(EvalWorkerConfig.CONTENT_URL))
        .isEqualTo("https://clickhouse.example:8443");
    assertThat(settings.get(EvalWorkerConfig.CONTENT_DATABASE)).isEqualTo("tributary");
  }

  private Path file(String settings) throws IOException {
    return Files.writeString(folder.resolve("cluster.properties"), settings);
  }

  /**
   * What the lag of every part is asked with, and what one file for a cluster and its tools has.
   */
  @Test
  void settingsOfEveryProcess_areKnown() throws IOException {
    writeAddresses();
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
