package dev.tributary.pricing.importer;

import static dev.tributary.pricing.importer.ImportGatesTest.NOW;
import static dev.tributary.pricing.importer.ImportGatesTest.STRICT;
import static dev.tributary.pricing.importer.ImportGatesTest.assertHeld;
import static dev.tributary.pricing.importer.ImportGatesTest.card;
import static dev.tributary.pricing.importer.ImportGatesTest.catalogue;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.pricing.Bucket;
import dev.tributary.pricing.Catalogue;
import dev.tributary.pricing.ContextTier;
import dev.tributary.pricing.RateCard;
import dev.tributary.pricing.RateCardBuilder;
import dev.tributary.pricing.RateSource;
import dev.tributary.pricing.RegionScope;
import dev.tributary.pricing.ServiceTier;
import dev.tributary.pricing.TimeWindow;
import java.time.Instant;
import java.time.LocalTime;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** With which earlier card, or another publication's, the gates compare a card. */
class ImportGatesHistoryTest {
  private static final Instant CHANGED = Instant.parse("2026-11-01T00:00:00Z");
  private static final Instant LONG_AGO = Instant.parse("2025-03-01T00:00:00Z");

  private static GateReport check(RateCard card, RateCard... before) {
    return ImportGates.check(catalogue(card), catalogue(before), STRICT);
  }

  static Stream<UnaryOperator<RateCardBuilder>> otherCalls() {
    return Stream.of(
        card -> card.tier(ServiceTier.BATCH),
        card -> card.region(RegionScope.US),
        card -> card.context(new ContextTier(ContextTier.Op.GREATER, 200_000)),
        card -> card.window(TimeWindow.daily(LocalTime.of(1, 0), LocalTime.of(5, 0))));
  }

  /** Batch at a tenth of the price is no jump of it. */
  @ParameterizedTest
  @MethodSource("otherCalls")
  void cardOfOtherCalls_isNoPriceBefore(UnaryOperator<RateCardBuilder> other) {
    RateCard before = other.apply(card("m", "0.1", "0.4")).build();

    assertThat(check(card("m", "1", "4").build(), before).counts())
        .doesNotContainKey(Quarantined.Reason.JUMP);
    assertHeld(check(other.apply(card("m", "1", "4")).build(), before), Quarantined.Reason.JUMP);
  }

  @Test
  void cardOfAnotherSurfaceOrModel_isNoPriceBefore() {
    RateCard elsewhere =
        RateCard.builder("elsewhere", "m")
            .source(RateSource.of("another", null))
            .rate(Bucket.INPUT_UNCACHED, "0.1")
            .rate(Bucket.OUTPUT_TEXT, "0.4")
            .build();
    RateCard other = card("n", "0.1", "0.4").source(RateSource.of("another", null)).build();

    assertHeld(check(card("m", "1", "4").build(), elsewhere, other), null);
  }

  @Test
  void ofSeveralCardsBefore_theOneInForceIsCompared_inWhateverOrderTheyStand() {
    RateCard old = card("m", "1", "4").until(CHANGED).build();
    RateCard now = card("m", "10", "40").from(CHANGED).build();
    RateCard imported = card("m", "11", "44").build();

    assertHeld(check(imported, old, now), null);
    assertHeld(check(imported, now, old), null);
    assertHeld(check(card("m", "1.1", "4.4").build(), now, old), Quarantined.Reason.JUMP);
  }

  @Test
  void cardThatBeginsAfterToday_isNoPriceBefore() {
    RateCard now = card("m", "1", "4").until(NOW.plusSeconds(60)).build();
    RateCard next = card("m", "10", "40").from(NOW.plusSeconds(60)).build();

    assertHeld(check(card("m", "1.1", "4.4").build(), now, next), null);
    assertHeld(check(card("m", "10", "40").build(), now, next), Quarantined.Reason.JUMP);
  }

