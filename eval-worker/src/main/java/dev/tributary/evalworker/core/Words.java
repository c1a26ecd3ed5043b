package dev.tributary.evalworker.core;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Words and sentences of texts. */
final class Words {
  private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{M}\\p{N}]+");
  private static final Pattern SENTENCE_END = Pattern.compile("(?<=[.!?。！？])\\s+|\\n+");

  /** English words without content; answers in other languages count all their words. */
  private static final Set<String> EMPTY =
      Set.of(
          "a", "an", "and", "are", "as", "at", "be", "been", "but", "by", "can", "do", "does",
          "for", "from", "had", "has", "have", "he", "her", "his", "how", "i", "if", "in", "is",
          "it", "its", "me", "my", "no", "not", "of", "on", "or", "our", "she", "so", "than",
          "that", "the", "their", "them", "then", "there", "these", "they", "this", "to", "was",
          "we", "were", "what", "when", "which", "who", "will", "with", "would", "you", "your");

  private Words() {}

  /** Words in lower case, in their order. */
  static List<String> of(String text) {
    List<String> words = new ArrayList<>();
    Matcher matcher = WORD.matcher(text.toLowerCase(Locale.ROOT));
    while (matcher.find()) {
      words.add(matcher.group());
    }
    return words;
  }

  /** Words that say something. */
  static List<String> content(String text) {
    return of(text).stream().filter(word -> !EMPTY.contains(word)).toList();
  }

  /** Sentences that are not blank. */
  static List<String> sentences(String text) {
    return SENTENCE_END.splitAsStream(text).map(String::strip).filter(s -> !s.isEmpty()).toList();
  }
}
