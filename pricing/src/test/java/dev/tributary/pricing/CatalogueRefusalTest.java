package dev.tributary.pricing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** Parts of a text that are right alone and cannot both hold: refused with file, line and field. */
class CatalogueRefusalTest {

  private static final String TWO_MODELS =
      """
      surface: acme
      models:
        - model: one
          aliases: [eins]
          patterns: [{glob: "one-*", priority: 5}]
          cards:
            - until: 2026-06-01
              source: {name: list}
              rates: {in.text.uncached: 1}
            - from: 2026-06-01
              source: {name: list}
              rates: {in.text.uncached: 2}
        - model: two
          cards:
            - up_to: 200000
              source: {name: list}
              rates: {in.text.uncached: 3}
            - context: "> 200000"
              source: {name: list}
              rates: {in.text.uncached: 6}
      """;

  @Test
  void read_cardsThatMeet_areGood() {
    assertThat(read(TWO_MODELS).cards()).hasSize(4);
  }

  @Test
  void read_overlappingCards_namesBothPlaces() {
    refused(
        TWO_MODELS.replace("until: 2026-06-01", "until: 2026-06-02"),
        "acme.yaml:10: models[0].cards[1]: cards acme|one|standard and"
            + " acme|one|standard|2026-06-01 have equal keys and overlapping validity; the other"
            + " stands at acme.yaml:7: models[0].cards[0]");
  }

  @Test
  void read_gapInTime_namesBothPlacesAndTheGap() {
    refused(
        TWO_MODELS.replace("from: 2026-06-01", "from: 2026-06-03"),
        "acme.yaml:10: models[0].cards[1]: cards acme|one|standard and"
            + " acme|one|standard|2026-06-03 leave a gap from 2026-06-01T00:00:00Z until"
            + " 2026-06-03T00:00:00Z; the other stands at acme.yaml:7: models[0].cards[0]");
  }

  @Test
  void read_gapInInputSize_namesBothPlacesAndTheGap() {
    refused(
        TWO_MODELS.replace("> 200000", ">= 272000"),
        "acme.yaml:18: models[1].cards[1]: cards acme|two|standard and"
            + " acme|two|standard|>=272000 leave a gap for input of 200001 to 271999; the other"
            + " stands at acme.yaml:15: models[1].cards[0]");
  }

  @Test
  void read_gapOfOneToken_isRefused() {
    refused(
        TWO_MODELS.replace("> 200000", "> 200001"),
        "acme.yaml:18: models[1].cards[1]: cards acme|two|standard and"
            + " acme|two|standard|>200001 leave a gap for input of 200001 to 200001; the other"
            + " stands at acme.yaml:15: models[1].cards[0]");
  }

  @Test
  void readAll_gapThatAnotherTextFills_isNone() {
    String gap = TWO_MODELS.replace("from: 2026-06-01", "from: 2026-06-03");
    String filling =
        """
        surface: acme
        models:
          - model: one
            cards:
              - {from: 2026-06-01, until: 2026-06-03, source: {name: list}, rates: {in.text.uncached: 9}}
        """;

    assertThatCode(() -> CatalogueReader.readAll("v", Map.of("a.yaml", gap, "b.yaml", filling)))
        .doesNotThrowAnyException();
  }

  @Test
  void read_globsOfEqualPriority_namesBothPlaces() {
    refused(
        TWO_MODELS.replace(
            "- model: two\n", "- model: two\n    patterns: [{glob: \"*-2\", priority: 5}]\n"),
        "acme.yaml:5: models[0].patterns[0]: patterns *-2 (two) and one-* (one) of surface acme"
            + " can match one name at equal priority 5; the other stands at acme.yaml:14:"
            + " models[1].patterns[0]");
  }

  @Test
  void read_globsOfUnequalPriority_areGood() {
    String text =
        TWO_MODELS.replace(
            "- model: two\n", "- model: two\n    patterns: [{glob: \"*-2\", priority: 6}]\n");

    assertThat(read(text).resolve("acme", "one-2").canonicalModel()).isEqualTo("two");
  }

  @Test
  void read_aliasOfTwoModels_namesTheAliasAndTheOtherModel() {
    refused(
        TWO_MODELS.replace("- model: two\n", "- model: two\n    aliases: [Eins]\n"),
        "acme.yaml:14: models[1].aliases[0]: alias Eins on surface acme means both one and two;"
            + " the other stands at acme.yaml:3: models[0].model");
  }

  @Test
  void read_nameThatIsAlsoExcluded_namesThePlace() {
    refused(
        TWO_MODELS.replace("aliases: [eins]", "aliases: [eins]\n    not: [EINS]"),
        "acme.yaml:5: models[0].not[0]: EINS is both named and excluded on surface acme");
  }

  @Test
  void read_equalIds_namesBothPlaces() {
    refused(
        TWO_MODELS
            .replace("- until: 2026-06-01", "- id: x\n        until: 2026-06-01")
            .replace("- from: 2026-06-01", "- id: x\n        from: 2026-06-01"),
        "acme.yaml:11: models[0].cards[1]: two cards have the id x; the other stands at"
            + " acme.yaml:7: models[0].cards[0]");
  }

  @Test
  void of_cardInAnotherCurrency_isRefused() {
    RateCard card = TestCards.card().currency("EUR").build();

    assertThatThrownBy(() -> TestCards.catalogue(card))
        .hasMessage(
            "card anthropic|claude-test-1|standard is in EUR, but the ledger's currency is USD");
  }

  @Test
  void read_minimumOfTokens_namesThePlace() {
    refused(
        TWO_MODELS.replace("up_to: 200000", "minimum: {in.text.uncached: 10}"),
        "acme.yaml:15: models[1].cards[0].minimum.in.text.uncached: must be a count above 0 of"
            + " units that are no tokens");
  }

  @Test
  void read_unknownFallback_namesThePlace() {
    refused(
        TWO_MODELS.replace("up_to: 200000", "fallback: sibling"),
        "acme.yaml:15: models[1].cards[0].fallback: must be none or parent, but is sibling");
  }

  private static void refused(String text, String message) {
    assertThat(text).isNotEqualTo(TWO_MODELS);
    assertThatThrownBy(() -> read(text)).isInstanceOf(CatalogueException.class).hasMessage(message);
  }

  private static Catalogue read(String text) {
    return CatalogueReader.read("v", "acme.yaml", text);
  }
}
