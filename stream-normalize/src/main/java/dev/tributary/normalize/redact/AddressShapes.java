package dev.tributary.normalize.redact;

/** E-mail and IP addresses, and credentials in URLs. Each look is bounded. */
final class AddressShapes {
  private static final int MAX_LOCAL = 64;
  private static final int MAX_DOMAIN = 255;
  private static final int MAX_IPV6 = 45;
  private static final int MAX_USER_INFO = 256;

  private AddressShapes() {}

  /**
   * How many characters an at sign takes here, plain or escaped for URLs or JSON; 0: it is none.
   */
  static int atSign(String text, int at) {
    char c = text.charAt(at);
    if (c == '@') {
      return 1;
    }
    if (c == '%' && text.startsWith("%40", at)) {
      return 3;
    }
    return c == '\\' && text.startsWith("\\u0040", at) ? 6 : 0;
  }

  /** Where the mailbox before an at sign begins; the sign's own position: there is none. */
  static int mailboxStart(String text, int sign, int notBefore) {
    int start = sign;
    while (start > notBefore && sign - start < MAX_LOCAL && isLocal(text.charAt(start - 1))) {
      start--;
    }
    // The letter of a JSON escape is no part of the address.
    if (start > 0 && start < sign && text.charAt(start - 1) == '\\') {
      start = Math.min(sign, start + (text.charAt(start) == 'u' ? 5 : 1));
    }
    while (start < sign && text.charAt(start) == '.') {
      start++;
    }
    return start;
  }

  private static boolean isLocal(char c) {
    return Chars.isWord(c) || c > 127 || "!#$&'*+-/=?^`{|}~.%".indexOf(c) >= 0;
  }

  /** The end of the domain that begins here and has a top level; -1: it has none. */
  static int domainEnd(String text, int from) {
    int end = from;
    int top = -1;
    int best = -1;
    while (end < text.length() && end - from < MAX_DOMAIN) {
      char c = text.charAt(end);
      if (c == '.') {
        if (end == from || text.charAt(end - 1) == '.') {
          break;
        }
        top = end + 1;
      } else if (!(Chars.isDigit(c) || Chars.isLetter(c) || c == '-' || c > 127)) {
        break;
      } else if (top > 0 && end - top >= 1 && !Chars.isDigit(text.charAt(top))) {
        best = end + 1;
      }
      end++;
    }
    return best;
  }

  /** The end of four numbers up to 255; -1: none begin here. */
  static int ipv4End(String text, int at) {
    if (!Chars.isStart(text, at) || (at > 0 && text.charAt(at - 1) == '.')) {
      return -1;
    }
    int i = at;
    for (int part = 0; part < 4; part++) {
      int from = i;
      int value = 0;
      while (i < text.length() && i - from < 3 && Chars.isDigit(text.charAt(i))) {
        value = value * 10 + text.charAt(i) - '0';
        i++;
      }
      if (i == from || value > 255) {
        return -1;
      }
      if (part < 3) {
        if (i >= text.length() || text.charAt(i) != '.') {
          return -1;
        }
        i++;
      }
    }
    boolean goesOn =
        i + 1 < text.length() && text.charAt(i) == '.' && Chars.isDigit(text.charAt(i + 1));
    return Chars.isEnd(text, i) && !goesOn ? i : -1;
  }

  /** The end of eight groups, or of fewer with one gap; -1: none begin here. */
  static int ipv6End(String text, int at) {
    if (!Chars.isStart(text, at) || (at > 0 && text.charAt(at - 1) == ':')) {
      return -1;
    }
    int groups = 0;
    int gaps = 0;
    boolean hasDigit = false;
    int i = at;
    int end = -1;
    while (i < text.length() && i - at < MAX_IPV6) {
      int from = i;
      while (i < text.length() && i - from < 5 && Chars.isHex(text.charAt(i))) {
        hasDigit |= Chars.isDigit(text.charAt(i));
        i++;
      }
      int length = i - from;
      if (length > 4) {
        return -1;
      }
      if (length > 0) {
        groups++;
        end = i;
      }
      int tail = length > 0 && groups > 1 ? ipv4Tail(text, from) : -1;
      if (tail > 0) {
        groups++;
        i = tail;
        end = tail;
        break;
      }
      if (text.startsWith("::", i)) {
        gaps++;
        i += 2;
        end = i;
      } else if (length > 0 && i < text.length() && text.charAt(i) == ':') {
        i++;
      } else {
        break;
      }
    }
    boolean isWhole = (gaps == 0 && groups == 8) || (gaps == 1 && groups < 8 && groups > 0);
    return isWhole && hasDigit && end > at && Chars.isEnd(text, end) ? end : -1;
  }

  private static int ipv4Tail(String text, int from) {
    int dot = from;
    while (dot < text.length() && dot - from < 4 && Chars.isDigit(text.charAt(dot))) {
      dot++;
    }
    return dot < text.length() && text.charAt(dot) == '.' ? ipv4End(text, from) : -1;
  }

  /**
   * The end of {@code user:password} after {@code ://}, of which one may be empty; -1: none begins
   * here. A password may hold an at sign: the last one before the host ends it.
   */
  static int userInfoEnd(String text, int from) {
    int colon = -1;
    int end = -1;
    for (int i = from; i < text.length() && i - from < MAX_USER_INFO; i++) {
      char c = text.charAt(i);
      if (c <= ' ' || c == '/' || c == '"' || c == '\\' || c == '<') {
        break;
      }
      if (c == '@' && colon >= 0 && i - from > 1) {
        end = i;
      } else if (c == ':' && colon < 0) {
        colon = i;
      } else if (c == '@' && colon < 0) {
        return -1;
      }
    }
    return end;
  }
}
