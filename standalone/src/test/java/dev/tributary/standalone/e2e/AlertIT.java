package dev.tributary.standalone.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.tributary.runtime.config.Settings;
import dev.tributary.runtime.run.ClientProperties;
import dev.tributary.runtime.run.GroupLag;
import dev.tributary.runtime.run.StreamsProperties;
import dev.tributary.runtime.testing.Generator;
import dev.tributary.runtime.testing.Seeds;
import dev.tributary.standalone.demo.History;
import dev.tributary.standalone.demo.UsualTrace;
import dev.tributary.standalone.demo.WindowLog;
import dev.tributary.standalone.replay.OtlpSender;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three troubles from OTLP over HTTP to an alert at a webhook, through every application: a verbose
 * prompt version, a fallback to a dear model, a tool loop. Each reaches the team that owns the
 * feature, with its cause. The weeks before are windows; spans carry their own times.
 */
final class AlertIT {
  private static final long STEP_US = History.STEP_US;
  private static final int HISTORY_STEPS = 8 * 288;
  private static final int CALM_STEPS = 14;
  private static final int TROUBLE_STEPS = 4;

  /** What is sent behind, so that the clocks pass the grace of the last step that counts. */
  private static final int TAIL_STEPS = 3;

  private static final Duration PATIENCE = Duration.ofSeconds(120);
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final String OWNERSHIP =
      """
      rules:
        - {id: answers, priority: 10, match: {feature: answers}, set: {team: team-support}}
        - {id: search, priority: 10, match: {feature: search}, set: {team: team-search}}
        - {id: helper, priority: 10, match: {feature: helper}, set: {team: team-devtools}}
      """;

  @TempDir Path folder;

  private final long seed = Seeds.one();
  private final Generator generator = new Generator(seed);
  private final ConcurrentLinkedQueue<JsonNode> delivered = new ConcurrentLinkedQueue<>();

  @Test
  void threeTroubles_reachTheirTeamsWithTheirCauses() throws Exception {
    long nowUs = Instant.now().getEpochSecond() * 1_000_000L;
    long endUs = Math.floorDiv(nowUs, STEP_US) * STEP_US;
    long troubleUs = endUs - (TAIL_STEPS + TROUBLE_STEPS) * STEP_US;
    long fromUs = troubleUs - CALM_STEPS * STEP_US;
    HttpServer hook = webhook();
    Path ownership = Files.writeString(folder.resolve("ownership.yaml"), OWNERSHIP);
    String url = "http://127.0.0.1:" + hook.getAddress().getPort() + "/hook";
    Map<String, String> settings =
        Map.of(
            "tributary.alerts.route.hook.kind", "webhook",
            "tributary.alerts.route.hook.url", url,
            "tributary.alerts.default-routes", "hook",
            // A block of five minutes is sent at once, in any order of partitions.
            "tributary.cost.window-grace", "10m");
    try (PlatformFixture instance = PlatformFixture.start(folder, settings, List.of(ownership))) {
      preload(instance, fromUs);
      send(instance, fromUs, troubleUs, endUs);

      Map<String, JsonNode> spend = awaitSpendAlerts();

      assertAlert(spend, TroubleTraffic.ANSWERS, "team-support", "tokens_per_call");
      assertThat(slice(spend.get(TroubleTraffic.ANSWERS)).path("prompt_version").asText())
          .as(spend.get(TroubleTraffic.ANSWERS).toPrettyString())
          .isEqualTo("v13");
      assertThat(sentence(spend, TroubleTraffic.ANSWERS)).contains("v13", "owner: team-support");
      // The feature never called that model before: its cells have nothing to be compared with.
      assertAlert(spend, TroubleTraffic.SEARCH, "team-search", "new");
      assertThat(slice(spend.get(TroubleTraffic.SEARCH)).path("model").asText())
          .as(spend.get(TroubleTraffic.SEARCH).toPrettyString())
          .isEqualTo("gpt-4o");
      assertAlert(spend, TroubleTraffic.HELPER, "team-devtools", "volume");
    } finally {
      hook.stop(0);
    }
    assertThat(delivered.stream().map(alert -> alert.path("id").asText()))
        .as("seed %d", seed)
        .doesNotHaveDuplicates();
  }

