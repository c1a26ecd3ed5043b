package dev.tributary.sink.clickhouse.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.sink.clickhouse.core.ContentPolicies.Workspace;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class ContentPoliciesTest {
  private static final Instant NOW = Instant.parse("2026-03-10T12:30:00.000007Z");
  private static final Duration THREE_DAYS = Duration.ofDays(3);
  private static final Duration SEVEN_DAYS = Duration.ofDays(7);

  private static Workspace only(String written) {
    return ContentPolicies.of(Map.of(written, THREE_DAYS)).byWorkspace().keySet().iterator().next();
  }

  @Test
  void names_areAsTheLedgerHasThem() {
    assertThat(only("default/acme")).isEqualTo(new Workspace("default", "acme"));
    assertThat(only("default/acme/legal = x+y"))
        .isEqualTo(new Workspace("default", "acme/legal = x+y"));
    assertThat(only("a%2Fb/c%2cd%25%20")).isEqualTo(new Workspace("a/b", "c,d% "));
    assertThat(only("default/z%C3%BCrich \\'")).isEqualTo(new Workspace("default", "zürich \\'"));
  }

  @Test
  void names_thatAreNone_areRefusedWithWhatIsAllowed() {
    for (String wrong :
        List.of(
            "acme", "/acme", "default/", "a%/b", "a/%", "a/%zz", "a/%2", "a/%ü0", "a/z%FCrich")) {
      assertThatThrownBy(() -> only(wrong))
          .as(wrong)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining(wrong)
          .hasMessageContaining("tenant/workspace=");
    }
  }

  @Test
  void workspace_writtenInTwoWays_isRefused() {
    Map<String, Duration> written = Map.of("default/a", THREE_DAYS, "default/%61", SEVEN_DAYS);

    assertThatThrownBy(() -> ContentPolicies.of(written))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("each workspace once");
  }

  @Test
  void expired_withoutPolicies_isNothing() {
    ContentPolicies none = ContentPolicies.of(Map.of());

    assertThat(none.isEmpty()).isTrue();
    assertThat(none.shortest()).isEmpty();
    assertThat(none.expired(NOW)).isEmpty();
  }

  @Test
  void expired_equallyLongTogether_theShortestFirst() {
    ContentPolicies policies =
        ContentPolicies.of(
            Map.of("default/a", SEVEN_DAYS, "default/b", THREE_DAYS, "other/a", SEVEN_DAYS));

    List<ExpiredText> expired = policies.expired(NOW);

    assertThat(policies.shortest()).contains(THREE_DAYS);
    assertThat(expired)
        .extracting(ExpiredText::before)
        .containsExactly(NOW.minus(THREE_DAYS), NOW.minus(SEVEN_DAYS));
    assertThat(expired.get(0).workspaces()).containsExactly(new Workspace("default", "b"));
    assertThat(expired.get(1).workspaces())
        .containsExactlyInAnyOrder(new Workspace("default", "a"), new Workspace("other", "a"));
  }

  @Test
  void expired_moreThanOneStatementTakes_isEachOnce() {
    Map<String, Duration> written = new HashMap<>();
    for (int i = 0; i < 2 * ContentPolicies.MOST_WORKSPACES + 1; i++) {
      written.put("default/w" + i, THREE_DAYS);
    }

    List<ExpiredText> expired = ContentPolicies.of(written).expired(NOW);

    assertThat(expired).hasSize(3).allMatch(some -> !some.workspaces().isEmpty());
    assertThat(expired)
        .allMatch(some -> some.workspaces().size() <= ContentPolicies.MOST_WORKSPACES);
    Set<Workspace> seen = new HashSet<>();
    expired.forEach(some -> assertThat(seen).doesNotContainAnyElementsOf(some.workspaces()));
    expired.forEach(some -> seen.addAll(some.workspaces()));
    assertThat(seen).hasSize(written.size());
  }

  @Test
  void parameters_ofADay_endWithItOrWhereTextIsKept() {
    ExpiredText expired = new ExpiredText(NOW, List.of(new Workspace("default", "a")));

    assertThat(expired.parameters(LocalDate.parse("2026-03-09")))
        .containsEntry("from", 1_773_014_400_000_000L)
        .containsEntry("before", 1_773_100_800_000_000L);
    assertThat(expired.parameters(LocalDate.parse("2026-03-10")))
        .containsEntry("from", 1_773_100_800_000_000L)
        .containsEntry("before", 1_773_145_800_000_007L);
    assertThat(expired.parameters())
        .containsExactlyInAnyOrderEntriesOf(
            Map.of("before", 1_773_145_800_000_007L, "tenants", List.of("default")));
  }

  @Test
  void parameters_samePlaces_belongTogether() {
    ExpiredText expired =
        new ExpiredText(NOW, List.of(new Workspace("x", "b"), new Workspace("y", "a")));

    assertThat(expired.parameters(LocalDate.parse("2026-03-10")))
        .containsEntry("day", "2026-03-10")
        .containsEntry("tenants", List.of("x", "y"))
        .containsEntry("workspaces", List.of("b", "a"));
  }
}
