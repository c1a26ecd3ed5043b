package dev.tributary.cost.core;

import dev.tributary.schemas.Keys;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A series: one combination of values of a grouping set, for a tenant and an environment. Its text
 * is {@code set|environment=production|feature=chat|model=gpt-5}, with {@code %}, {@code |} and
 * {@code =} in values written {@code %25 %7C %3D}; it names its own dimensions, so that a stored
 * window is read right even after the configured sets changed.
 *
 * @param dimensions values by label, in the order of the set, without the environment
 */
public record Series(
    String tenant, String environment, String groupingSet, Map<String, String> dimensions) {
  private static final String ENVIRONMENT = "environment";
  private static final String CELL_PREFIX = GroupingSet.CELLS.name() + Keys.SEPARATOR;
  private static final String SPEND_PREFIX = GroupingSet.SPEND_NAME + Keys.SEPARATOR;

  /** Value of every dimension but the feature in the cell that holds a feature's small ones. */
  public static final String OTHER = "other";

  /** Copies the dimensions, keeping their order. */
  public Series {
    dimensions = Collections.unmodifiableMap(new LinkedHashMap<>(dimensions));
  }

  /** The record key: tenant, then the series' text. */
  static String key(String tenant, String environment, GroupingSet set, String[] values) {
    StringBuilder text = new StringBuilder(96);
    text.append(tenant).append(Keys.SEPARATOR).append(set.name());
    part(text, ENVIRONMENT, environment);
    List<Dimension> dimensions = set.dimensions();
    for (int i = 0; i < values.length; i++) {
      part(text, dimensions.get(i).label(), values[i]);
    }
    return text.toString();
  }

  private static void part(StringBuilder text, String label, String value) {
    text.append(Keys.SEPARATOR).append(label).append('=');
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      switch (c) {
        case '%' -> text.append("%25");
        case Keys.SEPARATOR -> text.append("%7C");
        case '=' -> text.append("%3D");
        default -> text.append(c);
      }
    }
  }

  /** True for the key of a cell, false for that of a window. */
  public static boolean isCell(String key) {
    return key.startsWith(CELL_PREFIX, key.indexOf(Keys.SEPARATOR) + 1);
  }

  /** The key of the spend of one value of a scope, over all environments. */
  static String spend(String tenant, String scope, String value) {
    StringBuilder text = new StringBuilder(64);
    text.append(tenant).append(Keys.SEPARATOR).append(GroupingSet.SPEND_NAME);
    part(text, scope, value);
    return text.toString();
  }

  /** The same in one environment. */
  static String spend(String tenant, String scope, String value, String environment) {
    StringBuilder text = new StringBuilder(spend(tenant, scope, value));
    part(text, ENVIRONMENT, environment);
    return text.toString();
  }

  /** True for the key of spend. */
  public static boolean isSpend(String key) {
    return key.startsWith(SPEND_PREFIX, key.indexOf(Keys.SEPARATOR) + 1);
  }

  /** The key of the spend in every environment of a key of spend in one. */
  public static String spendOf(String key) {
    return key.substring(0, key.lastIndexOf(Keys.SEPARATOR));
  }

  /** The label of the scope of a key of spend, as configuration names it. */
  public static String scopeOfSpend(String key) {
    int start = key.indexOf(Keys.SEPARATOR) + 1 + SPEND_PREFIX.length();
    return key.substring(start, key.indexOf('=', start));
  }

  /** The environment of a key of spend. */
  public static String environmentOfSpend(String key) {
    return unescape(key.substring(key.lastIndexOf('=') + 1));
  }

  /** What decides a part's partition: the series, the cells' feature, the spend's scope. */
  public static String partitionKey(String key) {
    if (isCell(key)) {
      return featureOfCell(key);
    }
    return isSpend(key) ? spendOf(key) : key;
  }

  /**
   * The key of a cell's feature: what all cells of a feature are keyed by on topics, so that one
   * task ranks them. It names tenant, environment and feature.
   */
  public static String featureOfCell(String key) {
    int end = key.indexOf(Keys.SEPARATOR);
    for (int part = 0; part < 2; part++) {
      end = key.indexOf(Keys.SEPARATOR, end + 1);
    }
    int next = key.indexOf(Keys.SEPARATOR, end + 1);
    return next < 0 ? key : key.substring(0, next);
  }

  /** The key of the cell that holds what a feature's own cells do not. */
  public static String otherCell(String featureKey) {
    StringBuilder text = new StringBuilder(featureKey);
    for (Dimension dimension : GroupingSet.CELLS.dimensions()) {
      if (dimension != Dimension.FEATURE) {
        part(text, dimension.label(), OTHER);
      }
    }
    return text.toString();
  }

  /**
   * The series of a record key.
   *
   * @throws IllegalArgumentException when the key is none of a series
   */
  public static Series ofKey(String key) {
    String[] parts = key.split("\\|", -1);
    if (parts.length < 3) {
      throw new IllegalArgumentException("not the key of a series: \"" + key + '"');
    }
    Map<String, String> values = new LinkedHashMap<>();
    for (int i = 2; i < parts.length; i++) {
      int equals = parts[i].indexOf('=');
      if (equals < 0) {
        throw new IllegalArgumentException("not the key of a series: \"" + key + '"');
      }
      values.put(parts[i].substring(0, equals), unescape(parts[i].substring(equals + 1)));
    }
    String environment = values.remove(ENVIRONMENT);
    if (environment == null) {
      throw new IllegalArgumentException("no environment in the key of a series: \"" + key + '"');
    }
    return new Series(parts[0], environment, parts[1], values);
  }

  /** The series' text of a record key: all but the tenant. */
  public static String textOfKey(String key) {
    return key.substring(key.indexOf(Keys.SEPARATOR) + 1);
  }

  private static String unescape(String value) {
    return value.indexOf('%') < 0
        ? value
        : value.replace("%7C", "|").replace("%3D", "=").replace("%25", "%");
  }
}
