package dev.tributary.standalone.compare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.standalone.compare.ArmSelection.By;
import dev.tributary.standalone.compare.Successors.Seen;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class SuccessorsTest {
  private static final Instant NOW = Instant.parse("2026-03-20T10:30:00Z");

  private static Seen version(String environment, String prompt, String version, int daysAgo) {
    return new Seen(
        By.PROMPT_VERSION, "default", environment, null, prompt, version, daysAgo(daysAgo));
  }

  private static Seen model(String feature, String requested, String returned, int daysAgo) {
    return new Seen(
        By.RETURNED_MODEL, "default", "prod", feature, requested, returned, daysAgo(daysAgo));
  }

  private static Instant daysAgo(int days) {
    return NOW.minus(Duration.ofDays(days));
  }

  @Test
  void comparisons_ofNewVersions_withTheOneBefore() {
    List<ArmSelection> comparisons =
        Successors.comparisons(
            List.of(
                version("prod", "answer", "v3", 2),
                version("prod", "answer", "v1", 20),
                version("prod", "answer", "v2", 9)),
            NOW);

    assertThat(comparisons)
        .extracting(arms -> arms.baseline() + " " + arms.candidate() + " " + arms.since())
        .containsExactly("v1 v2 2026-03-04T10:00:00Z", "v2 v3 2026-03-11T10:00:00Z");
    assertThat(comparisons).extracting(ArmSelection::prompt).containsOnly("answer");
  }

  @Test
  void comparisons_ofOldOrOnlyVersions_none() {
    assertThat(
            Successors.comparisons(
                List.of(
                    version("prod", "answer", "v1", 20),
                    version("prod", "answer", "v2", 15),
                    version("test", "answer", "v3", 1),
                    version("prod", "other", "v1", 1)),
                NOW))
        .isEmpty();
  }

  @Test
  void comparison_ofASwappedModel_isBeforeAgainstAfterInItsFeature() {
    List<ArmSelection> comparisons =
        Successors.comparisons(
            List.of(model("chat", "gpt", "gpt-b", 2), model("chat", "gpt", "gpt-a", 20)), NOW);

    assertThat(comparisons).hasSize(1);
    ArmSelection arms = comparisons.get(0);
    assertThat(arms.baseline()).isEqualTo("gpt-a");
    assertThat(arms.candidate()).isEqualTo("gpt-b");
    assertThat(arms.since()).isEqualTo(Instant.parse("2026-03-11T10:00:00Z"));
    assertThat(arms.subject()).isEqualTo("returned model gpt-b");
    assertThat(arms.where())
        .contains("answered_by IN ('gpt-a', 'gpt-b')", "feature = 'chat'", "environment = 'prod'");
  }

  /** The negative control: another name, another feature and an old swap are none. */
  @Test
  void comparison_withoutASwap_none() {
    assertThat(
            Successors.comparisons(
                List.of(
                    model("chat", "gpt", "gpt-a", 20),
                    model("chat", "claude", "claude-x", 2),
                    model("help", "gpt", "gpt-b", 2),
                    model("mail", "gpt", "gpt-a", 20),
                    model("mail", "gpt", "gpt-b", 15)),
                NOW))
        .isEmpty();
  }
}
