package dev.tributary.attribution.core;

import static dev.tributary.attribution.core.TestSpans.agent;
import static dev.tributary.attribution.core.TestSpans.llm;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.runtime.testing.Seeds;
import dev.tributary.schemas.LedgerLine;
import dev.tributary.schemas.Provenance;
import dev.tributary.schemas.Span;
import dev.tributary.schemas.TraceSummary;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Traces of ten thousand spans: deep, wide, random, and over the limit. */
class LargeTraceTest {
  private static final int SPANS = 10_000;
  private static final long MINUTE = TimeUnit.MINUTES.toMicros(1);
  private static final BigDecimal CALL = new BigDecimal("0.0034575");

  @Test
  void chain_booksLinearly() {
    List<Span> chain = new ArrayList<>();
    for (int i = 1; i < SPANS; i++) {
      chain.add(agent(i, i - 1).build());
    }
    chain.add(llm(SPANS, SPANS - 1).build());
    Collections.reverse(chain);
    JoinHarness harness = harness(JoinLimits.DEFAULT);
    harness.send(chain);
    harness.advance(2 * MINUTE);
    assertThat(harness.ledger.net()).hasSize(SPANS + 1);
    assertThat(harness.ledger.cost()).isEqualByComparingTo(CALL);
    TraceSummary summary = harness.summaries.get(0);
    assertThat(summary.getCriticalPathUs().values().stream().mapToLong(us -> us).sum())
        .isEqualTo(summary.getWallTimeUs());
  }

  @Test
  void random_netIsTheBook() {
    long seed = Seeds.one();
    Seeds.with(
        seed,
        unused -> {
          Random random = new Random(seed);
          RandomTrace trace = new RandomTrace(random, 1, SPANS);
          List<Span> spans = new ArrayList<>(trace.copies());
          Collections.shuffle(spans, random);
          JoinHarness harness = harness(JoinLimits.DEFAULT);
          for (int i = 0; i < spans.size(); i++) {
            harness.send(spans.get(i));
            if (i % 997 == 0) {
              harness.advance(TimeUnit.SECONDS.toMicros(9));
            }
          }
          harness.advance(2 * MINUTE);
          harness.advance(MINUTE);
          int[] lines = {0};
          Map<String, byte[]> net = harness.ledger.netBytes();
          dev.tributary.attribution.SchemaCodec codec = new dev.tributary.attribution.SchemaCodec();
          Book.book(trace.distinct(), TestViews.FIRST, BookOptions.closed(TestViews.FIRST))
              .forEachLine(
                  line -> {
                    lines[0]++;
                    assertThat(net.get(line.getSource() + "|" + line.getItem()))
                        .as("line %s", line.getItem())
                        .isEqualTo(codec.encode(line));
                  });
          assertThat(net).hasSize(lines[0]);
        });
  }

  @Test
  void overTheLimit_moneyIsNotRejected() {
    JoinLimits limits = new JoinLimits(1_000, 64 << 20, 10_000, JoinLimits.DEFAULT.requiredTags());
    JoinHarness harness = harness(limits);
    harness.send(TestSpans.carrying(agent(1, 0), 5_000_000, 1).build());
    for (int i = 2; i <= SPANS; i++) {
      harness.send(llm(i, 1).setTags(TestSpans.feature("search")).build());
    }
    harness.advance(2 * MINUTE);
    assertThat(harness.rejected).isEmpty();
    assertThat(harness.ledger.cost())
        .isEqualByComparingTo(CALL.multiply(BigDecimal.valueOf(SPANS - 1)));
    LedgerLine over = harness.ledger.line(TestSpans.id(SPANS));
    assertThat(over.getAttribution().getFeature().getProvenance()).isEqualTo(Provenance.OVER_LIMIT);
    TraceSummary summary = harness.summaries.get(harness.summaries.size() - 1);
    assertThat(summary.getSpans()).isEqualTo(SPANS);
    assertThat(summary.getCost()).isEqualByComparingTo(harness.ledger.cost());
    assertThat(summary.getCloseReason()).isEqualTo("over_limit");
    assertThat(summary.getUsage().getInputUncached()).isEqualTo(1_203L * (SPANS - 1));
    assertThat(summary.getUsage().getOutputText()).isEqualTo(45L * (SPANS - 1));
    assertThat(summary.getUsage().getCacheRead()).as("nobody knows").isNull();
  }

  /** An aggregate that owned is retracted as soon as its trace is over the limit. */
  @Test
  void overTheLimit_retractsAggregates() {
    JoinLimits limits = new JoinLimits(2, 64 << 20, 10_000, JoinLimits.DEFAULT.requiredTags());
    JoinHarness harness = harness(limits);
    harness.send(TestSpans.carrying(agent(1, 0), 1_203, 45).build());
    harness.send(agent(2, 1).build());
    harness.advance(2 * MINUTE);
    assertThat(harness.ledger.line(TestSpans.id(1)).getUsage()).isNotNull();
    harness.send(llm(3, 2).build());
    harness.advance(MINUTE);
    assertThat(harness.ledger.line(TestSpans.id(1)).getUsage()).isNull();
    assertThat(harness.ledger.cost()).isEqualByComparingTo(CALL);
  }

  private static JoinHarness harness(JoinLimits limits) {
    return new JoinHarness(JoinTimes.DEFAULT, limits, TestViews.BOTH);
  }
}
