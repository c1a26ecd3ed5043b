package dev.tributary.pricing.importer;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tributary.pricing.CatalogueException;
import org.jspecify.annotations.Nullable;

/** JSON of price lists: numbers go straight into decimals. */
final class ImportJson {
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
          .build();

  private ImportJson() {}

  static JsonNode parse(String sourceName, String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      int line = e.getLocation() == null ? 0 : e.getLocation().getLineNr();
      throw new CatalogueException(sourceName, line, "", "not JSON: " + e.getOriginalMessage(), e);
    }
  }

  static CatalogueException refuse(
      String sourceName, String field, String problem, @Nullable Throwable cause) {
    return new CatalogueException(sourceName, 0, field, problem, cause);
  }
}
