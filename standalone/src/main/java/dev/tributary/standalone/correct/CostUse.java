package dev.tributary.standalone.correct;

import dev.tributary.pricing.allocation.Consumer;
import dev.tributary.schemas.Provenance;
import java.math.BigDecimal;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What the usage of each owner was estimated to cost. */
final class CostUse {
  private final Map<Consumer, BigDecimal> costs = new TreeMap<>();
  private final Map<Consumer, OwnerPart> parts = new TreeMap<>();

  /**
   * Takes usage in.
   *
   * @param cost above 0
   */
  void add(
      Consumer owner,
      BigDecimal cost,
      @Nullable String costCenter,
      Map<OwnerPart.Tag, Provenance> provenance) {
    costs.merge(owner, cost, BigDecimal::add);
    parts.computeIfAbsent(owner, unused -> new OwnerPart()).add(costCenter, provenance);
  }

  /** Cost by owner. */
  Map<Consumer, BigDecimal> costs() {
    return new TreeMap<>(costs);
  }

  @Nullable OwnerPart part(Consumer owner) {
    return parts.get(owner);
  }
}
