package dev.tributary.evaldispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.tributary.evaldispatch.core.EvalPolicy;
import dev.tributary.evaldispatch.core.Route;
import dev.tributary.evaldispatch.core.Stratum;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

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
}
