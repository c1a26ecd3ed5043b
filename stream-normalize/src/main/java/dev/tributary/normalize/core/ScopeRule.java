package dev.tributary.normalize.core;

import dev.tributary.schemas.UsageConvention;
import org.jspecify.annotations.Nullable;

/**
 * What is known about the usage numbers of an instrumentation: data, not code.
 *
 * @param scope scope name; a trailing {@code *} matches any ending
 * @param fromVersion first version it holds for, dotted numbers; null: from the first
 * @param toVersion last version it holds for; null: to the newest
 * @param provider provider it holds for, as on the span; a trailing {@code *} matches any ending;
 *     null: any
 * @param attribute attribute that a span must have for it to hold; null: any span
 * @param convention how cached input is counted; null: not known
 * @param isReasoningOutside whether reasoning stands beside the output
 * @param estimate whether counts may be the instrumentation's own
 * @param source where this is known from
 */
public record ScopeRule(
    String scope,
    @Nullable String fromVersion,
    @Nullable String toVersion,
    @Nullable String provider,
    @Nullable String attribute,
    @Nullable UsageConvention convention,
    boolean isReasoningOutside,
    Estimate estimate,
    String source) {

  /** Whether an instrumentation makes counts itself where the provider sent none. */
  public enum Estimate {
    /** It reports what the provider sent. */
    NEVER,
    /**
     * Of streams it counts the text of the messages by itself and does not say so. Such a count
     * lacks what every chat format adds to each message, and that gives it away.
     */
    TEXT_ONLY,
    /** All its counts are its own. */
    ALWAYS
  }

  boolean covers(String scopeName, String scopeVersion) {
    boolean isNamed =
        scope.endsWith("*")
            ? scopeName.startsWith(scope.substring(0, scope.length() - 1))
            : scopeName.equals(scope);
    if (!isNamed) {
      return false;
    }
    if (fromVersion == null && toVersion == null) {
      return true;
    }
    return !scopeVersion.isEmpty()
        && (fromVersion == null || compareVersions(scopeVersion, fromVersion) >= 0)
        && (toVersion == null || compareVersions(scopeVersion, toVersion) <= 0);
  }

  /** Whether the rule holds for a span of its scope. */
  boolean covers(@Nullable String spanProvider, Facts facts) {
    if (attribute != null) {
      Attr attr = Attr.of(attribute);
      if (attr == null || !facts.has(attr)) {
        return false;
      }
    }
    if (provider == null || spanProvider == null) {
      return provider == null;
    }
    return provider.endsWith("*")
        ? spanProvider.startsWith(provider.substring(0, provider.length() - 1))
        : provider.equals(spanProvider);
  }

  /** Compares dotted numbers; what follows the numbers is ignored. */
  static int compareVersions(String left, String right) {
    String[] a = left.split("[.+-]", -1);
    String[] b = right.split("[.+-]", -1);
    for (int i = 0; i < Math.max(a.length, b.length); i++) {
      int order = Long.compare(part(a, i), part(b, i));
      if (order != 0) {
        return order;
      }
    }
    return 0;
  }

  private static long part(String[] parts, int index) {
    if (index >= parts.length || !parts[index].matches("[0-9]{1,9}")) {
      return 0;
    }
    return Long.parseLong(parts[index]);
  }
}
