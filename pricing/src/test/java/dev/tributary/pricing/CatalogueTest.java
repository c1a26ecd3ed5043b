package dev.tributary.pricing;

import static dev.tributary.pricing.TestCards.card;
import static dev.tributary.pricing.TestCards.catalogue;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalTime;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CatalogueTest {

  private static final Instant JUNE = Instant.parse("2026-06-01T00:00:00Z");
  private static final Instant JULY = Instant.parse("2026-07-01T00:00:00Z");

  @Test
  void of_equalKeysOverlappingInTime_isRefused() {
    RateCard open = card().id("a").from(JUNE).build();
    RateCard later = card().id("b").from(JULY).build();

    assertThatThrownBy(() -> catalogue(open, later))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("cards a and b have equal keys and overlapping validity");
  }

  @Test
  void of_validityThatMeetsAtOneMoment_isNoOverlap() {
    assertThatCode(() -> catalogue(card().until(JULY).build(), card().from(JULY).build()))
        .doesNotThrowAnyException();
  }

  @Test
  void of_keysThatDiffer_areNoOverlap() {
    assertThatCode(
            () ->
                catalogue(
                    card().build(),
                    card().tier(ServiceTier.BATCH).build(),
                    card().region(RegionScope.US).build(),
                    card().context(new ContextTier(ContextTier.Op.GREATER, 200_000)).build(),
                    card().window(TimeWindow.daily(LocalTime.of(1, 0), LocalTime.of(4, 0))).build(),
                    card().layer(Layer.CONTRACT).build()))
        .doesNotThrowAnyException();
  }

  @Test
  void of_sameThresholdWrittenInTwoWays_isRefused() {
    RateCard above = card().context(new ContextTier(ContextTier.Op.GREATER, 199_999)).build();
    RateCard atLeast = card().context(new ContextTier(ContextTier.Op.AT_LEAST, 200_000)).build();

    assertThatThrownBy(() -> catalogue(above, atLeast))
        .hasMessageContaining("overlapping validity");
  }

  @Test
  void of_hoursThatMeetOverMidnight_areRefused() {
    RateCard night =
        card().window(TimeWindow.daily(LocalTime.of(22, 0), LocalTime.of(2, 0))).build();
    RateCard early =
        card().window(TimeWindow.daily(LocalTime.of(1, 0), LocalTime.of(4, 0))).build();
    RateCard mondays =
        card()
            .window(
                new TimeWindow(LocalTime.of(1, 0), LocalTime.of(4, 0), Set.of(DayOfWeek.MONDAY)))
            .build();
    RateCard tuesdays =
        card()
            .window(
                new TimeWindow(LocalTime.of(0, 0), LocalTime.of(5, 0), Set.of(DayOfWeek.TUESDAY)))
            .build();

    assertThatThrownBy(() -> catalogue(night, early)).hasMessageContaining("overlapping validity");
    assertThatCode(() -> catalogue(mondays, tuesdays)).doesNotThrowAnyException();
  }

  @Test
  void of_repeatedId_isRefused() {
    assertThatThrownBy(
            () -> catalogue(card().id("a").build(), card().id("a").tier(ServiceTier.BATCH).build()))
        .hasMessage("two cards have the id a");
  }

  @Test
  void of_aliasOfTwoModels_isRefused() {
    RateCard one = card().alias("sonnet").build();
    RateCard two = other("claude-test-2").alias("Sonnet").build();

    assertThatThrownBy(() -> catalogue(one, two))
        .hasMessageContaining("alias Sonnet on surface anthropic means both");
  }

  @Test
  void of_aliasThatIsAnotherModel_isRefused() {
    RateCard one = card().alias("claude-test-2").build();

    assertThatThrownBy(() -> catalogue(one, other("claude-test-2").build()))
        .hasMessageContaining("means both");
  }

  @Test
  void of_patternsThatCanMatchOneName_areRefusedInAnyOrder() {
    RateCard one = card().names(List.of(ModelName.pattern("claude-test-*", 5))).build();
    RateCard two = other("claude-test-2").names(List.of(ModelName.pattern("*-2", 5))).build();

    assertThatThrownBy(() -> catalogue(one, two)).hasMessageContaining("at equal priority 5");
    assertThatThrownBy(() -> catalogue(two, one)).hasMessageContaining("at equal priority 5");
  }

  @Test
  void of_overrideOfUnknownModel_isRefused() {
    assertThatThrownBy(
            () ->
                Catalogue.of(
                    "v1",
                    List.of(card().build()),
                    List.of(new ModelOverride("anthropic", "my-deployment", "claude-9"))))
        .hasMessageContaining("names a model without a card: claude-9");
  }

  @Test
  void of_overrideWithTwoMeanings_isRefused() {
    List<ModelOverride> overrides =
        List.of(
            new ModelOverride("anthropic", "mine", "claude-test-1"),
            new ModelOverride("anthropic", "mine", "claude-test-2"));

    assertThatThrownBy(
            () ->
                Catalogue.of(
                    "v1", List.of(card().build(), other("claude-test-2").build()), overrides))
        .hasMessageContaining("override mine means both");
  }

  @Test
  void rateCard_contradictions_areRefused() {
    assertThatThrownBy(() -> card().from(JULY).until(JUNE).build())
        .hasMessageContaining("validity is empty");
    assertThatThrownBy(() -> RateCard.builder("s", "m").build())
        .hasMessage("a card needs at least one rate");
    assertThatThrownBy(() -> RateCard.builder("s", "m").rate(Bucket.OUTPUT_TEXT, "0").build())
        .hasMessageContaining("'free: true'");
    assertThatThrownBy(() -> card().free(true).build())
        .hasMessageContaining("must not have a rate above 0");
    assertThatThrownBy(() -> card().pricedAs(Bucket.OUTPUT_AUDIO, Bucket.OUTPUT_IMAGE).build())
        .hasMessage("out.audio is priced as out.image, which has no rate");
    assertThatThrownBy(() -> card().pricedAs(Bucket.CACHE_READ, Bucket.INPUT_UNCACHED).build())
        .hasMessageContaining("has a rate of its own");
    assertThatThrownBy(() -> card().currency("usd").build()).hasMessageContaining("ISO 4217");
    assertThatThrownBy(() -> card().rate(Bucket.OUTPUT_TEXT, "-1"))
        .hasMessage("a rate must not be negative: -1");
    assertThatThrownBy(
            () -> card().context(new ContextTier(ContextTier.Op.GREATER, 10)).upTo(10L).build())
        .hasMessageContaining("no input is both");
  }

  private static RateCardBuilder other(String model) {
    return RateCard.builder(TestCards.SURFACE, model).rate(Bucket.INPUT_UNCACHED, "1");
  }
}
