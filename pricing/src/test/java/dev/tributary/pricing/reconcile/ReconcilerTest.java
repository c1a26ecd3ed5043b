package dev.tributary.pricing.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Companies to which one or more things happened, and what the comparison makes of it. */
class ReconcilerTest {
  /** The long form: {@code -Dtributary.test.seeds=300}. */
  private static final int SEEDS = Integer.getInteger("tributary.test.seeds", 20);

  private static final int CALLS = 1_000;
  private static final BigDecimal CENT = new BigDecimal("0.01");

  @ParameterizedTest
  @MethodSource("dev.tributary.pricing.reconcile.Changes#single")
  void partsAreTheTruth(Changes.Change change) {
    assertThat(wrong(change)).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("dev.tributary.pricing.reconcile.Changes#twoAtOnce")
  void partsOfTwoChangesAreTheTruthInAllButRareCompanies(Changes.Change change) {
    assertThat(wrong(change)).hasSizeLessThanOrEqualTo(SEEDS / 100);
  }

  /** The companies for which a cause is found at another amount than what it is worth. */
  private static List<String> wrong(Changes.Change change) {
    List<String> wrong = new ArrayList<>();
    for (long seed = 1; seed <= SEEDS; seed++) {
      Company company = new Company(seed, CALLS);
      change.of().accept(company);
      Reconciliation found = Reconciler.reconcile(company.bill(), company.usage());
      assertSum(found);
      if (!isTruth(found.byCause(), company.truth)) {
        wrong.add("seed %d: %s instead of %s".formatted(seed, found.byCause(), company.truth));
      }
    }
    if (!wrong.isEmpty()) {
      System.out.printf("%s: %d of %d wrong%n", change, wrong.size(), SEEDS);
    }
    return wrong;
  }

  private static void assertSum(Reconciliation found) {
    BigDecimal sum =
        found.findings().stream().map(Finding::amount).reduce(BigDecimal.ZERO, BigDecimal::add);
    assertThat(sum).isEqualByComparingTo(found.delta());
  }

  private static boolean isTruth(Map<Cause, BigDecimal> found, Map<Cause, BigDecimal> truth) {
    return Stream.of(Cause.values())
        .map(
            cause ->
                found
                    .getOrDefault(cause, BigDecimal.ZERO)
                    .subtract(truth.getOrDefault(cause, BigDecimal.ZERO)))
        .allMatch(difference -> difference.abs().compareTo(CENT) < 0);
  }
}
