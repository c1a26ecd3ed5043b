package dev.tributary.normalize.core;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tributary.normalize.reply.ReplyReading;
import dev.tributary.normalize.reply.ReplyReading.Counted;
import dev.tributary.normalize.reply.ReplyReading.Invalid;
import dev.tributary.normalize.reply.ReplyUsage;
import dev.tributary.schemas.SpanKind;
import dev.tributary.schemas.UsageConvention;
import dev.tributary.schemas.UsageQuality;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The usage inside a provider's reply that stands whole in an attribute, for spans that state no
 * count of their own. Only a call's own span may hold one: an agent's output is its application's.
 */
final class RawReply {
  /** LiteLLM's raw reply: {@code llm.openai.usage}, {@code llm.anthropic.usage}, and so on. */
  private static final String RAW_PREFIX = "llm.";

  private static final String RAW_SUFFIX = ".usage";

  /** Attributes that hold a whole reply where an instrumentation writes down what it got. */
  private static final Attr[] REPLIES = {Attr.OUTPUT_VALUE, Attr.MLFLOW_OUTPUTS};

  /** Names under which replies count or list searches. */
  private static final String[] SEARCHES = {
    "\"web_search_call\"",
    "\"file_search_call\"",
    "\"web_search_requests\"",
    "\"num_search_queries\"",
    "\"server_side_tool_usage_details\"",
    "\"webSearchQueries\"",
    "\"web_search_queries\""
  };

  /** Most numbers kept as they came. */
  private static final int MAX_RAW = 64;

  private RawReply() {}

  /** The usage, refused where every reply with one contradicts itself; null: none is there. */
  static @Nullable Usage usage(
      Facts facts, Attributes attributes, SpanKind kind, @Nullable String provider) {
    Usage refused = null;
    if (kind == SpanKind.LLM || kind == SpanKind.EMBEDDING || kind == SpanKind.RERANK) {
      for (Attr attr : REPLIES) {
        String text = facts.has(attr) ? facts.text(attr) : null;
        if (text != null && text.startsWith("{") && namesUsage(text)) {
          Usage usage = usage(ReplyUsage.read(provider, null, text), attr.attribute);
          if (isSound(usage)) {
            return usage;
          }
          refused = refused == null ? usage : refused;
        }
      }
    }
    for (int i = 0; i < attributes.size(); i++) {
      String name = attributes.name(i);
      boolean isRaw =
          attributes.known(i) == null && name.startsWith(RAW_PREFIX) && name.endsWith(RAW_SUFFIX);
      JsonNode raw = isRaw ? Json.lenientTree(AttributeText.of(attributes.value(i))) : null;
      if (raw != null) {
        Usage usage = usage(ReplyUsage.read(provider, null, raw), "llm.raw.usage");
        if (isSound(usage)) {
          return usage;
        }
        refused = refused == null ? usage : refused;
      }
    }
    return refused;
  }

  private static boolean isSound(@Nullable Usage usage) {
    return usage != null && usage.error() == null;
  }

  /** Rerankers state what they bill, and call nothing usage. */
  private static boolean namesUsage(String text) {
    return text.contains("sage") || text.contains("billed_units");
  }

  /**
   * Searches that only the reply itself counts, for spans that state their tokens. Replies are long
   * and searches rare: one is read only where it names some.
   */
  static Units searches(Facts facts, SpanKind kind, @Nullable String provider) {
    if (kind != SpanKind.LLM) {
      return Units.NONE;
    }
    for (Attr attr : REPLIES) {
      String text = facts.has(attr) ? facts.text(attr) : null;
      if (text != null && text.startsWith("{") && namesSearches(text)) {
        ReplyReading reading = ReplyUsage.read(provider, null, text);
        if (reading instanceof Counted counted) {
          return Units.of(counted.tokens().toUnitUsage());
        }
      }
    }
    return Units.NONE;
  }

  private static boolean namesSearches(String text) {
    for (String name : SEARCHES) {
      if (text.contains(name)) {
        return true;
      }
    }
    return false;
  }

  private static @Nullable Usage usage(ReplyReading reading, String attribute) {
    if (reading instanceof Counted counted) {
      return new Usage(
          counted.tokens().toTokenUsage(),
          counted.quality(),
          counted.convention(),
          null,
          named(counted.raw(), attribute));
    }
    return reading instanceof Invalid invalid
        ? new Usage(
            null,
            UsageQuality.MISSING,
            UsageConvention.ASSUMED,
            UsageError.CONTRADICTORY_REPLY,
            named(invalid.raw(), attribute))
        : null;
  }

  /** The numbers by the names of the payload. */
  private static Map<String, Long> named(Map<String, Long> counts, String attribute) {
    Map<String, Long> raw = new LinkedHashMap<>();
    counts.forEach(
        (name, count) -> {
          String key = attribute + '.' + name;
          if (raw.size() < MAX_RAW && Coercion.isWord(key, Coercion.MAX_IDENTIFIER)) {
            raw.put(key, count);
          }
        });
    return raw;
  }
}
