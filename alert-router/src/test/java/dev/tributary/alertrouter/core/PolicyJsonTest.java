package dev.tributary.alertrouter.core;

import static dev.tributary.alertrouter.core.Notices.opened;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Silences, maintenance windows and wishes of teams, as reference rows say them. */
final class PolicyJsonTest {
  @Test
  void maintenance_overMidnight_byTheClockOfThePlace() {
    // Given
    Silence silence =
        PolicyJson.policy(
                "m",
                """
                {"type":"maintenance","match":{"team":"sup*"},
                 "windows":[{"days":["sat"],"from":"22:00","until":"02:00","zone":"Europe/Berlin"}]}
                """,
                null,
                null)
            .silence()
            .orElseThrow();

    // Then: 22:00 in Berlin is 21:00 UTC in winter
    assertThat(silence.holds(opened("e"), Instant.parse("2026-03-07T21:00:00Z"))).isTrue();
    assertThat(silence.holds(opened("e"), Instant.parse("2026-03-08T00:59:59Z"))).isTrue();
    assertThat(silence.holds(opened("e"), Instant.parse("2026-03-08T01:00:00Z"))).isFalse();
    assertThat(silence.holds(opened("e"), Instant.parse("2026-03-07T20:59:59Z"))).isFalse();
    assertThat(silence.kind()).isEqualTo(Silence.Kind.MAINTENANCE);
  }

  /** The policy's own times win over those of its row. */
  @Test
  void silence_fromAndUntil_areItsOwn_elseTheRows() {
    Instant from = Instant.parse("2026-03-01T00:00:00Z");
    Instant until = Instant.parse("2026-04-01T00:00:00Z");
    Silence own =
        PolicyJson.policy(
                "s",
                """
                {"type":"silence","match":{"team":"sup*"},"from":"2026-03-02T00:00:00+01:00",
                 "until":"2026-03-03T00:00:00Z"}
                """,
                from,
                until)
            .silence()
            .orElseThrow();
    Silence rows =
        PolicyJson.policy("s", "{\"type\":\"silence\",\"match\":{\"team\":\"a\"}}", from, until)
            .silence()
            .orElseThrow();

    assertThat(own.from()).isEqualTo(Instant.parse("2026-03-01T23:00:00Z"));
    assertThat(own.until()).isEqualTo(Instant.parse("2026-03-03T00:00:00Z"));
    assertThat(rows.from()).isEqualTo(from);
    assertThat(rows.until()).isEqualTo(until);
  }

  @Test
  void routing_allFields() {
    TeamRouting routing =
        PolicyJson.policy(
                "r",
                """
                {"type":"alert_routing","team":"support","routes":["slack:#a"],
                 "min_severity":"critical","merge_window":"10m"}
                """,
                null,
                null)
            .team()
            .orElseThrow();
    assertThat(routing.mergeWindow()).isEqualTo(Duration.ofMinutes(10));
    assertThat(routing.least()).isEqualTo(Severity.CRITICAL);
  }

  @Test
  void otherTypes_areOthersAffair() {
    assertThat(PolicyJson.policy("x", "{\"type\":\"open_trace\",\"a\":1}", null, null))
        .isEqualTo(PolicyJson.Policy.NONE);
  }

  @Test
  void owner_routesOfTheTeamItSets() {
    RoutingTable.Owner owner =
        PolicyJson.owner(
            "o",
            "{\"id\":\"o\",\"match\":{\"feature\":\"a\"},\"set\":{\"team\":\"t\"},"
                + "\"alert_routes\":[\"slack:#t\"]}",
            null,
            null);
    assertThat(owner).isNotNull();
    assertThat(owner.routes()).containsExactly("slack:#t");
    assertThat(PolicyJson.owner("o", "{\"set\":{\"team\":\"t\"}}", null, null)).isNull();
    assertThat(
            PolicyJson.owner(
                "o", "{\"set\":{\"team\":\"t\"},\"alert_routes\":\"one\"}", null, null))
        .satisfies(one -> assertThat(one.routes()).containsExactly("one"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '#',
      value = {
        "{\"type\":\"silence\",\"until\":\"2026-03-04T08:00:00Z\"} # match",
        "{\"type\":\"silence\",\"match\":{\"team\":\"a\"}} # until: a silence needs an end",
        "{\"type\":\"silence\",\"match\":{\"team\":\"a\"},\"until\":\"soon\"} # until: soon",
        "{\"type\":\"silence\",\"match\":{\"team\":\"a\"},\"til\":\"x\"} # til: unknown field",
        "{\"type\":\"alert_routing\",\"team\":\"a\"} # at least one of",
        "{\"type\":\"alert_routing\",\"team\":\"a\",\"min_severity\":\"x\"} # min_severity: x",
        "{\"type\":\"alert_routing\",\"team\":\"a\",\"routes\":\"x\"} # routes: a list",
        "{\"type\":\"alert_routing\",\"team\":\"a\",\"merge_window\":\"61m\"} # allowed: 0s to 1h",
        "{\"type\":\"alert_routing\",\"team\":\"a\",\"route\":[\"x\"]} # route: unknown field",
        "{\"type\":\"maintenance\",\"match\":{\"team\":\"a\"},\"windows\":[{\"days\":[\"SAT\"],\"from\":\"22:00\",\"till\":\"23:00\"}]} # till: unknown field",
        "{ # not JSON",
        "{\"type\":\"maintenance\",\"match\":{\"team\":\"a\"},\"windows\":\"SAT 22:00\"} # windows: a list of windows is expected",
        "{\"type\":\"maintenance\",\"match\":{\"team\":\"a\"},\"windows\":[]} # windows: a list of windows is expected",
        "{\"type\":\"maintenance\",\"match\":{\"team\":\"a\"},\"windows\":{}} # windows: a list of windows is expected",
        "{\"type\":\"maintenance\",\"match\":{\"team\":\"a\"},\"windows\":[{\"days\":\"SAT\",\"from\":\"22:00\",\"until\":\"23:00\"}]} # days: at least one",
        "{\"type\":\"maintenance\",\"match\":{\"team\":\"a\"},\"windows\":[{\"days\":[\"SAT\"],\"from\":\"22:00\",\"until\":\"24:00\"}]} # windows.until: 24:00",
        "{\"type\":\"maintenance\",\"match\":{\"team\":\"a\"},\"windows\":[{\"days\":[\"SAT\"],\"from\":\"8\",\"until\":\"9:00\"}]} # windows.from: 8",
        "{\"type\":\"maintenance\",\"match\":{\"team\":\"a\"},\"windows\":[{\"days\":[\"SAT\"],\"from\":\"08:00\",\"until\":\"09:00\",\"zone\":\"Mars\"}]} # windows.zone: Mars",
        "{\"type\":\"alert_routing\",\"team\":\"a\",\"merge_window\":\"1d\"} # merge_window: 1d",
      })
  void policy_wrong_saysWhat(String json, String message) {
    assertThatThrownBy(() -> PolicyJson.policy("p1", json, null, null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("POLICY p1")
        .hasMessageContaining(message);
  }
}
