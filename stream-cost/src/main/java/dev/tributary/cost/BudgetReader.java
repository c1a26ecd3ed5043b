package dev.tributary.cost;

import dev.tributary.cost.core.Budget;
import dev.tributary.cost.core.BudgetCycle;
import dev.tributary.cost.core.SpendScope;
import dev.tributary.schemas.Keys;
import java.io.StringReader;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
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
 * Reads budgets: YAML files with a list {@code budgets}, and the single budget of a reference row,
 * which is the same mapping as JSON. A file with any error is refused whole; the message names
 * file, line and field.
 */
public final class BudgetReader {
  private static final Set<String> FIELDS =
      Set.of(
          "id",
          "scope",
          "environment",
          "period",
          "zone",
          "amount",
          "thresholds",
          "effective_from",
          "effective_until");
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,99}");

  private final String source;
  private final String tenant;

  private BudgetReader(String source, String tenant) {
    this.source = source;
    this.tenant = tenant;
  }

  /**
   * Reads a file.
   *
   * @param source name of the file, for messages
   * @throws IllegalArgumentException naming file, line and field
   */
  public static List<Budget> readFile(String source, String tenant, String yaml) {
    BudgetReader reader = new BudgetReader(source, tenant);
    Node root = reader.compose(yaml);
    Node list = reader.mapping(root, "", Set.of("budgets")).get("budgets");
    if (!(list instanceof SequenceNode budgets)) {
      throw reader.refuse(list == null ? root : list, "budgets", "a list of budgets is expected");
    }
    List<Budget> read = new ArrayList<>();
    Set<String> ids = new HashSet<>();
    for (Node node : budgets.getValue()) {
      Budget budget = reader.budget(node);
      if (!ids.add(budget.id())) {
        throw reader.refuse(node, "id", "a second budget of the name " + budget.id());
      }
      read.add(budget);
    }
    return read;
  }

  /**
   * Reads one budget, as a reference row carries it.
   *
   * @throws IllegalArgumentException naming source and field
   */
  public static Budget readBudget(String source, String tenant, String json) {
    BudgetReader reader = new BudgetReader(source, tenant);
    return reader.budget(reader.compose(json));
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

  private Budget budget(Node node) {
    Map<String, Node> fields = mapping(node, "budget", FIELDS);
    Node idNode = need(node, fields, "id");
    String id = text(idNode, "id");
    if (!ID.matcher(id).matches()) {
      throw refuse(idNode, "id", "letters, digits, '_', '.', '-': \"" + id + '"');
    }
    Node scopeNode = need(node, fields, "scope");
    Map<String, Node> scope = mapping(scopeNode, "scope", null);
    if (scope.size() != 1) {
      throw refuse(scopeNode, "scope", "exactly one of them is expected, such as {team: blue}");
    }
    Map.Entry<String, Node> only = scope.entrySet().iterator().next();
    BudgetCycle cycle = cycle(need(node, fields, "period"));
    Node zone = fields.get("zone");
    if (cycle.isRolling() && zone != null) {
      throw refuse(zone, "zone", "a rolling period has none");
    }
    try {
      return new Budget(
          tenant,
          id,
          scope(only.getValue(), only.getKey()),
          text(only.getValue(), "scope." + only.getKey()),
          fields.containsKey("environment")
              ? text(need(node, fields, "environment"), "environment")
              : null,
          cycle,
          zone == null ? ZoneOffset.UTC : zone(zone),
          amount(need(node, fields, "amount")),
          thresholds(fields.get("thresholds")),
          time(fields.get("effective_from"), "effective_from"),
          time(fields.get("effective_until"), "effective_until"));
    } catch (IllegalArgumentException e) {
      String message = String.valueOf(e.getMessage());
      throw message.startsWith(source) ? e : refuse(node, "", message);
    }
  }

  private SpendScope scope(Node node, String label) {
    try {
      return SpendScope.parse(label);
    } catch (IllegalArgumentException e) {
      throw refuse(node, "scope", String.valueOf(e.getMessage()));
    }
  }

  private BudgetCycle cycle(Node node) {
    String text = text(node, "period");
    return BudgetCycle.ofLabel(text)
        .orElseThrow(
            () -> refuse(node, "period", "one of " + String.join(", ", BudgetCycle.labels())));
  }

  private ZoneId zone(Node node) {
    try {
      return ZoneId.of(text(node, "zone"));
    } catch (DateTimeException e) {
      throw refuse(node, "zone", "a time zone such as Asia/Kolkata is expected");
    }
  }

  private BigDecimal amount(Node node) {
    String text = text(node, "amount");
    try {
      BigDecimal amount = new BigDecimal(text);
      if (amount.signum() > 0 && amount.scale() <= 18 && amount.precision() <= 36) {
        return amount.setScale(18);
      }
    } catch (NumberFormatException e) {
      throw refuse(node, "amount", "a decimal number is expected: \"" + text + '"');
    }
    throw refuse(node, "amount", "above 0 and at most 18 digits after the point: " + text);
  }

  private List<Integer> thresholds(@Nullable Node node) {
    if (node == null) {
      return Budget.DEFAULT_THRESHOLDS;
    }
    if (!(node instanceof SequenceNode list)) {
      throw refuse(node, "thresholds", "a list of percent is expected");
    }
    List<Integer> thresholds = new ArrayList<>();
    for (Node item : list.getValue()) {
      try {
        thresholds.add(Integer.valueOf(text(item, "thresholds")));
      } catch (NumberFormatException e) {
        throw refuse(item, "thresholds", "whole percent are expected");
      }
    }
    return thresholds;
  }

  private @Nullable Long time(@Nullable Node node, String name) {
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
    } catch (DateTimeException e) {
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
        String all = String.join(", ", known.stream().sorted().toList());
        throw refuse(tuple.getKeyNode(), name, "unknown field; known: " + all);
      }
      if (fields.put(name, tuple.getValueNode()) != null) {
        throw refuse(tuple.getKeyNode(), name, "stated twice");
      }
    }
    return fields;
  }

  private IllegalArgumentException refuse(Node node, String field, String problem) {
    String named = field.isEmpty() ? "" : field + ": ";
    return new IllegalArgumentException(
        source + ":" + (node.getStartMark().getLine() + 1) + ": " + named + problem);
  }

  /** What the signals and events of a budget are about. */
  static String subject(String id) {
    return "budget:" + id;
  }

  /** Key of the signals of a budget. */
  static String signalKey(String tenant, String id) {
    return tenant + Keys.SEPARATOR + subject(id);
  }
}
