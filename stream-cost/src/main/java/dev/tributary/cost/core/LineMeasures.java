package dev.tributary.cost.core;

import dev.tributary.schemas.CostLine;
import dev.tributary.schemas.FinishReason;
import dev.tributary.schemas.LedgerEntry;
import dev.tributary.schemas.LedgerLine;
import dev.tributary.schemas.LinePrice;
import dev.tributary.schemas.Purpose;
import dev.tributary.schemas.Retrieval;
import dev.tributary.schemas.TokenUsage;
import dev.tributary.schemas.TraceMeasures;
import dev.tributary.schemas.UsageQuality;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one ledger entry adds to a window, worked out once and then added to the window of every
 * grouping set: signed counts, exact amounts, bucket numbers. Reused from entry to entry, for one
 * thread.
 *
 * <p>Three measures depend on the set. <em>Latency</em> is that of calls, and of the tools or
 * retrievals in a set of only those. <em>Retries</em> and <em>fallbacks</em> come from the line of
 * the closed trace in sets that count traces, since it also sees repeats that state no attempt
 * number, and from the calls themselves in all others: never from both.
 */
final class LineMeasures {
  private static final int NO_BUCKET = Integer.MIN_VALUE;
  private static final List<Money> SPEND = List.of(Money.COST, Money.COST_ESTIMATED);
  private static final int ZERO_BUCKET = Integer.MIN_VALUE + 1;

  private final int[] countAt = new int[Count.SIZE];
  private final long[] countBy = new long[Count.SIZE];
  private int counts;
  private final long[] money = new long[2 * Money.SIZE];
  private final long[] part = new long[2];
  private int moneyMask;
  private final int[] buckets = new int[Metric.SIZE];
  private int sign;
  private int roles;
  private long calls;
  private long unpriced;
  private long latencyUs;
  private long callRetries;
  private long callFallbacks;
  private long traceRetries;
  private long traceFallbacks;
  private @Nullable String rateCard;

  private final LowScores lowScores;

  LineMeasures(LowScores lowScores) {
    this.lowScores = lowScores;
  }

  /**
   * Works out an entry.
   *
   * @throws IllegalArgumentException when the sign is neither +1 nor -1
   * @throws ArithmeticException when the cost is no decimal(38,18)
   */
  void read(LedgerEntry entry) {
    sign = entry.getSign();
    if (sign != 1 && sign != -1) {
      throw new IllegalArgumentException("sign of a ledger entry must be 1 or -1: " + sign);
    }
    LedgerLine line = entry.getLine();
    counts = 0;
    moneyMask = 0;
    unpriced = 0;
    roles = LineRole.rolesOf(line);
    calls = line.getCalls();
    latencyUs = line.getLatencyUs();
    if (roles == 0) {
      return;
    }
    count(Count.LINES, 1);
    unpriced = LinePrice.isLowerBound(line) ? Math.max(1, calls) : 0;
    readCall(line);
    readCost(line);
    readUsage(line.getUsage(), line.getUsageQuality());
    readTools(line);
    readTrace(line.getTrace());
    buckets[Metric.LATENCY_US.at()] = bucket(latencyUs);
    Long ttft = calls != 0 ? line.getTtftUs() : null;
    buckets[Metric.TTFT_US.at()] = ttft == null ? NO_BUCKET : bucket(ttft);
    rateCard = line.getRateCardId();
  }

  int roles() {
    return roles;
  }

  private void count(Count count, long value) {
    if (value != 0) {
      countAt[counts] = count.at();
      countBy[counts++] = sign * value;
    }
  }

