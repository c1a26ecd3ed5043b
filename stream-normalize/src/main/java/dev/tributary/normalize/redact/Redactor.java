package dev.tributary.normalize.redact;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * Replaces what looks like personal data or a credential by {@code [redacted:KIND]}. Kinds: {@code
 * email phone card iban ip key jwt private_key bearer url_credentials} and custom ones. Card
 * numbers need a right check digit, IBANs the right length and check digits. Immutable and safe for
 * use by many threads.
 */
public final class Redactor {
  /** The built-in kinds only. */
  public static final Redactor STANDARD = new Redactor(Map.of());

  private final Map<String, Pattern> custom;

  private Redactor(Map<String, Pattern> custom) {
    this.custom = custom;
  }

  /**
   * The built-in kinds and custom ones, tried in the order of their names.
   *
   * @param patterns regular expressions in RE2's syntax (no back references, no look-around) by
   *     kind
   * @throws IllegalArgumentException when a pattern is none, or matches the empty text
   */
  public static Redactor with(Map<String, String> patterns) {
    Map<String, Pattern> compiled = new LinkedHashMap<>();
    for (Map.Entry<String, String> entry : new TreeMap<>(patterns).entrySet()) {
      Pattern pattern;
      try {
        pattern = Pattern.compile(entry.getValue());
      } catch (PatternSyntaxException e) {
        throw new IllegalArgumentException(
            entry.getKey() + " is no regular expression: " + e.getDescription(), e);
      }
      if (pattern.matcher("").find()) {
        throw new IllegalArgumentException(entry.getKey() + " matches the empty text");
      }
      compiled.put(entry.getKey(), pattern);
    }
    return new Redactor(compiled);
  }

  /**
   * The text without what was found; the same object where nothing was.
   *
   * @param counts raised by kind
   */
  public String redact(String text, Map<String, Long> counts) {
    String result = new RedactionScan(text, counts, false).run();
    return custom(result, counts);
  }

  /**
   * As {@link #redact}, but only credentials, mail addresses and custom kinds: for names and ids,
   * where a number may be what identifies.
   */
  public String redactName(String text, Map<String, Long> counts) {
    String result = new RedactionScan(text, counts, true).run();
    return custom(result, counts);
  }

  private String custom(String text, Map<String, Long> counts) {
    String result = text;
    for (Map.Entry<String, Pattern> kind : custom.entrySet()) {
      Matcher matcher = kind.getValue().matcher(result);
      StringBuilder out = null;
      int from = 0;
      while (matcher.find()) {
        if (matcher.end() > matcher.start()) {
          out = out == null ? new StringBuilder(result.length()) : out;
          out.append(result, from, matcher.start()).append(marker(kind.getKey()));
          from = matcher.end();
          counts.merge(kind.getKey(), 1L, Long::sum);
        }
      }
      result = out == null ? result : out.append(result, from, result.length()).toString();
    }
    return result;
  }

  static String marker(String kind) {
    return "[redacted:" + kind + "]";
  }
}
