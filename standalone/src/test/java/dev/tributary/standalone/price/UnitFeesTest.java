package dev.tributary.standalone.price;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tributary.attribution.core.Booking;
import dev.tributary.attribution.core.OfflineJoin;
import dev.tributary.attribution.core.OwnershipRules;
import dev.tributary.attribution.core.ReferenceView;
import dev.tributary.pricing.Bucket;
import dev.tributary.pricing.Catalogue;
import dev.tributary.pricing.Rate;
import dev.tributary.pricing.RateCard;
import dev.tributary.pricing.curated.CuratedCatalogue;
import dev.tributary.runtime.testing.TestData;
import dev.tributary.schemas.CostLine;
import dev.tributary.schemas.LedgerLine;
import dev.tributary.schemas.PriceStatus;
import dev.tributary.schemas.Span;
import dev.tributary.standalone.offline.OfflineSpans;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/**
 * From a provider's reply inside of a span to the fee in the ledger: what is billed by the unit.
 */
class UnitFeesTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path SPANS = Path.of("spans.json");

  /** 2026-11-12T12:00:00Z. */
  private static final long NANOS = 1_794_484_800_000_000_000L;

  /** Each recorded answer of a reranker, read in place: its search units are what it costs. */
  @Test
  void recordedRerankReplies_costTheirSearchUnits() {
    List<JsonNode> replies = new ArrayList<>();
    for (JsonNode reply : recorded()) {
      if (reply.path("usage").path(0).path("usage").path("billed_units").has("search_units")) {
        replies.add(reply);
      }
    }
    assertThat(replies).hasSize(6);
    Catalogue catalogue = rerankers(replies);
    for (JsonNode reply : replies) {
      JsonNode meta = reply.path("usage").path(0).path("usage");
      ObjectNode answer = JSON.createObjectNode();
      answer.putArray("results").addObject().put("index", 0).put("relevance_score", 0.97);
      answer.set("meta", meta);

      LedgerLine line =
          booked(
              catalogue,
              Map.of(
                  "openinference.span.kind",
                  "RERANKER",
                  "llm.provider",
                  "cohere",
                  "reranker.model_name",
                  reply.path("request_model").asText(),
                  "output.value",
                  answer.toString()));

      long units = meta.path("billed_units").path("search_units").longValue();
      assertThat(line.getPriceStatus()).isEqualTo(PriceStatus.PRICED);
      assertThat(line.getCalls()).isEqualTo(1);
      assertThat(line.getCost())
          .isEqualByComparingTo(new BigDecimal("0.002").multiply(BigDecimal.valueOf(units)));
      assertThat(line.getCostLines()).extracting(CostLine::getBucket).containsOnly("tool.rerank");
    }
  }

  /** The recorded usage of a call that searched, in the reply it came with. */
  @Test
  void recordedSearchingCall_costsItsTokensAndItsSearch() {
    JsonNode reply =
        recorded().stream()
            .filter(each -> each.path("cassette").asText().contains("web_search"))
            .findFirst()
            .orElseThrow();
    JsonNode usage = reply.path("usage").path(0).path("usage");
    ObjectNode answer = JSON.createObjectNode();
    answer.put("object", "response").put("model", reply.path("response_model").asText());
    ArrayNode output = answer.putArray("output");
    output.addObject().put("type", "web_search_call").put("status", "completed");
    output.addObject().put("type", "message");
    answer.set("usage", usage);

    LedgerLine line =
        booked(
            CuratedCatalogue.load(),
            Map.of(
                "openinference.span.kind",
                "LLM",
                "llm.system",
                "openai",
                "llm.model_name",
                reply.path("response_model").asText(),
                "output.value",
                answer.toString()));

    // gpt-4.1: 2 and 8 USD for a million tokens, 10 USD for a thousand searches.
    BigDecimal expected =
        new BigDecimal("0.000002")
            .multiply(usage.path("input_tokens").decimalValue())
            .add(new BigDecimal("0.000008").multiply(usage.path("output_tokens").decimalValue()))
            .add(new BigDecimal("0.01"));
    assertThat(line.getPriceStatus()).isEqualTo(PriceStatus.PRICED);
    assertThat(line.getCost()).isEqualByComparingTo(expected);
  }

  private static Catalogue rerankers(List<JsonNode> replies) {
    return Catalogue.of(
        "rerankers",
        replies.stream()
            .map(reply -> reply.path("request_model").asText())
            .distinct()
            .map(
                model ->
                    RateCard.builder("cohere", model)
                        .rate(Bucket.TOOL_RERANK, new Rate(new BigDecimal("2"), 1_000))
                        .build())
            .toList());
  }

  /** The line of the one span with these attributes. */
  private static LedgerLine booked(Catalogue catalogue, Map<String, String> attributes) {
    ObjectNode request = JSON.createObjectNode();
    ObjectNode span =
        request
            .putArray("resourceSpans")
            .addObject()
            .putArray("scopeSpans")
            .addObject()
            .putArray("spans")
            .addObject();
    span.put("traceId", "0af7651916cd43dd8448eb211c80319c").put("spanId", "b7ad6b7169203331");
    span.put("name", "call");
    span.put("startTimeUnixNano", Long.toString(NANOS));
    span.put("endTimeUnixNano", Long.toString(NANOS + 1_000_000));
    ArrayNode list = span.putArray("attributes");
    attributes.forEach(
        (key, value) ->
            list.addObject().put("key", key).putObject("value").put("stringValue", value));
    OfflineSpans spans = new OfflineSpans();
    try {
      spans.add(SPANS, JSON.writeValueAsBytes(request), true);
    } catch (Exception e) {
      throw new AssertionError(request.toString(), e);
    }
    OfflineJoin join =
        new OfflineJoin(
            new ReferenceView(1, catalogue, OwnershipRules.NONE, List.of()), UnitFeesTest::bytes);
    spans.spans().forEach(read -> join.add(read.result().span()));
    Booking booking = join.book().iterator().next();
    assertThat(booking.size()).isEqualTo(1);
    return Objects.requireNonNull(booking.line(0));
  }

  private static byte[] bytes(Span span) {
    try {
      ByteBuffer encoded = span.toByteBuffer();
      byte[] bytes = new byte[encoded.remaining()];
      encoded.get(bytes);
      return bytes;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<JsonNode> recorded() {
    Path file = TestData.path("usage-blocks", "usage_blocks.jsonl");
    List<JsonNode> replies = new ArrayList<>();
    try {
      for (String line : Files.readAllLines(file)) {
        replies.add(JSON.readTree(line));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return replies;
  }
}
