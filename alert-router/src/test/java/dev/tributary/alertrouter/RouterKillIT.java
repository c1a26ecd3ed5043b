package dev.tributary.alertrouter;

import static dev.tributary.alertrouter.RouterFixture.alert;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tributary.runtime.testing.ChildProcess;
import dev.tributary.schemas.AlertDelivery;
import dev.tributary.schemas.Topics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The router is killed by SIGKILL between delivery and commit, and another one goes on. A receiver
 * that honours the idempotency key has every alert once; how often it was asked says what the
 * memory is worth.
 */
final class RouterKillIT {
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

  private static void killAt(String step, int passes, Map<String, String> settings)
      throws InterruptedException {
    try (ChildProcess child = child(step, passes, settings)) {
      child.awaitLine(RouterChildMain.REACHED, TIMEOUT);
      child.kill();
    }
  }

  private static ChildProcess child(String step, int passes, Map<String, String> settings) {
    List<String> arguments = new ArrayList<>(List.of(step, Integer.toString(passes)));
    settings.forEach((key, value) -> arguments.add(key + "=" + value));
    return ChildProcess.start(RouterChildMain.class, arguments.toArray(String[]::new));
  }

  private static void runUntil(Map<String, String> settings, BooleanSupplier done) {
    try (AlertRouter router = fixture.router(settings, new SimpleMeterRegistry())) {
      await("the successor, " + router.status())
          .atMost(TIMEOUT)
          .until(() -> done.getAsBoolean() && router.status().pending() == 0);
    }
  }

  /** Nobody wrote down that the receiver has it, so it is asked again, under the same key. */
  @Test
  void kill_afterDelivery_sameKeyAgain() throws Exception {
    try (Receiver receiver = Receiver.start()) {
      // Given
      Map<String, String> settings = fixture.settings("k1", "webhook", receiver.url());
      fixture.write(alert("k1-a", "OPENED", "k1"), alert("k1-b", "OPENED", "k1"));

      // When
      killAt(FaultPoints.AFTER_DELIVERY, 0, settings);
      runUntil(
          settings,
          () -> fixture.deliveries("k1").stream().filter(RouterKillIT::isDelivered).count() == 2);

      // Then
      assertThat(receiver.keys()).containsExactlyInAnyOrder("k1-a-OPENED", "k1-b-OPENED");
      assertThat(receiver.requests()).hasSizeGreaterThan(2);
    }
  }

  @Test
  void kill_beforeCommit_memoryKnows_nobodyIsAskedTwice() throws Exception {
    try (Receiver receiver = Receiver.start()) {
      // Given
      Map<String, String> settings = fixture.settings("k2", "webhook", receiver.url());
      fixture.write(alert("k2-a", "OPENED", "k2"));
      killAt(FaultPoints.BEFORE_COMMIT, 0, settings);

      // When
      fixture.write(alert("k2-z", "OPENED", "k2"));
      runUntil(settings, () -> receiver.keys().contains("k2-z-OPENED"));

      // Then
      assertThat(receiver.requests())
          .extracting(Receiver.Request::key)
          .containsExactly("k2-a-OPENED", "k2-z-OPENED");
    }
  }

  /** Negative control: without its memory the successor tells everything again. */
  @Test
  void kill_beforeCommit_memoryLost_isToldAgain() throws Exception {
    try (Receiver receiver = Receiver.start()) {
      // Given
      Map<String, String> settings = fixture.settings("k3", "webhook", receiver.url());
      fixture.write(alert("k3-a", "OPENED", "k3"));
      killAt(FaultPoints.BEFORE_COMMIT, 0, settings);
      Map<TopicPartition, RecordsToDelete> all = new HashMap<>();
      for (int partition = 0; partition < RouterFixture.PARTITIONS; partition++) {
        all.put(
            new TopicPartition(Topics.ALERT_DELIVERIES.name(), partition),
            RecordsToDelete.beforeOffset(-1));
      }
      fixture.cluster().admin().deleteRecords(all).all().get();

      // When
      fixture.write(alert("k3-z", "OPENED", "k3"));
      runUntil(settings, () -> receiver.keys().contains("k3-z-OPENED"));

      // Then
      assertThat(receiver.requests())
          .extracting(Receiver.Request::key)
          .filteredOn("k3-a-OPENED"::equals)
          .hasSizeGreaterThan(1);
    }
  }

