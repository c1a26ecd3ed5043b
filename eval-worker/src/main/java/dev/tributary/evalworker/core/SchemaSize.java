package dev.tributary.evalworker.core;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.JsonNodePath;
import com.networknt.schema.SchemaLocation;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Counts what a schema expands to, before the library builds it: each way that leads to a subschema
 * makes one more of it, so a few lines of references fill any memory, and what ends a worker of it
 * ends the next one, too. A count ends at its limit. For one use by one thread.
 */
final class SchemaSize {
  /** Subschemas; the library needs a few hundred bytes for each. */
  private static final int MOST_SUBSCHEMAS = 10_000;

  /** Subschemas held against a part of the value; seconds of a machine. */
  private static final int MOST_LOOKS = 1_000_000;

  /** The same for subschemas that may turn out to have no such part. */
  private static final int MOST_STEPS = 50_000_000;

  /** What of a value a keyword's schemas are held against. */
  private enum Applies {
    HERE,
    ELEMENTS,
    FIELDS,
    NEVER
  }

  private static final Map<String, Applies> KEYWORDS =
      Map.ofEntries(
          Map.entry("type", Applies.HERE), // the library takes schemas among the names of types
          Map.entry("allOf", Applies.HERE),
          Map.entry("anyOf", Applies.HERE),
          Map.entry("oneOf", Applies.HERE),
          Map.entry("not", Applies.HERE),
          Map.entry("if", Applies.HERE),
          Map.entry("then", Applies.HERE),
          Map.entry("else", Applies.HERE),
          Map.entry("dependentSchemas", Applies.HERE),
          Map.entry("dependencies", Applies.HERE),
          Map.entry("items", Applies.ELEMENTS),
          Map.entry("prefixItems", Applies.ELEMENTS),
          Map.entry("additionalItems", Applies.ELEMENTS),
          Map.entry("unevaluatedItems", Applies.ELEMENTS),
          Map.entry("contains", Applies.ELEMENTS),
          Map.entry("properties", Applies.FIELDS),
          Map.entry("patternProperties", Applies.FIELDS),
          Map.entry("additionalProperties", Applies.FIELDS),
          Map.entry("unevaluatedProperties", Applies.FIELDS),
          Map.entry("propertyNames", Applies.FIELDS),
          Map.entry("$defs", Applies.NEVER),
          Map.entry("definitions", Applies.NEVER));

  /** Keywords whose value is no schema, but schemas by name. */
  private static final Set<String> BY_NAME =
      Set.of(
          "properties",
          "patternProperties",
          "dependentSchemas",
          "dependencies",
          "$defs",
          "definitions");

  /** A subschema and where it stands; {@code name} is a number in a list, empty for an only one. */
  private record Part(String keyword, String name, JsonNode schema) {}

  private final JsonNode root;
  private final Set<JsonNode> onPath = Collections.newSetFromMap(new IdentityHashMap<>());
  private int subschemas;
  private long looks;
  private long steps;

  private SchemaSize(JsonNode root) {
    this.root = root;
  }

  /**
   * Refuses a schema that is too large, that refers to anything but a place in itself by a pointer,
   * or in which a pointer has more than one meaning.
   *
   * @throws InvalidParametersException where it is refused
   */
  static void check(JsonNode schema) {
    boolean hasOldIds = hasOldDialect(schema);
    schema.forEach(child -> requireOneMeaning(child, hasOldIds));
    SchemaSize size = new SchemaSize(schema);
    schema.properties().forEach(entry -> requirePlainNames(entry.getKey(), entry.getValue()));
    size.expandOnce(schema);
  }

  /**
   * Refuses a schema that becomes too large over this value: one that refers to itself does so
   * again in each part of the value.
   *
   * @throws InvalidParametersException where it is refused
   */
  static void check(JsonNode schema, JsonNode value) {
    new SchemaSize(schema).apply(schema, List.of(value));
  }

  /** As the library loads a schema: all of it, up to where it is within itself. */
  private void expand(JsonNode schema) {
    JsonNode target = target(schema);
    if (target != null) {
      count(1);
      expandOnce(target);
    }
    for (Part part : parts(schema)) {
      if (KEYWORDS.get(part.keyword()) != Applies.NEVER) {
        expandOnce(part.schema());
      }
    }
  }

  private void expandOnce(JsonNode schema) {
    if (onPath.add(schema)) {
      expand(schema);
      onPath.remove(schema);
    }
  }

  /** As the library holds values against a schema that it made once for all of them. */
  private void apply(JsonNode schema, List<JsonNode> values) {
    looks += values.size();
    if (looks > MOST_LOOKS || steps > MOST_STEPS) {
      throw new InvalidParametersException("schema: takes too long for such a value", null);
    }
    JsonNode target = target(schema);
    if (target != null) {
      count(1);
      apply(target, values);
    }
    for (Part part : parts(schema)) {
      steps += values.size();
      List<JsonNode> found = valuesOf(part, schema, values);
      if (!found.isEmpty()) {
        apply(part.schema(), found);
      }
    }
  }

