package dev.tributary.cost.core;

import dev.tributary.cost.core.ScoreTotals.Sum;
import dev.tributary.cost.core.ScoreTotals.Tally;
import dev.tributary.schemas.Cell;
import dev.tributary.schemas.Distribution;
import dev.tributary.schemas.ExampleCall;
import dev.tributary.schemas.Measures;
import dev.tributary.schemas.ScoreSums;
import dev.tributary.schemas.Sight;
import dev.tributary.schemas.TokenSums;
import dev.tributary.schemas.Window;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One-minute windows in event time, and their form on the wire. */
public final class Windows {
  /** Length of a window, microseconds. */
  public static final long LENGTH_US = 60_000_000;

  /** Length of a cell, microseconds. */
  public static final long CELL_LENGTH_US = 5 * LENGTH_US;

  /** The year 10 000, microseconds since the epoch: beyond it no period can be told. */
  private static final long BEYOND_US = 253_402_300_800_000_000L;

  private Windows() {}

  /**
   * The event time, if windows and periods can hold it.
   *
   * @throws IllegalArgumentException before 1970, where no record can be, or after the year 9999
   */
  static long checked(long eventTimeUs) {
    if (eventTimeUs < 0 || eventTimeUs >= BEYOND_US) {
      throw new IllegalArgumentException("no time between 1970 and 9999: " + eventTimeUs);
    }
    return eventTimeUs;
  }

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
    window.setScores(scores(sums));
    return window;
  }

  /**
   * The cell as a record.
   *
   * @param key full key of the cell
   * @param late whether its five minutes were closed before
   */
  public static Cell toCell(
      String key, long startUs, long revision, boolean late, PartialWindow sums) {
    Series series = Series.ofKey(key);
    Cell cell = new Cell();
    cell.setTenant(series.tenant());
    cell.setEnvironment(series.environment());
    cell.setDimensions(series.dimensions());
    cell.setStartTimeUs(startUs);
    cell.setLengthUs(CELL_LENGTH_US);
    cell.setRevision(revision);
    cell.setLate(late);
    cell.setCalls(sums.count(Count.CALLS));
    cell.setErrors(sums.count(Count.ERRORS));
    cell.setPricedCalls(sums.count(Count.PRICED_CALLS));
    PartialWindow all = new PartialWindow();
    all.merge(sums);
    for (int bucket = Count.INPUT_UNCACHED.at(); bucket <= Count.OUTPUT_IMAGE.at(); bucket++) {
      all.add(bucket, sums.counts()[bucket + Count.TO_ESTIMATED]);
    }
    cell.setTokens(tokens(all, 0));
    cell.setCost(sums.totalCost());
    cell.setCostByBucket(costByBucket(sums));
    cell.setRateCards(
        sums.rateCards().entrySet().stream()
            .filter(card -> card.getValue() > 0)
            .map(Map.Entry::getKey)
            .toList());
    cell.setSights(sights(sums.sightsOrNull()));
    Examples examples = sums.examplesOrNull();
    cell.setDearestCall(examples == null ? null : example(examples.dearest()));
    cell.setChanceCall(examples == null ? null : example(examples.byChance()));
    return cell;
  }

  private static @Nullable ExampleCall example(Examples.@Nullable Example call) {
    return call == null ? null : new ExampleCall(call.traceId(), call.cost());
  }

  private static List<Sight> sights(@Nullable Sights sights) {
    List<Sight> records = new ArrayList<>();
    if (sights != null) {
      sights
          .all()
          .forEach(
              (key, sight) -> {
                if (sight.lines() > 0 && sight.firstUs() != Sights.NEVER) {
                  records.add(
                      new Sight(key.kind().label(), key.subject(), key.value(), sight.firstUs()));
                }
              });
    }
    return records;
  }

  private static Map<String, BigDecimal> costByBucket(PartialWindow sums) {
    Map<String, BigDecimal> costs = new TreeMap<>();
    for (Money slot : Money.BUCKETS) {
      BigDecimal cost = sums.amount(slot);
      if (cost.signum() != 0) {
        costs.put(slot.bucketName(), cost);
      }
    }
    return costs;
  }

  private static List<ScoreSums> scores(PartialWindow sums) {
    List<ScoreSums> records = new ArrayList<>();
    sums.scores()
        .forEach(
            (key, totals) ->
                records.add(
                    ScoreSums.newBuilder()
                        .setName(key.name())
                        .setSource(key.source())
                        .setN(totals.count(Tally.SCORED))
                        .setFailed(totals.count(Tally.FAILED))
                        .setUnvalued(totals.count(Tally.UNVALUED))
                        .setNotSampled(totals.count(Tally.NOT_SAMPLED))
                        .setWeight(totals.number(Sum.W))
                        .setWeightSquared(totals.number(Sum.WW))
                        .setWeightedValue(totals.number(Sum.WX))
                        .setWeightedValueSquared(totals.number(Sum.WXX))
                        .setWeightSquaredValue(totals.number(Sum.WWX))
                        .setWeightSquaredValueSquared(totals.number(Sum.WWXX))
                        .build()));
    return records;
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
    measures.setUntaggedCalls(sums.count(Count.UNTAGGED_CALLS));
    measures.setCallsWithoutUsage(sums.count(Count.CALLS_WITHOUT_USAGE));
    measures.setFinishedCalls(sums.count(Count.FINISHED_CALLS));
    measures.setGuardrails(sums.count(Count.GUARDRAILS));
    measures.setGuardrailMasks(sums.count(Count.GUARDRAIL_MASKS));
    measures.setGuardrailFlags(sums.count(Count.GUARDRAIL_FLAGS));
    measures.setCountedRetrievals(sums.count(Count.COUNTED_RETRIEVALS));
    measures.setScoredRetrievals(sums.count(Count.SCORED_RETRIEVALS));
    measures.setLowScoreRetrievals(sums.count(Count.LOW_SCORE_RETRIEVALS));
    measures.setCostUntagged(sums.amount(Money.COST_UNTAGGED));
    measures.setCostByBucket(costByBucket(sums));
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
        records.add(distribution(metric.label(), buckets));
      }
    }
    sums.scores()
        .forEach(
            (key, totals) -> {
              if (!totals.values().isEmpty()) {
                records.add(distribution(scoreMetric(key), totals.values()));
              }
            });
    records.sort(Comparator.comparing(Distribution::getMetric));
    return records;
  }

  /** Name of the distribution of a score's values. */
  private static String scoreMetric(ScoreKey key) {
    return "score." + key.source() + '.' + key.name();
  }

  private static Distribution distribution(String metric, SignedBuckets buckets) {
    List<Integer> indexes = new ArrayList<>(buckets.size());
    List<Long> counts = new ArrayList<>(buckets.size());
    for (int i = 0; i < buckets.size(); i++) {
      indexes.add(buckets.indexAt(i));
      counts.add(buckets.countAt(i));
    }
    return new Distribution(metric, buckets.zeroCount(), indexes, counts);
  }
}
