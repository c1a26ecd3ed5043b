package dev.tributary.alertrouter.core;

import static dev.tributary.alertrouter.core.Notices.NOW;
import static dev.tributary.alertrouter.core.Notices.of;
import static dev.tributary.alertrouter.core.Notices.opened;
import static dev.tributary.alertrouter.core.Notices.resolved;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What receivers get. */
final class BodiesTest {
  private static final String LINK = "https://console.example/episodes/{episode}?env={environment}";

  private static Notification notification(String route, Set<Severity> open, Notice... notices) {
    List<Item> items =
        java.util.Arrays.stream(notices)
            .map(notice -> new Item(null, new Content.OfAlert(notice), route, NOW))
            .toList();
    return new Notification(
        notices[0].alertId(), route, items, Map.of(notices[0].episodeId(), open), false, NOW);
  }

  private static JsonNode alertmanager(Set<Severity> open, Notice notice) throws Exception {
    return new ObjectMapper()
        .readTree(
            AlertmanagerBody.of(notification("am", open, notice), NOW, Duration.ofHours(26), LINK));
  }

  @Test
  void alertmanager_endHasTheLabelsOfTheBeginning() throws Exception {
    JsonNode firing = alertmanager(Set.of(), opened("e1")).get(0);
    JsonNode ended = alertmanager(Set.of(Severity.WARNING), resolved("e1")).get(0);

    assertThat(ended.get("labels")).isEqualTo(firing.get("labels"));
    assertThat(firing.get("labels").get("prompt_version").asText()).isEqualTo("v13");
    assertThat(firing.get("labels").get("owner").asText()).isEqualTo("support");
    assertThat(Instant.parse(firing.get("endsAt").asText())).isAfter(NOW);
    assertThat(Instant.parse(ended.get("endsAt").asText())).isBefore(NOW);
    assertThat(firing.get("annotations").get("money_so_far").asText())
        .isEqualTo("41.123456789012345678");
    assertThat(firing.get("generatorURL").asText())
        .isEqualTo("https://console.example/episodes/e1?env=production");
  }

  @Test
  void alertmanager_moreSevere_theEarlierAlertEnds() throws Exception {
    Notice worse = of("e1", EpisodeState.UPDATED, Severity.CRITICAL, NOW, List.of());
    JsonNode alerts = alertmanager(Set.of(Severity.WARNING), worse);

    assertThat(alerts).hasSize(2);
    assertThat(alerts.get(0).get("labels").get("severity").asText()).isEqualTo("critical");
    assertThat(alerts.get(1).get("labels").get("severity").asText()).isEqualTo("warning");
    assertThat(Instant.parse(alerts.get(1).get("endsAt").asText())).isBeforeOrEqualTo(NOW);
  }

  @Test
  void alertmanager_asSevereAsBefore_nothingEnds() throws Exception {
    Notice same = of("e1", EpisodeState.UPDATED, Severity.WARNING, NOW, List.of());
    JsonNode alerts = alertmanager(Set.of(Severity.WARNING), same);

    assertThat(alerts).hasSize(1);
    assertThat(Instant.parse(alerts.get(0).get("endsAt").asText())).isAfter(NOW);
  }

  /** The window may close later than our clock says: an end in the future would still fire. */
  @Test
  void alertmanager_endInTheFuture_isNow_andNeverBeforeItsBegin() throws Exception {
    Instant ahead = NOW.plusSeconds(300);
    Notice end = of("e1", EpisodeState.RESOLVED, Severity.WARNING, ahead, List.of());
    JsonNode alert = alertmanager(Set.of(Severity.WARNING), end).get(0);

    assertThat(Instant.parse(alert.get("endsAt").asText())).isEqualTo(NOW);
    assertThat(Instant.parse(alert.get("startsAt").asText())).isEqualTo(NOW);
  }

  @Test
  void webhook_saysEverything_amountsExactly() throws Exception {
    JsonNode alert =
        new ObjectMapper()
            .readTree(WebhookBody.of(notification("hook", Set.of(), opened("e1")), ""))
            .get("alerts")
            .get(0);

    assertThat(alert.get("status").asText()).isEqualTo("firing");
    assertThat(alert.get("money_per_hour").asText()).isEqualTo("0.004");
    assertThat(alert.get("causes").get(0).get("slice").get("workspace").asText())
        .isEqualTo("acme-e1");
    assertThat(alert.get("example_traces").get(0).asText())
        .isEqualTo("0af7651916cd43dd8448eb211c80319c");
    assertThat(alert.get("link").isNull()).isTrue();
  }

