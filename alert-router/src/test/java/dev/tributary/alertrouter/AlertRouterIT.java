package dev.tributary.alertrouter;

import static dev.tributary.alertrouter.RouterFixture.alert;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import dev.tributary.alertrouter.core.Signature;
import dev.tributary.runtime.errors.DeadLetters;
import dev.tributary.runtime.testing.ConservationCheck;
import dev.tributary.schemas.AlertDelivery;
import dev.tributary.schemas.ReferenceKind;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The router on a real broker, with a receiver that misbehaves. */
final class AlertRouterIT {
  private static final Duration TIMEOUT = Duration.ofSeconds(60);
  private static RouterFixture fixture;

  @BeforeAll
  static void start() {
    fixture = RouterFixture.start();
  }

  @AfterAll
  static void stop() {
    if (fixture != null) {
      fixture.close();
    }
  }

  @Test
  void deliver_receiverFails_limits_isSlow_sameKeyUntilItTakesIt() throws Exception {
    try (Receiver receiver = Receiver.start()) {
      // Given
      receiver.willReply(500, "");
      receiver.willReply(429, "1");
      receiver.willReply(0, "");
      Map<String, String> settings = fixture.settings("flaky", "webhook", receiver.url());
      settings.put("tributary.alerts.route.flaky.secret", "key");
      SimpleMeterRegistry meters = new SimpleMeterRegistry();

      // When
      fixture.write(alert("flaky-1", "OPENED", "flaky"), alert("flaky-1", "RESOLVED", "flaky"));
      try (AlertRouter router = fixture.router(settings, meters)) {
        await("both delivered")
            .atMost(TIMEOUT)
            .until(() -> fixture.deliveries("flaky").size() == 2);
        assertThat(router.status().state()).isEqualTo(RouterStatus.State.RUNNING);
      }

      // Then
      List<Receiver.Request> requests = receiver.requests();
      assertThat(requests)
          .extracting(Receiver.Request::key)
          .containsExactly(
              "flaky-1-OPENED",
              "flaky-1-OPENED",
              "flaky-1-OPENED",
              "flaky-1-OPENED",
              "flaky-1-RESOLVED");
      for (Receiver.Request request : requests) {
        assertThat(
                Signature.isValid(
                    "key",
                    request.timestamp(),
                    request.signature(),
                    request.body(),
                    Instant.now(),
                    Duration.ofMinutes(5)))
            .isTrue();
      }
      assertThat(fixture.deliveries("flaky"))
          .extracting(AlertDelivery::getAttempts)
          .containsExactly(4, 1);
      assertThat(meters.get(AlertRouterMetrics.RETRIED).counter().count()).isEqualTo(3);
      assertThat(meters.get(AlertRouterMetrics.DELIVERED).counter().count()).isEqualTo(2);
      assertThat(meters.get(AlertRouterMetrics.DELAY).timer().count()).isEqualTo(2);
    }
  }

  @Test
  void deliver_nobodyListens_waitsUntilSomebodyDoes() throws Exception {
    // Given
    int port;
    try (Receiver gone = Receiver.start()) {
      port = gone.port();
    }
    SimpleMeterRegistry meters = new SimpleMeterRegistry();
    fixture.write(alert("away-1", "OPENED", "away"));
    try (AlertRouter router =
        fixture.router(
            fixture.settings("away", "webhook", "http://127.0.0.1:" + port + "/hook"), meters)) {
      await("an attempt that fails")
          .atMost(TIMEOUT)
          .until(() -> meters.find(AlertRouterMetrics.RETRIED).counter() != null);

      // When
      try (Receiver back = Receiver.start(port)) {
        await("delivered").atMost(TIMEOUT).until(() -> back.keys().contains("away-1-OPENED"));
      }

      // Then
      assertThat(router.status().state()).isEqualTo(RouterStatus.State.RUNNING);
    }
  }

  @Test
  void deliver_refused_orUndecodable_deadLettered_equationHolds() throws Exception {
    try (Receiver receiver = Receiver.start()) {
      // Given
      receiver.willReply(401, "");
      SimpleMeterRegistry meters = new SimpleMeterRegistry();
      fixture.write(
          alert("bad-1", "OPENED", "bad"),
          alert("bad-2", "OPENED", "support", Instant.now().minusSeconds(4000), "bad"),
          alert("bad-3", "SHRUGGED", "bad"));
      fixture.writeUndecodable("default|support");

      // When
      fixture.write(alert("bad-4", "OPENED", "bad"));
      try (AlertRouter router =
          fixture.router(fixture.settings("bad", "webhook", receiver.url()), meters)) {
        await("all settled")
            .atMost(TIMEOUT)
            .until(
                () ->
                    receiver.keys().contains("bad-4-OPENED")
                        && fixture.deliveries("bad").size() == 2
                        && router.status().pending() == 0);
      }

      // Then
      assertThat(fixture.deliveries("bad"))
          .extracting(AlertDelivery::getOutcome, AlertDelivery::getReason)
          .containsExactlyInAnyOrder(tuple("FAILED", "HTTP_401"), tuple("DELIVERED", null));
      assertThat(fixture.deadLetters())
          .extracting(
              record ->
                  new String(
                      record.headers().lastHeader(DeadLetters.REASON).value(),
                      StandardCharsets.UTF_8))
          .contains("UNDELIVERED", "UNDECODABLE");
      assertThat(
              meters.get("tributary.dropped").tag("reason", "TOO_OLD").counters().stream()
                  .mapToDouble(counter -> counter.count())
                  .sum())
          .isEqualTo(1);
      new ConservationCheck(meters, AlertRouterConfig.NAME).assertHolds();
    }
  }

  @Test
  void route_fromOwnership_silencedByPolicy() throws Exception {
    try (Receiver receiver = Receiver.start()) {
      // Given
      fixture.publish(
          1,
          ReferenceKind.OWNERSHIP,
          Map.of(
              "r1",
              "{\"id\":\"r1\",\"match\":{\"feature\":\"a\"},\"set\":{\"team\":\"owned\"},"
                  + "\"alert_routes\":[\"own:#chan\"]}"));
      fixture.publish(
          2,
          ReferenceKind.POLICY,
          Map.of(
              "quiet",
              "{\"type\":\"silence\",\"match\":{\"episode\":\"own-quiet\"},"
                  + "\"until\":\"2999-01-01T00:00:00Z\"}",
              "broken",
              "{\"type\":\"silence\"}"));
      SimpleMeterRegistry meters = new SimpleMeterRegistry();
      fixture.write(
          alert("own-quiet", "OPENED", "owned", Instant.now()),
          alert("own-loud", "OPENED", "owned", Instant.now()));

      // When
      try (AlertRouter router =
          fixture.router(fixture.settings("own", "slack", receiver.url()), meters)) {
        await("delivered").atMost(TIMEOUT).until(() -> !fixture.deliveries("own:#chan").isEmpty());
      }

      // Then
      assertThat(receiver.requests())
          .singleElement()
          .satisfies(
              request -> assertThat(request.text()).contains("\"channel\":\"#chan\"", "own-loud"));
      assertThat(fixture.deliveries(""))
          .extracting(AlertDelivery::getEpisodeId, AlertDelivery::getReason)
          .contains(tuple("own-quiet", "SILENCED"));
      assertThat(meters.get(AlertRouterMetrics.POLICIES_REFUSED).counter().count()).isPositive();
    }
  }
}
