package dev.tributary.normalize;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads JSON into a tree. What is odd about one value costs that value and no other: nesting beyond
 * a limit becomes a marker, a number of too many digits becomes text, and bytes that are no UTF-8
 * become replacement characters, as in protobuf.
 */
public final class JsonTree {
  /** A request's own nesting is about twelve, and values are followed four levels of JSON each. */
  private static final int MAX_NESTING = 256;

  /** Longer numbers are no count and no time, and take long to read. */
  private static final int MAX_DIGITS = 1_000;

  private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

  /** What decoding puts where bytes are no UTF-8. */
  private static final char REPLACEMENT = '\uFFFD';

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          // Their limits would refuse the request; ours are met value by value.
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(Integer.MAX_VALUE)
                  .maxNumberLength(Integer.MAX_VALUE)
                  .maxNameLength(Integer.MAX_VALUE)
                  .maxStringLength(Integer.MAX_VALUE)
                  .build())
          // A request is UTF-8, and nothing else is guessed from its first bytes.
          .disable(JsonFactory.Feature.CHARSET_DETECTION)
          // What Python writes for a number that is none, and others for a line feed in a text.
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
          .enable(JsonReadFeature.ALLOW_UNESCAPED_CONTROL_CHARS)
          .build();

  private JsonTree() {}

  /**
   * The one value in these bytes; missing: there is none.
   *
   * @throws IOException when they are no JSON, cut off, or more than one value
   */
  public static JsonNode read(byte[] bytes) throws IOException {
    int start = isMarked(bytes) ? BYTE_ORDER_MARK.length : 0;
    try {
      return one(FACTORY.createParser(bytes, start, bytes.length - start));
    } catch (JsonParseException e) {
      // Decoding everything first would cost each request what few of them need. Overlong forms
      // and lone surrogates get here no more: the parser reads them as the characters they spell.
      String text = new String(bytes, start, bytes.length - start, StandardCharsets.UTF_8);
      if (text.indexOf(REPLACEMENT) < 0) {
        throw e;
      }
      return one(FACTORY.createParser(text));
    }
  }

  private static boolean isMarked(byte[] bytes) {
    int length = BYTE_ORDER_MARK.length;
    return bytes.length >= length && Arrays.equals(bytes, 0, length, BYTE_ORDER_MARK, 0, length);
  }

  /** The only value; the parser is closed. */
  private static JsonNode one(JsonParser parser) throws IOException {
    try (JsonParser in = parser) {
      JsonNode root = in.nextToken() == null ? MissingNode.getInstance() : value(in, MAX_NESTING);
      if (in.nextToken() != null) {
        throw new JsonParseException(in, "more than one value");
      }
      return root;
    }
  }

  /** The value that begins at the token at hand. */
  private static JsonNode value(JsonParser in, int levels) throws IOException {
    JsonNodeFactory nodes = JsonNodeFactory.instance;
    return switch (in.currentToken()) {
      case START_OBJECT -> levels == 0 ? tooDeep(in) : object(in, levels - 1);
      case START_ARRAY -> levels == 0 ? tooDeep(in) : array(in, levels - 1);
      case VALUE_STRING -> nodes.textNode(in.getText());
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> number(in);
      case VALUE_TRUE -> nodes.booleanNode(true);
      case VALUE_FALSE -> nodes.booleanNode(false);
      default -> nodes.nullNode();
    };
  }

  private static ObjectNode object(JsonParser in, int levels) throws IOException {
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    for (String name = in.nextFieldName(); name != null; name = in.nextFieldName()) {
      in.nextToken();
      object.set(name, value(in, levels));
    }
    return object;
  }

  private static ArrayNode array(JsonParser in, int levels) throws IOException {
    ArrayNode array = JsonNodeFactory.instance.arrayNode();
    while (in.nextToken() != JsonToken.END_ARRAY) {
      array.add(value(in, levels));
    }
    return array;
  }

  private static JsonNode number(JsonParser in) throws IOException {
    JsonNodeFactory nodes = JsonNodeFactory.instance;
    if (in.getTextLength() > MAX_DIGITS) {
      return nodes.textNode(in.getText());
    }
    if (in.currentToken() == JsonToken.VALUE_NUMBER_FLOAT) {
      return nodes.numberNode(in.getDoubleValue());
    }
    return in.getNumberType() == JsonParser.NumberType.BIG_INTEGER
        ? nodes.numberNode(in.getBigIntegerValue())
        : nodes.numberNode(in.getLongValue());
  }

  private static JsonNode tooDeep(JsonParser in) throws IOException {
    in.skipChildren();
    return JsonNodeFactory.instance.textNode(OtlpValues.TOO_DEEP);
  }
}
