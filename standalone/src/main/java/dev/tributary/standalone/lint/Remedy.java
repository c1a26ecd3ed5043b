package dev.tributary.standalone.lint;

import org.jspecify.annotations.Nullable;

/**
 * How to state what is missing.
 *
 * @param where what to set it on
 * @param attribute name of the attribute; null: nothing to set
 * @param value an example of it; null: nothing to set
 * @param line an example line of code or configuration
 */
record Remedy(Where where, @Nullable String attribute, @Nullable String value, String line) {
  /** What carries the attribute. */
  enum Where {
    /** The call's span, or any span above it. */
    SPAN,
    /** The resource of the process. */
    RESOURCE,
    /** Nothing: the remedy is another one. */
    NOWHERE
  }

  static Remedy onSpan(String attribute, String value, String line) {
    return new Remedy(Where.SPAN, attribute, value, line);
  }

  static Remedy onSpan(String attribute, String value) {
    return onSpan(attribute, value, "span.setAttribute(\"" + attribute + "\", \"" + value + "\")");
  }

  static Remedy onResource(String attribute, String value) {
    return new Remedy(
        Where.RESOURCE, attribute, value, "OTEL_RESOURCE_ATTRIBUTES=" + attribute + "=" + value);
  }

  static Remedy line(String line) {
    return new Remedy(Where.NOWHERE, null, null, line);
  }
}
