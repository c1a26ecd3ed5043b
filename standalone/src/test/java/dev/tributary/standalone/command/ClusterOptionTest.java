package dev.tributary.standalone.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.standalone.platform.Addresses;
import dev.tributary.standalone.platform.DataFolder;
import dev.tributary.standalone.review.SqlStub;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** What a command says of a cluster of which only one half was named. */
class ClusterOptionTest {
  @TempDir private Path folder;
  private final StringWriter err = new StringWriter();

  private SqlStub clickHouse;

  @BeforeEach
  void start() throws IOException {
    clickHouse = new SqlStub(sql -> "");
    instanceRunsAt("127.0.0.1:1");
  }

  private void instanceRunsAt(String kafka) {
    String none = "http://127.0.0.1:1";
    new Addresses(none, clickHouse.base().toString(), "live", kafka, none, none, none)
        .write(DataFolder.readyFile(folder));
  }

  @AfterEach
  void stop() {
    clickHouse.close();
  }

  /** Rows of somebody else's ClickHouse look like any others. */
  @Test
  void commandOnClickHouse_saysWhoseItIs_whereOnlyKafkaIsNamed() throws IOException {
    assertThat(alerts("tributary.broker.bootstrap-servers=kafka.example:9092")).isZero();

    assertThat(err.toString().strip())
        .startsWith("tributary: Kafka kafka.example:9092 is named, and ClickHouse is not: ")
        .endsWith("that of the instance of --data " + folder)
        .hasLineCount(1);
  }

  @Test
  void commandOnClickHouse_needsNoKafka() throws IOException {
    try (SqlStub other = new SqlStub(sql -> "")) {
      assertThat(alerts("tributary.sink.clickhouse-url=" + other.base())).isZero();

      assertThat(other.asked()).hasSize(1);
      assertThat(err.toString()).isEmpty();
    }
  }

  /** Nothing of it is asked. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "tributary.registry.url=http://schemas.example:8081",
        "tributary.kafka.admin.bootstrap.servers=kafka.example:9092"
      })
  void commandOnClickHouse_needsNoRegistry(String settings) throws IOException {
    try (ServerSocket kafka = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      instanceRunsAt("127.0.0.1:" + kafka.getLocalPort());

      assertThat(alerts(settings)).as(err.toString()).isZero();

      assertThat(clickHouse.asked()).hasSize(1);
      assertThat(err.toString()).isEmpty();
    }
  }

  private int alerts(String settings) throws IOException {
    Path file = Files.writeString(folder.resolve("half.properties"), settings);
    return new CommandLine(new AlertsCommand())
        .setOut(new PrintWriter(new StringWriter()))
        .setErr(new PrintWriter(err, true))
        .execute("--data", folder.toString(), "--config", file.toString());
  }
}