  private void readCall(LedgerLine line) {
    Integer attempt = line.getAttempt();
    callRetries = attempt != null && attempt > 1 ? calls : 0;
    callFallbacks = line.getFallbackFrom() != null ? calls : 0;
    count(Count.UNPRICED_TOKENS, line.getUnpricedTokens());
    if (calls == 0) {
      return;
    }
    count(Count.CALLS, calls);
    count(Count.ERRORS, line.getError() ? calls : 0);
    count(Count.FINISHED_CALLS, line.getFinishReasons().isEmpty() ? 0 : calls);
    for (FinishReason reason : line.getFinishReasons()) {
      countFinish(reason, line);
    }
    count(Count.PRICED_CALLS, LinePrice.isPriced(line) ? calls : 0);
    count(Count.UNPRICED_CALLS, LinePrice.isUnpriced(line) ? calls : 0);
    count(Count.ATTRIBUTED_CALLS, LineFacts.isAttributed(line) ? calls : 0);
    count(Count.UNTAGGED_CALLS, LineFacts.isUntagged(line) ? calls : 0);
    count(Count.ESTIMATED_CALLS, LineFacts.isEstimated(line.getUsageQuality()) ? calls : 0);
    boolean isMissing = line.getUsageQuality() == UsageQuality.MISSING;
    count(Count.CALLS_WITHOUT_USAGE, isMissing ? calls : 0);
  }

  /** A call with several choices may end in several ways; each way counts once. */
  private void countFinish(FinishReason reason, LedgerLine line) {
    Count count =
        switch (reason) {
          case REFUSAL -> Count.REFUSALS;
          case LENGTH -> Count.LENGTH_STOPS;
          case CONTENT_FILTER -> Count.CONTENT_FILTERS;
          case STOP, TOOL_CALL, ERROR, UNKNOWN -> null;
        };
    if (count == null) {
      return;
    }
    for (int i = 0; i < counts; i++) {
      if (countAt[i] == count.at()) {
        return;
      }
    }
    count(count, line.getCalls());
  }

  private void readCost(LedgerLine line) {
    BigDecimal cost = line.getCost();
    buckets[Metric.COST_USD.at()] = NO_BUCKET;
    if (cost == null) {
      return;
    }
    Money apart = LineFacts.isEstimated(line.getUsageQuality()) ? Money.COST_ESTIMATED : Money.COST;
    Int128.set(money, apart.at(), cost);
    long high = money[2 * apart.at()];
    long low = money[2 * apart.at() + 1];
    if ((high | low) != 0) {
      amount(apart, high, low);
      if (LineFacts.isAttributed(line)) {
        amount(Money.COST_ATTRIBUTED, high, low);
      }
      if (line.getPurpose() == Purpose.EVAL) {
        amount(Money.COST_EVAL, high, low);
      }
      if (LineFacts.isUntagged(line)) {
        amount(Money.COST_UNTAGGED, high, low);
      }
      readBuckets(line.getCostLines(), high, low);
    }
    if (calls != 0 && high >= 0) {
      buckets[Metric.COST_USD.at()] =
          (high | low) == 0 ? ZERO_BUCKET : SketchMapping.indexOfAmount(high, low);
    }
  }

  /**
   * What the buckets with a slot do not explain goes to the last, so that slots add up to the cost.
   */
  private void readBuckets(List<CostLine> lines, long high, long low) {
    int rest = Money.OTHER_BUCKETS.at();
    amount(Money.OTHER_BUCKETS, high, low);
    for (CostLine line : lines) {
      Money slot = Money.ofBucket(line.getBucket());
      BigDecimal cost = line.getCost();
      if (slot == Money.OTHER_BUCKETS || cost == null || cost.signum() == 0) {
        continue;
      }
      Int128.set(part, 0, cost);
      Int128.subtract(money, rest, part[0], part[1]);
      if ((moneyMask & (1 << slot.at())) == 0) {
        amount(slot, part[0], part[1]);
      } else {
        Int128.add(money, slot.at(), part[0], part[1]);
      }
    }
    if (Int128.isZero(money, rest)) {
      moneyMask &= ~(1 << rest);
    }
  }

  private void amount(Money slot, long high, long low) {
    money[2 * slot.at()] = high;
    money[2 * slot.at() + 1] = low;
    moneyMask |= 1 << slot.at();
  }

