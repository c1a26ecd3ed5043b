package dev.tributary.normalize.core;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/**
 * Tells a token count that an instrumentation made from the text of chat messages alone.
 *
 * <p>Byte-pair tokenisers never join words across a blank, so a text has at least as many tokens as
 * pieces (words, groups of three digits, punctuation marks that stand apart). A chat format adds at
 * least three tokens to every message and three to the whole. An input count that leaves no room
 * for two more tokens per message than there are pieces is therefore not the provider's. The bound
 * is loose for long words: a count of the text alone may pass it unnoticed, a provider's cannot
 * fail it.
 */
final class TextOnlyCount {
  private static final int LEAST_OVERHEAD_PER_MESSAGE = 2;

  private TextOnlyCount() {}

  /** True where {@code input} cannot be a provider's count of these messages (JSON). */
  static boolean isProven(long input, @Nullable String messages) {
    JsonNode list = Json.tree(messages);
    if (list == null || !list.isArray() || list.isEmpty()) {
      return false;
    }
    long pieces = 0;
    for (JsonNode message : list) {
      pieces += LEAST_OVERHEAD_PER_MESSAGE + pieces(message.path("content").asText(""));
      for (JsonNode part : message.path("parts")) {
        pieces += pieces(part.path("content").asText("")) + pieces(part.path("text").asText(""));
      }
    }
    return input <= pieces;
  }

  static long pieces(String text) {
    long pieces = 0;
    int i = 0;
    while (i < text.length()) {
      int start = i;
      char c = text.charAt(i);
      if (Character.isLetter(c)) {
        while (i < text.length() && isInWord(text.charAt(i))) {
          i++;
        }
        pieces++;
      } else if (Character.isDigit(c)) {
        while (i < text.length() && i < start + 3 && Character.isDigit(text.charAt(i))) {
          i++;
        }
        pieces++;
      } else if (c <= ' ') {
        i++;
      } else {
        while (i < text.length() && isMark(text.charAt(i))) {
          i++;
        }
        // A mark right before a word may be part of the word's token.
        pieces += i < text.length() && Character.isLetter(text.charAt(i)) ? 0 : 1;
      }
    }
    return pieces;
  }

  private static boolean isInWord(char c) {
    return Character.isLetter(c) || c == '\'';
  }

  private static boolean isMark(char c) {
    return c > ' ' && !Character.isLetterOrDigit(c);
  }
}
