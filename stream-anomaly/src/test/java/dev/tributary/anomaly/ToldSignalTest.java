package dev.tributary.anomaly;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * What is kept of a flag that was told: its end has to go to the same people as the same episode.
 */
class ToldSignalTest {
  private static ToldSignal kept(ToldSignal told) {
    ToldSignal kept = ToldSignal.of(told.toBytes());
    assertThat(kept).isNotNull();
    return kept;
  }

  @Test
  void toldSignal_isReadAsItWasKept() {
    for (List<String> routes : List.of(List.<String>of(), List.of("slack:a"), List.of("a", "b"))) {
      ToldSignal told =
          new ToldSignal(
              17,
              "production",
              "blue",
              routes,
              "critical",
              3,
              Map.of("feature", "chat", "tool", "", "model", "m=1|2"));
      assertThat(kept(told)).isEqualTo(told);
      ToldSignal without = new ToldSignal(17, "all", "blue", routes, "warning", 1, Map.of());
      assertThat(kept(without)).isEqualTo(without);
    }
  }

  /** As older versions kept it, and as it is kept of queues. */
  @Test
  void toldSignal_withoutASeverity_isReadWithoutOne() {
    for (List<String> routes : List.of(List.<String>of(), List.of("slack:a", "pager:b"))) {
      ToldSignal told = ToldSignal.of(17, "staging", "blue", routes);

      ToldSignal kept = kept(told);

      assertThat(kept).isEqualTo(told);
      assertThat(kept.severity()).isNull();
      assertThat(kept.revision()).isEqualTo(1);
    }
  }

  /** Older versions kept nothing but since when. */
  @Test
  void toldSignal_ofATimeAlone_isNone() {
    assertThat(ToldSignal.of(StoreKeys.of(17, "").get())).isNull();
  }

  @Test
  void next_isTheSameEpisode_aRevisionLater() {
    ToldSignal told =
        new ToldSignal(
            17, "production", "blue", List.of("a"), "warning", 1, Map.of("feature", "chat"));

    assertThat(told.next("critical"))
        .isEqualTo(
            new ToldSignal(
                17, "production", "blue", List.of("a"), "critical", 2, Map.of("feature", "chat")));
  }
}
