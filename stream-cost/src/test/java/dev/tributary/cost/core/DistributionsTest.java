package dev.tributary.cost.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.tributary.cost.LedgerEntries;
import dev.tributary.schemas.Distribution;
import dev.tributary.schemas.LedgerEntry;
import dev.tributary.schemas.SpanKind;
import dev.tributary.schemas.TokenUsage;
import dev.tributary.schemas.UsageQuality;
import dev.tributary.schemas.Window;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Which values of a line the distributions of a window hold. */
class DistributionsTest {
  private static final GroupingSet FEATURE = GroupingSet.of("feature", Dimension.FEATURE);

  private static Window window(LedgerEntry entry, GroupingSet set) {
    EntryCells cells = new EntryCells(List.of(set));
    CombinedPart part = new CombinedPart();
    cells.read(entry);
    assertThat(cells.enters(0)).isTrue();
    cells.contribution(0).addTo(part);
    return Windows.toRecord(
        cells.key(0).recordKey(), cells.key(0).startUs(), 1, false, part.sums());
  }

  /** The value of each distribution of one line, by its name; 0 for one that counts a zero. */
  private static Map<String, Double> values(Window window) {
    Map<String, Double> values = new TreeMap<>();
    for (Distribution of : window.getDistributions()) {
      boolean isZero = of.getZeroCount() == 1;
      assertThat(of.getCounts()).hasSize(isZero ? 0 : 1).allMatch(count -> count == 1);
      values.put(
          of.getMetric(), isZero ? 0.0 : SketchMapping.value(of.getIndexes().get(0)).doubleValue());
    }
    return values;
  }

  private static LedgerEntry call() {
    LedgerEntry call = LedgerEntries.call("01", LedgerEntries.BASE_US);
    call.getLine().setTtftUs(90_000L);
    return call;
  }

  /** Cached and reasoning tokens are part of the totals, whoever counted them. */
  @ParameterizedTest
  @EnumSource(names = {"REPORTED", "ESTIMATED"})
  void call_hasOneValueInEach(UsageQuality quality) {
    LedgerEntry call = call();
    call.getLine().setUsageQuality(quality);
    call.getLine()
        .setUsage(
            TokenUsage.newBuilder()
                .setInputUncached(1_000L)
                .setCacheRead(2_000L)
                .setCacheWrite5m(4_000L)
                .setCacheWrite1h(8_000L)
                .setInputAudio(16_000L)
                .setInputImage(32_000L)
                .setOutputText(100L)
                .setReasoning(200L)
                .setOutputAudio(400L)
                .setOutputImage(800L)
                .build());

    Map<String, Double> values = values(window(call, FEATURE));

    assertThat(values)
        .containsOnlyKeys("cost_usd", "latency_us", "ttft_us", "input_tokens", "output_tokens");
    assertThat(values.get("cost_usd")).isCloseTo(0.0123, withinPercentage(1));
    assertThat(values.get("latency_us")).isCloseTo(400_000, withinPercentage(1));
    assertThat(values.get("ttft_us")).isCloseTo(90_000, withinPercentage(1));
    assertThat(values.get("input_tokens")).isCloseTo(63_000, withinPercentage(1));
    assertThat(values.get("output_tokens")).isCloseTo(1_500, withinPercentage(1));
  }

  /** Unknown is not 0: a percentile over what nobody stated would be too low. */
  @Test
  void call_whatIsNotStated_isInNone() {
    LedgerEntry call = call();
    call.getLine().setTtftUs(null);
    call.getLine().setCost(null);
    call.getLine().setUsage(TokenUsage.newBuilder().setOutputText(0L).build());

    assertThat(values(window(call, FEATURE))).containsOnlyKeys("latency_us", "output_tokens");
    call.getLine().setUsage(TokenUsage.newBuilder().setCacheRead(0L).build());
    assertThat(values(window(call, FEATURE))).containsOnlyKeys("latency_us", "input_tokens");
    call.getLine().setUsage(null);
    assertThat(values(window(call, FEATURE))).containsOnlyKeys("latency_us");
  }

  @Test
  void call_ofZeros_isCountedAsZero() {
    LedgerEntry call = call();
    call.getLine().setTtftUs(0L);
    call.getLine().setLatencyUs(0);
    call.getLine().setCost(BigDecimal.ZERO.setScale(18));
    call.getLine().setUsage(TokenUsage.newBuilder().setInputUncached(0L).setOutputText(0L).build());

    assertThat(values(window(call, FEATURE)))
        .isEqualTo(
            Map.of(
                "cost_usd", 0.0,
                "latency_us", 0.0,
                "ttft_us", 0.0,
                "input_tokens", 0.0,
                "output_tokens", 0.0));
  }

  /** An agent that owns what its calls did not state is dearer and slower than any call. */
  @Test
  void usageOfAnAgent_isInNone() {
    LedgerEntry agent = call();
    agent.getLine().setSpanKind(SpanKind.AGENT);
    agent.getLine().setCalls(0);

    Window window = window(agent, FEATURE);

    assertThat(values(window)).isEmpty();
    assertThat(window.getMeasures().getLatencyUs()).isZero();
    assertThat(window.getMeasures().getCost()).isEqualByComparingTo("0.0123");
  }

  private static LedgerEntry step(SpanKind kind) {
    return LedgerEntries.booked(LedgerEntries.line("01", LedgerEntries.BASE_US, kind));
  }

  /** Beside calls the latency of steps would be mixed into theirs. */
  @Test
  void latency_ofToolsAndRetrievals_isInTheirOwnSets() {
    LedgerEntry tool = step(SpanKind.TOOL);
    LedgerEntry retrieval = step(SpanKind.RETRIEVAL);
    tool.getLine().setLatencyUs(70_000);
    retrieval.getLine().setLatencyUs(30_000);

    Map<String, Double> ofTools = values(window(tool, GroupingSet.parse("tool")));
    Map<String, Double> ofSources =
        values(window(retrieval, GroupingSet.parse("retrieval_source")));

    assertThat(values(window(tool, FEATURE))).isEmpty();
    assertThat(values(window(retrieval, FEATURE))).containsOnlyKeys("retrieval_latency_us");
    assertThat(ofTools).containsOnlyKeys("latency_us");
    assertThat(ofTools.get("latency_us")).isCloseTo(70_000, withinPercentage(1));
    assertThat(ofSources).containsOnlyKeys("latency_us", "retrieval_latency_us");
    assertThat(ofSources.get("latency_us")).isCloseTo(30_000, withinPercentage(1));
    assertThat(ofSources.get("retrieval_latency_us")).isCloseTo(30_000, withinPercentage(1));
  }
}
