package dev.tributary.attribution.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.runtime.testing.Seeds;
import dev.tributary.schemas.Span;
import dev.tributary.schemas.TraceSummary;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A thousand generated traces: what was planted is found, and nothing else. */
class TraceAnalyticsPropertyTest {
  private static final int RUNS = 20;
  private static final int TRACES_PER_RUN = 50;
  private static final BigDecimal CALL = new BigDecimal("0.0034575");

  static Stream<Long> seeds() {
    return Seeds.many(RUNS);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void planted_isFound(long seed) {
    Seeds.with(
        seed,
        unused -> {
          Random random = new Random(seed);
          List<PlantedTrace> planted = new ArrayList<>();
          List<Span> spans = new ArrayList<>();
          for (int i = 0; i < TRACES_PER_RUN; i++) {
            PlantedTrace trace = new PlantedTrace(random, i);
            planted.add(trace);
            spans.addAll(trace.spans());
          }
          Collections.shuffle(spans, random);
          Map<String, TraceSummary> summaries = summaries(spans);
          for (int i = 0; i < TRACES_PER_RUN; i++) {
            assertFound(planted.get(i), summaries.get(TestSpans.trace(i)));
          }
        });
  }

  private static void assertFound(PlantedTrace planted, TraceSummary found) {
    assertThat(found.getToolLoops()).isEqualTo(planted.loops);
    assertThat(found.getToolLoopList()).hasSize((int) planted.loops);
    assertThat(found.getToolLoopCalls()).isEqualTo(planted.loopCalls);
    assertCalls(found.getToolLoopCost(), planted.burntCalls);
    assertThat(found.getHandoffs()).isEqualTo(planted.handoffs);
    assertThat(found.getHandoffList()).hasSize((int) planted.handoffs);
    assertThat(found.getHandoffGapUs()).isEqualTo(planted.handoffGapUs);
    assertThat(found.getFallbacks()).isEqualTo(planted.fallbacks);
    assertThat(found.getFallbackList()).hasSize((int) planted.fallbacks);
    assertCalls(found.getFallbackCost(), planted.triedPaidCalls);
    assertPathSums(found);
  }

  private static void assertCalls(@Nullable BigDecimal cost, long calls) {
    if (calls == 0) {
      assertThat(cost).isNull();
    } else {
      assertThat(cost).isEqualByComparingTo(CALL.multiply(BigDecimal.valueOf(calls)));
    }
  }

  private static void assertPathSums(TraceSummary summary) {
    assertThat(summary.getCriticalPathUs().values().stream().mapToLong(us -> us).sum())
        .as("critical path of %s", summary)
        .isEqualTo(summary.getWallTimeUs());
    assertThat(summary.getCriticalPathUs().values()).allMatch(us -> us > 0);
  }

  /** Odd trees too: orphans, cycles, several roots, children outside of their parents. */
  @ParameterizedTest
  @MethodSource("seeds")
  void criticalPath_sumsToTheWallTime(long seed) {
    Seeds.with(
        seed,
        unused -> {
          Random random = new Random(seed);
          for (int i = 0; i < TRACES_PER_RUN; i++) {
            RandomTrace trace = new RandomTrace(random, i, 1 + random.nextInt(60));
            summaries(trace.copies()).values().forEach(TraceAnalyticsPropertyTest::assertPathSums);
          }
        });
  }

  private static Map<String, TraceSummary> summaries(List<Span> spans) {
    JoinHarness harness = new JoinHarness(JoinTimes.DEFAULT, JoinLimits.DEFAULT, TestViews.BOTH);
    harness.send(spans);
    harness.advance(TimeUnit.MINUTES.toMicros(2));
    Map<String, TraceSummary> summaries = new HashMap<>();
    harness.summaries.forEach(summary -> summaries.put(summary.getTraceId(), summary));
    return summaries;
  }
}
