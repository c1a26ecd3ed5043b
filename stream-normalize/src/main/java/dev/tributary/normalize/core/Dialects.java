package dev.tributary.normalize.core;

import dev.tributary.normalize.core.Findings.Finding;
import dev.tributary.schemas.SpanKind;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The dialects read, in the order in which their attributes are tried. */
final class Dialects {
  /** Name of what no dialect recognises. */
  static final String UNKNOWN = "unknown";

  /** Own marks first, the shared {@code gen_ai.*} last: several dialects write it as well. */
  static final List<Dialect> ALL =
      List.of(
          new LangfuseDialect(),
          new LangSmithDialect(),
          new OpenInferenceDialect(),
          new VercelAiDialect(),
          new LaminarDialect(),
          new VectorDatabaseDialect(),
          new MlflowDialect(),
          new SpringAiDialect(),
          new GoogleAdkDialect(),
          new StrandsDialect(),
          new ClaudeCodeDialect(),
          new PydanticAiDialect(),
          new LiteLlmDialect(),
          new OpenLitDialect(),
          new MicrosoftAgentsDialect(),
          new OtelGenAiDialect(),
          new TraceloopDialect());

  /** Recognised by attributes: Traceloop's own marks before the names it shares with all. */
  private static final List<Dialect> BY_ATTRIBUTES = byAttributes();

  private static final Map<Attr, Map<String, SpanKind>> KINDS = kinds();
  private static final Map<Attr, Set<String>> VAGUE = vague();

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
    for (Dialect dialect : BY_ATTRIBUTES) {
      if (dialect.recognises(facts)) {
        return dialect.name();
      }
    }
    findings.note(Finding.UNKNOWN_DIALECT, "");
    return UNKNOWN;
  }

  /**
   * What a span does.
   *
   * @param stated the attribute that says it; null: none does
   */
  record Kind(SpanKind kind, @Nullable Attr stated) {}

  /** The kind of a span: what it states first and plainly, else what is on it. */
  static Kind kindOf(Facts facts, boolean hasModel, Findings findings) {
    Attr firstStated = null;
    Attr unknown = null;
    Kind vague = null;
    for (Attr attr : Precedence.KIND) {
      String word = facts.has(attr) ? facts.identifier(attr) : null;
      if (word != null) {
        firstStated = firstStated == null ? attr : firstStated;
        String key = word.toLowerCase(Locale.ROOT);
        SpanKind kind = KINDS.getOrDefault(attr, Map.of()).get(key);
        if (kind == null) {
          unknown = unknown == null ? attr : unknown;
        } else if (!VAGUE.getOrDefault(attr, Set.of()).contains(key)) {
          return new Kind(isPending(facts) ? SpanKind.OTHER : kind, attr);
        } else if (vague == null) {
          vague = new Kind(kind, attr);
        }
      }
    }
    if (unknown != null) {
      findings.note(Finding.UNKNOWN_KIND, unknown.attribute);
    }
    SpanKind present = isPending(facts) ? SpanKind.OTHER : PresentKind.of(facts, hasModel);
    if (present != null) {
      return new Kind(present, firstStated);
    }
    if (vague != null) {
      return vague;
    }
    // Whoever counts tokens called a model; a span above others' counts owns none of them anyway.
    return new Kind(PresentKind.hasUsage(facts) ? SpanKind.LLM : SpanKind.OTHER, firstStated);
  }

  /** Logfire announces a span by a copy of its beginning, which is no call of its own. */
  private static boolean isPending(Facts facts) {
    return "pending_span".equals(facts.raw(Attr.LOGFIRE_SPAN_TYPE));
  }

  private static Map<Attr, Map<String, SpanKind>> kinds() {
    Map<Attr, Map<String, SpanKind>> all = new EnumMap<>(Attr.class);
    for (Dialect dialect : ALL) {
      dialect
          .kinds()
          .forEach(
              (attr, words) -> all.computeIfAbsent(attr, any -> new HashMap<>()).putAll(words));
    }
    return all;
  }

  private static Map<Attr, Set<String>> vague() {
    Map<Attr, Set<String>> all = new EnumMap<>(Attr.class);
    for (Dialect dialect : ALL) {
      dialect
          .vague()
          .forEach(
              (attr, words) -> all.computeIfAbsent(attr, any -> new HashSet<>()).addAll(words));
    }
    return all;
  }

  private static List<Dialect> byAttributes() {
    List<Dialect> order = new ArrayList<>(ALL);
    Dialect shared = order.remove(order.size() - 2);
    order.add(shared);
    return List.copyOf(order);
  }
}
