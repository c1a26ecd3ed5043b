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
  private final boolean isAmple;
  private int left;
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
    this.isAmple = totalChars * MAX_BYTES_PER_CHAR <= limits.maxBytes();
  }

  /** The redacted text, or its beginning and a marker. */
  String take(String original) {
    String text = redactor.redact(original, redactions);
    boolean isShort = (long) text.length() * MAX_BYTES_PER_CHAR <= maxValueBytes;
    if (isAmple && isShort) {
      return text;
    }
    int allowed = isAmple ? maxValueBytes : Math.min(maxValueBytes, left);
    int bytes = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      int size = c < 0x80 ? 1 : c < 0x800 ? 2 : Character.isSurrogate(c) ? 2 : 3;
      if (bytes + size > allowed) {
        return cut(text, i, bytes);
      }
      bytes += size;
    }
    left -= bytes;
    return text;
  }

  /** As {@link #take(String)}, null stays null. */
  @Nullable String takeNullable(@Nullable String text) {
    return text == null ? null : take(text);
  }

  private String cut(String text, int length, int bytes) {
    isCut = true;
    left -= bytes;
    int end =
        length > 0 && Character.isHighSurrogate(text.charAt(length - 1)) ? length - 1 : length;
    return text.substring(0, end) + "…[cut, " + text.length() + " characters in all]";
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
    return left <= 0;
  }

  boolean isCut() {
    return isCut;
  }
}
