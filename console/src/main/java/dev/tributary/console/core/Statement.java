package dev.tributary.console.core;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Conditions of a statement with the values of their placeholders, as they are collected. */
final class Statement {
  /** Product calls and the judges' own are asked for apart, or together. */
  static final List<String> PURPOSES = List.of("all", "product", "eval");

  private final Map<String, String> parameters = new LinkedHashMap<>();
  private final Map<String, Long> facts = new LinkedHashMap<>();
  private final List<String> conditions = new ArrayList<>();

  /** A statement about a tenant. */
  Statement(Arguments arguments) {
    conditions.add("tenant = {tenant:String}");
    parameters.put("tenant", arguments.tenant());
  }

  /** Adds a placeholder's value. */
  Statement with(String name, String value) {
    parameters.put(name, value);
    return this;
  }

  /** Adds a number that the answer is to be read with. */
  Statement fact(String name, long value) {
    facts.put(name, value);
    return this;
  }

  /** Adds a condition. */
  Statement where(String condition) {
    conditions.add(condition);
    return this;
  }

  /** A column of times within the range. */
  Statement within(String column, Range range) {
    with("from", Long.toString(range.fromUs())).with("to", Long.toString(range.toUs()));
    return where(column + " >= fromUnixTimestamp64Micro({from:Int64}, 'UTC')")
        .where(column + " < fromUnixTimestamp64Micro({to:Int64}, 'UTC')");
  }

  /** What was chosen of each dimension, and the purpose, over the views of lines. */
  Statement filterLines(Arguments arguments) {
    for (Dimension dimension : Dimension.values()) {
      filter(arguments, dimension, dimension.ofLines());
    }
    String purpose = arguments.choice("purpose", "all", PURPOSES);
    if (!purpose.equals("all")) {
      with("purpose", purpose.toUpperCase(java.util.Locale.ROOT));
      where("purpose = {purpose:String}");
    }
    return this;
  }

  /** The same over the view of scores, which are of product calls whatever the purpose. */
  Statement filterScores(Arguments arguments) {
    for (Dimension dimension : Dimension.values()) {
      filter(arguments, dimension, dimension.ofScores());
    }
    return this;
  }

  /** What was chosen of one dimension. */
  Statement filter(Arguments arguments, Dimension dimension, String expression) {
    String value = arguments.text(dimension.label());
    if (value != null) {
      with("is_" + dimension.label(), value);
      where(expression + " = {is_" + dimension.label() + ":String}");
    }
    return this;
  }

  /** All conditions. */
  String conditions() {
    return String.join("\n  AND ", conditions);
  }

  /** The query of a text; its {@code $WHERE} stands for the conditions. */
  Query query(String sql) {
    return new Query(sql.replace("$WHERE", conditions()), parameters, facts);
  }
}
