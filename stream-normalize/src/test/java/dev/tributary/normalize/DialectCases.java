package dev.tributary.normalize;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tributary.normalize.core.OtlpBatch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * Hand-made payloads of {@code src/test/resources/dialects}: what instrumentations set, in a short
 * form that this class turns into OTLP/JSON, with the expected fields of each span.
 */
final class DialectCases {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final long START_NANOS = 1_763_600_000_000_000_000L;

  /** One case; its text is its name. */
  record Case(String dialect, JsonNode node) {
    @Override
    public String toString() {
      return dialect + ": " + node.path("case").asText();
    }

    /** Expected fields by span. */
    List<JsonNode> spans() {
      List<JsonNode> spans = new ArrayList<>();
      node.path("spans").forEach(spans::add);
      return spans;
    }
  }

  private DialectCases() {}

  static List<Case> all() {
    List<Case> cases = new ArrayList<>();
    try (Stream<Path> files = Files.walk(folder(), 2)) {
      for (Path file : files.filter(path -> path.toString().endsWith(".json")).sorted().toList()) {
        String dialect = Objects.requireNonNull(file.getParent()).getFileName().toString();
        MAPPER.readTree(file.toFile()).forEach(node -> cases.add(new Case(dialect, node)));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return cases;
  }

  /** The payload of a case. */
  static OtlpBatch batch(Case dialectCase) {
    return parse(bytes(dialectCase, UnaryOperator.identity()));
  }

  /** The payload with attribute names replaced. */
  static byte[] bytes(Case dialectCase, UnaryOperator<String> names) {
    ObjectNode root = MAPPER.createObjectNode();
    ObjectNode resourceSpans = root.putArray("resourceSpans").addObject();
    JsonNode node = dialectCase.node();
    attributes(
        resourceSpans.putObject("resource"), node.path("resource"), UnaryOperator.identity());
    ObjectNode scopeSpans = resourceSpans.putArray("scopeSpans").addObject();
    ObjectNode scope = scopeSpans.putObject("scope");
    scope.put("name", node.path("scope").asText(""));
    scope.put("version", node.path("version").asText(""));
    ArrayNode spans = scopeSpans.putArray("spans");
    int index = 0;
    for (JsonNode span : node.path("spans")) {
      write(spans.addObject(), span, index++, names);
    }
    return root.toString().getBytes(StandardCharsets.UTF_8);
  }

  static OtlpBatch parse(byte[] json) {
    try {
      return OtlpJson.parse(json);
    } catch (MalformedOtlpException e) {
      throw new AssertionError(e);
    }
  }

  static String spanId(int index) {
    return "b7ad6b716920%04x".formatted(index + 1);
  }

  private static void write(ObjectNode out, JsonNode span, int index, UnaryOperator<String> names) {
    out.put("traceId", TRACE);
    out.put("spanId", spanId(index));
    if (span.has("parent")) {
      out.put("parentSpanId", spanId(span.path("parent").asInt()));
    }
    out.put("name", span.path("name").asText("span"));
    long start = START_NANOS + index * 1_000_000L;
    out.put("startTimeUnixNano", Long.toString(start));
    out.put("endTimeUnixNano", Long.toString(start + 900_000_000L));
    attributes(out, span.path("attributes"), names);
    ArrayNode events = out.putArray("events");
    for (JsonNode event : span.path("events")) {
      ObjectNode written = events.addObject();
      written.put("name", event.path("name").asText());
      written.put("timeUnixNano", Long.toString(start + 1));
      attributes(written, event.path("attributes"), UnaryOperator.identity());
    }
    if (span.has("status")) {
      out.putObject("status").put("code", span.path("status").asInt());
    }
  }

  private static void attributes(ObjectNode out, JsonNode values, UnaryOperator<String> names) {
    ArrayNode attributes = out.putArray("attributes");
    for (Map.Entry<String, JsonNode> value : values.properties()) {
      ObjectNode attribute = attributes.addObject();
      attribute.put("key", names.apply(value.getKey()));
      attribute.set("value", value(value.getValue()));
    }
  }

  private static ObjectNode value(JsonNode value) {
    ObjectNode out = MAPPER.createObjectNode();
    if (value.isTextual()) {
      out.put("stringValue", value.textValue());
    } else if (value.isBoolean()) {
      out.put("boolValue", value.booleanValue());
    } else if (value.isIntegralNumber()) {
      out.put("intValue", value.asText());
    } else if (value.isNumber()) {
      out.put("doubleValue", value.doubleValue());
    } else if (value.isArray()) {
      ArrayNode items = out.putObject("arrayValue").putArray("values");
      value.forEach(item -> items.add(value(item)));
    } else {
      // An object under "json" stands for its text, as instrumentations write objects.
      JsonNode text = value.path("json");
      if (text.isMissingNode()) {
        ArrayNode members = out.putObject("kvlistValue").putArray("values");
        value
            .properties()
            .forEach(
                member ->
                    members
                        .addObject()
                        .put("key", member.getKey())
                        .set("value", value(member.getValue())));
      } else {
        out.put("stringValue", text.toString());
      }
    }
    return out;
  }

  private static Path folder() {
    try {
      return Path.of(Objects.requireNonNull(DialectCases.class.getResource("/dialects")).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
