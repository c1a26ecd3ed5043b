package dev.tributary.standalone.compare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.standalone.compare.NewVersions.Seen;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class NewVersionsTest {
  private static final Instant NOW = Instant.parse("2026-03-20T10:30:00Z");

  private static Seen seen(String environment, String prompt, String version, int daysAgo) {
    return new Seen("default", environment, prompt, version, NOW.minus(Duration.ofDays(daysAgo)));
  }

  @Test
  void comparisons_ofNewVersions_withTheOneBefore() {
    List<ArmSelection> comparisons =
        NewVersions.comparisons(
            List.of(
                seen("prod", "answer", "v3", 2),
                seen("prod", "answer", "v1", 20),
                seen("prod", "answer", "v2", 9)),
            NOW);

    assertThat(comparisons)
        .extracting(arms -> arms.baseline() + " " + arms.candidate() + " " + arms.since())
        .containsExactly("v1 v2 2026-03-04T10:00:00Z", "v2 v3 2026-03-11T10:00:00Z");
  }

  @Test
  void comparisons_ofOldOrOnlyVersions_none() {
    assertThat(
            NewVersions.comparisons(
                List.of(
                    seen("prod", "answer", "v1", 20),
                    seen("prod", "answer", "v2", 15),
                    seen("test", "answer", "v3", 1),
                    seen("prod", "other", "v1", 1)),
                NOW))
        .isEmpty();
  }
}
