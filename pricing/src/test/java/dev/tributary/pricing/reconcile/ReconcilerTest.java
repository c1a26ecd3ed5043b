package dev.tributary.pricing.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Companies to which one or more things happened, and what the comparison makes of it. */
class ReconcilerTest {
  /** The long form: {@code -Dtributary.test.seeds=300}. */
  private static final int SEEDS = Integer.getInteger("tributary.test.seeds", 20);

  private static final int CALLS = 1_000;
  private static final BigDecimal CENT = new BigDecimal("0.01");

  @ParameterizedTest
  @MethodSource("dev.tributary.pricing.reconcile.Changes#all")
  void partsAreTheTruth(Changes.Change change) {
    for (long seed = 1; seed <= SEEDS; seed++) {
      hold(change, new Company(seed, CALLS), seed);
    }
  }

  private static void hold(Changes.Change change, Company company, long seed) {
    change.of().accept(company);
    Reconciliation found = Reconciler.reconcile(company.bill(), company.usage());
    Set<Cause> causes = EnumSet.noneOf(Cause.class);
    causes.addAll(company.truth.keySet());
    causes.addAll(found.byCause().keySet());
    for (Cause cause : causes) {
      BigDecimal was = company.truth.getOrDefault(cause, BigDecimal.ZERO);
      assertThat(found.byCause().getOrDefault(cause, BigDecimal.ZERO).subtract(was).abs())
          .as("%s of seed %d: found %s, true %s", cause, seed, found.byCause(), company.truth)
          .isLessThan(CENT);
    }
    BigDecimal sum =
        found.findings().stream().map(Finding::amount).reduce(BigDecimal.ZERO, BigDecimal::add);
    assertThat(sum).isEqualByComparingTo(found.delta());
  }
}
