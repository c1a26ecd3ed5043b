package dev.tributary.console.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What may be asked and what it becomes. */
final class QuestionsTest {
  private static final List<String> TENANTS = List.of("default", "acme");
  private static final Pattern PLACEHOLDER = Pattern.compile("\\{(\\w+):\\w+}");
  private static final Map<String, List<String>> DAY =
      Map.of(
          "from", List.of("2026-03-04T00:00:00Z"),
          "to", List.of("2026-03-05T00:00:00Z"));

  private static Query ask(String name, Map<String, String> more) {
    Map<String, List<String>> given = new HashMap<>(Samples.of(name));
    more.forEach((key, value) -> given.put(key, List.of(value)));
    return Questions.query(name, given, TENANTS);
  }

  static Iterable<String> names() {
    return Questions.names();
  }

  @ParameterizedTest
  @MethodSource("names")
  void query_placeholders_areExactlyItsParameters(String name) {
    // When
    Query query = ask(name, Map.of());

    // Then
    TreeSet<String> used = new TreeSet<>();
    Matcher matcher = PLACEHOLDER.matcher(query.sql());
    while (matcher.find()) {
      used.add(matcher.group(1));
    }
    assertThat(query.parameters().keySet()).containsExactlyInAnyOrderElementsOf(used);
    assertThat(query.sql()).doesNotContain("$");
  }

  @ParameterizedTest
  @MethodSource("names")
  void query_always_isOfOneTenant(String name) {
    assertThat(ask(name, Map.of("tenant", "acme")).parameters()).containsEntry("tenant", "acme");
    assertThat(ask(name, Map.of()).parameters()).containsEntry("tenant", "default");
    assertThat(ask(name, Map.of()).sql()).contains("tenant = {tenant:String}");
  }

  /** Whatever a browser sends is in no statement: only in a parameter. */
  @ParameterizedTest
  @MethodSource("names")
  void query_givenTexts_areNoPartOfTheStatement(String name) {
    for (String key : List.of("feature", "model", "id", "session", "environment")) {
      if (Samples.allows(name, key)) {
        String evil = "x' OR 1 = 1 -- \\";

        Query query = ask(name, Map.of(key, evil));

        assertThat(query.sql()).doesNotContain("1 = 1");
        assertThat(query.parameters()).containsValue(evil);
      }
    }
  }

  /** Money and text are separate planes. */
  @ParameterizedTest
  @MethodSource("names")
  void query_never_readsText(String name) {
    assertThat(ask(name, Map.of()).sql()).doesNotContain("content").doesNotContain("*, ");
  }

  @ParameterizedTest
  @MethodSource("names")
  void query_unknownParameter_isNamedWithWhatIsAllowed(String name) {
    assertThatThrownBy(() -> ask(name, Map.of("sql", "select 1")))
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining("\"sql\"")
        .hasMessageContaining("tenant");
  }

  @Test
  void query_unknownQuestion_namesAll() {
    assertThatThrownBy(() -> Questions.query("everything", DAY, TENANTS))
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining("everything")
        .hasMessageContaining("spend-table");
  }

  @ParameterizedTest
  @CsvSource({
    "tenant, globex, 'default, acme'",
    "by, customer, 'feature, team, workspace, environment, model, prompt_version'",
    "purpose, PRODUCT, 'all, product, eval'",
    "from, yesterday, 'a time in UTC'",
    "from, 1969-01-01T00:00:00Z, 'from the year 2000'",
    "to, 2026-03-04T00:00:00Z, 'after from'",
    "to, 2027-08-04T00:00:00Z, 'at most 400 days'",
  })
  void query_valueThatIsNotAllowed_isNamedWithWhatIs(String key, String value, String allowed) {
    assertThatThrownBy(() -> ask("spend-table", Map.of(key, value)))
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining(key)
        .hasMessageContaining(value)
        .hasMessageContaining(allowed);
  }

  @Test
  void query_withoutATime_isRefused() {
    assertThatThrownBy(() -> Questions.query("spend-total", Map.of(), TENANTS))
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining("from = \"\"");
  }

  @Test
  void query_withoutAnId_isRefused() {
    assertThatThrownBy(() -> Questions.query("trace-lines", Map.of(), TENANTS))
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining("id = \"\"")
        .hasMessageContaining("an identifier");
  }

  @Test
  void query_repeatedOrTooLongValue_isRefused() {
    Map<String, List<String>> twice = new HashMap<>(DAY);
    twice.put("team", List.of("a", "b"));
    assertThatThrownBy(() -> Questions.query("spend-total", twice, TENANTS))
        .hasMessageContaining("team")
        .hasMessageContaining("one value");

    assertThatThrownBy(() -> ask("spend-total", Map.of("team", "t".repeat(513))))
        .hasMessageContaining("at most 512");
    assertThat(ask("spend-total", Map.of("team", "t".repeat(512))).parameters())
        .containsEntry("is_team", "t".repeat(512));
  }

  @Test
  void range_step_isTheShortestThatAChartCanShow() {
    assertThat(new Range(0, 3_600_000_000L).stepS()).isEqualTo(60);
    assertThat(new Range(0, 86_400_000_000L).stepS()).isEqualTo(900);
    assertThat(new Range(0, 7 * 86_400_000_000L).stepS()).isEqualTo(7_200);
    assertThat(new Range(0, 30 * 86_400_000_000L).stepS()).isEqualTo(21_600);
    assertThat(new Range(0, 400 * 86_400_000_000L).stepS()).isEqualTo(345_600);
  }
}
