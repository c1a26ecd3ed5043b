package dev.tributary.pricing.reconcile;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Findings in one order, one for each day, model, bucket and cause. */
final class Findings {
  private static final Comparator<Finding> ORDER =
      Comparator.comparing(Finding::day)
          .thenComparing(Finding::cause)
          .thenComparing(Finding::model, Comparator.nullsFirst(Comparator.naturalOrder()))
          .thenComparing(Finding::bucket, Comparator.nullsFirst(Comparator.naturalOrder()));

  private Findings() {}

  /** Sums of equal findings, sorted; those that cancel out are gone. */
  static List<Finding> merged(List<Finding> findings) {
    Map<List<Object>, Finding> sums = new LinkedHashMap<>();
    for (Finding finding : findings) {
      sums.merge(
          Arrays.asList(
              finding.provider(),
              finding.day(),
              finding.model(),
              finding.bucket(),
              finding.cause()),
          finding,
          Findings::sum);
    }
    List<Finding> merged = new ArrayList<>(sums.values());
    merged.removeIf(finding -> finding.amount().signum() == 0);
    merged.sort(ORDER);
    return List.copyOf(merged);
  }

  private static Finding sum(Finding one, Finding other) {
    BigDecimal amount = one.amount().add(other.amount());
    return new Finding(one.provider(), one.day(), one.model(), one.bucket(), one.cause(), amount);
  }
}
