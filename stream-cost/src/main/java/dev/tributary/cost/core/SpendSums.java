package dev.tributary.cost.core;

import java.math.BigDecimal;
import java.nio.ByteBuffer;

/** Signed sums of spend in some time. Mutable, for one thread. */
public final class SpendSums {
  private static final int BYTES = 4 * Long.BYTES;

  private final long[] cost = new long[2];
  private long calls;
  private long unpricedCalls;

  /** Sums of nothing. */
  public SpendSums() {}

  /** The spend in the sums of a part. */
  public static SpendSums of(PartialWindow sums) {
    SpendSums spend = new SpendSums();
    long[] money = sums.money();
    for (Money slot : new Money[] {Money.COST, Money.COST_ESTIMATED}) {
      Int128.add(spend.cost, 0, money[2 * slot.at()], money[2 * slot.at() + 1]);
    }
    spend.calls = sums.count(Count.CALLS);
    spend.unpricedCalls = sums.count(Count.UNPRICED_CALLS);
    return spend;
  }

  /** Adds other sums. */
  public void add(SpendSums other) {
    Int128.add(cost, 0, other.cost[0], other.cost[1]);
    calls += other.calls;
    unpricedCalls += other.unpricedCalls;
  }

  /** Known cost, ledger currency. */
  public BigDecimal cost() {
    return Int128.toDecimal(cost[0], cost[1]);
  }

  /** Logical calls. */
  public long calls() {
    return calls;
  }

  /** Calls, and agents' own usage, without a whole price: with any the cost is a lower bound. */
  public long unpricedCalls() {
    return unpricedCalls;
  }

  /** True where every sum is 0. */
  public boolean isEmpty() {
    return Int128.isZero(cost, 0) && calls == 0 && unpricedCalls == 0;
  }

  /** For the store. */
  public byte[] toBytes() {
    return ByteBuffer.allocate(BYTES)
        .putLong(cost[0])
        .putLong(cost[1])
        .putLong(calls)
        .putLong(unpricedCalls)
        .array();
  }

  /**
   * From the store.
   *
   * @throws IllegalArgumentException when the bytes are no such sums
   */
  public static SpendSums ofBytes(byte[] bytes) {
    if (bytes.length != BYTES) {
      throw new IllegalArgumentException("stored spend has " + bytes.length + " bytes");
    }
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    SpendSums spend = new SpendSums();
    spend.cost[0] = buffer.getLong();
    spend.cost[1] = buffer.getLong();
    spend.calls = buffer.getLong();
    spend.unpricedCalls = buffer.getLong();
    return spend;
  }
}
