package dev.tributary.pricing.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.pricing.Bucket;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CheckTest {
  private static final LocalDate DAY = LocalDate.parse("2026-11-10");

  @Test
  void nothingDiffers_allHold() {
    assertThat(Check.of(of("100", "100"))).hasSize(5).allMatch(Check::isPassed);
  }

  @Test
  void errorsThatCancelAreErrors() {
    Reconciliation cancelling =
        of(
            "100",
            "100",
            finding(Cause.UNTRACKED_USAGE, "2", Bucket.INPUT_UNCACHED),
            finding(Cause.NOT_BILLED, "-2", Bucket.OUTPUT_TEXT));

    assertThat(check(Check.USAGE, cancelling).measured()).isEqualByComparingTo("0.04");
    assertThat(check(Check.USAGE, cancelling).isPassed()).isFalse();
    assertThat(check(Check.LINES, cancelling).measured()).isEqualByComparingTo("2");
  }

  @Test
  void adjustmentsAreNoDifferenceOfUsage() {
    Reconciliation taxed = of("100", "100", finding(Cause.TAX, "19", null));

    assertThat(Check.of(taxed)).allMatch(Check::isPassed);
  }

  @Test
  void limitsAreTheLastThatHold() {
    assertThat(check(Check.USAGE, of("100", "100", untracked("0.5"))).isPassed()).isTrue();
    assertThat(check(Check.USAGE, of("100", "100", untracked("0.51"))).isPassed()).isFalse();
    assertThat(check(Check.UNCOVERED, of("100", "99.5")).isPassed()).isTrue();
    assertThat(check(Check.UNCOVERED, of("100", "99.4")).isPassed()).isFalse();
  }

  @Test
  void lineMayDifferByADollarOrHalfAPercent() {
    assertThat(check(Check.LINES, of("100", "100", untracked("1"))).isPassed()).isTrue();
    assertThat(check(Check.LINES, of("100", "100", untracked("1.01"))).isPassed()).isFalse();
    assertThat(check(Check.LINES, of("1000", "1000", untracked("5"))).isPassed()).isTrue();
    assertThat(check(Check.LINES, of("1000", "1000", untracked("5.01"))).isPassed()).isFalse();
  }

  @Test
  void causesOfOneLineAddUp_whateverTheirSigns_andLinesOfOtherDaysDoNot() {
    Finding more = finding(Cause.UNTRACKED_USAGE, "0.6", Bucket.INPUT_UNCACHED);
    Finding less = finding(Cause.PRICE_DIFFERENCE, "-0.6", Bucket.INPUT_UNCACHED);
    Finding another = finding(Cause.UNTRACKED_USAGE, "0.6", Bucket.OUTPUT_TEXT);
    Finding nextDay =
        new Finding(
            more.provider(),
            DAY.plusDays(1),
            more.model(),
            more.bucket(),
            more.cause(),
            more.amount());
    Finding discount = finding(Cause.DISCOUNT, "-0.6", Bucket.INPUT_UNCACHED);

    assertThat(check(Check.LINES, of("100", "100", more, less)).measured())
        .isEqualByComparingTo("1");
    assertThat(check(Check.LINES, of("100", "100", more, another, nextDay, discount)).measured())
        .isZero();
  }

  @Test
  void priceMustNotDifferAtAll_andWhatIsOpenHardly() {
    Finding price = finding(Cause.PRICE_DIFFERENCE, "0.01", Bucket.INPUT_UNCACHED);
    Finding tier = finding(Cause.PRICE_DIFFERENCE_SERVICE_TIER, "-0.01", Bucket.INPUT_UNCACHED);
    Finding open = finding(Cause.PRICE_OR_QUANTITY, "0.11", Bucket.INPUT_UNCACHED);

    assertThat(check(Check.PRICE, of("100", "100", price)).isPassed()).isFalse();
    assertThat(check(Check.PRICE, of("100", "100", tier)).isPassed()).isFalse();
    assertThat(check(Check.PRICE, of("100", "100", open)).isPassed()).isTrue();
    assertThat(check(Check.UNEXPLAINED, of("100", "100", open)).isPassed()).isFalse();
  }

  @Test
  void whereNothingWasBilledAnyDifferenceIsAll() {
    Finding lost = finding(Cause.NOT_BILLED, "-1", Bucket.INPUT_UNCACHED);

    assertThat(check(Check.USAGE, of("0", "0", lost)).measured()).isEqualByComparingTo("1");
  }

  private static Check check(String name, Reconciliation reconciliation) {
    return Check.of(reconciliation).stream()
        .filter(check -> check.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static Finding untracked(String amount) {
    return finding(Cause.UNTRACKED_USAGE, amount, Bucket.INPUT_UNCACHED);
  }

  private static Finding finding(Cause cause, String amount, @Nullable Bucket bucket) {
    return new Finding(
        "openai",
        DAY,
        bucket == null ? null : "m",
        bucket == null ? null : bucket.wireName(),
        cause,
        new BigDecimal(amount));
  }

  /** A bill of one line of uncached input. */
  private static Reconciliation of(String billed, String covered, Finding... findings) {
    BilledLine line =
        new BilledLine(
            DAY,
            null,
            Charge.USAGE,
            "m",
            Bucket.INPUT_UNCACHED,
            null,
            null,
            new BigDecimal(billed),
            "m, input");
    return new Reconciliation(
        new Bill("openai", DAY, DAY.plusDays(1), List.of(line)),
        BigDecimal.ZERO,
        new BigDecimal(covered),
        Duration.ZERO,
        List.of(findings));
  }
}
