package dev.tributary.attribution.core;

import dev.tributary.schemas.LedgerLine;
import dev.tributary.schemas.LinePrice;

/** What the spans over a trace's limit add to its totals; their lines are not read again. */
final class OverLimitTotals {
  private long spans;
  private long calls;
  private long unpricedCalls;
  private long unpricedTokens;
  private SpendSums spend = new SpendSums();

  /** A new span. */
  void addSpan() {
    spans++;
  }

  /** Adds ({@code sign} 1) or takes away (-1) what a line counts. */
  void count(LedgerLine line, int sign) {
    calls += (long) sign * line.getCalls();
    unpricedCalls += LinePrice.isUnpriced(line) ? (long) sign * line.getCalls() : 0;
    unpricedTokens += sign * line.getUnpricedTokens();
    spend.add(line.getUsage(), line.getCost(), sign);
  }

  long spans() {
    return spans;
  }

  long calls() {
    return calls;
  }

  long unpricedCalls() {
    return unpricedCalls;
  }

  long unpricedTokens() {
    return unpricedTokens;
  }

  SpendSums spend() {
    return spend;
  }

  void write(ByteWriter out) {
    out.number(spans).number(calls).number(unpricedCalls).number(unpricedTokens);
    spend.write(out);
  }

  static OverLimitTotals read(ByteReader in) {
    OverLimitTotals totals = new OverLimitTotals();
    totals.spans = in.number();
    totals.calls = in.number();
    totals.unpricedCalls = in.number();
    totals.unpricedTokens = in.number();
    totals.spend = SpendSums.read(in);
    return totals;
  }
}
