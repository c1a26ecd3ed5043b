package dev.tributary.attribution.core;

import static dev.tributary.attribution.core.TestSpans.agent;
import static dev.tributary.attribution.core.TestSpans.carrying;
import static dev.tributary.attribution.core.TestSpans.llm;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.schemas.TraceSummary;
import dev.tributary.schemas.UsageQuality;
import java.math.BigDecimal;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A trace says how much of it nobody could price, over its limit of spans as below it. */
class UnpricedSumsTest {
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 100})
  void callsWithoutAPrice_areCountedBesideTheCost(int limit) {
    JoinHarness harness =
        new JoinHarness(
            JoinTimes.DEFAULT, new JoinLimits(limit, 1 << 20, 100, Set.of()), TestViews.BOTH);
    harness.send(llm(1, 0).build());
    harness.send(llm(2, 0).setModelRequested("nobody").setModelReturned("nobody").build());
    harness.send(llm(3, 0).setModelRequested("nobody").setModelReturned("nobody").build());
    harness.advance(TimeUnit.MINUTES.toMicros(2));

    TraceSummary summary = harness.summaries.get(harness.summaries.size() - 1);
    assertThat(summary.getCalls()).isEqualTo(3);
    assertThat(summary.getUnpricedCalls()).isEqualTo(2);
    assertThat(summary.getUnpricedTokens()).isEqualTo(2 * 1_248);
    assertThat(summary.getCost()).isEqualByComparingTo(new BigDecimal("0.0034575"));
  }

  /** Its money is on the ancestor's line: nothing of the trace's cost is missing. */
  @Test
  void callWhoseUsageAnAncestorOwns_isNotUnpriced() {
    JoinHarness harness =
        new JoinHarness(
            JoinTimes.DEFAULT, new JoinLimits(100, 1 << 20, 100, Set.of()), TestViews.BOTH);
    harness.send(carrying(agent(1, 0), 500, 20).build());
    harness.send(llm(2, 1).setUsageQuality(UsageQuality.ESTIMATED).build());
    harness.advance(TimeUnit.MINUTES.toMicros(2));

    TraceSummary summary = harness.summaries.get(harness.summaries.size() - 1);
    assertThat(summary.getCalls()).isEqualTo(1);
    assertThat(summary.getUnpricedCalls()).isZero();
  }
}
