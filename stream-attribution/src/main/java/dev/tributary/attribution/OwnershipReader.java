package dev.tributary.attribution;

import dev.tributary.attribution.core.OwnershipRule;
import dev.tributary.attribution.core.TagField;
import dev.tributary.runtime.reference.FieldReader;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.yaml.snakeyaml.nodes.Node;

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

  private final FieldReader reader;

  private OwnershipReader(String source) {
    this.reader = new FieldReader(source);
  }

  /**
   * Reads a table.
   *
   * @param source name of the file, for messages
   * @throws IllegalArgumentException naming file, line and field
   */
  public static List<OwnershipRule> readFile(String source, String yaml) {
    OwnershipReader table = new OwnershipReader(source);
    return table.reader.list(yaml, "rules", table::newRule, OwnershipRule::id);
  }

  /** Reads one rule, as a reference row carries it. */
  public static OwnershipRule readRule(String source, String json) {
    OwnershipReader row = new OwnershipReader(source);
    return row.rule(row.reader.compose(json));
  }

  /**
   * A rule that is to be published. Who is told is stream-anomaly's to read: only here it must be a
   * text, since what was published before that was asked stays in force.
   */
  private OwnershipRule newRule(Node node) {
    reader.optionalText(reader.mapping(node, "rule", RULE), "budget_holder", "");
    return rule(node);
  }

  private OwnershipRule rule(Node node) {
    Map<String, Node> fields = reader.mapping(node, "rule", RULE);
    Map<String, Node> match = reader.mapping(reader.need(node, fields, "match"), "match", MATCH);
    Map<TagField, String> values = new EnumMap<>(TagField.class);
    Node set = fields.get("set");
    if (set != null) {
      reader
          .mapping(set, "set", null)
          .forEach(
              (name, value) -> values.put(tag(value, name), reader.text(value, "set." + name)));
    }
    Node priority = fields.get("priority");
    try {
      return new OwnershipRule(
          reader.text(reader.need(node, fields, "id"), "id"),
          priority == null ? 0 : reader.number(priority, "priority"),
          reader.optionalText(match, "service", "match."),
          reader.optionalText(match, "feature", "match."),
          reader.optionalText(match, "agent", "match."),
          reader.optionalText(match, "key_alias", "match."),
          reader.time(fields, "effective_from"),
          reader.time(fields, "effective_until"),
          values,
          reader.flag(fields.get("shadow"), "shadow"));
    } catch (IllegalArgumentException e) {
      throw reader.placed(node, e);
    }
  }

  private TagField tag(Node node, String name) {
    TagField field = TagField.ofWireName(name);
    if (field == null) {
      throw reader.refuse(node, "set." + name, "no such tag");
    }
    return field;
  }
}
