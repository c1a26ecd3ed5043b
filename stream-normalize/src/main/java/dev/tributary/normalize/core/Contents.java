package dev.tributary.normalize.core;

import dev.tributary.normalize.redact.Redactor;
import dev.tributary.schemas.ContentEvent;
import dev.tributary.schemas.ContentMode;
import dev.tributary.schemas.SpanContent;
import dev.tributary.schemas.SpanKind;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Puts a span's text into its content record, redacted and within limits. */
final class Contents {
  private static final int MAX_NAME = 256;

  /** More characters than any limit on content. */
  private static final long ENDLESS = 1L << 32;

  /** What no dialect knows, by name: values are content, these names stand on the span. */
  static final int MAX_UNKNOWN_NAMES = 64;

  private static final Set<Attr> WORDS =
      EnumSet.of(
          Attr.ERROR_TYPE,
          Attr.RESPONSE_FINISH_REASON,
          Attr.RESPONSE_FINISH_REASONS,
          Attr.AI_RESPONSE_FINISH_REASON,
          Attr.LLM_FINISH_REASON);

  /**
   * Families of attributes that a dialect numbers or that users fill; known, but not one by one.
   */
  private static final String[] FAMILIES = {
    "llm.",
    "embedding.",
    "retrieval.",
    "reranker.",
    "ai.",
    "langfuse.",
    "langsmith.",
    "traceloop.",
    "gen_ai.",
    "openai.",
    "metadata.",
    "tributary."
  };

  private final OtlpSpan span;
  private final Facts facts;
  private final Redactor redactor;
  private final TextBudget budget;
  private final ContentLimits limits;
  private final TagMapping tags;
  private final Set<Attr> placed = EnumSet.noneOf(Attr.class);
  private final List<String> unknown = new ArrayList<>(0);

  Contents(OtlpSpan span, Facts facts, NormalizeRules rules) {
    this.span = span;
    this.facts = facts;
    this.tags = rules.tags();
    this.limits = rules.content();
    this.redactor = rules.privacy().redactor();
    this.budget = new TextBudget(limits, redactor, totalChars(span));
  }

  /** Names of attributes that no dialect knows; complete after {@link #build}. */
  List<String> unknownNames() {
    return unknown;
  }

  /** The content, without tenant, ids and times. */
  SpanContent build(SpanKind kind) {
    boolean isTool = kind == SpanKind.TOOL || kind == SpanKind.MCP;
    SpanContent content = new SpanContent();
    content.setMode(ContentMode.FULL);
    content.setName(span.name().isEmpty() ? null : budget.take(span.name()));
    content.setStatusMessage(statusMessage());
    content.setSystemInstructions(place(Precedence.CONTENT_SYSTEM));
    content.setToolArguments(isTool ? place(Precedence.CONTENT_TOOL_ARGUMENTS) : null);
    content.setToolResult(isTool ? place(Precedence.CONTENT_TOOL_RESULT) : null);
    content.setInput(place(Precedence.CONTENT_INPUT));
    content.setOutput(place(Precedence.CONTENT_OUTPUT));
    content.setDocuments(place(Precedence.CONTENT_DOCUMENTS));
    content.setToolDefinitions(place(Precedence.CONTENT_TOOL_DEFINITIONS));
    content.setAttributes(attributes());
    content.setEvents(events());
    content.setRedactions(budget.redactions());
    content.setTruncated(budget.isCut());
    return content;
  }

  private @Nullable String statusMessage() {
    if (!span.statusMessage().isEmpty()) {
      return budget.take(span.statusMessage());
    }
    placed.add(Attr.LANGFUSE_STATUS_MESSAGE);
    return budget.takeNullable(facts.text(Attr.LANGFUSE_STATUS_MESSAGE));
  }

  /** The first of these that is there and has no place yet; the others stay by name. */
  private @Nullable String place(Attr[] precedence) {
    for (Attr attr : precedence) {
      String text = placed.contains(attr) ? null : facts.text(attr);
      if (text != null) {
        placed.add(attr);
        return budget.take(text);
      }
    }
    return null;
  }

  private Map<String, String> attributes() {
    Map<String, String> kept = new LinkedHashMap<>();
    Attributes attributes = span.attributes();
    for (int i = 0; i < attributes.size(); i++) {
      String name = attributes.name(i);
      Attr attr = attributes.known(i);
      if (attr == null) {
        noteUnknown(name);
      }
      if (attr == null || staysByName(attr, attributes.value(i))) {
        keep(kept, name, attributes.value(i), limits.maxAttributes());
      }
    }
    return kept;
  }

