package dev.tributary.evalworker.core;

import java.lang.Character.UnicodeScript;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The language of a text, by script where one script means one language here, else by which
 * language's commonest words are most frequent. Meant for whole answers: below three known words it
 * says nothing.
 */
final class Language {
  private static final int LEAST_HITS = 3;

  private static final Map<String, Set<String>> COMMON =
      Map.of(
          "en",
              Set.of(
                  "the", "and", "of", "to", "is", "in", "that", "it", "for", "you", "with", "are",
                  "this", "not", "your"),
          "de",
              Set.of(
                  "der", "die", "und", "das", "ist", "nicht", "ein", "eine", "sie", "mit", "zu",
                  "den", "von", "auf", "wir"),
          "fr",
              Set.of(
                  "le", "la", "les", "et", "des", "est", "une", "vous", "que", "pour", "dans",
                  "pas", "sur", "du", "nous"),
          "es",
              Set.of(
                  "el", "los", "las", "que", "es", "una", "por", "con", "para", "del", "se", "no",
                  "su", "como", "y"),
          "it",
              Set.of(
                  "il", "che", "di", "non", "una", "per", "sono", "con", "della", "gli", "del",
                  "si", "come", "lo", "anche"),
          "pt",
              Set.of(
                  "o", "os", "que", "uma", "não", "para", "com", "do", "da", "você", "em", "por",
                  "mais", "como", "ao"),
          "nl",
              Set.of(
                  "de", "het", "een", "van", "en", "niet", "dat", "voor", "zijn", "met", "op", "je",
                  "te", "ook", "maar"));

  private static final Map<UnicodeScript, String> BY_SCRIPT =
      Map.of(
          UnicodeScript.HIRAGANA, "ja",
          UnicodeScript.KATAKANA, "ja",
          UnicodeScript.HANGUL, "ko",
          UnicodeScript.HAN, "zh",
          UnicodeScript.CYRILLIC, "ru",
          UnicodeScript.ARABIC, "ar",
          UnicodeScript.HEBREW, "he",
          UnicodeScript.DEVANAGARI, "hi",
          UnicodeScript.GREEK, "el",
          UnicodeScript.THAI, "th");

  private Language() {}

  /** Two letters; empty: cannot be said. */
  static String of(String text) {
    Map<String, Integer> scripts = new HashMap<>();
    int latin = 0;
    for (int point : text.codePoints().toArray()) {
      if (Character.isLetter(point)) {
        String language = BY_SCRIPT.get(UnicodeScript.of(point));
        if (language == null) {
          latin++;
        } else {
          scripts.merge(language, 1, Integer::sum);
        }
      }
    }
    // Japanese is written with Chinese characters, too: a few kana decide.
    if (scripts.getOrDefault("ja", 0) * 10 > scripts.getOrDefault("zh", 0)
        && scripts.containsKey("ja")) {
      scripts.merge("ja", scripts.getOrDefault("zh", 0), Integer::sum);
      scripts.remove("zh");
    }
    for (Map.Entry<String, Integer> script : scripts.entrySet()) {
      if (script.getValue() > latin) {
        return script.getKey();
      }
    }
    return byWords(Words.of(text));
  }

  private static String byWords(List<String> words) {
    String best = "";
    long most = LEAST_HITS - 1;
    for (String language : COMMON.keySet().stream().sorted().toList()) {
      Set<String> common = COMMON.getOrDefault(language, Set.of());
      long hits = words.stream().filter(common::contains).count();
      if (hits > most) {
        most = hits;
        best = language;
      }
    }
    return best;
  }
}
