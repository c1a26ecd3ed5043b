package dev.tributary.pricing.reconcile;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * One condition under which a bill agrees with the ledger. All are on sums of absolute differences:
 * errors that cancel each other are errors. No standard states such limits; these are tighter than
 * the ten per cent that is common practice.
 *
 * @param name what is measured
 * @param measured in parts of billed usage, but for {@link #LINES} a count
 * @param limit what is allowed
 * @param isPassed whether it holds
 */
public record Check(String name, BigDecimal measured, BigDecimal limit, boolean isPassed) {
  /**
   * Days, models and buckets that differ by more than $1 and more than 0.5 % of what was billed.
   */
  public static final String LINES = "lines_beyond_tolerance";

  /** All differences but adjustments. */
  public static final String USAGE = "usage_difference";

  /** Differences of price. */
  public static final String PRICE = "price_difference";

  /** What no cause explains, and what the bill has under no known model or meter. */
  public static final String UNEXPLAINED = "unexplained";

  /** Billed usage of which the ledger has no price for any part. */
  public static final String UNCOVERED = "uncovered";

  private static final BigDecimal HALF_PERCENT = new BigDecimal("0.005");
  private static final BigDecimal TENTH_PERCENT = new BigDecimal("0.001");
  private static final MathContext DIGITS = new MathContext(6, RoundingMode.HALF_EVEN);

  /** The checks of one bill, always the same ones in the same order. */
  public static List<Check> of(Reconciliation reconciliation) {
    Bill bill = reconciliation.bill();
    BigDecimal usage = bill.usage();
    List<Check> checks = new ArrayList<>();
    checks.add(most(LINES, BigDecimal.valueOf(linesBeyond(reconciliation)), BigDecimal.ZERO));
    checks.add(share(USAGE, reconciliation, cause -> !cause.isAdjustment(), HALF_PERCENT));
    checks.add(share(PRICE, reconciliation, Check::isPrice, BigDecimal.ZERO));
    checks.add(share(UNEXPLAINED, reconciliation, Check::isUnexplained, TENTH_PERCENT));
    BigDecimal uncovered = usage.subtract(reconciliation.covered());
    checks.add(most(UNCOVERED, ratio(uncovered, usage), HALF_PERCENT));
    return List.copyOf(checks);
  }

  private static boolean isPrice(Cause cause) {
    return cause == Cause.PRICE_DIFFERENCE || cause == Cause.PRICE_DIFFERENCE_SERVICE_TIER;
  }

  private static boolean isUnexplained(Cause cause) {
    return cause == Cause.RESIDUAL
        || cause == Cause.PRICE_OR_QUANTITY
        || cause == Cause.PROVIDER_ONLY;
  }

  private static Check share(
      String name, Reconciliation reconciliation, Predicate<Cause> causes, BigDecimal limit) {
    BigDecimal sum = BigDecimal.ZERO;
    for (Finding finding : reconciliation.findings()) {
      sum = causes.test(finding.cause()) ? sum.add(finding.amount().abs()) : sum;
    }
    return most(name, ratio(sum, reconciliation.bill().usage()), limit);
  }

  private static Check most(String name, BigDecimal measured, BigDecimal limit) {
    return new Check(name, measured, limit, measured.compareTo(limit) <= 0);
  }

  /** Where nothing was billed any difference is all of it. */
  private static BigDecimal ratio(BigDecimal part, BigDecimal whole) {
    if (part.signum() == 0) {
      return BigDecimal.ZERO;
    }
    return whole.signum() <= 0 ? BigDecimal.ONE : part.divide(whole, DIGITS);
  }

  private static long linesBeyond(Reconciliation reconciliation) {
    Map<List<Object>, BigDecimal> billed = new HashMap<>();
    for (BilledLine line : reconciliation.bill().lines()) {
      if (line.isMatchable() && line.bucket() != null) {
        billed.merge(
            Arrays.asList(line.day(), line.model(), line.bucket().wireName()),
            line.amount(),
            BigDecimal::add);
      }
    }
    Map<List<Object>, BigDecimal> differences = new HashMap<>();
    for (Finding finding : reconciliation.findings()) {
      if (!finding.cause().isAdjustment()) {
        differences.merge(
            Arrays.asList(finding.day(), finding.model(), finding.bucket()),
            finding.amount().abs(),
            BigDecimal::add);
      }
    }
    return differences.entrySet().stream()
        .filter(
            difference ->
                difference
                        .getValue()
                        .compareTo(
                            billed
                                .getOrDefault(difference.getKey(), BigDecimal.ZERO)
                                .multiply(HALF_PERCENT)
                                .max(BigDecimal.ONE))
                    > 0)
        .count();
  }
}
