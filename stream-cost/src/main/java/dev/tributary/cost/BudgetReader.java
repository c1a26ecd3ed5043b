package dev.tributary.cost;

import dev.tributary.cost.core.Budget;
import dev.tributary.cost.core.BudgetCycle;
import dev.tributary.cost.core.SpendScope;
import dev.tributary.runtime.reference.FieldReader;
import dev.tributary.schemas.Keys;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.Node;
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

  /** First amount that is no decimal(38,18), which signals carry. */
  private static final BigDecimal BEYOND = BigDecimal.TEN.pow(20);

  private final FieldReader reader;
  private final String tenant;

  private BudgetReader(String source, String tenant) {
    this.reader = new FieldReader(source);
    this.tenant = tenant;
  }

  /**
   * Reads a file.
   *
   * @param source name of the file, for messages
   * @throws IllegalArgumentException naming file, line and field
   */
  public static List<Budget> readFile(String source, String tenant, String yaml) {
    BudgetReader file = new BudgetReader(source, tenant);
    return file.reader.list(yaml, "budgets", file::budget, Budget::id);
  }

  /**
   * Reads one budget, as a reference row carries it.
   *
   * @throws IllegalArgumentException naming source and field
   */
  public static Budget readBudget(String source, String tenant, String json) {
    BudgetReader row = new BudgetReader(source, tenant);
    return row.budget(row.reader.compose(json));
  }

  private Budget budget(Node node) {
    Map<String, Node> fields = reader.mapping(node, "budget", FIELDS);
    Node idNode = reader.need(node, fields, "id");
    String id = reader.text(idNode, "id");
    if (!ID.matcher(id).matches()) {
      throw reader.refuse(idNode, "id", "letters, digits, '_', '.', '-': \"" + id + '"');
    }
    Node scopeNode = reader.need(node, fields, "scope");
    Map<String, Node> scope = reader.mapping(scopeNode, "scope", null);
    if (scope.size() != 1) {
      throw reader.refuse(
          scopeNode, "scope", "exactly one of them is expected, such as {team: blue}");
    }
    Map.Entry<String, Node> only = scope.entrySet().iterator().next();
    BudgetCycle cycle = cycle(reader.need(node, fields, "period"));
    Node zone = fields.get("zone");
    if (cycle.isRolling() && zone != null) {
      throw reader.refuse(zone, "zone", "a rolling period has none");
    }
    try {
      return new Budget(
          tenant,
          id,
          scope(only.getValue(), only.getKey()),
          reader.text(only.getValue(), "scope." + only.getKey()),
          fields.containsKey("environment")
              ? reader.text(reader.need(node, fields, "environment"), "environment")
              : null,
          cycle,
          zone == null ? ZoneOffset.UTC : zone(zone),
          amount(reader.need(node, fields, "amount")),
          thresholds(fields.get("thresholds")),
          reader.time(fields, "effective_from"),
          reader.time(fields, "effective_until"));
    } catch (IllegalArgumentException e) {
      throw reader.placed(node, e);
    }
  }

  private SpendScope scope(Node node, String label) {
    try {
      return SpendScope.parse(label);
    } catch (IllegalArgumentException e) {
      throw reader.refuse(node, "scope", String.valueOf(e.getMessage()));
    }
  }

  private BudgetCycle cycle(Node node) {
    String text = reader.text(node, "period");
    return BudgetCycle.ofLabel(text)
        .orElseThrow(
            () ->
                reader.refuse(node, "period", "one of " + String.join(", ", BudgetCycle.labels())));
  }

  private ZoneId zone(Node node) {
    try {
      return ZoneId.of(reader.text(node, "zone"));
    } catch (DateTimeException e) {
      throw reader.refuse(node, "zone", "a time zone such as Asia/Kolkata is expected");
    }
  }

  private BigDecimal amount(Node node) {
    String text = reader.text(node, "amount");
    try {
      BigDecimal amount = new BigDecimal(text);
      if (amount.signum() > 0 && amount.scale() <= 18 && amount.compareTo(BEYOND) < 0) {
        return amount.setScale(18);
      }
    } catch (NumberFormatException e) {
      throw reader.refuse(node, "amount", "a decimal number is expected: \"" + text + '"');
    }
    throw reader.refuse(
        node, "amount", "above 0, at most 20 digits before the point and 18 after it: " + text);
  }

  private List<Integer> thresholds(@Nullable Node node) {
    if (node == null) {
      return Budget.DEFAULT_THRESHOLDS;
    }
    if (!(node instanceof SequenceNode list)) {
      throw reader.refuse(node, "thresholds", "a list of percent is expected");
    }
    List<Integer> thresholds = new ArrayList<>();
    for (Node item : list.getValue()) {
      try {
        thresholds.add(Integer.valueOf(reader.text(item, "thresholds")));
      } catch (NumberFormatException e) {
        throw reader.refuse(item, "thresholds", "whole percent are expected");
      }
    }
    return thresholds;
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
