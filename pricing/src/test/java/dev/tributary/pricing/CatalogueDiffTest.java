package dev.tributary.pricing;

import static dev.tributary.pricing.TestCards.card;
import static dev.tributary.pricing.TestCards.catalogue;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** What two catalogues say differently. */
class CatalogueDiffTest {

  private static final Instant CHANGE = Instant.parse("2026-08-21T00:00:00Z");

  @Test
  void between_severalLayers_comparesWhatPricesACall() {
    RateCard imported = card().layer(Layer.IMPORTED).rate(Bucket.INPUT_UNCACHED, "9").build();
    RateCard contract = card().layer(Layer.CONTRACT).rate(Bucket.INPUT_UNCACHED, "2").build();
    RateCard curated = card().build();

    CatalogueDiff hidden = CatalogueDiff.between(catalogue(curated), catalogue(imported, curated));
    CatalogueDiff seen = CatalogueDiff.between(catalogue(curated), catalogue(curated, contract));

    assertThat(hidden.changes()).isEmpty();
    assertThat(seen.changes()).hasSize(1);
    assertThat(seen.changes().get(0).kind()).isEqualTo(CatalogueDiff.Kind.CHANGED);
    assertThat(seen.changes().get(0).after()).isEqualTo(contract);
  }

  @Test
  void between_samePriceForOtherUnits_isNoChange() {
    RateCard million = card().build();
    RateCard thousand =
        card().rate(Bucket.INPUT_UNCACHED, new Rate(new BigDecimal("0.003"), 1_000)).build();

    assertThat(CatalogueDiff.between(catalogue(million), catalogue(thousand)).changes()).isEmpty();
  }

  @Test
  void between_termsAndBuckets_areNamed() {
    RateCard before = card().build();
    RateCard after =
        card()
            .until(CHANGE)
            .upTo(200_000L)
            .fallback(Fallback.PARENT)
            .rate(Bucket.SECONDS, new Rate(BigDecimal.ONE, 1))
            .minimum(Bucket.SECONDS, 10)
            .build();

    CatalogueDiff diff = CatalogueDiff.between(catalogue(before), catalogue(after));

    assertThat(diff.changes()).hasSize(1);
    CatalogueDiff.Change change = diff.changes().get(0);
    assertThat(change.rates())
        .containsOnlyKeys(Bucket.SECONDS)
        .containsEntry(
            Bucket.SECONDS, new CatalogueDiff.RateChange(null, new Rate(BigDecimal.ONE, 1)));
    assertThat(change.terms())
        .containsExactly(
            "until none -> 2026-08-21T00:00:00Z",
            "up_to null -> 200000",
            "fallback none -> parent",
            "minimum {} -> {SECONDS=10}");
  }

  @Test
  void between_cardOnOneSide_isAddedOrRemoved() {
    RateCard open = card().build();
    RateCard later = card().from(CHANGE).build();

    CatalogueDiff diff = CatalogueDiff.between(catalogue(open), catalogue(later));

    assertThat(diff.changes())
        .extracting(CatalogueDiff.Change::kind)
        .containsExactlyInAnyOrder(CatalogueDiff.Kind.REMOVED, CatalogueDiff.Kind.ADDED);
  }
}
