package dev.tributary.normalize.core;

import dev.tributary.normalize.core.Findings.Finding;
import dev.tributary.schemas.SpanKind;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The dialects read, in the order in which their attributes are tried. */
final class Dialects {
  /** Name of what no dialect recognises. */
  static final String UNKNOWN = "unknown";

  /** Own marks first, the shared {@code gen_ai.*} last: several dialects write it as well. */
  static final List<Dialect> ALL =
      List.of(
          new LangfuseDialect(),
          new OpenInferenceDialect(),
          new VercelAiDialect(),
          new TraceloopDialect(),
          new OtelGenAiDialect());

  private static final Attr[] KIND = {
    Attr.LANGFUSE_TYPE,
    Attr.OPENINFERENCE_SPAN_KIND,
    Attr.OPERATION_NAME,
    Attr.TRACELOOP_SPAN_KIND,
    Attr.LLM_REQUEST_TYPE,
    Attr.AI_OPERATION_ID
  };

  private static final Map<Attr, Map<String, SpanKind>> KINDS = kinds();

  private Dialects() {}

  /** The dialect that a scope name proves; null: it proves none. */
  static @Nullable Dialect ofScope(String scopeName) {
    for (Dialect dialect : ALL) {
      if (dialect.ownsScope(scopeName)) {
        return dialect;
      }
    }
    return null;
  }

  /** Name of the dialect of a span: of its scope, else of its attributes. */
  static String nameOf(@Nullable Dialect ofScope, Facts facts, Findings findings) {
    if (ofScope != null) {
      return ofScope.name();
    }
    for (Dialect dialect : ALL) {
      if (dialect.recognises(facts)) {
        return dialect.name();
      }
    }
    findings.note(Finding.UNKNOWN_DIALECT, "");
    return UNKNOWN;
  }

  /** The attribute that says the span's kind; null: none does. */
  static @Nullable Attr kindAttribute(Facts facts) {
    for (Attr attr : KIND) {
      if (facts.has(attr)) {
        return attr;
      }
    }
    return null;
  }

  /**
   * The kind of a span.
   *
   * @param stated the attribute that says it; null: none does, and then a model with usage is taken
   *     for a call of it
   */
  static SpanKind kindOf(@Nullable Attr stated, Facts facts, boolean hasModel, Findings findings) {
    if (stated != null) {
      String word = facts.text(stated);
      Map<String, SpanKind> words = KINDS.get(stated);
      SpanKind kind =
          word == null || words == null ? null : words.get(word.toLowerCase(Locale.ROOT));
      if (kind == null) {
        findings.note(Finding.UNKNOWN_KIND, stated.attribute);
        return SpanKind.OTHER;
      }
      return kind;
    }
    if (facts.has(Attr.MCP_METHOD_NAME)) {
      return SpanKind.MCP;
    }
    boolean hasUsage =
        facts.number(Precedence.INPUT_TOKENS) != null
            || facts.number(Precedence.OUTPUT_TOKENS) != null
            || facts.has(Attr.LANGFUSE_USAGE_DETAILS);
    return hasModel && hasUsage ? SpanKind.LLM : SpanKind.OTHER;
  }

  private static Map<Attr, Map<String, SpanKind>> kinds() {
    Map<Attr, Map<String, SpanKind>> all = new EnumMap<>(Attr.class);
    for (Dialect dialect : ALL) {
      all.putAll(dialect.kinds());
    }
    return all;
  }
}
