package dev.tributary.standalone.reconcile;

import dev.tributary.pricing.Bucket;
import dev.tributary.pricing.CostLine;
import dev.tributary.pricing.Priced;
import dev.tributary.pricing.PricingRequest;
import dev.tributary.pricing.ServiceTier;
import dev.tributary.pricing.Usage;
import dev.tributary.pricing.UsageResult;
import dev.tributary.pricing.importer.PriceBook;
import dev.tributary.pricing.importer.UnitCounts;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What each bucket of a logged call cost, of which the log has the sum only: by the catalogue, else
 * by prices that the log's own calls prove, else in the catalogue's proportions.
 */
final class CallCosts {
  private static final MathContext DIGITS = new MathContext(40, RoundingMode.HALF_EVEN);
  private static final BigDecimal SAME = new BigDecimal("1e-12");

  /** Calls that are put in order of time before prices are taken from them. */
  private static final int MOST_KEPT = 100_000;

  private final PriceBook book;
  private final List<LoggedCall> unexplained = new ArrayList<>();
  private final Map<List<String>, OwnPrices> own = new HashMap<>();
  private long otherwise;

  CallCosts(PriceBook book) {
    this.book = book;
  }

  /** Takes a call for what it proves about prices; all of them, before any is asked for. */
  void learn(LoggedCall call) {
    BigDecimal cost = call.cost();
    if (cost != null
        && cost.signum() > 0
        && unexplained.size() < MOST_KEPT
        && !isSum(catalogued(call, cost), cost)) {
      unexplained.add(call);
    }
  }

  /** Ends the learning. */
  void learned() {
    unexplained.sort(Comparator.comparing(LoggedCall::at));
    for (LoggedCall call : unexplained) {
      BigDecimal cost = call.cost();
      if (cost != null) {
        own.computeIfAbsent(call.series(), unused -> new OwnPrices()).add(call.counts(), cost);
      }
    }
    unexplained.clear();
    own.values().forEach(OwnPrices::end);
  }

  /** Calls whose estimate was spread in the catalogue's proportions. */
  long otherwise() {
    return otherwise;
  }

  /** The estimate by bucket; nothing where there is none. */
  Map<Bucket, BigDecimal> of(LoggedCall call) {
    BigDecimal cost = call.cost();
    if (cost == null || cost.signum() == 0) {
      return Map.of();
    }
    List<CostLine> lines = catalogued(call, cost);
    OwnPrices prices = isSum(lines, cost) ? null : own.get(call.series());
    Map<Bucket, BigDecimal> proven = prices == null ? null : prices.costs(call.counts(), cost);
    if (proven != null) {
      return proven;
    }
    BigDecimal sum = sum(lines);
    if (sum.signum() == 0) {
      throw new BillException(
          call.place()
              + ": no price is known for "
              + call.provider()
              + " "
              + call.model()
              + ", so its estimate cannot be split by bucket; name a catalogue with --catalog");
    }
    Map<Bucket, BigDecimal> costs = new EnumMap<>(Bucket.class);
    boolean isAlike = isSum(lines, cost);
    otherwise += isAlike ? 0 : 1;
    BigDecimal left = cost;
    for (int i = 0; i < lines.size(); i++) {
      CostLine line = lines.get(i);
      BigDecimal part = isAlike ? line.cost() : cost.multiply(line.cost()).divide(sum, DIGITS);
      // The last takes what is left, so that the parts are the estimate.
      costs.put(line.bucket(), i == lines.size() - 1 ? left : part);
      left = left.subtract(part);
    }
    return costs;
  }

  /** What the catalogue says that the buckets of a call cost, at the tier that fits better. */
  private List<CostLine> catalogued(LoggedCall call, BigDecimal cost) {
    List<CostLine> lines = lines(call, call.tier());
    if (!isSum(lines, cost)) {
      // An estimate that took no notice of the tier is what a comparison is to find.
      List<CostLine> standard = lines(call, ServiceTier.STANDARD);
      return isSum(standard, cost) || lines.isEmpty() ? standard : lines;
    }
    return lines;
  }

  private List<CostLine> lines(LoggedCall call, ServiceTier tier) {
    Priced priced =
        book.price(
            call.provider(),
            new PricingRequest(null, call.model(), null, null, tier.wireName(), null, call.at()),
            new UsageResult.Valid(new Usage(call.counts()), false),
            UnitCounts.none());
    return priced.cost() == null ? List.of() : priced.lines();
  }

  private static boolean isSum(List<CostLine> lines, BigDecimal cost) {
    return !lines.isEmpty() && sum(lines).subtract(cost).abs().compareTo(SAME) <= 0;
  }

  private static BigDecimal sum(List<CostLine> lines) {
    return lines.stream().map(CostLine::cost).reduce(BigDecimal.ZERO, BigDecimal::add);
  }
}
