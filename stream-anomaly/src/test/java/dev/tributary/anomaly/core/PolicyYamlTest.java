package dev.tributary.anomaly.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PolicyYamlTest {
  @Test
  void parse_nothing_isTheDefault() {
    assertThat(PolicyYaml.parse("p.yaml", "").policy()).isEqualTo(Policy.DEFAULT);
  }

  @Test
  void parse_named_isTaken() {
    Policy policy =
        PolicyYaml.parse(
                "p.yaml",
                "values: share\n"
                    + "direction: drop\n"
                    + "factor: 3\n"
                    + "sudden_factor: 6\n"
                    + "warmup: 2d\n"
                    + "surprise: 1e-5\n"
                    + "reopen_within: 0s")
            .policy();

    assertThat(policy.values()).isEqualTo(ValueKind.SHARE);
    assertThat(policy.direction()).isEqualTo(Direction.DROP);
    assertThat(policy.factor()).isEqualTo(3);
    assertThat(policy.warmup()).isEqualTo(Duration.ofDays(2));
    assertThat(policy.surprise()).isEqualTo(1e-5);
    assertThat(policy.reopenWithin()).isZero();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "factor: 1               | factor is 1.0",
        "factor: 6               | sudden_factor is 5.0",
        "resolve_factor: 2.5     | resolve_factor is 2.5",
        "breaches: 4             | breaches is 4",
        "floor: -1               | floor is -1.0",
        "surprise: 0.5           | surprise is 0.5",
        "warmup: 24              | warmup is 24",
        "warmup: 0s              | warmup is PT0S",
        "reopen_within: 8d       | reopen_within is PT192H; allowed: 0s to 7d",
        "direction: sideways     | allowed: rise, drop, both",
        "facter: 2               | unknown [facter]",
        "facter:                 | unknown [facter]",
        "season:                 | season is empty",
        "values: null            | values is empty",
        "policies: [{id: a}]     | policies is a list of several; expected are the keys of one",
        "factor: much            | factor is much",
        "'factor: 2\nfactor: 3'  | duplicate key",
        "- 1                     | must be a mapping"
      })
  void parse_contradiction_namesKeyAndValue(String text, String message) {
    assertThatThrownBy(() -> PolicyYaml.parse("p.yaml", text))
        .isInstanceOf(PolicyException.class)
        .hasMessageStartingWith("p.yaml: ")
        .hasMessageContaining(message);
  }
}