  private HttpServer webhook() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::take);
    server.start();
    return server;
  }

  private void take(HttpExchange exchange) throws IOException {
    try (exchange) {
      JsonNode body = JSON.readTree(exchange.getRequestBody().readAllBytes());
      body.path("alerts").forEach(delivered::add);
      exchange.sendResponseHeaders(200, -1);
    }
  }

  private void preload(PlatformFixture instance, long untilUs) throws InterruptedException {
    History history = new History(seed, untilUs);
    List<History.Rate> rates =
        List.of(
            rate(TroubleTraffic.ANSWERS), rate(TroubleTraffic.SEARCH), rate(TroubleTraffic.HELPER));
    try (WindowLog log = new WindowLog(instance.platform().settings())) {
      for (int step = -HISTORY_STEPS; step < 0; step++) {
        long startUs = untilUs + step * STEP_US;
        history.step(startUs, rates).forEach(log::send);
        if (step % 12 == 0 || step == -1) {
          log.closeUntil(startUs + STEP_US);
        }
      }
      log.flush();
    }
  }

  /** A call of gpt-4o-mini: $0.15 and $0.60 for a million tokens. */
  private static History.Rate rate(String feature) {
    double input = TroubleTraffic.INPUT_TOKENS;
    double output = TroubleTraffic.OUTPUT_TOKENS;
    UsualTrace trace =
        new UsualTrace(
            feature,
            1,
            0,
            0,
            0,
            1,
            0,
            0,
            0,
            900_000,
            input,
            0,
            0,
            output,
            0,
            input * 150_000 + output * 600_000,
            0.1);
    return new History.Rate(trace, TroubleTraffic.TRACES);
  }

  /** Five minutes at a time; the next when what was sent is booked as far as it can be. */
  private void send(PlatformFixture instance, long fromUs, long troubleUs, long endUs)
      throws Exception {
    TroubleTraffic traffic = new TroubleTraffic(generator, troubleUs);
    Settings settings = instance.platform().settings();
    List<String> groups =
        List.of(
            StreamsProperties.applicationId("normalize", settings),
            StreamsProperties.applicationId("attribution", settings));
    try (OtlpSender sender = new OtlpSender(instance.otlp());
        Admin admin = Admin.create(ClientProperties.admin(settings))) {
      for (long atUs = fromUs; atUs < endUs; atUs += STEP_US) {
        sender.send(BodyPublishers.ofByteArray(traffic.request(atUs, STEP_US)), false);
        for (String group : groups) {
          await("input of " + group + ", seed " + seed)
              .atMost(PATIENCE)
              .pollInterval(Duration.ofMillis(50))
              .until(
                  () -> {
                    Map<?, Long> lag = GroupLag.of(admin, group);
                    return !lag.isEmpty() && lag.values().stream().allMatch(left -> left == 0);
                  });
        }
      }
    }
  }

  /** The alert on spend of each feature, as it was first told. */
  private Map<String, JsonNode> awaitSpendAlerts() {
    return await("alerts of three features, seed " + seed)
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(200))
        .until(this::spendAlerts, found -> found.size() == 3);
  }

  private Map<String, JsonNode> spendAlerts() {
    Map<String, JsonNode> alerts = new HashMap<>();
    for (JsonNode alert : delivered) {
      if (alert.path("metric").asText().equals("spend_per_hour")
          && alert.path("status").asText().equals("firing")) {
        alerts.putIfAbsent(alert.path("dimensions").path("feature").asText(), alert);
      }
    }
    return alerts;
  }

  private void assertAlert(
      Map<String, JsonNode> alerts, String feature, String team, String driver) {
    JsonNode alert = alerts.get(feature);
    String shown = "seed " + seed + " " + alert.toPrettyString();
    assertThat(alert.path("team").asText()).as(shown).isEqualTo(team);
    assertThat(alert.path("environment").asText()).as(shown).isEqualTo("production");
    assertThat(alert.path("factor").asDouble()).as(shown).isGreaterThanOrEqualTo(2);
    assertThat(alert.path("causes").path(0).path("driver").asText()).as(shown).isEqualTo(driver);
    assertThat(alert.path("example_traces"))
        .as(shown)
        .isNotEmpty()
        .allSatisfy(trace -> assertThat(trace.asText()).matches("[0-9a-f]{32}"));
  }

  private static JsonNode slice(JsonNode alert) {
    for (JsonNode cause : alert.path("causes")) {
      if (cause.path("driver").asText().equals("slice")) {
        return cause.path("slice");
      }
    }
    return JSON.createObjectNode();
  }

  private static String sentence(Map<String, JsonNode> alerts, String feature) {
    return alerts.get(feature).path("sentence").asText();
  }
}
