package dev.tributary.evaldispatch;

import dev.tributary.runtime.reference.FieldReader;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.SequenceNode;

/**
 * A value of a YAML text with its path, so that a refusal can name file, line and field.
 *
 * @param reader of the text
 * @param field path of the value, empty at the root
 * @param node the value
 */
record YamlValue(FieldReader reader, String field, Node node) {

  /**
   * The root of a text.
   *
   * @throws IllegalArgumentException naming source and line
   */
  static YamlValue root(String source, String text) {
    FieldReader reader = new FieldReader(source);
    return new YamlValue(reader, "", reader.compose(text));
  }

  /** Fields of a mapping; {@code known} null: any name. */
  Map<String, YamlValue> fields(@Nullable Set<String> known) {
    Map<String, YamlValue> fields = new LinkedHashMap<>();
    reader
        .mapping(node, field, known)
        .forEach(
            (name, value) ->
                fields.put(
                    name,
                    new YamlValue(reader, field.isEmpty() ? name : field + "." + name, value)));
    return fields;
  }

  /** A field of this mapping that must be there. */
  YamlValue need(Map<String, YamlValue> fields, String name) {
    YamlValue value = fields.get(name);
    if (value == null) {
      throw refuse(name + " is missing");
    }
    return value;
  }

  List<YamlValue> list() {
    if (!(node instanceof SequenceNode sequence)) {
      throw refuse("a list is expected");
    }
    List<YamlValue> items = new ArrayList<>();
    for (Node item : sequence.getValue()) {
      items.add(new YamlValue(reader, field, item));
    }
    return items;
  }

  /** One text, or a list of texts. */
  List<String> texts() {
    return node instanceof SequenceNode
        ? list().stream().map(YamlValue::text).toList()
        : List.of(text());
  }

  String text() {
    return reader.text(node, field);
  }

  boolean flag() {
    return reader.flag(node, field);
  }

  int integer() {
    return reader.number(node, field);
  }

  double number() {
    return decimal().doubleValue();
  }

  /** An amount with at most 18 digits after the point. */
  BigDecimal decimal() {
    try {
      BigDecimal number = new BigDecimal(text());
      if (number.scale() <= 18 && number.precision() <= 36) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw refuse("a number is expected: \"" + text() + '"');
    }
    throw refuse("at most 18 digits after the point are expected");
  }

  /** As {@code 45s}, {@code 10m} or {@code 2h}, microseconds. */
  long micros() {
    try {
      return DispatchConfig.micros(Duration.parse("PT" + text().toUpperCase(Locale.ROOT)));
    } catch (DateTimeException e) {
      throw refuse("a duration such as 45s, 10m or 2h is expected: \"" + text() + '"');
    }
  }

  IllegalArgumentException refuse(String problem) {
    return reader.refuse(node, field, problem);
  }

  IllegalArgumentException placed(IllegalArgumentException refusal) {
    return reader.placed(node, refusal);
  }
}
