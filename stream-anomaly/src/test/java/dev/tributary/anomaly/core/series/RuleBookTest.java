package dev.tributary.anomaly.core.series;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.anomaly.PolicyReader;
import dev.tributary.anomaly.core.Direction;
import dev.tributary.anomaly.core.PolicyException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Policies: what they change, and what is refused. */
class RuleBookTest {
  private static final SeriesKey CHAT =
      new SeriesKey(
          "default",
          "production",
          "feature",
          Map.of("feature", "chat"),
          "feature|environment=production|feature=chat");

  private static RuleBook book(String policies) {
    return new RuleBook(PolicyReader.readFile("p.yaml", "policies:\n" + policies));
  }

  @Test
  void defaults_areThoseOfTheMetric() {
    Rule rule = RuleBook.DEFAULTS.baseline(CHAT, SeriesMetric.SPEND_PER_HOUR, "spend_per_hour");

    assertThat(rule).isNotNull();
    assertThat(rule.policy().factor()).isEqualTo(2);
    assertThat(rule.policy().floor()).isEqualTo(1);
    Rule length = RuleBook.DEFAULTS.limit(CHAT, SeriesMetric.LENGTH_SHARE, "length_share");
    assertThat(length).isNotNull();
    assertThat(length.limit()).isEqualTo(0.05);
    assertThat(RuleBook.DEFAULTS.limit(CHAT, SeriesMetric.CALLS, "calls")).isNull();
  }

  /** By feature it is all or nothing; a service that never tagged has no other baseline. */
  @Test
  void untaggedShare_hasALimit_ofServices() {
    SeriesKey service =
        new SeriesKey("default", "production", "service", Map.of("service", "api"), "service|api");

    Rule limit = RuleBook.DEFAULTS.limit(service, SeriesMetric.UNTAGGED_SHARE, "untagged_share");

    assertThat(limit).isNotNull();
    assertThat(limit.limit()).isEqualTo(0.2);
    assertThat(limit.limitWindows()).isEqualTo(3);
    assertThat(RuleBook.DEFAULTS.limit(CHAT, SeriesMetric.UNTAGGED_SHARE, "untagged_share"))
        .isNull();
    RuleBook off =
        book("- {id: a, metric: untagged_share, service: api, rule: limit, enabled: false}");
    assertThat(off.limit(service, SeriesMetric.UNTAGGED_SHARE, "untagged_share")).isNull();
  }

  @Test
  void sightsThatAreAlarms_canBeSwitchedOff() {
    RuleBook book =
        book(
            """
            - {id: a, metric: returned_model, environment: staging, enabled: false}
            - {id: b, metric: unpriced_model, feature: chat, model: own, enabled: false}
            - {id: c, feature: chat, enabled: false}
            """);

    Map<String, String> chat = Map.of("feature", "chat", "model", "own");
    assertThat(book.isTold("returned_model", "staging", chat)).isFalse();
    assertThat(book.isTold("returned_model", "production", chat)).isTrue();
    assertThat(book.isTold("unpriced_model", "production", chat)).isFalse();
    assertThat(book.isTold("unpriced_model", "production", Map.of("feature", "chat"))).isTrue();
  }

  @Test
  void narrowerPolicy_winsFieldByField() {
    RuleBook book =
        book(
            """
            - {id: narrow, metric: spend_per_hour, feature: chat, factor: 4}
            - {id: wide, metric: spend_per_hour, factor: 3, floor: 9}
            - {id: elsewhere, metric: spend_per_hour, feature: search, factor: 5, sudden_factor: 7}
            """);

    Rule rule = book.baseline(CHAT, SeriesMetric.SPEND_PER_HOUR, "spend_per_hour");

    assertThat(rule).isNotNull();
    assertThat(rule.policy().factor()).isEqualTo(4);
    assertThat(rule.policy().floor()).isEqualTo(9);
  }

  /** Windows do not say which scores are good where they are low. */
  @Test
  void scoreThatIsGoodWhereItIsLow_canBeWatchedForARise() {
    RuleBook book = book("- {id: low, metric: score.evaluator.toxicity, direction: rise}\n");

    Rule toxicity = book.baseline(CHAT, SeriesMetric.SCORE, "score.evaluator.toxicity");
    Rule other = book.baseline(CHAT, SeriesMetric.SCORE, "score.evaluator.relevance");

    assertThat(toxicity).isNotNull();
    assertThat(toxicity.policy().direction()).isEqualTo(Direction.RISE);
    assertThat(other).isNotNull();
    assertThat(other.policy().direction()).isEqualTo(Direction.DROP);
  }

  @Test
  void limit_changesTheFixedRuleAlone() {
    RuleBook book = book("- {id: length, metric: length_share, limit: 0.2}");

    Rule limit = book.limit(CHAT, SeriesMetric.LENGTH_SHARE, "length_share");

    assertThat(limit).isNotNull();
    assertThat(limit.limit()).isEqualTo(0.2);
    assertThat(book.baseline(CHAT, SeriesMetric.LENGTH_SHARE, "length_share"))
        .isEqualTo(RuleBook.DEFAULTS.baseline(CHAT, SeriesMetric.LENGTH_SHARE, "length_share"));
  }