  private void readUsage(@Nullable TokenUsage usage, UsageQuality quality) {
    int inputBucket = NO_BUCKET;
    int outputBucket = NO_BUCKET;
    if (usage != null) {
      int from = LineFacts.isEstimated(quality) ? Count.TO_ESTIMATED : 0;
      boolean perCall = calls != 0;
      int statedInputs =
          tokens(from, Count.INPUT_UNCACHED, usage.getInputUncached())
              + tokens(from, Count.CACHE_READ, usage.getCacheRead())
              + tokens(from, Count.CACHE_WRITE_5M, usage.getCacheWrite5m())
              + tokens(from, Count.CACHE_WRITE_1H, usage.getCacheWrite1h())
              + tokens(from, Count.INPUT_AUDIO, usage.getInputAudio())
              + tokens(from, Count.INPUT_IMAGE, usage.getInputImage());
      int statedOutputs =
          tokens(from, Count.OUTPUT_TEXT, usage.getOutputText())
              + tokens(from, Count.REASONING, usage.getReasoning())
              + tokens(from, Count.OUTPUT_AUDIO, usage.getOutputAudio())
              + tokens(from, Count.OUTPUT_IMAGE, usage.getOutputImage());
      inputBucket = perCall && statedInputs > 0 ? bucket(inputTotal(usage)) : NO_BUCKET;
      outputBucket = perCall && statedOutputs > 0 ? bucket(outputTotal(usage)) : NO_BUCKET;
    }
    buckets[Metric.INPUT_TOKENS.at()] = inputBucket;
    buckets[Metric.OUTPUT_TOKENS.at()] = outputBucket;
  }

  /** Takes a bucket in; 1 where the payload states it, else 0. */
  private int tokens(int offset, Count count, @Nullable Long tokens) {
    if (tokens == null) {
      return 0;
    }
    if (tokens != 0) {
      countAt[counts] = count.at() + offset;
      countBy[counts++] = sign * tokens;
    }
    return 1;
  }

  private static long inputTotal(TokenUsage usage) {
    return known(usage.getInputUncached())
        + known(usage.getCacheRead())
        + known(usage.getCacheWrite5m())
        + known(usage.getCacheWrite1h())
        + known(usage.getInputAudio())
        + known(usage.getInputImage());
  }

  private static long outputTotal(TokenUsage usage) {
    return known(usage.getOutputText())
        + known(usage.getReasoning())
        + known(usage.getOutputAudio())
        + known(usage.getOutputImage());
  }

  private static long known(@Nullable Long tokens) {
    return tokens == null ? 0 : tokens;
  }

  private void readTools(LedgerLine line) {
    if ((roles & LineRole.TOOL.bit()) != 0) {
      count(Count.TOOL_CALLS, 1);
      count(Count.TOOL_FAILURES, line.getError() ? 1 : 0);
    }
    buckets[Metric.RETRIEVAL_LATENCY_US.at()] = NO_BUCKET;
    if ((roles & LineRole.RETRIEVAL.bit()) != 0) {
      readRetrieval(line.getRetrieval());
    }
    if ((roles & LineRole.GUARDRAIL.bit()) != 0) {
      GuardrailOutcome outcome = GuardrailOutcome.of(line.getGuardrailOutcome());
      count(Count.GUARDRAILS, 1);
      count(Count.GUARDRAIL_BLOCKS, outcome == GuardrailOutcome.PASSED ? 0 : 1);
      count(Count.GUARDRAIL_MASKS, outcome == GuardrailOutcome.MASKED ? 1 : 0);
      count(Count.GUARDRAIL_FLAGS, outcome == GuardrailOutcome.FLAGGED ? 1 : 0);
    }
  }

  private void readRetrieval(@Nullable Retrieval facts) {
    Integer hits = facts == null ? null : facts.getHits();
    Double best = facts == null ? null : facts.getScoreMax();
    count(Count.RETRIEVALS, 1);
    count(Count.COUNTED_RETRIEVALS, hits == null ? 0 : 1);
    count(Count.EMPTY_RETRIEVALS, hits != null && hits == 0 ? 1 : 0);
    if (facts != null && best != null) {
      count(Count.SCORED_RETRIEVALS, 1);
      count(Count.LOW_SCORE_RETRIEVALS, lowScores.isLow(facts.getSource(), best) ? 1 : 0);
    }
    count(Count.RETRIEVAL_LATENCY_US, latencyUs);
    buckets[Metric.RETRIEVAL_LATENCY_US.at()] = bucket(latencyUs);
  }

