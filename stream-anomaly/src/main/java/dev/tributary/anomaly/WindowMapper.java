package dev.tributary.anomaly;

import dev.tributary.anomaly.core.group.CellFact;
import dev.tributary.anomaly.core.group.ExampleCall;
import dev.tributary.anomaly.core.group.Version;
import dev.tributary.anomaly.core.series.Buckets;
import dev.tributary.anomaly.core.series.SeriesKey;
import dev.tributary.anomaly.core.series.StepSums;
import dev.tributary.anomaly.core.series.Tally;
import dev.tributary.schemas.Cell;
import dev.tributary.schemas.Distribution;
import dev.tributary.schemas.Measures;
import dev.tributary.schemas.ScoreSums;
import dev.tributary.schemas.TokenSums;
import dev.tributary.schemas.Window;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Windows and cells as the core knows them. */
public final class WindowMapper {
  /** Distributions that a metric reads. */
  private static final Set<String> DISTRIBUTIONS =
      Set.of("cost_usd", "latency_us", "ttft_us", "input_tokens", "output_tokens");

  private WindowMapper() {}

  /** The series that a window is of. */
  public static SeriesKey key(Window window) {
    return new SeriesKey(
        window.getTenant(),
        window.getEnvironment(),
        window.getGroupingSet(),
        new TreeMap<>(window.getDimensions()),
        window.getSeries());
  }

  /** What a window adds to its step. */
  public static StepSums sums(Window window) {
    StepSums sums = new StepSums();
    Measures m = window.getMeasures();
    sums.add(Tally.CALLS, m.getCalls());
    sums.add(Tally.ERRORS, m.getErrors());
    sums.add(Tally.RETRIES, m.getRetries());
    sums.add(Tally.FALLBACKS, m.getFallbacks());
    sums.add(Tally.REFUSALS, m.getRefusals());
    sums.add(Tally.LENGTH_STOPS, m.getLengthStops());
    sums.add(Tally.CONTENT_FILTERS, m.getContentFilters());
    sums.add(Tally.FINISHED_CALLS, m.getFinishedCalls());
    sums.add(Tally.TOOL_CALLS, m.getToolCalls());
    sums.add(Tally.TOOL_FAILURES, m.getToolFailures());
    sums.add(Tally.TRACES, m.getTraces());
    sums.add(Tally.TOOL_LOOPS, m.getToolLoops());
    sums.add(Tally.COUNTED_RETRIEVALS, m.getCountedRetrievals());
    sums.add(Tally.EMPTY_RETRIEVALS, m.getEmptyRetrievals());
    // A call that failed before it used anything has nothing to be priced.
    sums.add(Tally.UNPRICED_CALLS, Math.max(0, m.getUnpricedCalls() - m.getCallsWithoutUsage()));
    sums.add(Tally.UNTAGGED_CALLS, m.getUntaggedCalls());
    for (TokenSums tokens : List.of(m.getTokens(), m.getTokensEstimated())) {
      sums.add(Tally.INPUT_TOKENS, input(tokens));
      sums.add(Tally.CACHE_READ_TOKENS, tokens.getCacheRead());
      sums.add(Tally.OUTPUT_TOKENS, output(tokens));
    }
    sums.addCost(m.getCost());
    sums.addCost(m.getCostEstimated());
    for (Distribution distribution : window.getDistributions()) {
      if (DISTRIBUTIONS.contains(distribution.getMetric())) {
        add(sums.distribution(distribution.getMetric()), distribution);
      }
    }
    for (ScoreSums score : window.getScores()) {
      if (score.getN() > 0) {
        sums.addScore(
            score.getSource() + '.' + score.getName(),
            score.getN(),
            score.getWeight(),
            score.getWeightSquared(),
            score.getWeightedValue());
      }
    }
    return sums;
  }

  private static void add(Buckets buckets, Distribution from) {
    buckets.addZeros(from.getZeroCount());
    int size = Math.min(from.getIndexes().size(), from.getCounts().size());
    for (int i = 0; i < size; i++) {
      buckets.add(from.getIndexes().get(i), from.getCounts().get(i));
    }
  }

  private static long input(TokenSums t) {
    return t.getInputUncached()
        + t.getCacheRead()
        + t.getCacheWrite5m()
        + t.getCacheWrite1h()
        + t.getInputAudio()
        + t.getInputImage();
  }

  private static long output(TokenSums t) {
    return t.getOutputText() + t.getReasoning() + t.getOutputAudio() + t.getOutputImage();
  }

  static CellFact cell(Cell cell) {
    TokenSums t = cell.getTokens();
    Map<String, Long> tokens = new HashMap<>();
    put(tokens, "in.text.uncached", t.getInputUncached());
    put(tokens, "in.cache_read", t.getCacheRead());
    put(tokens, "in.cache_write_5m", t.getCacheWrite5m());
    put(tokens, "in.cache_write_1h", t.getCacheWrite1h());
    put(tokens, "in.audio", t.getInputAudio());
    put(tokens, "in.image", t.getInputImage());
    put(tokens, "out.text", t.getOutputText());
    put(tokens, "out.reasoning", t.getReasoning());
    put(tokens, "out.audio", t.getOutputAudio());
    put(tokens, "out.image", t.getOutputImage());
    Map<String, BigDecimal> costs = new HashMap<>(cell.getCostByBucket());
    return new CellFact(
        cell.getDimensions(),
        cell.getStartTimeUs(),
        cell.getCalls(),
        cell.getErrors(),
        cell.getPricedCalls(),
        tokens,
        costs,
        cell.getRateCards(),
        example(cell.getDearestCall()),
        example(cell.getChanceCall()));
  }

  private static @Nullable ExampleCall example(dev.tributary.schemas.@Nullable ExampleCall call) {
    return call == null ? null : new ExampleCall(call.getTraceId(), call.getCost());
  }

  /** The versions that a cell's calls were made with. */
  static List<Version> versions(Cell cell) {
    return cell.getSights().stream()
        .map(
            sight ->
                new Version(
                    sight.getKind(), sight.getSubject(), sight.getValue(), sight.getFirstTimeUs()))
        .toList();
  }

  private static void put(Map<String, Long> tokens, String bucket, long count) {
    if (count != 0) {
      tokens.put(bucket, count);
    }
  }
}