  @Test
  void slack_markupIsEscaped_channelIsTheTarget() throws Exception {
    JsonNode body =
        new ObjectMapper()
            .readTree(SlackBody.of(notification("slack:#ai", Set.of(), opened("e1")), ""));

    assertThat(body.get("channel").asText()).isEqualTo("#ai");
    assertThat(body.get("text").asText())
        .contains("&lt;b&gt; &amp; more", "$41.12 above baseline", "$0.004 an hour")
        .contains("./tributary explain e1");
  }

  @Test
  void traces_areNamedByWhatTheyAre() {
    assertThat(Words.traces(List.of())).isEmpty();
    assertThat(Words.traces(List.of("a"))).isEqualTo("a");
    assertThat(Words.traces(List.of("a", "c"))).isEqualTo("dearest a, typical c");
    assertThat(Words.traces(List.of("a", "b", "c")))
        .isEqualTo("dearest a, typical before b, typical now c");
    assertThat(Words.traces(List.of("a", "b", "c", "d"))).isEqualTo("a, b, c, d");
  }

  @Test
  void signature_valid_tampered_replayed() {
    // Given
    byte[] body = "{}".getBytes(StandardCharsets.UTF_8);
    String time = Long.toString(NOW.getEpochSecond());
    String signature = Signature.of("key", NOW, body);
    Duration five = Duration.ofMinutes(5);

    // Then
    assertThat(Signature.isValid("key", time, signature, body, NOW.plusSeconds(9), five)).isTrue();
    assertThat(Signature.isValid("other", time, signature, body, NOW, five)).isFalse();
    assertThat(Signature.isValid("key", time, signature, new byte[] {1}, NOW, five)).isFalse();
    assertThat(Signature.isValid("key", time, signature, body, NOW.plusSeconds(300), five))
        .isTrue();
    assertThat(Signature.isValid("key", time, signature, body, NOW.plusSeconds(301), five))
        .isFalse();
    assertThat(Signature.isValid("key", time, signature, body, NOW.minusSeconds(301), five))
        .isFalse();
    assertThat(
            Signature.isValid(
                "key", Long.toString(NOW.getEpochSecond() + 1), signature, body, NOW, five))
        .isFalse();
    assertThat(Signature.isValid("key", "soon", signature, body, NOW, five)).isFalse();
  }

  /** RFC 4231's second case, so that a receiver written elsewhere agrees. */
  @Test
  void signature_isPlainHmacSha256() throws Exception {
    javax.crypto.Mac mac = javax.crypto.Mac.getInstance("HmacSHA256");
    mac.init(new javax.crypto.spec.SecretKeySpec("Jefe".getBytes(StandardCharsets.UTF_8), "x"));
    assertThat(
            java.util.HexFormat.of()
                .formatHex(
                    mac.doFinal("what do ya want for nothing?".getBytes(StandardCharsets.UTF_8))))
        .isEqualTo("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    assertThat(Signature.of("Jefe", Instant.ofEpochSecond(7), "x".getBytes(StandardCharsets.UTF_8)))
        .isEqualTo(
            "v1="
                + java.util.HexFormat.of()
                    .formatHex(mac.doFinal("7.x".getBytes(StandardCharsets.UTF_8))));
  }

  /** An environment is whatever somebody set; a receiver may refuse what is no address. */
  @Test
  void link_valuesAreEscaped() throws Exception {
    Notice strange = environment(opened("e1"), "a b&c|d/50%\u20ac~");

    assertThat(alertmanager(Set.of(), strange).get(0).get("generatorURL").asText())
        .isEqualTo("https://console.example/episodes/e1?env=a%20b%26c%7Cd%2F50%25%E2%82%AC~");
  }

  private static Notice environment(Notice of, String environment) {
    return new Notice(
        of.tenant(),
        of.alertId(),
        of.team(),
        of.routes(),
        of.severity(),
        of.title(),
        of.sentence(),
        of.episodeId(),
        of.groupId(),
        of.state(),
        environment,
        of.series(),
        of.metric(),
        of.dimensions(),
        of.openedAt(),
        of.windowStart(),
        of.createdAt(),
        of.observed(),
        of.baseline(),
        of.factor(),
        of.moneySoFar(),
        of.moneyPerHour(),
        of.causes(),
        of.traceIds());
  }
}
