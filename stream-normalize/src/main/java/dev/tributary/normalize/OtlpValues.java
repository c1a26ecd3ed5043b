package dev.tributary.normalize;

/** What both encodings share. */
final class OtlpValues {
  /** Nesting of values that is followed; real payloads nest a handful of levels. */
  static final int MAX_DEPTH = 16;

  /** Stands for a list or map nested deeper than {@link #MAX_DEPTH}. */
  static final String TOO_DEEP = "[nested too deep]";

  private static final char[] DIGITS = "0123456789abcdef".toCharArray();

  private OtlpValues() {}

  static String hex(byte[] bytes, int start, int length) {
    char[] text = new char[length * 2];
    for (int i = 0; i < length; i++) {
      text[2 * i] = DIGITS[(bytes[start + i] >> 4) & 15];
      text[2 * i + 1] = DIGITS[bytes[start + i] & 15];
    }
    return new String(text);
  }
}
