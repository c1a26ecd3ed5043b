package dev.tributary.normalize.core;

import dev.tributary.schemas.FinishReason;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Why the choices of a call ended.
 *
 * @param normalised one per stated choice
 * @param raw as the provider wrote them, the same order
 */
public record FinishReasons(List<FinishReason> normalised, List<String> raw) {
  /** No reason stated. */
  static final FinishReasons NONE = new FinishReasons(List.of(), List.of());

  /** Most choices of a call that are kept. */
  private static final int MAX_CHOICES = 32;

  /** What stands for a raw reason that is no word: text does not belong on a span. */
  private static final String NOT_A_WORD = "(not a word)";

  private static final Map<String, FinishReason> WORDS =
      Map.ofEntries(
          Map.entry("stop", FinishReason.STOP),
          Map.entry("end_turn", FinishReason.STOP),
          Map.entry("endturn", FinishReason.STOP),
          Map.entry("completed", FinishReason.STOP),
          Map.entry("complete", FinishReason.STOP),
          Map.entry("eos", FinishReason.STOP),
          Map.entry("eos_token", FinishReason.STOP),
          Map.entry("stopsequence", FinishReason.STOP),
          Map.entry("stop_sequence", FinishReason.STOP),
          Map.entry("length", FinishReason.LENGTH),
          Map.entry("max_tokens", FinishReason.LENGTH),
          Map.entry("max_output_tokens", FinishReason.LENGTH),
          Map.entry("maxtokens", FinishReason.LENGTH),
          Map.entry("model_length", FinishReason.LENGTH),
          Map.entry("model_context_window_exceeded", FinishReason.LENGTH),
          Map.entry("incomplete:max_output_tokens", FinishReason.LENGTH),
          Map.entry("tool_calls", FinishReason.TOOL_CALL),
          Map.entry("tool_call", FinishReason.TOOL_CALL),
          Map.entry("tool_use", FinishReason.TOOL_CALL),
          Map.entry("tooluse", FinishReason.TOOL_CALL),
          Map.entry("toolcalls", FinishReason.TOOL_CALL),
          Map.entry("tool_execution", FinishReason.TOOL_CALL),
          Map.entry("function_call", FinishReason.TOOL_CALL),
          Map.entry("content_filter", FinishReason.CONTENT_FILTER),
          Map.entry("incomplete:content_filter", FinishReason.CONTENT_FILTER),
          Map.entry("safety", FinishReason.CONTENT_FILTER),
          Map.entry("contentfilter", FinishReason.CONTENT_FILTER),
          Map.entry("content_filtered", FinishReason.CONTENT_FILTER),
          Map.entry("guardrail_intervened", FinishReason.CONTENT_FILTER),
          Map.entry("prohibited_content", FinishReason.CONTENT_FILTER),
          Map.entry("blocklist", FinishReason.CONTENT_FILTER),
          Map.entry("spii", FinishReason.CONTENT_FILTER),
          Map.entry("recitation", FinishReason.CONTENT_FILTER),
          Map.entry("image_safety", FinishReason.CONTENT_FILTER),
          Map.entry("error_toxic", FinishReason.CONTENT_FILTER),
          Map.entry("refusal", FinishReason.REFUSAL),
          Map.entry("error", FinishReason.ERROR));

  /** The reasons a span states, by precedence; else those of its choices, events or reply. */
  static FinishReasons of(OtlpSpan span, Facts facts) {
    for (Attr attr : Precedence.FINISH_REASONS) {
      FinishReasons reasons = of(facts.raw(attr));
      if (!reasons.raw.isEmpty()) {
        return reasons;
      }
    }
    return of(ReplyReasons.of(span, facts));
  }

  /** The reason of a provider's word, in any case; UNKNOWN for one that nobody knows. */
  public static FinishReason ofWord(String word) {
    return normalise(word.strip());
  }

  /** Reasons of words that came without. */
  static List<FinishReason> ofWords(List<String> words) {
    return words.stream().map(FinishReasons::normalise).toList();
  }

  private static FinishReasons of(@Nullable Object value) {
    if (value == null) {
      return NONE;
    }
    List<?> stated = value instanceof List<?> list ? list : fromText(AttributeText.of(value));
    List<FinishReason> normalised = new ArrayList<>(stated.size());
    List<String> raw = new ArrayList<>(stated.size());
    for (Object item : stated) {
      if (item != null && raw.size() < MAX_CHOICES) {
        String word = AttributeText.of(item).strip();
        if (!word.isEmpty()) {
          boolean isWord = Coercion.isWord(word, Coercion.MAX_WORD);
          normalised.add(isWord ? normalise(word) : FinishReason.UNKNOWN);
          raw.add(isWord ? word : NOT_A_WORD);
        }
      }
    }
    return new FinishReasons(normalised, raw);
  }

  /** A plain word, or a list of words as JSON or Python prints it. */
  private static List<String> fromText(String text) {
    String bare = text.strip();
    if (bare.length() > 1 && bare.startsWith("\"") && bare.endsWith("\"")) {
      return List.of(bare.substring(1, bare.length() - 1));
    }
    if (!bare.startsWith("[") && !bare.startsWith("(")) {
      return List.of(text);
    }
    List<String> words = Json.words(bare);
    if (words == null && bare.length() <= Coercion.MAX_IDENTIFIER) {
      words = Json.words(PythonText.toJson(bare).replace(",]", "]"));
    }
    return words == null ? List.of(text) : words;
  }

  private static FinishReason normalise(String word) {
    String key = word.toLowerCase(Locale.ROOT).replace('-', '_');
    // What Python and protobuf print for an enum's member.
    key = key.startsWith("finishreason.") ? key.substring(13) : key;
    key = key.startsWith("finish_reason_") ? key.substring(14) : key;
    FinishReason reason = WORDS.get(key);
    return reason == null ? FinishReason.UNKNOWN : reason;
  }
}
