package dev.tributary.pricing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class RateCardJsonTest {

  private static final String CARD = RateCardJson.print(TestCards.card().build());

  static LongStream seeds() {
    return Seeds.all();
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void parse_printedCard_isTheCard(long seed) {
    RateCard card = RandomCards.any(new Random(seed));

    String text = RateCardJson.print(card);

    assertThat(RateCardJson.parse("topic", text)).as("seed %d: %s", seed, text).isEqualTo(card);
    assertThat(text).as("seed %d", seed).doesNotContain("\n");
  }

  @Test
  void parse_amountAsJsonNumber_isExact() {
    String text = CARD.replace("\"amount\":\"3\"", "\"amount\":0.0000029999900000000002");

    RateCard card = RateCardJson.parse("topic", text);

    assertThat(card.rateOf(Bucket.INPUT_UNCACHED).amount())
        .isEqualTo(new BigDecimal("0.0000029999900000000002"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"surface\":\"anthropic\",||surface: must be a text",
        "\"region\":\"any\"|\"region\":\"mars\"|region: not allowed: mars",
        "\"amount\":\"15\"|\"amount\":\"dear\"|rates.out.text.amount: must be a decimal number, but is dear",
        "\"per\":1000000|\"per\":1.5|must be a whole number",
        "\"free\":false|\"names\":[{\"kind\":\"alias\",\"value\":\"m\",\"priority\":4294967296}]|priority: must be a whole number of 32 bits",
        "in.cache_read|in.cache_raed|rates.in.cache_raed: unknown bucket",
        "\"free\":false|\"free\":false,\"fee\":1|fee: unknown field",
        "\"currency\":\"USD\"|\"currency\":\"Dollar\"|currency must be an ISO 4217 code"
      })
  void parse_brokenCard_namesTheField(String good, String bad, String message) {
    String text = CARD.replace(good, bad == null ? "" : bad);

    assertThatThrownBy(() -> RateCardJson.parse("topic-7", text))
        .isInstanceOf(CatalogueException.class)
        .hasMessageStartingWith("topic-7")
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{|not JSON",
        "[]|must be a JSON object",
        "{} {}|not JSON",
        "''|must be a JSON object"
      })
  void parse_noCard_isRefused(String text, String message) {
    assertThatThrownBy(() -> RateCardJson.parse("topic", text))
        .isInstanceOf(CatalogueException.class)
        .hasMessageContaining(message);
  }
}
