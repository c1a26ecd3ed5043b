package dev.tributary.attribution.core;

import static dev.tributary.attribution.core.TestSpans.llm;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.schemas.TraceSummary;
import java.math.BigDecimal;
import java.util.Set;
import java.util.concurrent.TimeUnit;
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
}