  @Test
  void disabled_isNotWatched() {
    RuleBook book = book("- {id: off, feature: chat, enabled: false}");

    assertThat(book.baseline(CHAT, SeriesMetric.CALLS, "calls")).isNull();
    assertThat(book.limit(CHAT, SeriesMetric.LENGTH_SHARE, "length_share")).isNotNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "- {id: a, metric: spend, factor: 3}; metric is spend; allowed: spend_per_hour",
        "- {id: a, factor: 0.5}; factor is 0.5",
        "- {id: a, colour: red}; unknown [colour]",
        "- {id: a, metric: calls, limit: 0.5}; limit needs a metric that is a share",
        "- {id: a, metric: length_share, limit: 5}; limit is 5; allowed: above 0, below 1",
        "- {id: a, enabled: maybe}; enabled is maybe",
        "- {id: a}; states nothing",
        "- {id: a, metric: returned_model}; of returned_model is allowed: enabled: false",
        "- {id: a, metric: unpriced_model, limit: 0.5}; of unpriced_model is allowed",
        "- {id: a, metric: unpriced_model, team: blue, enabled: false}; is allowed: enabled",
        "- {id: a, values: share}; values cannot be changed",
        "- {metric: calls, factor: 3}; id is null",
        "- 5; each is a mapping"
      })
  void badPolicy_isRefusedByName(String policy, String message) {
    assertThatThrownBy(() -> book(policy))
        .isInstanceOf(PolicyException.class)
        .hasMessageContaining("p.yaml")
        .hasMessageContaining(message);
  }

  @Test
  void contradictions_areRefused() {
    assertThatThrownBy(
            () ->
                book(
                    """
                    - {id: a, metric: calls, factor: 3}
                    - {id: b, metric: calls, factor: 4}
                    """))
        .hasMessageContaining("a and b select the same");
    assertThatThrownBy(
            () ->
                book(
                    """
                    - {id: a, metric: calls, factor: 4}
                    - {id: b, metric: calls, feature: chat, sudden_factor: 3}
                    """))
        .hasMessageContaining("policy b over a: sudden_factor");
  }

  /** Whatever one feature's policy says, nothing is said of another's. */
  @ParameterizedTest
  @CsvSource({
    "feature: chat, feature: search",
    "environment: production, environment: staging",
    "grouping_set: feature, grouping_set: team"
  })
  void policiesThatNoSeriesHasBothOf_contradictEachOtherInNothing(String one, String other) {
    RuleBook book =
        book(
            "- {id: a, metric: calls, %s, factor: 4}\n- {id: b, metric: calls, %s, sudden_factor: 3}"
                .formatted(one, other));

    Rule rule = book.baseline(CHAT, SeriesMetric.CALLS, "calls");
    assertThat(rule).isNotNull();
    assertThat(rule.policy().factor()).isEqualTo(4);
    assertThat(rule.policy().suddenFactor()).isEqualTo(5);
  }

  @Test
  void policiesOfTwoScores_contradictEachOtherInNothing() {
    assertThat(
            book("""
            - {id: a, metric: score.evaluator.tone, factor: 4}
            - {id: b, metric: score.evaluator.facts, sudden_factor: 3}
            """)
                .rows())
        .hasSize(2);
  }

  /** Both of them are of one series, though neither selects all of the other's. */
  @Test
  void policiesThatMeet_areRefusedWhereTheyContradictEachOther() {
    assertThatThrownBy(
            () ->
                book(
                    """
                    - {id: a, metric: calls, environment: production, factor: 4}
                    - {id: b, metric: calls, feature: chat, sudden_factor: 3}
                    """))
        .hasMessageContaining("policy b over a: sudden_factor");
  }

  private static SeriesKey key(String environment, String set, Map<String, String> dimensions) {
    return new SeriesKey("default", environment, set, dimensions, set + dimensions);
  }

  private static double limit(SeriesKey key, SeriesMetric metric, String name) {
    Rule rule = RuleBook.DEFAULTS.limit(key, metric, name);
    return rule == null ? Double.NaN : rule.limit();
  }

  @Test
  void fixedRules_areOfFeatures_thatOfToolsOfTools() {
    SeriesKey tool = key("production", "tool", Map.of("tool", "search"));
    SeriesKey team = key("production", "team", Map.of("team", "blue"));

    assertThat(limit(tool, SeriesMetric.TOOL_FAILURE_SHARE, "tool_failure_share")).isEqualTo(0.2);
    assertThat(limit(CHAT, SeriesMetric.TOOL_FAILURE_SHARE, "tool_failure_share")).isNaN();
    assertThat(limit(CHAT, SeriesMetric.REFUSAL_SHARE, "refusal_share")).isEqualTo(0.1);
    assertThat(limit(CHAT, SeriesMetric.UNPRICED_SHARE, "unpriced_share")).isEqualTo(0.05);
    assertThat(limit(team, SeriesMetric.LENGTH_SHARE, "length_share")).isNaN();
    assertThat(limit(CHAT, SeriesMetric.SCORE, "score.evaluator.faithfulness")).isEqualTo(0.85);
    assertThat(limit(CHAT, SeriesMetric.SCORE, "score.evaluator.tone")).isNaN();
  }

  @Test
  void spendOfEndpoints_hasAFactorOfItsOwn() {
    SeriesKey endpoint = key("production", "provider_surface_model", Map.of("model", "m"));
    Rule rule = RuleBook.DEFAULTS.baseline(endpoint, SeriesMetric.SPEND_PER_HOUR, "spend_per_hour");

    assertThat(rule).isNotNull();
    assertThat(rule.policy().factor()).isEqualTo(3);
  }

  @ParameterizedTest
  @CsvSource({
    "environment: staging",
    "grouping_set: team",
    "feature: search",
    "team: blue",
    "metric: spend_per_hour"
  })
  void policyOfOthers_changesNothing(String selector) {
    RuleBook book = book("- {id: off, %s, enabled: false}".formatted(selector));

    assertThat(book.baseline(CHAT, SeriesMetric.CALLS, "calls")).isNotNull();
  }
}
