package dev.tributary.standalone.correct;

import dev.tributary.pricing.allocation.Consumer;
import dev.tributary.schemas.Provenance;
import java.math.BigDecimal;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What ran on a pool in one hour, by consumer. */
final class PoolUse {
  private final Map<Consumer, Long> tokens = new TreeMap<>();
  private final Map<Consumer, OwnerPart> parts = new TreeMap<>();
  private BigDecimal ownCost = BigDecimal.ZERO;
  private long pricedCalls;

  /**
   * Takes calls in.
   *
   * @param cost what the calls are priced at by themselves
   * @param priced how many of them have such a price above 0
   */
  void add(
      Consumer consumer,
      long count,
      @Nullable String costCenter,
      Map<OwnerPart.Tag, Provenance> provenance,
      BigDecimal cost,
      long priced) {
    tokens.merge(consumer, count, Math::addExact);
    parts.computeIfAbsent(consumer, unused -> new OwnerPart()).add(costCenter, provenance);
    ownCost = ownCost.add(cost);
    pricedCalls += priced;
  }

  /** Tokens by consumer. */
  Map<Consumer, Long> tokens() {
    return new TreeMap<>(tokens);
  }

  @Nullable OwnerPart part(Consumer consumer) {
    return parts.get(consumer);
  }

  /** Money that the calls cost by rate cards beside the pool: counted twice. */
  BigDecimal ownCost() {
    return ownCost;
  }

  /** Calls with such a price. */
  long pricedCalls() {
    return pricedCalls;
  }
}