  private static List<JsonNode> valuesOf(Part part, JsonNode schema, List<JsonNode> values) {
    Applies applies = KEYWORDS.get(part.keyword());
    if (applies == Applies.HERE) {
      return values;
    }
    List<JsonNode> found = new ArrayList<>();
    for (JsonNode value : values) {
      if (applies == Applies.ELEMENTS && value.isArray()) {
        if (part.name().isEmpty()) {
          value.forEach(found::add);
        } else if (value.has(Integer.parseInt(part.name()))) {
          found.add(value.get(Integer.parseInt(part.name())));
        }
      } else if (applies == Applies.FIELDS && value.isObject()) {
        addFields(part, schema, value, found);
      }
    }
    return found;
  }

  private static void addFields(Part part, JsonNode schema, JsonNode value, List<JsonNode> found) {
    if (part.keyword().equals("properties")) {
      if (value.has(part.name())) {
        found.add(value.get(part.name()));
      }
      return;
    }
    boolean isRest = part.keyword().equals("additionalProperties");
    for (Map.Entry<String, JsonNode> field : value.properties()) {
      if (!isRest || !schema.path("properties").has(field.getKey())) {
        found.add(field.getValue());
      }
    }
  }

  private List<Part> parts(JsonNode schema) {
    List<Part> parts = new ArrayList<>();
    for (Map.Entry<String, JsonNode> entry : schema.properties()) {
      String keyword = entry.getKey();
      JsonNode value = entry.getValue();
      if (!KEYWORDS.containsKey(keyword)) {
        continue;
      }
      if (value.isArray()) {
        for (int i = 0; i < value.size(); i++) {
          if (!value.get(i).isTextual()) {
            parts.add(new Part(keyword, Integer.toString(i), value.get(i)));
          }
        }
      } else if (BY_NAME.contains(keyword)) {
        value
            .properties()
            .forEach(named -> parts.add(new Part(keyword, named.getKey(), named.getValue())));
      } else if (!value.isTextual()) {
        parts.add(new Part(keyword, "", value));
      }
    }
    count(parts.size());
    return parts;
  }

  private void count(int more) {
    subschemas += more;
    if (subschemas > MOST_SUBSCHEMAS) {
      throw new InvalidParametersException("schema: expands to too many subschemas", null);
    }
  }

  /** What a schema refers to; null: it does not. */
  private @Nullable JsonNode target(JsonNode schema) {
    if (schema.has("$dynamicRef") || schema.has("$recursiveRef")) {
      throw new InvalidParametersException("schema: a reference that depends on the way", null);
    }
    JsonNode reference = schema.get("$ref");
    if (reference == null || !reference.isTextual()) {
      return null;
    }
    String text = reference.textValue();
    JsonNode id = root.get("$id");
    if (text.equals("#") || (id != null && id.isTextual() && text.equals(id.textValue()))) {
      return root;
    }
    JsonNode found = text.startsWith("#/") ? find(text) : null;
    if (found == null) {
      throw new InvalidParametersException("schema: $ref is no pointer into it", null);
    }
    return found;
  }

  /** Read by the library: it has rules of its own for numbers and escapes. */
  private @Nullable JsonNode find(String pointer) {
    JsonNodePath path = SchemaLocation.Fragment.of(pointer);
    JsonNode found = root;
    for (int i = 0; i < path.getNameCount() && found != null; i++) {
      Object step = path.getElement(i);
      found =
          step instanceof Integer index && found.isArray()
              ? found.get(index)
              : found.get(step.toString());
    }
    return found;
  }

  /** Draft 4 has {@code id} for {@code $id}. */
  private static boolean hasOldDialect(JsonNode node) {
    if (node.path("$schema").asText("").contains("draft-04")) {
      return true;
    }
    for (JsonNode child : node) {
      if (hasOldDialect(child)) {
        return true;
      }
    }
    return false;
  }

  /** Within a part that has an address of its own, a pointer begins at that part. */
  private static void requireOneMeaning(JsonNode node, boolean hasOldIds) {
    if (isAddress(node.path("$id")) || (hasOldIds && isAddress(node.path("id")))) {
      throw new InvalidParametersException("schema: $id of a part", null);
    }
    node.properties().forEach(entry -> requirePlainNames(entry.getKey(), entry.getValue()));
    node.forEach(child -> requireOneMeaning(child, hasOldIds));
  }

  private static boolean isAddress(JsonNode id) {
    return id.isTextual() && !id.textValue().startsWith("#");
  }

  /** The library finds definitions by the text of a reference, too, before it reads the text. */
  private static void requirePlainNames(String keyword, JsonNode value) {
    if (keyword.equals("$defs") || keyword.equals("definitions")) {
      for (Map.Entry<String, JsonNode> definition : value.properties()) {
        if (definition.getKey().matches("(?s).*[/~%].*")) {
          throw new InvalidParametersException("schema: name of a definition", null);
        }
      }
    }
  }
}
