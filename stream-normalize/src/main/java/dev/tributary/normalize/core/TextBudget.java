package dev.tributary.normalize.core;

import dev.tributary.normalize.redact.Redactor;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Redacts texts, and cuts them to what a span may keep: in this order, since half a secret has no
 * shape. Counts exactly only where the texts are so long together that it can matter: counting the
 * bytes of every text would cost more than the rest of normalising.
 */
final class TextBudget {
  private static final int MAX_BYTES_PER_CHAR = 3;

  private final int maxValueBytes;
  private final Redactor redactor;
  private final Map<String, Long> redactions = new TreeMap<>();

  /** Bytes left over were every character as long as can be; negative: it has to be counted. */
  private long spare;

  private long left;
  private boolean isCut;

  /**
   * A budget for the texts of one span.
   *
   * @param totalChars upper bound of all their lengths, characters
   */
  TextBudget(ContentLimits limits, Redactor redactor, long totalChars) {
    this.maxValueBytes = limits.maxValueBytes();
    this.redactor = redactor;
    this.left = limits.maxBytes();
    this.spare = limits.maxBytes() - totalChars * MAX_BYTES_PER_CHAR;
  }

  /** Whether all texts fit whatever is in them, and none has to be counted. */
  private boolean isAmple() {
    return spare >= 0;
  }

  /** The redacted text, or its beginning and a marker. */
  String take(String original) {
    String text = redactor.redact(original, redactions);
    long expected = (long) original.length() * MAX_BYTES_PER_CHAR;
    if (isAmple() && text.length() > original.length()) {
      // Markers may be longer than what they stand for, which nobody could foresee.
      long more = Math.max(0, bytes(text) - expected);
      spare -= more;
      expected += more;
    }
    boolean isShort = (long) text.length() * MAX_BYTES_PER_CHAR <= maxValueBytes;
    if (isAmple() && isShort) {
      left -= expected;
      return text;
    }
    long allowed = isAmple() ? maxValueBytes : Math.min(maxValueBytes, left);
    int bytes = 0;
    for (int i = 0; i < text.length(); i++) {
      int size = bytes(text.charAt(i));
      if (bytes + size > allowed) {
        return cut(text, i, bytes);
      }
      bytes += size;
    }
    left -= bytes;
    return text;
  }

  private static long bytes(String text) {
    long bytes = 0;
    for (int i = 0; i < text.length(); i++) {
      bytes += bytes(text.charAt(i));
    }
    return bytes;
  }

  /** Bytes in UTF-8; a pair of surrogates has four. */
  private static int bytes(char c) {
    return c < 0x80 ? 1 : c < 0x800 ? 2 : Character.isSurrogate(c) ? 2 : 3;
  }

  /** As {@link #take(String)}, null stays null. */
  @Nullable String takeNullable(@Nullable String text) {
    return text == null ? null : take(text);
  }

  private String cut(String text, int length, int bytes) {
    isCut = true;
    int end =
        length > 0 && Character.isHighSurrogate(text.charAt(length - 1)) ? length - 1 : length;
    String marker = "…[cut, " + text.length() + " characters in all]";
    // A byte that is left over takes no character, and must not buy a marker for every text.
    boolean isLast = !isAmple() && left < maxValueBytes;
    left = isLast ? 0 : left - bytes - bytes(marker);
    return text.substring(0, end) + marker;
  }

  /** Notes that something was left out altogether. */
  void leaveOut() {
    isCut = true;
  }

  /** Redactions made so far, by kind. */
  Map<String, Long> redactions() {
    return redactions;
  }

  boolean isSpent() {
    return !isAmple() && left <= 0;
  }

  boolean isCut() {
    return isCut;
  }
}
