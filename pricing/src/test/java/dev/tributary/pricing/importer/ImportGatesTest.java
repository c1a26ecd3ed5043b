package dev.tributary.pricing.importer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tributary.pricing.Bucket;
import dev.tributary.pricing.Catalogue;
import dev.tributary.pricing.ContextTier;
import dev.tributary.pricing.Layer;
import dev.tributary.pricing.Rate;
import dev.tributary.pricing.RateCard;
import dev.tributary.pricing.RateCardBuilder;
import dev.tributary.pricing.RateSource;
import dev.tributary.pricing.RegionScope;
import dev.tributary.pricing.ServiceTier;
import dev.tributary.pricing.TestData;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImportGatesTest {
  static final Instant NOW = Instant.parse("2026-11-21T00:00:00Z");
  private static final Instant LATER = NOW.plusSeconds(86_400);
  static final GatePolicy STRICT = new GatePolicy(List.of(), List.of(), NOW);

  @ParameterizedTest
  @CsvSource({
    "0.0001, 0.0001,,,,",
    "500, 500,,,,",
    "0.00009, 0.00009,,,, UNIT",
    "0.0025, 0.01,,,,",
    "2500, 10000,,,, UNIT",
    "500.01, 600,,,, UNIT",
    "1, 20,,,,",
    "1, 20.01,,,, RATIO",
    "1, 0.49,,,, RATIO",
    "1, 0.5,,,,",
    "1, 4, 1,,,",
    "1, 4, 1.01,,, CACHE_READ",
    "1, 4, 0.1, 1.5,,",
    "1, 4, 0.1, 1.51,, CACHE_WRITE_5M",
    "1, 4, 0.1, 0.99,, CACHE_WRITE_5M",
    "1, 4, 0.1, 1.25, 1.49, CACHE_WRITE_1H",
    "1, 4, 0.1, 1.25, 2.5,",
    "1, 4, 0.1, 1.25, 2.51, CACHE_WRITE_1H",
    "1, 4, 0.1, 1.51, 2.51, CACHE_WRITE_5M",
    "0, 4,,,, ZERO",
    "0.1, 0,,,,"
  })
  void check_numbersOfOneCard_areHeldOutsideTheirBounds(
      String input,
      String output,
      @Nullable String read,
      @Nullable String write,
      @Nullable String hour,
      Quarantined.@Nullable Reason reason) {
    RateCardBuilder card = card("m", input, output);
    add(card, Bucket.CACHE_READ, read);
    add(card, Bucket.CACHE_WRITE_5M, write);
    add(card, Bucket.CACHE_WRITE_1H, hour);

    GateReport report = ImportGates.check(catalogue(card.build()), null, STRICT);

    assertHeld(report, reason);
  }

  /** Tokens at 0 beside a price of images mean that tokens are not what is billed. */
  @Test
  void check_modelThatIsNotBilledByTokens_passes() {
    RateCard images =
        card("m", "0", "0").rate(Bucket.IMAGES, new Rate(new BigDecimal("0.04"), 1)).build();
    RateCard pixels =
        RateCard.builder("acme", "p")
            .source(RateSource.of("list", null))
            .rate(Bucket.IMAGES, new Rate(new BigDecimal("0.04"), 1))
            .build();

    assertHeld(ImportGates.check(catalogue(images), null, STRICT), null);
    assertHeld(ImportGates.check(catalogue(pixels), null, STRICT), null);
  }

  /** A thousand taken for a million: the commonest mistake of the public lists. */
  @Test
  void check_unitsMixedUp_areHeldByTheJump() {
    Catalogue before = catalogue(card("m", "0.15", "0.6").build());

    assertHeld(
        ImportGates.check(catalogue(card("m", "150", "600").build()), before, STRICT),
        Quarantined.Reason.JUMP);
  }

  @ParameterizedTest
  @CsvSource({"3, 12,", "3.01, 12, JUMP", "0.3334, 2,", "0.33, 2, JUMP", "1, 12.1, JUMP"})
  void check_againstThePriceBefore_jumpsOverThreeTimesAreHeld(
      String input, String output, Quarantined.@Nullable Reason reason) {
    Catalogue before = catalogue(card("m", "1", "4").build());

    assertHeld(
        ImportGates.check(catalogue(card("m", input, output).build()), before, STRICT), reason);
  }

  @Test
  void check_suddenlyFree_isHeldUnlessAllowed() {
    Catalogue before = catalogue(card("m", "1", "4").build());
    Catalogue free = catalogue(card("m", "0", "0").free(true).build());

    assertHeld(ImportGates.check(free, before, STRICT), Quarantined.Reason.ZERO);
    assertHeld(
        ImportGates.check(free, null, new GatePolicy(List.of("ACME|*"), List.of(), NOW)), null);
    assertHeld(
        ImportGates.check(
            catalogue(card("m", "0", "0").free(true).tier(ServiceTier.FREE).build()), null, STRICT),
        null);
  }

  @Test
  void check_modelThatVanished_isReportedOnce() {
    Catalogue before =
        catalogue(
            card("m", "1", "4").build(),
            card("gone", "1", "4").build(),
            card("gone", "1", "4").tier(ServiceTier.BATCH).build(),
            card("other", "1", "4").source(RateSource.of("another list", null)).build());

    GateReport report = ImportGates.check(catalogue(card("M", "1", "4").build()), before, STRICT);

    assertThat(report.quarantined())
        .containsExactly(
            new Quarantined(
                Quarantined.Reason.VANISHED, "acme|gone", null, "the list no longer has it"));
  }

  @Test
  void check_changedBackWithinAMonth_isHeld() {
    Instant changed = Instant.parse("2026-11-01T00:00:00Z");
    Catalogue before =
        catalogue(
            card("m", "1", "4").until(changed).build(), card("m", "2", "4").from(changed).build());
    Catalogue back = catalogue(card("m", "1", "4").build());

    assertHeld(ImportGates.check(back, before, STRICT), Quarantined.Reason.FLIP);
    assertHeld(
        ImportGates.check(
            back,
            before,
            new GatePolicy(List.of(), List.of(), Instant.parse("2026-12-02T00:00:00Z"))),
        null);
  }

  @Test
  void check_anotherSourceAgrees_isAcceptedWhateverItsNumbers() {
    RateCard odd = card("m", "1", "25").build();
    Catalogue other = catalogue(odd.toBuilder().source(RateSource.of("another", null)).build());

    GateReport report = ImportGates.check(catalogue(odd), other, STRICT);

    assertThat(report.agreed()).isEqualTo(1);
    assertHeld(report, null);
    assertHeld(ImportGates.check(catalogue(odd), catalogue(odd), STRICT), Quarantined.Reason.RATIO);
  }

  @Test
  void check_approvedCard_passes() {
    GatePolicy approving = new GatePolicy(List.of(), List.of("acme|m|*"), NOW);

    assertHeld(ImportGates.check(catalogue(card("m", "1", "25").build()), null, approving), null);
  }

  @Test
  void check_publishedListAgainstItself_holdsNothingForItsHistory() {
    Catalogue list =
        GenAiPricesImporter.read(
                "0.1.8", "genai-prices", TestData.read("pricing/genai-prices-0.1.8.json"))
            .catalogue();

    GateReport alone = ImportGates.check(list, null, STRICT);
    GateReport again = ImportGates.check(list, list, STRICT);

    assertThat(again).isEqualTo(alone);
    assertThat(alone.accepted()).hasSizeGreaterThan(1_500);
    assertThat(alone.counts())
        .containsOnlyKeys(
            Quarantined.Reason.ZERO, Quarantined.Reason.RATIO, Quarantined.Reason.CACHE_WRITE_5M);
  }

  @Test
  void continued_changedPrice_closesTheOldCard() {
    RateCard old = card("m", "1", "4").build();
    RateCard same = card("n", "1", "4").build();
    RateCard gone = card("gone", "1", "4").build();

    List<RateCard> cards =
        ImportTimeline.continued(
            List.of(old, same, gone),
            List.of(card("m", "2", "4").build(), same),
            List.of(card("m", "2", "4").build(), same),
            NOW);

    assertThat(cards)
        .containsExactly(
            old.toBuilder().until(NOW).build(), card("m", "2", "4").from(NOW).build(), same, gone);
    List<RateCard> again = List.of(card("m", "2", "4").build(), same);
    assertThat(ImportTimeline.continued(cards, again, again, NOW))
        .containsExactlyInAnyOrderElementsOf(cards);
  }

  @Test
  void continued_listWithDatesOfItsOwn_isTakenAsItIs() {
    RateCard until = card("m", "1", "4").until(NOW).build();
    RateCard from = card("m", "2", "4").from(NOW).build();

    assertThat(
            ImportTimeline.continued(
                List.of(card("m", "9", "9").build()),
                List.of(until, from),
                List.of(until, from),
                NOW))
        .containsExactly(until, from);
  }

  private static RateCard large(String input) {
    return card("m", input, "8").context(new ContextTier(ContextTier.Op.GREATER, 200_000)).build();
  }

  /** Until then large inputs cost what all others do. */
  @Test
  void continued_newPriceOfLargeInputs_beginsWithTheImport() {
    RateCard all = card("m", "1", "4").build();
    List<RateCard> list = List.of(all, large("2"));

    List<RateCard> cards = ImportTimeline.continued(List.of(all), list, list, NOW);

    assertThat(cards).containsExactly(all, large("2").toBuilder().from(NOW).build());
    assertThat(ImportTimeline.continued(cards, list, list, LATER))
        .containsExactlyInAnyOrderElementsOf(cards);
    assertThat(ImportTimeline.continued(List.of(), list, list, NOW))
        .as("of a new model nothing is known but what it costs")
        .containsExactlyElementsOf(list);
  }

  @Test
  void continued_priceOfLargeInputsIsGone_endsWithTheImport() {
    RateCard all = card("m", "1", "4").build();
    List<RateCard> list = List.of(all);

    List<RateCard> cards = ImportTimeline.continued(List.of(all, large("2")), list, list, NOW);

    assertThat(cards).containsExactly(all, large("2").toBuilder().until(NOW).build());
    List<RateCard> back = List.of(all, large("3"));
    assertThat(ImportTimeline.continued(cards, back, back, LATER))
        .contains(
            large("2").toBuilder().until(NOW).build(), large("3").toBuilder().from(LATER).build());
    RateCard neverHeld = large("2").toBuilder().from(NOW).build();
    assertThat(ImportTimeline.continued(List.of(all, neverHeld), list, list, NOW))
        .containsExactly(all);
  }

  /** Held by the gates it is on the list still; and a model that is gone keeps all it had. */
  @Test
  void continued_priceOfLargeInputsHeldOrOfAModelThatIsGone_stays() {
    RateCard all = card("m", "1", "4").build();
    List<RateCard> before = List.of(all, large("2"));

    assertThat(ImportTimeline.continued(before, List.of(all, large("99")), List.of(all), NOW))
        .containsExactlyElementsOf(before);
    assertThat(ImportTimeline.continued(before, List.of(), List.of(), NOW))
        .containsExactlyElementsOf(before);
  }

  /** The next price of large inputs waits for approval: until then the last one holds. */
  @Test
  void continued_nextPriceOfLargeInputsIsHeld_theLastOneStays() {
    RateCard all = card("m", "1", "4").build();
    RateCard next =
        card("m", "9", "8").context(new ContextTier(ContextTier.Op.GREATER, 500_000)).build();

    assertThat(
            ImportTimeline.continued(
                List.of(all, large("2")), List.of(all, next), List.of(all), NOW))
        .containsExactly(all, large("2"));
    assertThat(
            ImportTimeline.continued(
                List.of(all, large("2")), List.of(all, next), List.of(all, next), NOW))
        .containsExactlyInAnyOrder(
            all, next.toBuilder().from(NOW).build(), large("2").toBuilder().until(NOW).build());
  }

  @Test
  void continued_priceOfARegion_beginsAndEndsWithTheImport() {
    RateCard all = card("m", "1", "4").build();
    RateCard us = card("m", "1.1", "4.4").region(RegionScope.US).build();
    RateCard usLarge = large("2.2").toBuilder().region(RegionScope.US).build();
    List<RateCard> list = List.of(all, us, usLarge);

    List<RateCard> cards = ImportTimeline.continued(List.of(all), list, list, NOW);

    assertThat(cards)
        .containsExactly(
            all, us.toBuilder().from(NOW).build(), usLarge.toBuilder().from(NOW).build());
    assertThat(ImportTimeline.continued(cards, List.of(all), List.of(all), LATER))
        .containsExactly(
            all,
            us.toBuilder().from(NOW).until(LATER).build(),
            usLarge.toBuilder().from(NOW).until(LATER).build());
  }

  static void assertHeld(GateReport report, Quarantined.@Nullable Reason reason) {
    assertThat(report.quarantined().stream().map(Quarantined::reason))
        .as("%s", report)
        .containsExactlyElementsOf(reason == null ? List.of() : List.of(reason));
    assertThat(report.accepted()).hasSize(reason == null ? 1 : 0);
  }

  private static void add(RateCardBuilder card, Bucket bucket, @Nullable String amount) {
    if (amount != null) {
      card.rate(bucket, amount);
    }
  }

  static RateCardBuilder card(String model, String input, String output) {
    return RateCard.builder("acme", model)
        .layer(Layer.IMPORTED)
        .source(RateSource.of("list", null))
        .rate(Bucket.INPUT_UNCACHED, input)
        .rate(Bucket.OUTPUT_TEXT, output);
  }

  static Catalogue catalogue(RateCard... cards) {
    return Catalogue.of("v", List.of(cards));
  }
}
