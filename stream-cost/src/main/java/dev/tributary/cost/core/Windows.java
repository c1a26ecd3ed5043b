package dev.tributary.cost.core;

import dev.tributary.schemas.Distribution;
import dev.tributary.schemas.Measures;
import dev.tributary.schemas.TokenSums;
import dev.tributary.schemas.Window;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** One-minute windows in event time, and their form on the wire. */
public final class Windows {
  /** Length of a window, microseconds. */
  public static final long LENGTH_US = 60_000_000;

  private Windows() {}

  /** Start of the window of an event time, microseconds since the epoch. */
  public static long startOf(long eventTimeUs) {
    return Math.floorDiv(eventTimeUs, LENGTH_US) * LENGTH_US;
  }

  /**
   * The window as a record.
   *
   * @param key record key: tenant and series
   * @param late whether its minute was closed before
   */
  public static Window toRecord(
      String key, long startUs, long revision, boolean late, PartialWindow sums) {
    Series series = Series.ofKey(key);
    Window window = new Window();
    window.setTenant(series.tenant());
    window.setEnvironment(series.environment());
    window.setGroupingSet(series.groupingSet());
    window.setDimensions(series.dimensions());
    window.setSeries(Series.textOfKey(key));
    window.setStartTimeUs(startUs);
    window.setLengthUs(LENGTH_US);
    window.setRevision(revision);
    window.setLate(late);
    window.setMeasures(measures(sums));
    window.setDistributions(distributions(sums));
    window.setScores(List.of());
    return window;
  }

  private static Measures measures(PartialWindow sums) {
    Measures measures = new Measures();
    measures.setLines(sums.count(Count.LINES));
    measures.setCalls(sums.count(Count.CALLS));
    measures.setErrors(sums.count(Count.ERRORS));
    measures.setRetries(sums.count(Count.RETRIES));
    measures.setFallbacks(sums.count(Count.FALLBACKS));
    measures.setRefusals(sums.count(Count.REFUSALS));
    measures.setLengthStops(sums.count(Count.LENGTH_STOPS));
    measures.setContentFilters(sums.count(Count.CONTENT_FILTERS));
    measures.setToolCalls(sums.count(Count.TOOL_CALLS));
    measures.setToolFailures(sums.count(Count.TOOL_FAILURES));
    measures.setRetrievals(sums.count(Count.RETRIEVALS));
    measures.setEmptyRetrievals(sums.count(Count.EMPTY_RETRIEVALS));
    measures.setRetrievalLatencyUs(sums.count(Count.RETRIEVAL_LATENCY_US));
    measures.setGuardrailBlocks(sums.count(Count.GUARDRAIL_BLOCKS));
    measures.setTraces(sums.count(Count.TRACES));
    measures.setToolLoops(sums.count(Count.TOOL_LOOPS));
    measures.setHandoffs(sums.count(Count.HANDOFFS));
    measures.setPricedCalls(sums.count(Count.PRICED_CALLS));
    measures.setUnpricedCalls(sums.count(Count.UNPRICED_CALLS));
    measures.setUnpricedTokens(sums.count(Count.UNPRICED_TOKENS));
    measures.setAttributedCalls(sums.count(Count.ATTRIBUTED_CALLS));
    measures.setEstimatedCalls(sums.count(Count.ESTIMATED_CALLS));
    measures.setLatencyUs(sums.count(Count.LATENCY_US));
    measures.setTokens(tokens(sums, 0));
    measures.setTokensEstimated(tokens(sums, Count.TO_ESTIMATED));
    measures.setCost(sums.amount(Money.COST));
    measures.setCostEstimated(sums.amount(Money.COST_ESTIMATED));
    measures.setCostAttributed(sums.amount(Money.COST_ATTRIBUTED));
    measures.setCostEval(sums.amount(Money.COST_EVAL));
    return measures;
  }

  private static TokenSums tokens(PartialWindow sums, int offset) {
    long[] counts = sums.counts();
    TokenSums tokens = new TokenSums();
    tokens.setInputUncached(counts[Count.INPUT_UNCACHED.at() + offset]);
    tokens.setCacheRead(counts[Count.CACHE_READ.at() + offset]);
    tokens.setCacheWrite5m(counts[Count.CACHE_WRITE_5M.at() + offset]);
    tokens.setCacheWrite1h(counts[Count.CACHE_WRITE_1H.at() + offset]);
    tokens.setInputAudio(counts[Count.INPUT_AUDIO.at() + offset]);
    tokens.setInputImage(counts[Count.INPUT_IMAGE.at() + offset]);
    tokens.setOutputText(counts[Count.OUTPUT_TEXT.at() + offset]);
    tokens.setReasoning(counts[Count.REASONING.at() + offset]);
    tokens.setOutputAudio(counts[Count.OUTPUT_AUDIO.at() + offset]);
    tokens.setOutputImage(counts[Count.OUTPUT_IMAGE.at() + offset]);
    return tokens;
  }

  private static List<Distribution> distributions(PartialWindow sums) {
    List<Distribution> records = new ArrayList<>(Metric.SIZE);
    for (Metric metric : Metric.values()) {
      SignedBuckets buckets = sums.distributionOrNull(metric);
      if (buckets != null && !buckets.isEmpty()) {
        records.add(distribution(metric, buckets));
      }
    }
    records.sort(Comparator.comparing(Distribution::getMetric));
    return records;
  }

  private static Distribution distribution(Metric metric, SignedBuckets buckets) {
    List<Integer> indexes = new ArrayList<>(buckets.size());
    List<Long> counts = new ArrayList<>(buckets.size());
    for (int i = 0; i < buckets.size(); i++) {
      indexes.add(buckets.indexAt(i));
      counts.add(buckets.countAt(i));
    }
    return new Distribution(metric.label(), buckets.zeroCount(), indexes, counts);
  }
}