  /** What was to go together goes together again, under one key. */
  @Test
  void kill_afterMergedDelivery_sameAlertsUnderTheSameKey() throws Exception {
    try (Receiver receiver = Receiver.start()) {
      // Given
      Map<String, String> settings = fixture.settings("k4", "webhook", receiver.url());
      settings.put("tributary.alerts.merge-window", "2s");
      fixture.write(
          alert("k4-a", "OPENED", "k4"),
          alert("k4-b", "OPENED", "k4"),
          alert("k4-c", "OPENED", "k4"));

      // When
      killAt(FaultPoints.AFTER_DELIVERY, 0, settings);
      fixture.write(alert("k4-d", "OPENED", "k4"));
      runUntil(
          settings,
          () -> fixture.deliveries("k4").stream().filter(RouterKillIT::isDelivered).count() == 4);

      // Then
      List<String> merged =
          receiver.requests().stream()
              .map(Receiver.Request::key)
              .filter(key -> key.startsWith("merged-"))
              .toList();
      assertThat(merged).hasSizeGreaterThanOrEqualTo(2);
      assertThat(merged.get(1)).isEqualTo(merged.get(0));
      List<Receiver.Request> both =
          receiver.requests().stream()
              .filter(request -> request.key().equals(merged.get(0)))
              .toList();
      assertThat(both)
          .allSatisfy(request -> assertThat(request.text()).contains("k4-a", "k4-b", "k4-c"));
      assertThat(both).noneSatisfy(request -> assertThat(request.text()).contains("k4-d"));
    }
  }

  /** The successor reads it together with others that it could be merged with. */
  @Test
  void kill_afterDeliveryOfOne_othersOfItsCauseCome_itIsToldUnderOneKey() throws Exception {
    try (Receiver receiver = Receiver.start()) {
      // Given
      Map<String, String> settings = fixture.settings("k5", "webhook", receiver.url());
      settings.put("tributary.alerts.merge-window", "2s");
      fixture.write(alert("k5-a", "OPENED", "k5"));

      // When
      killAt(FaultPoints.AFTER_DELIVERY, 0, settings);
      fixture.write(alert("k5-b", "OPENED", "k5"), alert("k5-c", "OPENED", "k5"));
      runUntil(
          settings,
          () -> fixture.deliveries("k5").stream().filter(RouterKillIT::isDelivered).count() == 3);

      // Then
      assertThat(receiver.requests())
          .filteredOn(request -> request.text().contains("k5-a"))
          .extracting(Receiver.Request::key)
          .hasSizeGreaterThan(1)
          .containsOnly("k5-a-OPENED");
    }
  }

  /**
   * It stands still (SIGSTOP) while an alert waits for its next try, beyond its session, and goes
   * on when another one has told it.
   */
  @Test
  void standstill_beforeTheNextTry_successorTellsIt_nobodyIsAskedAgain() throws Exception {
    try (Receiver receiver = Receiver.start()) {
      // Given
      Map<String, String> settings = fixture.settings("k6", "webhook", receiver.url());
      settings.remove("tributary.kafka.consumer.group.instance.id");
      settings.put("tributary.kafka.consumer.session.timeout.ms", "6000");
      settings.put("tributary.kafka.consumer.heartbeat.interval.ms", "1000");
      settings.put("tributary.alerts.retry-first", "3s");
      settings.put("tributary.alerts.retry-most", "3s");
      receiver.willReply(503, "");
      fixture.write(alert("k6-a", "OPENED", "k6"));
      try (ChildProcess late = child("never", 0, settings)) {
        await("the first try").atMost(TIMEOUT).until(() -> !receiver.requests().isEmpty());
        late.pause();
        runUntil(settings, () -> receiver.requests().size() == 2);

        // When
        late.resume();
        fixture.write(alert("k6-z", "OPENED", "k6"));

        // Then
        await("it takes part again")
            .atMost(TIMEOUT)
            .until(() -> receiver.keys().contains("k6-z-OPENED"));
        assertThat(receiver.requests())
            .extracting(Receiver.Request::key)
            .containsExactly("k6-a-OPENED", "k6-a-OPENED", "k6-z-OPENED");
      }
    }
  }

  private static boolean isDelivered(AlertDelivery delivery) {
    return delivery.getOutcome().equals("DELIVERED");
  }
}
