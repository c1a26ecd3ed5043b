package dev.tributary.standalone.e2e;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tributary.embedded.clickhouse.ChdbLibrary;
import dev.tributary.runtime.testing.ChildProcess;
import dev.tributary.standalone.TributaryMain;
import dev.tributary.standalone.platform.Addresses;
import dev.tributary.standalone.platform.SqlClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code ./tributary up} in a process of its own, to be killed and started again on its data. */
final class KillableInstance implements AutoCloseable {
  private static final Duration START = Duration.ofSeconds(180);

  private final Path folder;
  private final Home home;
  private final Path config;
  private final int portBase;
  private ChildProcess process;

  /**
   * Where its data is.
   *
   * @param data as the instance sees it
   * @param seen as this process sees it
   * @param launcher put before the instance's command
   */
  private record Home(Path data, Path seen, List<String> launcher) {}

  private KillableInstance(Path folder, Home home, Path config, int portBase) {
    this.folder = folder;
    this.home = home;
    this.config = config;
    this.portBase = portBase;
    this.process = up();
  }

  /** Starts an instance; skips the test where the engine cannot run. */
  static KillableInstance start(Path folder, Map<String, String> settings) throws Exception {
    Path data = folder.resolve("data");
    return start(folder, new Home(data, data, List.of()), settings);
  }

  /** The same with all its data on a small disk. */
  static KillableInstance startOn(SmallDisk disk, Path folder, Map<String, String> settings)
      throws Exception {
    Path data = Path.of("data");
    return start(
        folder,
        new Home(disk.folder().resolve(data), disk.seen().resolve(data), disk.launcher()),
        settings);
  }

  private static KillableInstance start(Path folder, Home home, Map<String, String> settings)
      throws Exception {
    Optional<String> reason = ChdbLibrary.unsupportedReason();
    assumeTrue(reason.isEmpty(), () -> reason.orElse(""));
    List<String> lines = new ArrayList<>();
    settings.forEach((key, value) -> lines.add(key + "=" + value));
    Path config = Files.write(folder.resolve("instance.properties"), lines);
    KillableInstance instance = new KillableInstance(folder, home, config, freeBase());
    instance.awaitReady();
    return instance;
  }

  private static int freeBase() throws IOException {
    for (int attempt = 0; attempt < 50; attempt++) {
      int base;
      try (ServerSocket any = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        base = any.getLocalPort();
      }
      if (areFree(base)) {
        return base;
      }
    }
    throw new IOException("no six free ports in a row");
  }

  private static boolean areFree(int base) {
    for (int port = base; port < base + 6; port++) {
      try (ServerSocket probe = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        probe.setReuseAddress(true);
      } catch (IOException e) {
        return false;
      }
    }
    return true;
  }

  private ChildProcess up() {
    List<String> jvm = new ArrayList<>(List.of("-Xmx900m"));
    String library = System.getProperty("tributary.chdb.library", "");
    if (!library.isEmpty()) {
      jvm.add("-Dtributary.chdb.library=" + library);
    }
    jvm.add("-Dtributary.root=" + System.getProperty("tributary.root", ".."));
    return ChildProcess.startUnder(
        home.launcher(),
        TributaryMain.class,
        jvm,
        Map.of(),
        "up",
        "--data",
        home.data().toString(),
        "--port-base",
        Integer.toString(portBase),
        "--config",
        config.toString(),
        "--ready-file",
        readyFile().toString());
  }

  private Path readyFile() {
    return folder.resolve("ready.json");
  }

  private void awaitReady() {
    await("the instance is ready")
        .atMost(START)
        .pollInterval(Duration.ofMillis(200))
        .until(
            () -> {
              if (!process.isAlive()) {
                throw new AssertionError("ended before it was ready: " + process.output());
              }
              return Files.exists(readyFile());
            });
  }

  /** SIGKILL of broker, applications, loader and all; then a new start on the same data. */
  void killAndStartAgain() throws Exception {
    process.kill();
    startAgain();
  }

  /** Waits until it has ended by itself; answers its exit code. */
  int awaitEnd(Duration patience) throws InterruptedException {
    return process.awaitExit(patience);
  }

  /** A new start on the same data, after the end. */
  void startAgain() throws IOException {
    Files.deleteIfExists(readyFile());
    process.close();
    process = up();
    awaitReady();
  }

  Path data() {
    return home.seen();
  }

  Addresses addresses() {
    return Addresses.of(data());
  }

  SqlClient sql() {
    return SqlClient.of(addresses());
  }

  List<List<String>> rows(String query) {
    try {
      return sql().rows(query);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted: " + query, e);
    }
  }

  /** Sends an OTLP request. */
  void send(byte[] body) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(addresses().otlp() + "/v1/traces"))
            .header("Content-Type", "application/x-protobuf")
            .POST(BodyPublishers.ofByteArray(body))
            .build();
    int code = HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).statusCode();
    if (code != 200) {
      throw new AssertionError("the receiver answered " + code);
    }
  }

  String output() {
    return process.output();
  }

  @Override
  public void close() {
    process.close();
  }
}
