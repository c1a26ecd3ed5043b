package dev.tributary.cost.core;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * The calls by which a cell is shown: the dearest, and one by chance, of which explanations take a
 * typical one. They are of all bookings, whatever order and parts those come in: what is taken back
 * or booked anew later stays an example. Mutable, for one thread.
 */
final class Examples {
  /**
   * A call.
   *
   * @param cost as booked, ledger currency at scale 18; 0 where none is known
   */
  record Example(String traceId, BigDecimal cost) {
    Example {
      cost = cost.setScale(Int128.SCALE, RoundingMode.UNNECESSARY);
    }
  }

  private static final Comparator<Example> BY_COST =
      Comparator.comparing(Example::cost).thenComparing(Example::traceId);
  private static final Comparator<Example> BY_CHANCE =
      Comparator.comparingLong(Examples::chance)
          .thenComparing(Example::traceId)
          .thenComparing(Example::cost);

  private @Nullable Example dearest;
  private @Nullable Example byChance;

  /** The call with the highest cost; null: there was none. */
  @Nullable Example dearest() {
    return dearest;
  }

  /** A call that is as likely to be chosen as any other; null: there was none. */
  @Nullable Example byChance() {
    return byChance;
  }

  /** Takes a call for the dearest, and for the one by chance, where it is. */
  void offer(Example call) {
    offerDearest(call);
    offerByChance(call);
  }

  void offerDearest(Example call) {
    dearest = dearest == null || BY_COST.compare(call, dearest) > 0 ? call : dearest;
  }

  void offerByChance(Example call) {
    byChance = byChance == null || BY_CHANCE.compare(call, byChance) < 0 ? call : byChance;
  }

  /** Takes those of another part. */
  void merge(Examples others) {
    if (others.dearest != null) {
      offerDearest(others.dearest);
    }
    if (others.byChance != null) {
      offerByChance(others.byChance);
    }
  }

  /**
   * Spreads ids that count up, or begin with a time, evenly (the finalizer of MurmurHash3). The
   * cost tells the calls of a trace from each other: the cheapest is no likelier than the others.
   */
  private static long chance(Example call) {
    long hash = call.cost().unscaledValue().hashCode();
    for (int i = 0; i < call.traceId().length(); i++) {
      hash = 31 * hash + call.traceId().charAt(i);
    }
    hash = (hash ^ (hash >>> 33)) * 0xff51afd7ed558ccdL;
    hash = (hash ^ (hash >>> 33)) * 0xc4ceb9fe1a85ec53L;
    return hash ^ (hash >>> 33);
  }
}