  private void readTrace(@Nullable TraceMeasures trace) {
    traceRetries = trace == null ? 0 : trace.getRetries();
    traceFallbacks = trace == null ? 0 : trace.getFallbacks();
    if (trace != null) {
      count(Count.TRACES, 1);
      count(Count.TOOL_LOOPS, trace.getToolLoops());
      count(Count.HANDOFFS, trace.getHandoffs());
    }
  }

  /** Bucket of a value; negative values, which no valid line has, are in none. */
  private static int bucket(long value) {
    if (value <= 0) {
      return value == 0 ? ZERO_BUCKET : NO_BUCKET;
    }
    return SketchMapping.index(value);
  }

  /**
   * Adds the entry to a window of a set that it enters.
   *
   * @param setRoles the roles whose lines enter the set
   */
  void addTo(PartialWindow window, int setRoles) {
    for (int i = 0; i < counts; i++) {
      window.add(countAt[i], countBy[i]);
    }
    boolean countsTraces = (setRoles & LineRole.TRACE.bit()) != 0;
    window.add(Count.RETRIES.at(), sign * (countsTraces ? traceRetries : callRetries));
    window.add(Count.FALLBACKS.at(), sign * (countsTraces ? traceFallbacks : callFallbacks));
    for (int slot = 0; slot < Money.SIZE; slot++) {
      if ((moneyMask & (1 << slot)) != 0) {
        window.addMoney(slot, money[2 * slot], money[2 * slot + 1], sign);
      }
    }
    boolean ofCalls = (setRoles & LineRole.CALL.bit()) != 0;
    boolean hasLatency = ofCalls ? calls != 0 : (roles & setRoles & ~LineRole.TRACE.bit()) != 0;
    if (hasLatency) {
      window.add(Count.LATENCY_US.at(), sign * latencyUs);
      distribute(window, Metric.LATENCY_US);
    }
    distribute(window, Metric.COST_USD);
    distribute(window, Metric.TTFT_US);
    distribute(window, Metric.INPUT_TOKENS);
    distribute(window, Metric.OUTPUT_TOKENS);
    distribute(window, Metric.RETRIEVAL_LATENCY_US);
  }

  /** Adds the entry to a cell: what explains money, and no distributions. */
  void addToCell(PartialWindow cell) {
    for (int i = 0; i < counts; i++) {
      cell.add(countAt[i], countBy[i]);
    }
    for (int slot = 0; slot < Money.SIZE; slot++) {
      if ((moneyMask & (1 << slot)) != 0) {
        cell.addMoney(slot, money[2 * slot], money[2 * slot + 1], sign);
      }
    }
    if (rateCard != null) {
      cell.addRateCard(rateCard, sign);
    }
  }

  /** Adds the entry's money to spend; usage without a whole price counts even where no call is. */
  void addSpend(PartialWindow spend) {
    spend.add(Count.CALLS.at(), sign * calls);
    spend.add(Count.UNPRICED_CALLS.at(), sign * unpriced);
    for (Money slot : SPEND) {
      if ((moneyMask & (1 << slot.at())) != 0) {
        spend.addMoney(slot.at(), money[2 * slot.at()], money[2 * slot.at() + 1], sign);
      }
    }
  }

  /** True where the entry has money, or should have. */
  boolean isSpend() {
    return calls != 0 || moneyMask != 0 || unpriced != 0;
  }

  private void distribute(PartialWindow window, Metric metric) {
    int bucket = buckets[metric.at()];
    if (bucket == NO_BUCKET) {
      return;
    }
    SignedBuckets into = window.distribution(metric);
    if (bucket == ZERO_BUCKET) {
      into.addZero(sign);
    } else {
      into.add(bucket, sign);
    }
  }
}
