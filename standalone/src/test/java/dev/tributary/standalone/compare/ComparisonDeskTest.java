package dev.tributary.standalone.compare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.quality.Comparison;
import dev.tributary.quality.GateOutcome;
import dev.tributary.quality.GatePolicy;
import dev.tributary.quality.GateResult;
import dev.tributary.quality.GateRule;
import dev.tributary.runtime.config.Settings;
import dev.tributary.schemas.Event;
import dev.tributary.sink.clickhouse.SinkConfig;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is announced of a gate, and what counts as announced before. */
class ComparisonDeskTest {
  private static final GatePolicy POLICY =
      new GatePolicy(
          Comparison.LIVE,
          GatePolicy.Undecided.WAIT,
          List.of(new GateRule("error_share", null, 0.1, null)));

  private final ComparisonDesk desk =
      new ComparisonDesk(
          Settings.of(Map.of(), SinkConfig.allSettings()),
          Clock.fixed(Instant.parse("2026-03-05T00:00:00Z"), ZoneOffset.UTC));

  @Test
  void gateEvent_ofOtherTrafficOrOutcome_isAnother() {
    List<String> ids = new ArrayList<>();
    ids.add(event("staging", null, GateOutcome.PASS).getEventId());
    ids.add(event("production", null, GateOutcome.PASS).getEventId());
    ids.add(event("production", "chat", GateOutcome.PASS).getEventId());
    ids.add(event("production", "chat", GateOutcome.FAIL).getEventId());
    ids.add(event(null, null, GateOutcome.PASS).getEventId());

    assertThat(ids).doesNotHaveDuplicates();
    assertThat(event("staging", null, GateOutcome.PASS).getEventId()).isEqualTo(ids.get(0));
  }

  @Test
  void gateEvent_saysWhatWasDecided() {
    Event event = event("production", "chat", GateOutcome.NOT_ENOUGH_DATA);

    assertThat(event.getEnvironment()).isEqualTo("production");
    assertThat(event.getSubject()).isEqualTo("prompt answer v13");
    assertThat(event.getDimensions())
        .isEqualTo(Map.of("prompt_version", "v13", "prompt_name", "answer", "feature", "chat"));
    assertThat(event.getDetail())
        .isEqualTo(
            Map.of(
                "baseline",
                "v12",
                "candidate",
                "v13",
                "outcome",
                "not enough data",
                "limits",
                "1"));
    assertThat(event.getEventTimeUs()).isEqualTo(1_772_668_800_000_000L);
  }

  private Event event(@Nullable String environment, @Nullable String feature, GateOutcome outcome) {
    return desk.event(
        new ArmSelection(
            "default",
            ArmSelection.By.PROMPT_VERSION,
            "answer",
            "v12",
            "v13",
            environment,
            feature,
            null,
            null),
        POLICY,
        new GateResult(outcome, List.of()));
  }
}