  private boolean staysByName(Attr attr, Object value) {
    return switch (attr.plane) {
      case KEPT -> true;
      case CONTENT -> !placed.contains(attr);
      case FACT -> !isOnSpan(attr, value);
      case USAGE, PERSON -> false;
    };
  }

  /** A value that is no name and no number was refused by the span: its only place is here. */
  private static boolean isOnSpan(Attr attr, Object value) {
    if (!(value instanceof String text)) {
      return !(value instanceof Map) && (!(value instanceof List) || WORDS.contains(attr));
    }
    boolean isWordExpected = WORDS.contains(attr);
    int limit = isWordExpected ? Coercion.MAX_WORD : Coercion.MAX_IDENTIFIER;
    if (text.length() > limit) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < ' ' || (isWordExpected && c == ' ')) {
        return false;
      }
    }
    return true;
  }

  private void noteUnknown(String name) {
    if (unknown.size() >= MAX_UNKNOWN_NAMES
        || tags.onSpan().containsKey(name)
        || !isPlainName(name)) {
      return;
    }
    for (String family : FAMILIES) {
      if (name.startsWith(family)) {
        return;
      }
    }
    // A secret may be a name as software makes them.
    if (redactor.redact(name, new HashMap<>(2)).equals(name)) {
      unknown.add(name);
    }
  }

  /** A name as software makes them; anything else may be text. */
  private static boolean isPlainName(String name) {
    if (name.isEmpty() || name.length() > Coercion.MAX_WORD * 2) {
      return false;
    }
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      boolean isPlain =
          (c >= 'a' && c <= 'z')
              || (c >= 'A' && c <= 'Z')
              || (c >= '0' && c <= '9')
              || c == '.'
              || c == '_'
              || c == '-'
              || c == '/'
              || c == ':';
      if (!isPlain) {
        return false;
      }
    }
    return true;
  }

  private void keep(Map<String, String> kept, String name, Object value, int most) {
    if (kept.size() >= most || budget.isSpent()) {
      budget.leaveOut();
      return;
    }
    // Names are text as well: many long ones must not make a record too large.
    String whole = budget.take(name);
    String key = whole.length() <= MAX_NAME ? whole : whole.substring(0, MAX_NAME);
    // Two names may be one after redaction; neither value may be lost.
    String free = key;
    for (int again = 2; kept.containsKey(free); again++) {
      free = key + '#' + again;
    }
    kept.put(free, budget.take(AttributeText.of(value)));
  }

  private List<ContentEvent> events() {
    if (span.events().isEmpty()) {
      return List.of();
    }
    List<ContentEvent> events = new ArrayList<>(Math.min(span.events().size(), 16));
    for (OtlpSpan.Event event : span.events()) {
      if (events.size() >= limits.maxEvents() || budget.isSpent()) {
        budget.leaveOut();
        break;
      }
      Map<String, String> kept = new LinkedHashMap<>();
      Attributes attributes = event.attributes();
      for (int i = 0; i < attributes.size(); i++) {
        Attr attr = attributes.known(i);
        if (attr == null || attr.plane != Plane.PERSON) {
          keep(kept, attributes.name(i), attributes.value(i), limits.maxAttributes());
        }
      }
      ContentEvent record = new ContentEvent();
      record.setName(budget.take(event.name()));
      record.setTimeUs(Math.max(0, event.timeNanos()) / 1_000);
      record.setAttributes(kept);
      events.add(record);
    }
    return events;
  }

  private static long totalChars(OtlpSpan span) {
    long total = span.name().length() + span.statusMessage().length() + chars(span.attributes());
    for (OtlpSpan.Event event : span.events()) {
      total += event.name().length() + chars(event.attributes());
    }
    return total;
  }

  private static long chars(Attributes attributes) {
    long total = 0;
    for (int i = 0; i < attributes.size(); i++) {
      total += attributes.name(i).length() + chars(attributes.value(i));
    }
    return total;
  }

  private static long chars(@Nullable Object value) {
    if (value instanceof String text) {
      return text.length();
    }
    if (value instanceof byte[] bytes) {
      return bytes.length * 2L;
    }
    // Quotes, escapes and separators of the JSON that a structure becomes: six per character.
    long total = 32;
    if (value instanceof List<?> list) {
      for (Object item : list) {
        total += 3 + 6 * chars(item);
      }
    } else if (value instanceof Map<?, ?> map) {
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        total += 6 + 6 * (String.valueOf(entry.getKey()).length() + chars(entry.getValue()));
      }
    }
    // Six of six of six: the bound of a deep structure must not run over and seem small.
    return Math.min(total, ENDLESS);
  }
}
