package dev.tributary.pricing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tributary.pricing.curated.CuratedCatalogue;
import dev.tributary.pricing.importer.GenAiPricesImporter;
import dev.tributary.pricing.importer.LiteLlmImporter;
import java.time.LocalDate;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class CatalogueYamlTest {

  static LongStream seeds() {
    return Seeds.all();
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void print_anyCard_readsBack(long seed) {
    RateCard card = RandomCards.any(new Random(seed), "USD");

    String text = CatalogueYaml.print(List.of("seed " + seed), List.of(card));

    assertThat(CatalogueReader.read("v", "out.yaml", text).cards())
        .as("seed %d", seed)
        .containsExactly(card);
  }

  @Test
  void print_curatedPrices_readBack() {
    roundTrip(CuratedCatalogue.load());
  }

  @Test
  void print_importedLists_readBack() {
    roundTrip(
        GenAiPricesImporter.read(
                "0.1.8", "genai-prices", TestData.read("pricing/genai-prices-0.1.8.json"))
            .catalogue());
    roundTrip(
        LiteLlmImporter.read("v", "litellm", TestData.read("pricing/litellm-sample.json"))
            .catalogue());
  }

  @Test
  void print_importedList_saysFallbackParentAndMinimum() {
    Catalogue list =
        GenAiPricesImporter.read(
                "0.1.8", "genai-prices", TestData.read("pricing/genai-prices-0.1.8.json"))
            .catalogue();

    String text = CatalogueYaml.print(List.of(), list.cards());

    assertThat(text).contains("fallback: parent", "minimum: {seconds: 10}");
    assertThat(text.lines().filter(line -> line.contains("fallback: parent")))
        .hasSameSizeAs(list.cards());
  }

  @Test
  void print_severalLayers_isRefused() {
    List<RateCard> cards =
        List.of(TestCards.card().build(), TestCards.card().layer(Layer.CONTRACT).build());

    assertThatThrownBy(() -> CatalogueYaml.print(List.of(), cards))
        .hasMessage("a text has one layer and one currency");
  }

  @Test
  void print_severalCurrencies_isRefused() {
    List<RateCard> cards =
        List.of(TestCards.card().build(), TestCards.card().currency("EUR").build());

    assertThatThrownBy(() -> CatalogueYaml.print(List.of(), cards))
        .hasMessage("a text has one layer and one currency");
  }

  /** Lists of others have any text in them; none of it may become YAML. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "with \"quotes\"",
        "back\\slash",
        "line\nbreak: x",
        "tab\there",
        "# no comment",
        "{a: b}",
        "größe \uD83D\uDE80",
        "~tilde~",
        "\u007f"
      })
  void print_textOfAnyKind_readsBack(String text) {
    RateCard card =
        RateCard.builder("acme", text)
            .alias(text + " too")
            .rate(Bucket.INPUT_UNCACHED, "1")
            .source(new RateSource(text, text, "https://" + text, text, LocalDate.of(2026, 11, 21)))
            .build();

    String yaml = CatalogueYaml.print(List.of(), List.of(card));

    assertThat(CatalogueReader.read("v", "out.yaml", yaml).cards()).containsExactly(card);
  }

  private static void roundTrip(Catalogue catalogue) {
    String text = CatalogueYaml.print(List.of("a comment"), catalogue.cards());

    Catalogue back = CatalogueReader.read("v", "out.yaml", text);

    assertThat(Set.copyOf(back.cards())).isEqualTo(Set.copyOf(catalogue.cards()));
  }
}
