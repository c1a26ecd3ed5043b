package dev.tributary.evaldispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.tributary.evaldispatch.core.EvalPolicy;
import dev.tributary.evaldispatch.core.EvaluatorChoice;
import dev.tributary.evaldispatch.core.Route;
import dev.tributary.evaldispatch.core.Stratum;
import dev.tributary.evaldispatch.core.TraceFilter;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Policies as people write them. */
class PolicyReaderTest {

  @Test
  void readme_example_reads() throws IOException {
    String readme = Files.readString(Path.of("README.md"));
    int begin = readme.indexOf("```yaml\n") + 8;

    List<EvalPolicy> policies =
        PolicyReader.readFile(
            "README.md", "default", readme.substring(begin, readme.indexOf("```", begin)));

    EvalPolicy policy = policies.get(0);
    assertThat(policy.evaluators()).extracting(each -> each.route()).contains(Route.values());
    assertThat(policy.strata())
        .extracting(Stratum::name)
        .containsExactly("errors", "cut", "dear", "new", "unhappy");
    assertThat(policy.strata().get(3).when().newForUs()).isEqualTo(3_600_000_000L);
    assertThat(policy.ceilingPerHour()).isEqualByComparingTo("2");
  }

  @Test
  void judge_withoutCost_refusedWithLine() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                PolicyReader.readFile(
                    "p.yaml",
                    "default",
                    "policies:\n- id: a\n  evaluators:\n  - {name: x, route: judge}\n"))
        .withMessageContainingAll("p.yaml:4", "cost");
  }

  @Test
  void ceiling_missing_refused() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                PolicyReader.readFile(
                    "p.yaml",
                    "default",
                    "policies:\n- id: a\n  evaluators: [{name: x, route: judge, cost: 1}]\n"))
        .withMessageContainingAll("p.yaml:2", "ceiling.per_hour");
  }

  @Test
  void field_unknown_refusedWithKnown() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                PolicyReader.readFile(
                    "p.yaml", "default", "policies:\n- id: a\n  evaluator: [{name: x}]\n"))
        .withMessageContainingAll("p.yaml:3", "evaluator", "evaluators");
  }

  @Test
  void policy_ofAnotherType_isNone() {
    assertThat(PolicyReader.readPolicy("default", "a", "{\"type\":\"open_trace\"}")).isNull();
  }

  /** Each field is where it belongs, and what is absent has its default. */
  @Test
  void everyField_isRead() {
    EvalPolicy policy =
        PolicyReader.readFile(
                "p.yaml",
                "acme",
                """
                policies:
                - id: answers
                  priority: 7
                  filter: {feature: [checkout, "help*"], team: blue}
                  evaluators:
                  - {name: faithfulness, version: "3", route: judge, cost: 0.02, parameters: {votes: "5"}}
                  - {name: refusal}
                  base_rate: 0.3
                  floor: 0.02
                  fast_rate: 0.4
                  strata:
                  - name: all
                    rate: 0.6
                    when: {errors: true, finish: LENGTH, cost_at_least: 0.5, wall_time_at_least: 45s,
                           tool_loops: true, new_for: 2h, score_below: 0.7, thumbs_down: true}
                  episode_boost: 3
                  ceiling: {per_hour: 2, per_day: 20}
                  second_look: true
                - id: plain
                  evaluators: [{name: refusal}]
                """)
            .get(0);

    assertThat(policy)
        .isEqualTo(
            new EvalPolicy(
                "acme",
                "answers",
                7,
                new TraceFilter(
                    Map.of("feature", List.of("checkout", "help*"), "team", List.of("blue"))),
                List.of(
                    new EvaluatorChoice(
                        "faithfulness",
                        "3",
                        Route.JUDGE,
                        new BigDecimal("0.02"),
                        Map.of("votes", "5")),
                    new EvaluatorChoice("refusal", "1", Route.FAST, BigDecimal.ZERO, Map.of())),
                0.3,
                0.02,
                0.4,
                List.of(
                    new Stratum(
                        "all",
                        0.6,
                        new Stratum.When(
                            true,
                            Set.of("length"),
                            new BigDecimal("0.5"),
                            45_000_000L,
                            true,
                            7_200_000_000L,
                            0.7,
                            true))),
                3,
                new BigDecimal("2"),
                new BigDecimal("20"),
                true));
  }

  /** A policy that states nothing but what it wants has the defaults, its floor within its rate. */
  @Test
  void absentFields_haveDefaults() {
    EvalPolicy plain = refusal("");
    assertThat(plain.baseRate()).isEqualTo(0.05);
    assertThat(plain.floor()).isEqualTo(0.001);
    assertThat(plain.fastRate()).isEqualTo(1);
    assertThat(plain.episodeBoost()).isEqualTo(1);
    assertThat(plain.priority()).isZero();
    assertThat(plain.hasSecondLook()).isFalse();
    assertThat(refusal(", base_rate: 0.0002").floor()).isEqualTo(0.0002);
  }

  private static EvalPolicy refusal(String more) {
    return PolicyReader.readFile(
            "p.yaml", "acme", "policies:\n- {id: a, evaluators: [{name: refusal}]" + more + "}\n")
        .get(0);
  }

  /** Each would cost more than was meant, or judge less. */
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "base_rate: 1.1; base_rate must be 0 to 1",
        "base_rate: 0.1, floor: 0.2; floor must not be above base_rate",
        "fast_rate: -0.1; fast_rate must be 0 to 1",
        "episode_boost: 0.9; episode_boost must be 1 to 100",
        "episode_boost: 101; episode_boost must be 1 to 100",
        "ceiling: {per_hour: 0}; ceiling.per_hour must be above 0",
        "ceiling: {per_hour: 1, per_day: -1}; ceiling.per_day must be above 0",
        "strata: [{name: rest, rate: 1, when: {errors: true}}]; the name rest is kept",
        "strata: [{name: x, rate: 1, when: {}}, {name: x, rate: 1, when: {}}]; stated twice: x",
      })
  void fieldOutOfBounds_isRefused(String field, String refusal) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> refusal(", " + field))
        .withMessageContainingAll("p.yaml:", refusal);
  }

  @Test
  void evaluatorStatedTwice_noneAtAll_andTwoPoliciesOfOneName_areRefused() {
    assertRefused("policies:\n- {id: a, evaluators: []}\n", "at least one");
    assertRefused(
        "policies:\n- {id: a, evaluators: [{name: x}, {name: x, version: '2'}]}\n",
        "stated twice: x");
    assertRefused(
        "policies:\n- {id: a, evaluators: [{name: x}]}\n- {id: a, evaluators: [{name: y}]}\n",
        "a second policy of the name a");
    assertRefused("policies:\n- {id: 'a|b', evaluators: [{name: x}]}\n", "letters, digits");
    assertRefused(
        "policies:\n- {id: a, evaluators: [{name: x, route: judge, cost: -1}],"
            + " ceiling: {per_hour: 1}}\n",
        "cost must not be negative");
  }

  private static void assertRefused(String yaml, String refusal) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PolicyReader.readFile("p.yaml", "acme", yaml))
        .withMessageContaining(refusal);
  }
}
