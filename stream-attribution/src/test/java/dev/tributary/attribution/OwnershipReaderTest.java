package dev.tributary.attribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.attribution.core.OwnershipRule;
import dev.tributary.attribution.core.TagField;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OwnershipReaderTest {
  @Test
  void file_isRead() {
    List<OwnershipRule> rules =
        OwnershipReader.readFile(
            "owners.yaml",
            """
            rules:
              - id: search-team
                priority: 10
                match: {feature: "search*", service: shop-*}
                set: {team: discovery, cost_center: cc-7}
                effective_from: 2026-01-01
                effective_until: 2026-02-01T06:30:00Z
                alert_routes: ["slack:#discovery"]
                budget_holder: ada
              - id: mirror
                match: {key_alias: mirror}
                shadow: true
            """);
    assertThat(rules).hasSize(2);
    assertThat(rules.get(0).values())
        .containsEntry(TagField.TEAM, "discovery")
        .containsEntry(TagField.COST_CENTER, "cc-7");
    assertThat(rules.get(0).effectiveFromUs()).isEqualTo(1_767_225_600_000_000L);
    assertThat(rules.get(0).effectiveUntilUs()).isEqualTo(1_769_927_400_000_000L);
    assertThat(rules.get(1).shadow()).isTrue();
    assertThat(rules.get(1).priority()).isZero();
  }

  /** What was published before it had to be a text stays readable. */
  @ParameterizedTest
  @ValueSource(strings = {"\"\"", "[\"ada\"]", "null", "\"ada\""})
  void publishedRule_withAnyBudgetHolder_isRead(String holder) {
    String json =
        "{\"id\":\"a\",\"match\":{\"service\":\"x\"},\"set\":{\"team\":\"t\"},\"budget_holder\":"
            + holder
            + "}";

    assertThat(OwnershipReader.readRule("row", json).id()).isEqualTo("a");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "set: {taem: x}; owners.yaml:4: set.taem: no such tag",
        "set: {}; owners.yaml:2: set: at least one tag, or shadow: true",
        "sett: {team: x}; owners.yaml:4: sett: unknown field",
        "shadow: yes; owners.yaml:4: shadow: true or false is expected",
        "priority: high; owners.yaml:4: priority: a whole number is expected",
        "effective_from: soon; owners.yaml:4: effective_from: a date or time",
        "set: [team]; owners.yaml:4: set: a mapping is expected",
        "match: {service: y}; owners.yaml:4: match: stated twice",
        "budget_holder: [ada]; owners.yaml:4: budget_holder: a text is expected",
        "set: {team: {x: y}}; owners.yaml:4: set.team: a text is expected",
        "set: {team: x; owners.yaml:5: expected ',' or '}'",
      })
  void error_namesFileLineAndField(String line, String message) {
    String yaml = "rules:\n  - id: a\n    match: {service: x}\n    " + line + "\n";
    assertThatThrownBy(() -> OwnershipReader.readFile("owners.yaml", yaml))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(message);
  }

  @Test
  void ruleWithoutMatch_isRefused() {
    assertThatThrownBy(
            () ->
                OwnershipReader.readRule("OWNERSHIP a", "{\"id\":\"a\",\"set\":{\"team\":\"x\"}}"))
        .hasMessage("OWNERSHIP a:1: match: is missing");
  }

  @Test
  void sameIdTwice_isRefused() {
    String rule = "  - {id: a, match: {service: x}, set: {team: t}}\n";
    assertThatThrownBy(() -> OwnershipReader.readFile("o.yaml", "rules:\n" + rule + rule))
        .hasMessage("o.yaml:3: id: a second one of the name a");
  }
}
