package dev.tributary.standalone.reference;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tributary.pricing.RateCard;
import dev.tributary.pricing.RateCardJson;
import dev.tributary.pricing.curated.CuratedCatalogue;
import dev.tributary.runtime.config.Settings;
import dev.tributary.schemas.Keys;
import dev.tributary.schemas.Reference;
import dev.tributary.schemas.ReferenceKind;
import dev.tributary.standalone.reference.ReferenceTimelines.Stated;
import dev.tributary.standalone.reference.ReferenceTimelines.Version;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Publishes the curated prices with those of one model multiplied. */
public final class DearerPrices {
  private static final ObjectMapper JSON = new ObjectMapper();

  private DearerPrices() {}

  /** A new reference version; answers its number. */
  public static long publish(Settings settings, String model, int factor) throws IOException {
    List<Stated> cards = new ArrayList<>();
    for (RateCard card : CuratedCatalogue.load().cards()) {
      String payload = RateCardJson.print(card);
      cards.add(
          new Stated(
              ReferenceKind.RATE_CARD,
              card.surface() + "|" + card.canonicalModel(),
              null,
              null,
              card.canonicalModel().equals(model) ? multiplied(payload, factor) : payload));
    }
    String tenant = Keys.DEFAULT_TENANT;
    try (ReferenceWriter writer = ReferenceWriter.open(settings, tenant)) {
      Version next =
          ReferenceTimelines.next(
              tenant,
              writer.read(),
              "curated",
              List.of(ReferenceKind.RATE_CARD),
              cards,
              "dearer " + model,
              0);
      if (next == null) {
        throw new IllegalStateException(model + " has no card that could become dearer");
      }
      List<Reference> records = new ArrayList<>(next.changed());
      records.add(next.manifest());
      writer.append(records);
      return ReferenceTimelines.versionOf(tenant, writer.read());
    }
  }

  private static String multiplied(String payload, int factor) throws IOException {
    JsonNode card = JSON.readTree(payload);
    for (Map.Entry<String, JsonNode> rate : card.path("rates").properties()) {
      BigDecimal amount = new BigDecimal(rate.getValue().path("amount").asText());
      ((ObjectNode) rate.getValue())
          .put("amount", amount.multiply(BigDecimal.valueOf(factor)).toPlainString());
    }
    return card.toString();
  }
}
