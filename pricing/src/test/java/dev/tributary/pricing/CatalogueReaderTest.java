package dev.tributary.pricing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CatalogueReaderTest {

  private static final String GOOD =
      """
      surface: acme
      currency: USD
      sources:
        list: {name: acme price list, version: "2026-09"}
      models:
        - model: acme-1
          aliases: [acme-one]
          patterns: [{glob: "acme-1-preview-*", priority: 3}]
          priced_as: {out.reasoning: out.text}
          cards:
            - tier: standard
              uplifts: {eu: 1.1}
              until: 2026-08-21
              source: list
              rates: {in.text.uncached: 5, out.text: 30, tool.web_search: {amount: 10, per: 1000}}
            - context: ">= 200000"
              from: 2026-08-21T12:00:00Z
              window: {from: "16:30", to: "00:30", days: [monday]}
              source: {name: elsewhere, url: "https://example.org"}
              rates: {in.text.uncached: 4}
      overrides:
        - {surface: acme, name: prod-deployment, model: acme-1}
      """;

  @Test
  void read_goodText_givesItsCards() {
    Catalogue catalogue = CatalogueReader.read("v7", "acme.yaml", GOOD);

    assertThat(catalogue.version()).isEqualTo("v7");
    assertThat(catalogue.cards())
        .extracting(RateCard::id)
        .containsExactly(
            "acme|acme-1|standard",
            "acme|acme-1|standard|eu",
            "acme|acme-1|standard|>=200000|16:30-00:30,MONDAY|2026-08-21T12:00:00Z");
    RateCard eu = catalogue.card("acme|acme-1|standard|eu");
    assertThat(eu.rateOf(Bucket.INPUT_UNCACHED)).isEqualTo(Rate.perMillion("5.5"));
    assertThat(eu.rateOf(Bucket.REASONING)).isEqualTo(Rate.perMillion("33"));
    assertThat(eu.rateOf(Bucket.TOOL_WEB_SEARCH).amount()).isEqualByComparingTo("10");
    assertThat(eu.effectiveUntil()).isEqualTo(Instant.parse("2026-08-21T00:00:00Z"));
    assertThat(catalogue.cards().get(2).pricedAs()).isEmpty();
    assertThat(catalogue.resolve("acme", "prod-deployment").step()).isEqualTo(ModelStep.OVERRIDE);
    assertThat(catalogue.resolve("acme", "acme-1-preview-3").step()).isEqualTo(ModelStep.PATTERN);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "in.text.uncached: 5,|in.text.uncached: dear,|:15: models[0].cards[0].rates.in.text.uncached: must be a plain decimal number, but is dear",
        "in.text.uncached: 5,|in.text.uncached: 5e3,|:15: models[0].cards[0].rates.in.text.uncached: must be a plain decimal number",
        "in.text.uncached: 5,|in.text.uncached: -5,|:15: models[0].cards[0].rates.in.text.uncached: a rate must not be negative",
        "in.text.uncached: 5,|in.text: 5,|:15: models[0].cards[0].rates.in.text: unknown bucket; allowed are [in.text.uncached",
        "{amount: 10, per: 1000}|10|:15: models[0].cards[0].rates.tool.web_search: is not counted in tokens",
        "{amount: 10, per: 1000}|{amount: 10}|'per' is missing",
        "tier: standard|tier: turbo|:11: models[0].cards[0].tier: must be a service tier, but is turbo",
        "until: 2026-08-21|until: 2026-02-30|:13: models[0].cards[0].until: must be a UTC date",
        "source: list|source: lost|:14: models[0].cards[0].source: names no entry of 'sources': lost",
        "\">= 200000\"|\"about 200000\"|:16: models[0].cards[1].context: must be as '> 200000'",
        "to: \"00:30\"|to: \"16:30\"|:18: models[0].cards[1].window: time window is empty",
        "days: [monday]|days: [moonday]|:18: models[0].cards[1].window.days[0]: must be a weekday",
        "uplifts: {eu: 1.1}|uplifts: {mars: 1.1}|:12: models[0].cards[0].uplifts.mars: must be named after a region scope",
        "- model: acme-1|- modle: acme-1|:6: models[0].modle: unknown field; allowed are [aliases, cards",
        "currency: USD|currency: EUR|:2: currency: must be the ledger's currency USD, but is EUR",
        "priority: 3|priority: high|patterns[0].priority: must be a whole number, but is high",
        "model: acme-1}|model: acme-9}|:22: overrides[0]: override prod-deployment on surface acme names a model without a card: acme-9",
        "currency: USD|surface: twice|:2: surface: stands twice",
        "models:|models: [|:6: not YAML",
        "rates: {in.text.uncached: 4}|rates: {in.text.uncached: 0}|:16: models[0].cards[1]: every rate is 0: write 'free: true'"
      })
  void read_brokenText_isRefusedWithSourceLineAndField(String good, String bad, String message) {
    assertThat(GOOD).contains(good);
    String text = GOOD.replace(good, bad);

    assertThatThrownBy(() -> CatalogueReader.read("v", "acme.yaml", text))
        .isInstanceOf(CatalogueException.class)
        .hasMessageStartingWith("acme.yaml")
        .hasMessageContaining(message);
  }

  @Test
  void read_refusal_carriesItsPlace() {
    CatalogueException refused =
        org.junit.jupiter.api.Assertions.assertThrows(
            CatalogueException.class,
            () ->
                CatalogueReader.read(
                    "v", "acme.yaml", GOOD.replace("tier: standard", "tier: turbo")));

    assertThat(refused.sourceName()).isEqualTo("acme.yaml");
    assertThat(refused.line()).isEqualTo(11);
    assertThat(refused.field()).isEqualTo("models[0].cards[0].tier");
  }

  @Test
  void read_emptyText_isRefused() {
    assertThatThrownBy(() -> CatalogueReader.read("v", "empty.yaml", ""))
        .hasMessage("empty.yaml:1: the text is empty");
  }

  @Test
  void read_anchorsThatExpand_areRefused() {
    String bomb = "a: &a [1, 2]\nb: [*a, *a]\n";

    assertThatThrownBy(() -> CatalogueReader.read("v", "bomb.yaml", bomb))
        .isInstanceOf(CatalogueException.class);
  }

  @Test
  void readAll_textsThatContradict_areRefused() {
    Map<String, String> texts = Map.of("a.yaml", GOOD, "b.yaml", GOOD);

    assertThatThrownBy(() -> CatalogueReader.readAll("v", texts))
        .isInstanceOf(CatalogueException.class)
        .hasMessageStartingWith("b.yaml:11: models[0].cards[0]: cards acme|acme-1|standard and ")
        .hasMessageEndingWith("; the other stands at a.yaml:11: models[0].cards[0]");
  }

  @Test
  void read_numberLongerThanADouble_isExact() {
    String text =
        GOOD.replace("in.text.uncached: 5,", "in.text.uncached: 2.9999900000000002000001,");

    Catalogue catalogue = CatalogueReader.read("v", "acme.yaml", text);

    assertThat(catalogue.cards().get(0).rateOf(Bucket.INPUT_UNCACHED))
        .isEqualTo(Rate.perMillion("2.9999900000000002000001"));
  }
}
