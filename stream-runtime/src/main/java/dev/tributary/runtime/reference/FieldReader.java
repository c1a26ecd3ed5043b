package dev.tributary.runtime.reference;

import java.io.StringReader;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/**
 * Reads fields of a YAML or JSON text; whatever is wrong is refused with source, line and field.
 * Strict: a field that is unknown, stated twice or of another shape is an error, never ignored.
 */
public final class FieldReader {
  private final String source;

  /**
   * A reader of one text.
   *
   * @param source name of the file or row, for messages
   */
  public FieldReader(String source) {
    this.source = source;
  }

  /**
   * The text's root.
   *
   * @throws IllegalArgumentException naming source and line: malformed, or empty
   */
  public Node compose(String text) {
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
    } catch (YAMLException e) {
      // A character that no text holds, too deep, too long: snakeyaml names no line then.
      throw new IllegalArgumentException(source + ": " + e.getMessage(), e);
    }
  }

  /**
   * A file that is one list of named things, in its order.
   *
   * @param text the file
   * @param name the only field of its root
   * @param item reads one of the list
   * @param id what must differ between them
   * @throws IllegalArgumentException naming source, line and field
   */
  public <T> List<T> list(
      String text, String name, Function<Node, T> item, Function<T, String> id) {
    Node root = compose(text);
    Node list = mapping(root, "", Set.of(name)).get(name);
    if (!(list instanceof SequenceNode nodes)) {
      throw refuse(list == null ? root : list, name, "a list of " + name + " is expected");
    }
    List<T> read = new ArrayList<>();
    Set<String> ids = new HashSet<>();
    for (Node node : nodes.getValue()) {
      T one = item.apply(node);
      if (!ids.add(id.apply(one))) {
        throw refuse(node, "id", "a second one of the name " + id.apply(one));
      }
      read.add(one);
    }
    return read;
  }

  /**
   * Fields of a mapping in their order.
   *
   * @param known the names that are allowed; null: any
   */
  public Map<String, Node> mapping(Node node, String field, @Nullable Set<String> known) {
    if (!(node instanceof MappingNode mapping)) {
      throw refuse(node, field, "a mapping is expected");
    }
    Map<String, Node> fields = new LinkedHashMap<>();
    for (NodeTuple tuple : mapping.getValue()) {
      String name = text(tuple.getKeyNode(), field);
      if (known != null && !known.contains(name)) {
        String all = String.join(", ", known.stream().sorted().toList());
        throw refuse(tuple.getKeyNode(), name, "unknown field; known: " + all);
      }
      if (fields.put(name, tuple.getValueNode()) != null) {
        throw refuse(tuple.getKeyNode(), name, "stated twice");
      }
    }
    return fields;
  }

  /** The field, which must be there. */
  public Node need(Node where, Map<String, Node> fields, String name) {
    Node node = fields.get(name);
    if (node == null) {
      throw refuse(where, name, "is missing");
    }
    return node;
  }

  /** A text that is not blank. */
  public String text(Node node, String field) {
    if (node instanceof ScalarNode scalar && !scalar.getValue().isBlank()) {
      return scalar.getValue();
    }
    throw refuse(node, field, "a text is expected");
  }

  /** The field's text; null: not stated. */
  public @Nullable String optionalText(Map<String, Node> fields, String name, String path) {
    Node node = fields.get(name);
    return node == null ? null : text(node, path + name);
  }

  /** A whole number. */
  public int number(Node node, String field) {
    try {
      return Integer.parseInt(text(node, field));
    } catch (NumberFormatException e) {
      throw refuse(node, field, "a whole number is expected");
    }
  }

  /** True or false; absent: false. */
  public boolean flag(@Nullable Node node, String field) {
    String text = node == null ? "false" : text(node, field);
    if (node != null && !text.equals("true") && !text.equals("false")) {
      throw refuse(node, field, "true or false is expected");
    }
    return text.equals("true");
  }

  /** A date (its start in UTC) or a time, in microseconds since the epoch; null: not stated. */
  public @Nullable Long time(Map<String, Node> fields, String name) {
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
      // Not by ChronoUnit, which counts in nanoseconds between, and those end in 2262.
      return Math.addExact(
          Math.multiplyExact(instant.getEpochSecond(), 1_000_000L), instant.getNano() / 1_000L);
    } catch (DateTimeException | ArithmeticException e) {
      throw refuse(node, name, "a date or time such as 2026-01-31 or 2026-01-31T08:00:00Z");
    }
  }

  /** The refusal of what stands at a node; an empty field: of the node as a whole. */
  public IllegalArgumentException refuse(Node node, String field, String problem) {
    String named = field.isEmpty() ? "" : field + ": ";
    return new IllegalArgumentException(
        source + ":" + (node.getStartMark().getLine() + 1) + ": " + named + problem);
  }

  /** The same refusal with its place, where it has none yet: a rule of the thing that was read. */
  public IllegalArgumentException placed(Node node, IllegalArgumentException refusal) {
    String message = String.valueOf(refusal.getMessage());
    return message.startsWith(source) ? refusal : refuse(node, "", message);
  }
}
