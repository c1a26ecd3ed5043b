package dev.tributary.pricing;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.composer.Composer;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.StreamReader;
import org.yaml.snakeyaml.resolver.Resolver;

/**
 * A position in a YAML text that knows its line and its path, so that every refusal can name both.
 * Scalars stay text: numbers never pass through a binary floating point type.
 */
public final class YamlFields {

  private final String sourceName;
  private final String path;
  private final Node node;

  private YamlFields(String sourceName, String path, Node node) {
    this.sourceName = sourceName;
    this.path = path;
    this.node = node;
  }

  /** Parses a text of one document. */
  public static YamlFields parse(String sourceName, String text) {
    LoaderOptions options = new LoaderOptions();
    // Anchors would let a short text expand without bound, and nothing here needs them.
    options.setMaxAliasesForCollections(0);
    options.setCodePointLimit(16 * 1024 * 1024);
    Node root;
    try {
      root =
          new Composer(new ParserImpl(new StreamReader(text), options), new Resolver(), options)
              .getSingleNode();
    } catch (MarkedYAMLException e) {
      int line = e.getProblemMark() == null ? 0 : e.getProblemMark().getLine() + 1;
      throw new CatalogueException(sourceName, line, "", "not YAML: " + e.getProblem(), e);
    } catch (YAMLException e) {
      throw new CatalogueException(sourceName, 0, "", "not YAML: " + e.getMessage(), e);
    }
    if (root == null) {
      throw new CatalogueException(sourceName, 1, "", "the text is empty", null);
    }
    return new YamlFields(sourceName, "", root);
  }

  /**
   * The fields of a mapping in the order written; refuses a field twice, or one that is not
   * allowed.
   */
  public YamlMapping mapping(Set<String> allowed) {
    Map<String, YamlFields> fields = mapping();
    fields.forEach(
        (name, field) -> {
          if (!allowed.contains(name)) {
            throw field.refuse("unknown field; allowed are " + allowed.stream().sorted().toList());
          }
        });
    return new YamlMapping(this, fields);
  }

  /** The fields of a mapping whose names are data. */
  public Map<String, YamlFields> mapping() {
    if (!(node instanceof MappingNode mapping)) {
      throw refuse("must be a mapping");
    }
    Map<String, YamlFields> fields = new LinkedHashMap<>();
    for (NodeTuple tuple : mapping.getValue()) {
      if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
        throw refuse("every field name must be plain text");
      }
      String name = key.getValue();
      YamlFields field =
          new YamlFields(
              sourceName, path.isEmpty() ? name : path + "." + name, tuple.getValueNode());
      if (fields.put(name, field) != null) {
        throw field.refuse("stands twice");
      }
    }
    return fields;
  }

  /** The items of a sequence. */
  public List<YamlFields> items() {
    if (!(node instanceof SequenceNode sequence)) {
      throw refuse("must be a list");
    }
    List<YamlFields> items = new ArrayList<>();
    for (Node item : sequence.getValue()) {
      items.add(new YamlFields(sourceName, path + "[" + items.size() + "]", item));
    }
    return items;
  }

  /** Whether fields stand here. */
  public boolean isMapping() {
    return node instanceof MappingNode;
  }

  /** The text of a scalar; null and blank are refused. */
  public String text() {
    if (!(node instanceof ScalarNode scalar)
        || scalar.getTag().equals(Tag.NULL)
        || scalar.getValue().isBlank()) {
      throw refuse("must be a text or number");
    }
    return scalar.getValue();
  }

  /** An exact decimal of at most 40 characters, without an exponent. */
  public BigDecimal decimal() {
    String text = text();
    // The bounds keep a hostile text from costing more than its length.
    if (text.length() > 40
        || !text.chars().allMatch(c -> c == '.' || c == '-' || (c >= '0' && c <= '9'))) {
      throw refuse("must be a plain decimal number, but is " + text);
    }
    return convert("a plain decimal number", BigDecimal::new);
  }

  /** A whole number. */
  public long whole() {
    return convert("a whole number", Long::parseLong);
  }

  /** {@code true} or {@code false}. */
  public boolean bool() {
    return switch (text()) {
      case "true" -> true;
      case "false" -> false;
      default -> throw refuse("must be true or false, but is " + text());
    };
  }

  /** Converts the text; a null or an exception of the conversion refuses it. */
  public <T> T convert(String what, Function<String, @Nullable T> conversion) {
    String text = text();
    T value;
    try {
      value = conversion.apply(text);
    } catch (RuntimeException e) {
      throw new CatalogueException(
          sourceName, line(), path, "must be " + what + ", but is " + text, e);
    }
    if (value == null) {
      throw refuse("must be " + what + ", but is " + text);
    }
    return value;
  }

  /** What to throw: the problem with its place. */
  public CatalogueException refuse(String problem) {
    return new CatalogueException(sourceName, line(), path, problem, null);
  }

  /** The same with the message of the cause. */
  public CatalogueException refuse(IllegalArgumentException cause) {
    return refuse(String.valueOf(cause.getMessage()), cause);
  }

  /** The same with a cause. */
  public CatalogueException refuse(String problem, IllegalArgumentException cause) {
    return new CatalogueException(sourceName, line(), path, problem, cause);
  }

  /** The place as {@code acme.yaml:15: models[0].cards[0]}. */
  public String where() {
    return sourceName + ':' + line() + ": " + path;
  }

  /** The line, from 1; 0: unknown. */
  public int line() {
    return node.getStartMark() == null ? 0 : node.getStartMark().getLine() + 1;
  }
}
