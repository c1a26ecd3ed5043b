package dev.tributary.normalize.core;

import dev.tributary.schemas.SpanKind;
import java.util.Map;
import java.util.Set;

/**
 * One instrumentation family's vocabulary: how to recognise it, and what its words for kinds mean.
 * Names of attributes and their precedence are in {@link Attr} and {@link Precedence}: fields are
 * resolved across dialects, because spans of mixed vocabulary are the rule.
 */
interface Dialect {
  /** Name as it stands on the span. */
  String name();

  /** True where an instrumentation scope of this name always writes this dialect. */
  boolean ownsScope(String scopeName);

  /** True where the attributes alone tell. */
  boolean recognises(Facts facts);

  /** What the dialect's words for a span's kind mean, by attribute, lower-case words. */
  Map<Attr, Map<String, SpanKind>> kinds();

  /** Words of {@link #kinds} that stand only where nothing else on the span tells its kind. */
  default Map<Attr, Set<String>> vague() {
    return Map.of();
  }
}
