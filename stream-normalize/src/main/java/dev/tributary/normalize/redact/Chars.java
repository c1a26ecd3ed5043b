package dev.tributary.normalize.redact;

/** Classes of characters, and where words begin in texts that may be JSON. */
final class Chars {
  private Chars() {}

  static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  static boolean isLetter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  }

  static boolean isWord(char c) {
    return isDigit(c) || isLetter(c) || c == '_';
  }

  static boolean isHex(char c) {
    return isDigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
  }

  /** Characters of keys: base64url. */
  static boolean isToken(char c) {
    return isWord(c) || c == '-';
  }

  /** Characters of a bearer token. */
  static boolean isBearer(char c) {
    return isToken(c) || c == '.' || c == '~' || c == '+' || c == '/' || c == '=';
  }

  /**
   * Whether a word may begin here: after no word character, or after an escape of a JSON string,
   * whose letter belongs to no word.
   */
  static boolean isStart(String text, int at) {
    return at == 0 || !isWord(text.charAt(at - 1)) || isAfterEscape(text, at);
  }

  static boolean isAfterEscape(String text, int at) {
    if (at >= 2 && text.charAt(at - 2) == '\\' && "ntrbf".indexOf(text.charAt(at - 1)) >= 0) {
      return true;
    }
    return at >= 6
        && text.charAt(at - 6) == '\\'
        && text.charAt(at - 5) == 'u'
        && isHex(text.charAt(at - 4))
        && isHex(text.charAt(at - 3))
        && isHex(text.charAt(at - 2))
        && isHex(text.charAt(at - 1));
  }

  /** Whether a word may end before this position. */
  static boolean isEnd(String text, int at) {
    return at >= text.length() || !isWord(text.charAt(at));
  }
}
