package dev.tributary.standalone.e2e;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tributary.embedded.clickhouse.ChdbLibrary;
import dev.tributary.standalone.platform.Addresses;
import dev.tributary.standalone.platform.Platform;
import dev.tributary.standalone.platform.PlatformOptions;
import dev.tributary.standalone.platform.Ports;
import dev.tributary.standalone.reference.ReferenceSource;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/** A whole instance in this process on free ports, and what tests ask it. */
final class PlatformFixture implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(300);

  private final Platform platform;

  private PlatformFixture(Platform platform) {
    this.platform = platform;
  }

  /**
   * Starts an instance; skips the test where the engine cannot run.
   *
   * @param folder gets its data; the caller removes it
   * @param settings beside the standalone defaults
   */
  static PlatformFixture start(Path folder, Map<String, String> settings, List<Path> ownership) {
    Optional<String> reason = ChdbLibrary.unsupportedReason();
    assumeTrue(reason.isEmpty(), () -> reason.orElse(""));
    return new PlatformFixture(
        Platform.start(
            new PlatformOptions(
                folder.resolve("data"),
                freePorts(),
                null,
                config(folder, settings),
                1,
                Map.of(ReferenceSource.OWNERSHIP, ownership)),
            System.out::println));
  }

  private static Path config(Path folder, Map<String, String> settings) {
    Properties properties = new Properties();
    // Traces close soon after their last span.
    properties.setProperty("tributary.attribution.settle", "2s");
    properties.setProperty("tributary.attribution.clock-idle", "2s");
    properties.putAll(settings);
    StringWriter text = new StringWriter();
    try {
      properties.store(text, null);
      return Files.writeString(folder.resolve("test.properties"), text.toString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Six ports nobody listens on, all held at a time so that they differ. */
  static Ports freePorts() {
    List<ServerSocket> held = new ArrayList<>();
    try {
      for (int i = 0; i < 6; i++) {
        held.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
      }
      List<Integer> ports = held.stream().map(ServerSocket::getLocalPort).toList();
      return new Ports(
          ports.get(0), ports.get(1), ports.get(2), ports.get(3), ports.get(4), ports.get(5));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      for (ServerSocket socket : held) {
        try {
          socket.close();
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    }
  }

  Addresses addresses() {
    return platform.addresses();
  }

  URI otlp() {
    return URI.create(addresses().otlp());
  }

  Platform platform() {
    return platform;
  }

  List<List<String>> rows(String sql) {
    try {
      return platform.sql().rows(sql);
    } catch (IOException e) {
      throw new IllegalStateException(sql + ": " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted: " + sql, e);
    }
  }

  /** Waits until a query answers a row, and fails with the last one it gave. */
  void awaitRow(String what, String sql, List<String> expected) {
    await(what)
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(500))
        .untilAsserted(
            () ->
                org.assertj.core.api.Assertions.assertThat(rows(sql))
                    .as(sql)
                    .containsExactly(expected));
  }

  /** What {@code /metrics} says. */
  String metrics() throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(addresses().health() + "/metrics")).build();
    return HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body();
  }

  @Override
  public void close() {
    platform.close();
  }
}
