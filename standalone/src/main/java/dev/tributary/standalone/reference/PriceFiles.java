package dev.tributary.standalone.reference;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tributary.attribution.ModelOverrideReader;
import dev.tributary.pricing.Catalogue;
import dev.tributary.pricing.CatalogueException;
import dev.tributary.pricing.CatalogueReader;
import dev.tributary.pricing.ModelOverride;
import dev.tributary.pricing.RateCard;
import dev.tributary.pricing.RateCardJson;
import dev.tributary.pricing.curated.CuratedCatalogue;
import dev.tributary.schemas.ReferenceKind;
import dev.tributary.standalone.platform.PlatformException;
import dev.tributary.standalone.reference.ReferenceTimelines.Stated;
import dev.tributary.standalone.text.TextFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Price files that a user brings (contract, own, imported), as reference rows beside the curated.
 */
final class PriceFiles {
  private static final ObjectMapper JSON = new ObjectMapper();

  private PriceFiles() {}

  /**
   * Cards and names of the files, checked together with the curated ones: what contradicts them is
   * refused before anything is published.
   *
   * @throws PlatformException naming file, line and field
   */
  static List<Stated> read(List<Path> files) {
    Map<String, String> texts = new HashMap<>(CuratedCatalogue.texts());
    for (Path file : files) {
      try {
        texts.put(file.toString(), TextFile.read(file));
      } catch (IOException e) {
        throw new PlatformException(String.valueOf(e.getMessage()), e);
      }
    }
    Catalogue all;
    try {
      all = CatalogueReader.readAll("published", texts);
    } catch (CatalogueException e) {
      throw new PlatformException(String.valueOf(e.getMessage()), e);
    }
    Set<RateCard> curated = new HashSet<>(CuratedCatalogue.load().cards());
    List<Stated> rows = new ArrayList<>();
    for (RateCard card : all.cards()) {
      if (!curated.contains(card)) {
        rows.add(row(card));
      }
    }
    all.overrides().forEach(override -> rows.add(row(override)));
    return rows;
  }

  /** The dates of a card are inside it; the timeline's own would say them twice. */
  static Stated row(RateCard card) {
    String id = card.surface() + "|" + card.canonicalModel();
    return new Stated(ReferenceKind.RATE_CARD, id, null, null, RateCardJson.print(card));
  }

  private static Stated row(ModelOverride override) {
    String payload =
        JSON.createObjectNode()
            .put("type", ModelOverrideReader.TYPE)
            .put("surface", override.surface())
            .put("name", override.rawModel())
            .put("model", override.canonicalModel())
            .toString();
    String id = ModelOverrideReader.TYPE + "|" + override.surface() + "|" + override.rawModel();
    return new Stated(ReferenceKind.POLICY, id, null, null, payload);
  }
}
