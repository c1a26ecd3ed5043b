package dev.tributary.standalone.lint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;

/** Does to a recorded body what a remedy says. */
final class RemedyTrial {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private RemedyTrial() {}

  /** The body with the remedy's attribute on every span, or on every resource. */
  static String apply(Remedy remedy, String body) throws IOException {
    JsonNode root = MAPPER.readTree(body);
    for (JsonNode resourceSpans : root.path("resourceSpans")) {
      if (remedy.where() == Remedy.Where.RESOURCE) {
        set((ObjectNode) resourceSpans.path("resource"), remedy);
      }
      for (JsonNode scope : resourceSpans.path("scopeSpans")) {
        for (JsonNode span : scope.path("spans")) {
          if (remedy.where() == Remedy.Where.SPAN) {
            set((ObjectNode) span, remedy);
          }
        }
      }
    }
    return root.toString();
  }

  private static void set(ObjectNode owner, Remedy remedy) {
    ArrayNode attributes = owner.withArray("attributes");
    for (int i = attributes.size() - 1; i >= 0; i--) {
      if (attributes.get(i).path("key").asText().equals(remedy.attribute())) {
        attributes.remove(i);
      }
    }
    attributes
        .addObject()
        .put("key", remedy.attribute())
        .putObject("value")
        .put("stringValue", remedy.value());
  }
}
