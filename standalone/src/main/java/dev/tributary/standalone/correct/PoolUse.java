package dev.tributary.standalone.correct;

import dev.tributary.pricing.allocation.Consumer;
import dev.tributary.schemas.Provenance;
import java.math.BigDecimal;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What ran on a pool in one hour, by consumer. */
final class PoolUse {
  /** A tag of the lines that a share stands for. */
  enum Tag {
    ENVIRONMENT,
    FEATURE,
    TEAM,
    WORKSPACE,
    COST_CENTER
  }

  /** One consumer's part. */
  static final class Part {
    private final Map<Tag, Provenance> provenance = new EnumMap<>(Tag.class);
    private @Nullable String costCenter;
    private boolean isCostCenterMixed;
    private boolean isEmpty = true;
    private long tokens;

    long tokens() {
      return tokens;
    }

    /** The cost centre of all its calls; null: none, or several. */
    @Nullable String costCenter() {
      return isCostCenterMixed ? null : costCenter;
    }

    /** The least certain provenance among its calls. */
    Provenance provenance(Tag tag) {
      return provenance.getOrDefault(tag, Provenance.UNATTRIBUTED);
    }

    private void add(long count, @Nullable String centre, Map<Tag, Provenance> from) {
      tokens = Math.addExact(tokens, count);
      if (isEmpty) {
        costCenter = centre;
      } else {
        isCostCenterMixed |= !java.util.Objects.equals(costCenter, centre);
      }
      isEmpty = false;
      from.forEach((tag, found) -> provenance.merge(tag, found, PoolUse::lessCertain));
    }
  }

  private final Map<Consumer, Part> parts = new TreeMap<>();
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
      long tokens,
      @Nullable String costCenter,
      Map<Tag, Provenance> provenance,
      BigDecimal cost,
      long priced) {
    parts.computeIfAbsent(consumer, unused -> new Part()).add(tokens, costCenter, provenance);
    ownCost = ownCost.add(cost);
    pricedCalls += priced;
  }

  /** Tokens by consumer. */
  Map<Consumer, Long> tokens() {
    Map<Consumer, Long> tokens = new TreeMap<>();
    parts.forEach((consumer, part) -> tokens.put(consumer, part.tokens));
    return tokens;
  }

  @Nullable Part part(Consumer consumer) {
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

  /** The schema lists what has left the tree (stub, over limit) last; a rule is less than those. */
  private static Provenance lessCertain(Provenance a, Provenance b) {
    return rank(a) >= rank(b) ? a : b;
  }

  private static int rank(Provenance provenance) {
    return switch (provenance) {
      case OWN -> 0;
      case ANCESTOR -> 1;
      case TRACE_ROOT -> 2;
      case RESOURCE -> 3;
      case STUB -> 4;
      case OVER_LIMIT -> 5;
      case RULE -> 6;
      case UNATTRIBUTED -> 7;
    };
  }
}
