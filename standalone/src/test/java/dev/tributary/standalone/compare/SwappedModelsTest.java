package dev.tributary.standalone.compare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.standalone.compare.SwappedModels.Seen;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class SwappedModelsTest {
  private static final Instant NOW = Instant.parse("2026-03-20T10:30:00Z");

  private static Seen seen(String feature, String requested, String returned, int daysAgo) {
    return new Seen(
        "default", "prod", feature, requested, returned, NOW.minus(Duration.ofDays(daysAgo)));
  }

  @Test
  void comparison_ofASwappedModel_isBeforeAgainstAfterInItsFeature() {
    List<ArmSelection> comparisons =
        SwappedModels.comparisons(
            List.of(seen("chat", "gpt", "gpt-b", 2), seen("chat", "gpt", "gpt-a", 20)), NOW);

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
            SwappedModels.comparisons(
                List.of(
                    seen("chat", "gpt", "gpt-a", 20),
                    seen("chat", "claude", "claude-x", 2),
                    seen("help", "gpt", "gpt-b", 2),
                    seen("mail", "gpt", "gpt-a", 20),
                    seen("mail", "gpt", "gpt-b", 15)),
                NOW))
        .isEmpty();
  }
}
