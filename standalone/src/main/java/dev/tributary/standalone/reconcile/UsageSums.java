package dev.tributary.standalone.reconcile;

import dev.tributary.pricing.Bucket;
import dev.tributary.pricing.ServiceTier;
import dev.tributary.pricing.reconcile.EstimatedUsage;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Usage added up by five minutes in the order of its coming, so that memory follows the period and
 * not the calls.
 */
final class UsageSums {
  private static final long STEP_S = Duration.ofMinutes(5).toSeconds();

  /** What is added up. */
  private record Key(
      String provider,
      long step,
      @Nullable String project,
      String model,
      Bucket bucket,
      ServiceTier tier,
      boolean isPriced,
      boolean isRepeated) {}

  /** A sum. */
  private static final class Sum {
    private long quantity;
    private BigDecimal cost = BigDecimal.ZERO;
  }

  private final Map<Key, Sum> sums = new LinkedHashMap<>();

  /** Adds usage of any moment. */
  void add(EstimatedUsage usage) {
    BigDecimal cost = usage.cost();
    Sum sum =
        sums.computeIfAbsent(
            new Key(
                usage.provider(),
                Math.floorDiv(usage.at().getEpochSecond(), STEP_S),
                usage.project(),
                usage.model(),
                usage.bucket(),
                usage.tier(),
                cost != null,
                usage.isRepeated()),
            unused -> new Sum());
    sum.quantity = Math.addExact(sum.quantity, usage.quantity());
    sum.cost = cost == null ? sum.cost : sum.cost.add(cost);
  }

  /** The sums, each at the first moment of its five minutes. */
  List<EstimatedUsage> usage() {
    List<EstimatedUsage> usage = new ArrayList<>(sums.size());
    sums.forEach(
        (key, sum) ->
            usage.add(
                new EstimatedUsage(
                    key.provider,
                    Instant.ofEpochSecond(key.step * STEP_S),
                    key.project,
                    key.model,
                    key.bucket,
                    key.tier,
                    sum.quantity,
                    key.isPriced ? sum.cost : null,
                    key.isRepeated)));
    return usage;
  }
}
