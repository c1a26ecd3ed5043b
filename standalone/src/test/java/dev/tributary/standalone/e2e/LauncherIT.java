package dev.tributary.standalone.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.abort;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tributary.runtime.testing.Generator;
import dev.tributary.runtime.testing.Seeds;
import dev.tributary.standalone.platform.SqlClient;
import dev.tributary.standalone.replay.OtlpSender;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher as a person uses it, in a process of its own. */
final class LauncherIT {
  private static final Duration START = Duration.ofSeconds(120);
  private static final Duration DEMO = Duration.ofSeconds(240);
  private static final int PORTS = 6;

  private static final Generator GENERATOR = new Generator(Seeds.one());

  @TempDir Path folder;

  /** Without mvn on its PATH the launcher cannot build: it runs what is there, or says so. */
  @BeforeAll
  static void requireBuild(@TempDir Path folder) throws Exception {
    System.out.println("repeat with -Dtributary.seed=" + GENERATOR.seed());
    try (LauncherProcess launcher =
        LauncherProcess.with(folder).withoutMavenAndNpm().start("--version")) {
      if (launcher.awaitExit(START) != 0) {
        String message = "no build that is newer than its sources: " + launcher.errors();
        if ("true".equals(System.getenv("CI"))) {
          throw new AssertionError(message);
        }
        abort(message);
      }
    }
  }

  @Test
  void demo_exit_expectedIsFound() throws Exception {
    try (LauncherProcess demo =
        LauncherProcess.with(folder)
            .start(
                "demo",
                "--exit",
                "--traces",
                "500",
                "--seconds",
                "10",
                "--seed",
                Long.toString(GENERATOR.seed()),
                "--data",
                folder.resolve("data").toString(),
                "--port-base",
                Integer.toString(freeBase()))) {

      int code = demo.awaitExit(DEMO);

      assertThat(code).as(demo.errors()).isZero();
      assertThat(demo.output()).contains("expected = found");
      assertThat(demo.errors()).containsPattern("preloaded [0-9,]+ windows of three weeks");
    }
  }

  @Test
  void up_killedAndStartedAgain_keepsEverythingAndEndsOnSigterm() throws Exception {
    Path readyFile = folder.resolve("ready.json");
    String base = Integer.toString(freeBase());
    String data = folder.resolve("data").toString();

    try (LauncherProcess up =
        LauncherProcess.with(folder)
            .start(
                "up", "--data", data, "--port-base", base, "--ready-file", readyFile.toString())) {
      JsonNode addresses = awaitReady(up, readyFile);
      assertThat(addresses.path("otlp").asText()).isEqualTo("http://127.0.0.1:" + base);
      assertThat(status(addresses.path("health").asText() + "/ready")).isEqualTo(200);
      assertThat(status(addresses.path("console").asText() + "/")).isEqualTo(200);
      assertThat(status(addresses.path("console").asText() + "/api/freshness")).isEqualTo(200);
      call(addresses);
      awaitCalls(addresses, 1);
      up.kill();
    }
    // Left behind; whoever waits for it must wait for the next instance.
    FileTime killed = Files.getLastModifiedTime(readyFile);

    try (LauncherProcess up =
        LauncherProcess.with(folder)
            .start(
                "up", "--data", data, "--port-base", base, "--ready-file", readyFile.toString())) {
      await("the file of the instance before is gone")
          .atMost(START)
          .until(
              () ->
                  !Files.exists(readyFile)
                      || Files.getLastModifiedTime(readyFile).compareTo(killed) > 0);
      JsonNode addresses = awaitReady(up, readyFile);
      assertThat(status(addresses.path("health").asText() + "/ready")).isEqualTo(200);
      awaitCalls(addresses, 1);
      call(addresses);
      awaitCalls(addresses, 2);
      try (LauncherProcess status = LauncherProcess.with(folder).start("status", "--data", data)) {
        assertThat(status.awaitExit(START)).as(status.errors()).isZero();
        assertThat(status.output()).contains("attribution", "alert-router", "Dead letters  none");
      }

      up.terminate();

      // A JVM whose hooks have run reports the signal: 128 + 15.
      assertThat(up.awaitExit(START)).as(up.errors()).isIn(0, 143);
      assertThat(up.errors()).doesNotContain("Exception");
      assertThat(folder.resolve("data").resolve("ready.json")).doesNotExist();
      assertThat(readyFile).doesNotExist();
      assertFree(Integer.parseInt(base));
    }
  }

