package dev.tributary.alertrouter.core;

import static dev.tributary.alertrouter.core.Notices.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which routes a team has, and which wish is its own. */
final class RoutingTableTest {
  private static TeamRouting wish(String id, String team) {
    return new TeamRouting(id, team, List.of("to-" + id), null, null);
  }

  @Test
  void routes_ofRulesInForce_beginIsInside_endIsNot() {
    // Given
    RoutingTable table =
        new RoutingTable(
            List.of(
                new RoutingTable.Owner("support", List.of("before"), null, NOW),
                new RoutingTable.Owner("support", List.of("now"), NOW, NOW.plusSeconds(60)),
                new RoutingTable.Owner("support", List.of("after"), NOW.plusSeconds(60), null),
                new RoutingTable.Owner("other", List.of("other"), null, null)),
            List.of(),
            List.of());

    // Then
    assertThat(table.routes("support", List.of(), NOW.minusNanos(1))).containsExactly("before");
    assertThat(table.routes("support", List.of(), NOW)).containsExactly("now");
    assertThat(table.routes("support", List.of(), NOW.plusSeconds(60))).containsExactly("after");
  }

  @Test
  void team_mostSpecificNameWins_whateverTheOrder() {
    // Given
    List<TeamRouting> wishes =
        new ArrayList<>(
            List.of(
                wish("all", "*"),
                wish("long", "support-eu*"),
                wish("short", "support*"),
                wish("exact", "support-eu-1"),
                wish("longer than exact", "support-eu-1*"),
                wish("b", "sales*"),
                wish("a", "sales*")));

    for (int order = 0; order < wishes.size(); order++) {
      // When
      Collections.rotate(wishes, 1);
      RoutingTable table = new RoutingTable(List.of(), List.of(), wishes);

      // Then
      assertThat(table.routes("support-eu-1", List.of(), NOW)).containsExactly("to-exact");
      assertThat(table.routes("support-eu-2", List.of(), NOW)).containsExactly("to-long");
      assertThat(table.routes("support-us", List.of(), NOW)).containsExactly("to-short");
      assertThat(table.routes("sales", List.of(), NOW)).containsExactly("to-a");
      assertThat(table.routes("finance", List.of(), NOW)).containsExactly("to-all");
    }
  }

  /** Who only says how urgent an alert must be has the routes of before. */
  @Test
  void routes_wishWithoutRoutes_thoseThatAreStated_elseTheOwners() {
    RoutingTable table =
        new RoutingTable(
            List.of(new RoutingTable.Owner("support", List.of("owners"), null, null)),
            List.of(),
            List.of(new TeamRouting("w", "support", List.of(), Severity.CRITICAL, null)));

    assertThat(table.routes("support", List.of("stated", "stated"), NOW)).containsExactly("stated");
    assertThat(table.routes("support", List.of(), NOW)).containsExactly("owners");
  }
}
