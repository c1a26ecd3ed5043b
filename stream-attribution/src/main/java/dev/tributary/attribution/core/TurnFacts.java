package dev.tributary.attribution.core;

import dev.tributary.schemas.SessionTurn;
import dev.tributary.schemas.TokenUsage;
import dev.tributary.schemas.TraceSummary;
import java.math.BigDecimal;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/**
 * What a session keeps of one trace, so that a later revision can be subtracted.
 *
 * @param tokens counts by bucket in the order of {@link TokenUsage}; null: not known
 * @param contextTokens largest input total of a call; null: not known
 */
@SuppressWarnings("ArrayRecordComponent") // never compared as a whole, never changed
record TurnFacts(
    String traceId,
    long revision,
    long startUs,
    long endUs,
    long calls,
    long errors,
    long tools,
    long unpricedCalls,
    @Nullable Long[] tokens,
    boolean assumedCacheTtl,
    @Nullable BigDecimal cost,
    @Nullable String user,
    @Nullable String feature,
    @Nullable String team,
    @Nullable String environment,
    @Nullable String workspace,
    @Nullable Long contextTokens) {

  static TurnFacts of(TraceSummary trace) {
    TokenUsage usage = trace.getUsage();
    @Nullable Long[] tokens = new @Nullable Long[SpendSums.BUCKETS];
    for (int bucket = 0; usage != null && bucket < SpendSums.BUCKETS; bucket++) {
      tokens[bucket] = (Long) usage.get(bucket);
    }
    return new TurnFacts(
        trace.getTraceId(),
        trace.getRevision(),
        trace.getStartTimeUs(),
        trace.getEndTimeUs(),
        trace.getCalls(),
        trace.getErrors(),
        trace.getTools(),
        trace.getUnpricedCalls(),
        tokens,
        usage != null && usage.getAssumedCacheTtl(),
        trace.getCost(),
        trace.getUserHash(),
        trace.getAttribution().getFeature().getValue(),
        trace.getAttribution().getTeam().getValue(),
        trace.getAttribution().getEnvironment().getValue(),
        trace.getAttribution().getWorkspace().getValue(),
        trace.getLargestContext());
  }

  /**
   * The turn as a session lists it.
   *
   * @param number by start, from 1
   * @param gapUs time since the turn before; null: unknown
   */
  SessionTurn listed(long number, @Nullable Long gapUs) {
    Long input = null;
    for (int bucket = 0; bucket < 6; bucket++) { // the first six buckets are input
      Long count = tokens[bucket];
      if (count != null) {
        input = Math.addExact(input == null ? 0 : input, count);
      }
    }
    return new SessionTurn(
        traceId,
        startUs,
        endUs,
        cost,
        input,
        calls,
        errors,
        number,
        endUs - startUs,
        gapUs,
        contextTokens);
  }

  byte[] write() {
    ByteWriter out = new ByteWriter(128);
    write(out);
    return out.done();
  }

  void write(ByteWriter out) {
    out.text(traceId).number(revision).number(startUs).number(endUs - startUs);
    out.number(calls).number(errors).number(tools).number(unpricedCalls);
    for (Long count : tokens) {
      out.optional(count);
    }
    out.flag(assumedCacheTtl).flag(cost != null);
    if (cost != null) {
      out.block(cost.setScale(Amounts.SCALE).unscaledValue().toByteArray());
    }
    out.optional(user).optional(feature).optional(team).optional(environment).optional(workspace);
    out.optional(contextTokens);
  }

  static TurnFacts read(ByteReader in) {
    String traceId = in.text();
    long revision = in.number();
    long start = in.number();
    long end = start + in.number();
    long calls = in.number();
    long errors = in.number();
    long tools = in.number();
    long unpriced = in.number();
    @Nullable Long[] tokens = new @Nullable Long[SpendSums.BUCKETS];
    for (int bucket = 0; bucket < SpendSums.BUCKETS; bucket++) {
      tokens[bucket] = in.optionalNumber();
    }
    boolean assumed = in.flag();
    BigDecimal cost = in.flag() ? new BigDecimal(new BigInteger(in.block()), Amounts.SCALE) : null;
    return new TurnFacts(
        traceId,
        revision,
        start,
        end,
        calls,
        errors,
        tools,
        unpriced,
        tokens,
        assumed,
        cost,
        in.optionalText(),
        in.optionalText(),
        in.optionalText(),
        in.optionalText(),
        in.optionalText(),
        in.optionalNumber());
  }
}