  @Test
  void up_unknownSetting_oneLineNamesItAndTheNearest() throws Exception {
    Path config = Files.writeString(folder.resolve("c.properties"), "tributary.cost.tik=1s\n");

    assertRefused(
        LauncherProcess.with(folder)
            .start(
                "up",
                "--data",
                folder.resolve("data").toString(),
                "--port-base",
                Integer.toString(freeBase()),
                "--config",
                config.toString()),
        "tributary.cost.tik",
        "tributary.cost.tick");
  }

  @Test
  void up_portInUse_oneLineNamesIt() throws Exception {
    int base = freeBase();
    try (ServerSocket taken = new ServerSocket(base + 2, 1, InetAddress.getLoopbackAddress())) {
      assertRefused(
          LauncherProcess.with(folder)
              .start(
                  "up",
                  "--data",
                  folder.resolve("data").toString(),
                  "--port-base",
                  Integer.toString(base)),
          "port " + taken.getLocalPort() + " (Kafka) is in use",
          "--port-base");
    }
  }

  @Test
  void up_noNpmAndNoLibrary_oneLineSaysWhatToInstall() throws Exception {
    Path root = folder.resolve("root");
    Files.createDirectories(root.resolve("embedded/native"));
    Files.writeString(root.resolve("embedded/native/package.json"), "{}");

    assertRefused(
        LauncherProcess.with(folder)
            .withoutMavenAndNpm()
            .withRoot(root)
            .start(
                "up",
                "--data",
                folder.resolve("data").toString(),
                "--port-base",
                Integer.toString(freeBase())),
        "needs npm",
        "--clickhouse URL");
  }

  /** One line that says all of it, no stack trace, and a code that a script notices. */
  private static void assertRefused(LauncherProcess launcher, String... parts) throws Exception {
    try (launcher) {
      int code = launcher.awaitExit(START);

      assertThat(code).as(launcher.errors()).isNotZero();
      List<String> complaints =
          launcher
              .errors()
              .lines()
              .filter(line -> !line.matches("[\\w ]+ started in [0-9.]+ s"))
              .filter(line -> !line.contains("installing the embedded ClickHouse engine once"))
              .toList();
      assertThat(complaints).singleElement().asString().startsWith("tributary: ").contains(parts);
    }
  }

  private static JsonNode awaitReady(LauncherProcess up, Path readyFile) throws IOException {
    await("ready file")
        .atMost(START)
        .pollInterval(Duration.ofMillis(200))
        .until(
            () -> {
              if (!up.isAlive()) {
                throw new AssertionError("ended before it was ready: " + up.errors());
              }
              return Files.exists(readyFile);
            });
    return new ObjectMapper().readTree(readyFile.toFile());
  }

  private static int status(String url) throws IOException, InterruptedException {
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.discarding())
        .statusCode();
  }

  private static void call(JsonNode addresses) throws Exception {
    long now = TimeUnit.MILLISECONDS.toNanos(Instant.now().toEpochMilli());
    byte[] body =
        OtlpDraft.request(
            List.of(OtlpDraft.call(GENERATOR.hex(16), GENERATOR.hex(8), now, 100, 10).build()));
    try (OtlpSender sender = new OtlpSender(URI.create(addresses.path("otlp").asText()))) {
      sender.send(BodyPublishers.ofByteArray(body), false);
    }
  }

  private static void awaitCalls(JsonNode addresses, int calls) {
    SqlClient sql =
        new SqlClient(
            URI.create(addresses.path("clickHouse").asText()), addresses.path("database").asText());
    await(calls + " calls in ClickHouse")
        .atMost(START)
        .pollInterval(Duration.ofMillis(500))
        .untilAsserted(
            () ->
                assertThat(sql.rows("SELECT sum(sign * calls) FROM calls"))
                    .containsExactly(List.of(Integer.toString(calls))));
  }

  /** First of six consecutive ports that nobody listens on now. */
  private static int freeBase() {
    for (int attempt = 0; attempt < 100; attempt++) {
      int base = GENERATOR.between(20_000, 30_000);
      boolean isFree = true;
      for (int port = base; port < base + PORTS; port++) {
        isFree &= isFree(port);
      }
      if (isFree) {
        return base;
      }
    }
    throw new AssertionError("no six free ports in a row");
  }

  private static boolean isFree(int port) {
    try (ServerSocket probe = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return probe.isBound();
    } catch (IOException e) {
      return false;
    }
  }

  private static void assertFree(int base) {
    await("ports given back")
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(
            () -> {
              for (int port = base; port < base + PORTS; port++) {
                assertThat(isFree(port)).as("port %d", port).isTrue();
              }
            });
  }
}
