package dev.tributary.attribution;

import dev.tributary.attribution.core.OwnershipRule;
import dev.tributary.attribution.core.TagField;
import java.io.StringReader;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/**
 * Reads ownership tables: YAML files with a list {@code rules}, and the single rule of a reference
 * row, which is the same mapping as JSON. A file with any error is refused whole; the message names
 * file, line and field.
 */
public final class OwnershipReader {
  private static final Set<String> RULE =
      Set.of(
          "id",
          "priority",
          "match",
          "set",
          "shadow",
          "effective_from",
          "effective_until",
          "alert_routes",
          "budget_holder");
  private static final Set<String> MATCH = Set.of("service", "feature", "agent", "key_alias");

  private final String source;

  private OwnershipReader(String source) {
    this.source = source;
  }

  /**
   * Reads a table.
   *
   * @param source name of the file, for messages
   * @throws IllegalArgumentException naming file, line and field
   */
  public static List<OwnershipRule> readFile(String source, String yaml) {
    OwnershipReader reader = new OwnershipReader(source);
    Node root = reader.compose(yaml);
    Map<String, Node> fields = reader.mapping(root, "", Set.of("rules"));
    Node list = fields.get("rules");
    if (!(list instanceof SequenceNode rules)) {
      throw reader.refuse(list == null ? root : list, "rules", "a list of rules is expected");
    }
    List<OwnershipRule> read = new ArrayList<>();
    Set<String> ids = new HashSet<>();
    for (Node node : rules.getValue()) {
      OwnershipRule rule = reader.rule(node);
      if (!ids.add(rule.id())) {
        throw reader.refuse(node, "id", "a second rule of the name " + rule.id());
      }
      read.add(rule);
    }
    return read;
  }

  /** Reads one rule, as a reference row carries it. */
  public static OwnershipRule readRule(String source, String json) {
    OwnershipReader reader = new OwnershipReader(source);
    return reader.rule(reader.compose(json));
  }

  private Node compose(String text) {
    LoaderOptions options = new LoaderOptions();
    options.setMaxAliasesForCollections(0);
    try {
      Node root = new Yaml(options).compose(new StringReader(text));
      if (root == null) {
        throw new IllegalArgumentException(source + ":1: empty");
      }
      return root;
    } catch (MarkedYAMLException e) {
      int line = e.getProblemMark() == null ? 1 : e.getProblemMark().getLine() + 1;
      throw new IllegalArgumentException(source + ":" + line + ": " + e.getProblem(), e);
    }
  }

  private OwnershipRule rule(Node node) {
    Map<String, Node> fields = mapping(node, "rule", RULE);
    Map<String, Node> match = mapping(need(node, fields, "match"), "match", MATCH);
    Map<TagField, String> values = new EnumMap<>(TagField.class);
    Node set = fields.get("set");
    if (set != null) {
      mapping(set, "set", null)
          .forEach((name, value) -> values.put(tag(value, name), text(value, "set." + name)));
    }
    try {
      return new OwnershipRule(
          text(need(node, fields, "id"), "id"),
          priority(fields.get("priority")),
          optionalText(match, "service", "match."),
          optionalText(match, "feature", "match."),
          optionalText(match, "agent", "match."),
          optionalText(match, "key_alias", "match."),
          time(fields, "effective_from"),
          time(fields, "effective_until"),
          values,
          flag(fields.get("shadow")));
    } catch (IllegalArgumentException e) {
      String message = String.valueOf(e.getMessage());
      throw message.startsWith(source) ? e : new IllegalArgumentException(at(node) + message, e);
    }
  }

  private TagField tag(Node node, String name) {
    TagField field = TagField.ofWireName(name);
    if (field == null) {
      throw refuse(node, "set." + name, "no such tag");
    }
    return field;
  }

  private int priority(@Nullable Node node) {
    if (node == null) {
      return 0;
    }
    try {
      return Integer.parseInt(text(node, "priority"));
    } catch (NumberFormatException e) {
      throw refuse(node, "priority", "a whole number is expected");
    }
  }

  private boolean flag(@Nullable Node node) {
    String text = node == null ? "false" : text(node, "shadow");
    if (node != null && !text.equals("true") && !text.equals("false")) {
      throw refuse(node, "shadow", "true or false is expected");
    }
    return text.equals("true");
  }

  private @Nullable Long time(Map<String, Node> fields, String name) {
    Node node = fields.get(name);
    if (node == null) {
      return null;
    }
    String text = text(node, name);
    try {
      Instant instant =
          text.length() == 10
              ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()
              : Instant.parse(text);
      return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
    } catch (DateTimeParseException e) {
      throw refuse(node, name, "a date or time such as 2026-01-31 or 2026-01-31T08:00:00Z");
    }
  }

  private Node need(Node where, Map<String, Node> fields, String name) {
    Node node = fields.get(name);
    if (node == null) {
      throw refuse(where, name, "is missing");
    }
    return node;
  }

  private @Nullable String optionalText(Map<String, Node> fields, String name, String path) {
    Node node = fields.get(name);
    return node == null ? null : text(node, path + name);
  }

  private String text(Node node, String field) {
    if (node instanceof ScalarNode scalar && !scalar.getValue().isBlank()) {
      return scalar.getValue();
    }
    throw refuse(node, field, "a text is expected");
  }

  /** Fields of a mapping; {@code known} null: any name. */
  private Map<String, Node> mapping(Node node, String field, @Nullable Set<String> known) {
    if (!(node instanceof MappingNode mapping)) {
      throw refuse(node, field, "a mapping is expected");
    }
    Map<String, Node> fields = new LinkedHashMap<>();
    for (NodeTuple tuple : mapping.getValue()) {
      String name = text(tuple.getKeyNode(), field);
      if (known != null && !known.contains(name)) {
        throw refuse(tuple.getKeyNode(), name, "unknown field; known: " + sorted(known));
      }
      if (fields.put(name, tuple.getValueNode()) != null) {
        throw refuse(tuple.getKeyNode(), name, "stated twice");
      }
    }
    return fields;
  }

  private static String sorted(Set<String> names) {
    return String.join(", ", names.stream().sorted().toList());
  }

  private IllegalArgumentException refuse(Node node, String field, String problem) {
    String named = field.isEmpty() ? "" : field + ": ";
    return new IllegalArgumentException(at(node) + named + problem);
  }

  private String at(Node node) {
    return source + ":" + (node.getStartMark().getLine() + 1) + ": ";
  }
}