  /** A list with dates repeats its history at every import. */
  @Test
  void datedCard_isComparedWithWhatWasInForceThen() {
    RateCard old = card("m", "1", "4").until(CHANGED).build();
    RateCard now = card("m", "10", "40").from(CHANGED).build();

    GateReport report = ImportGates.check(catalogue(old, now), catalogue(old, now), STRICT);

    assertThat(report.accepted()).containsExactlyInAnyOrder(old, now);
    assertThat(report.quarantined()).isEmpty();
  }

  @Test
  void bucketThatHadNoPriceOrCostNothing_jumpsNowhere() {
    RateCard before = card("m", "1", "0").build();
    RateCard imported = card("m", "1", "4").rate(Bucket.CACHE_READ, "0.1").build();

    assertHeld(check(imported, before), null);
  }

  @ParameterizedTest
  @CsvSource({"3, 1,", "3, 0.99, JUMP", "1, 3,", "1, 3.01, JUMP"})
  void exactlyThreeTimesOrAThird_isNoJump(
      String was, String is, Quarantined.@Nullable Reason reason) {
    assertHeld(check(card("m", is, is).build(), card("m", was, was).build()), reason);
  }

  @ParameterizedTest
  @CsvSource({"1, FLIP", "2,", "1.5,"})
  void priceAfterAChange_isHeldOnlyWhereItIsTheOneBefore(
      String input, Quarantined.@Nullable Reason reason) {
    RateCard old = card("m", "1", "4").until(CHANGED).build();
    RateCard now = card("m", "2", "4").from(CHANGED).build();

    assertHeld(check(card("m", input, "4").build(), old, now), reason);
  }

  /** What changed then was something else than the price. */
  @Test
  void priceThatNeverChanged_isNoFlip() {
    RateCard old = card("m", "1", "4").until(CHANGED).build();
    RateCard now = card("m", "1", "4").minimum(Bucket.SECONDS, 10).from(CHANGED).build();

    assertHeld(check(card("m", "1", "4").build(), old, now), null);
  }

  /** Nobody knows what it cost before. */
  @Test
  void firstPriceOfAModel_isNoFlip() {
    assertHeld(check(card("m", "1", "4").build(), card("m", "2", "4").from(CHANGED).build()), null);
  }

  @Test
  void priceThatChangedBackAfterALongTime_passes() {
    RateCard old = card("m", "1", "4").until(LONG_AGO).build();
    RateCard now = card("m", "2", "4").from(LONG_AGO).build();

    assertHeld(check(card("m", "1", "4").build(), old, now), null);
  }

  /** Output at 25 times input: only another publication that says the same lets it pass. */
  @ParameterizedTest
  @CsvSource({"1, 25,", "1, 24, RATIO", "1.01, 25, RATIO", ", 25, RATIO", "1,,"})
  void anotherPublication_confirmsOnlyWithTheSamePrices_ofInputAtLeast(
      @Nullable String input, @Nullable String output, Quarantined.@Nullable Reason reason) {
    RateCardBuilder other = RateCard.builder("acme", "m").source(RateSource.of("another", null));
    if (input != null) {
      other.rate(Bucket.INPUT_UNCACHED, input);
    }
    if (output != null) {
      other.rate(Bucket.OUTPUT_TEXT, output);
    }

    assertHeld(check(card("m", "1", "25").build(), other.build()), reason);
  }

  @Test
  void decisionsOfAPerson_areOfTheCardsTheyName() {
    GatePolicy policy = new GatePolicy(List.of("acme|gift*"), List.of("acme|odd|*"), NOW);
    Catalogue list =
        catalogue(
            card("gift-1", "0", "0").free(true).build(),
            card("Gift-2", "0", "0").free(true).build(),
            card("present", "0", "0").free(true).build(),
            card("odd", "1", "25").build(),
            card("other", "1", "25").build());

    GateReport report = ImportGates.check(list, null, policy);

    assertThat(report.accepted())
        .extracting(RateCard::canonicalModel)
        .containsExactlyInAnyOrder("gift-1", "Gift-2", "odd");
    assertThat(report.quarantined())
        .extracting(Quarantined::reason)
        .containsExactlyInAnyOrder(Quarantined.Reason.ZERO, Quarantined.Reason.RATIO);
  }
}
