package dev.tributary.anomaly.core.explain;

import java.math.BigDecimal;
import java.util.List;

/**
 * What a cell spent.
 *
 * @param calls not negative
 * @param buckets each bucket at most once
 */
public record CellCost(long calls, List<BucketCost> buckets) {
  public CellCost {
    buckets = List.copyOf(buckets);
    if (calls < 0) {
      throw new IllegalArgumentException("calls is " + calls);
    }
    long names = buckets.stream().map(BucketCost::bucket).distinct().count();
    if (names < buckets.size()) {
      throw new IllegalArgumentException("a bucket stands twice: " + buckets);
    }
  }

  BigDecimal cost() {
    return buckets.stream().map(BucketCost::cost).reduce(BigDecimal.ZERO, BigDecimal::add);
  }

  BigDecimal tokens(boolean isInput) {
    return buckets.stream()
        .filter(bucket -> bucket.isInput() == isInput)
        .map(BucketCost::tokens)
        .reduce(BigDecimal.ZERO, BigDecimal::add);
  }
}
