package dev.tributary.normalize.redact;

import java.util.ArrayList;
import java.util.List;

/** Credentials by the beginnings that their issuers give them. */
final class KeyShapes {
  /**
   * A beginning.
   *
   * @param least characters after it
   * @param isExact whether these are all, and upper case or digits
   * @param isWordy whether it occurs inside ordinary words, so that it has to begin one and to hold
   *     a digit
   */
  private record Shape(String prefix, int least, boolean isExact, boolean isWordy) {}

  private static final List<Shape> SHAPES =
      List.of(
          strong("sk-ant-", 16),
          strong("sk-proj-", 16),
          strong("sk-or-v1-", 16),
          strong("sk_live_", 10),
          strong("sk_test_", 10),
          strong("rk_live_", 10),
          strong("pk_live_", 10),
          strong("whsec_", 16),
          wordy("sk-", 16),
          wordy("pk-lf-", 16),
          exact("AKIA", 16),
          exact("ASIA", 16),
          strong("ghp_", 30),
          strong("gho_", 30),
          strong("ghu_", 30),
          strong("ghs_", 30),
          strong("ghr_", 30),
          strong("github_pat_", 22),
          strong("glpat-", 16),
          strong("xoxb-", 10),
          strong("xoxp-", 10),
          strong("xoxa-", 10),
          strong("xoxr-", 10),
          strong("xoxs-", 10),
          strong("xoxe-", 10),
          strong("xapp-", 10),
          strong("AIza", 30),
          strong("ya29.", 20),
          wordy("hf_", 30),
          wordy("gsk_", 30),
          wordy("r8_", 30),
          wordy("xai-", 30),
          wordy("pplx-", 30),
          wordy("npm_", 30),
          strong("pypi-AgE", 16),
          strong("dop_v1_", 40),
          strong("shpat_", 30),
          strong("lsv2_", 30),
          strong("tgp_v1_", 30),
          strong("pcsk_", 30));

  private static final int MAX_LOOK = 64;

  /** Longest label of a private key: "ENCRYPTED", "OPENSSH", "EC" and the like come before it. */
  private static final int MAX_LABEL = 48;

  private static final Shape[][] BY_FIRST = byFirst();

  /** For each first character, a bit for each second one. */
  private static final long[][] SECONDS = seconds();

  private KeyShapes() {}

  /** The end of a key that begins here; -1: none does. */
  static int end(String text, int at) {
    if (at + 1 >= text.length() || !mayBegin(text.charAt(at), text.charAt(at + 1))) {
      return -1;
    }
    Shape[] shapes = BY_FIRST[text.charAt(at)];
    for (Shape shape : shapes) {
      if (text.startsWith(shape.prefix, at)) {
        int end = end(text, at, shape);
        if (end > 0) {
          return end;
        }
      }
    }
    return -1;
  }

  /** Two characters rule nearly every place out. */
  private static boolean mayBegin(char first, char second) {
    return first < 128 && second < 128 && (SECONDS[first][second >> 6] >> (second & 63) & 1) != 0;
  }

  private static int end(String text, int at, Shape shape) {
    int from = at + shape.prefix.length();
    if ((shape.isWordy || shape.isExact) && !Chars.isStart(text, at)) {
      return -1;
    }
    int end = from;
    boolean hasDigit = false;
    if (shape.isExact) {
      while (end < text.length() && isUpper(text.charAt(end))) {
        end++;
      }
      return end - from == shape.least && Chars.isEnd(text, end) ? end : -1;
    }
    // A look that may fail is bounded: the same characters may be looked at from every word.
    while (end < text.length() && end - from < MAX_LOOK && isKey(text, end)) {
      hasDigit |= Chars.isDigit(text.charAt(end));
      end++;
    }
    if (end - from < shape.least || (!hasDigit && shape.isWordy)) {
      return -1;
    }
    while (end < text.length() && isKey(text, end)) {
      end++;
    }
    return end;
  }

  /** Dots join the parts of some keys; a dot at the end of a sentence belongs to none. */
  private static boolean isKey(String text, int at) {
    return Chars.isToken(text.charAt(at))
        || (text.charAt(at) == '.' && at + 1 < text.length() && Chars.isToken(text.charAt(at + 1)));
  }

  private static boolean isUpper(char c) {
    return Chars.isDigit(c) || (c >= 'A' && c <= 'Z');
  }

  /** The end of a token of two or three base64url parts, of which the first is JSON; -1: none. */
  static int jwtEnd(String text, int at) {
    if (!text.startsWith("eyJ", at)
        || (at > 0 && Chars.isToken(text.charAt(at - 1)) && !Chars.isAfterEscape(text, at))) {
      return -1;
    }
    int end = at;
    for (int part = 0; part < 5; part++) {
      int from = end;
      while (end < text.length() && Chars.isToken(text.charAt(end))) {
        end++;
      }
      boolean isLast = end >= text.length() || text.charAt(end) != '.';
      if (part < 2 && end - from < 6) {
        return -1;
      }
      if (isLast) {
        return part >= 1 ? end : -1;
      }
      end++;
    }
    return end - 1;
  }

  /** The end of a private key in PEM that begins here, or of the text where it is cut; -1: none. */
  static int pemEnd(String text, int at) {
    if (!text.startsWith("-----BEGIN ", at)) {
      return -1;
    }
    int label = at + 11;
    while (!text.startsWith("PRIVATE KEY", label)) {
      if (++label >= Math.min(text.length(), at + MAX_LABEL)) {
        return -1;
      }
    }
    int end = text.indexOf("-----END ", label);
    int close = end < 0 ? -1 : text.indexOf("-----", end + 9);
    return close < 0 ? text.length() : close + 5;
  }

  /** The end of a token after "Bearer " or "Basic "; -1: none begins here. */
  static int bearerStart(String text, int at) {
    for (String scheme : new String[] {"bearer", "basic"}) {
      if (text.regionMatches(true, at, scheme, 0, scheme.length()) && Chars.isStart(text, at)) {
        int from = at + scheme.length();
        int token = from;
        while (token < text.length() && token < from + 4 && text.charAt(token) == ' ') {
          token++;
        }
        return token > from ? token : -1;
      }
    }
    return -1;
  }

  /** The end of a token of at least twelve characters with a digit; -1: none. */
  static int bearerEnd(String text, int from) {
    int end = from;
    boolean hasDigit = false;
    while (end < text.length() && Chars.isBearer(text.charAt(end))) {
      hasDigit |= Chars.isDigit(text.charAt(end)) || text.charAt(end) == '=';
      end++;
    }
    return end - from >= 12 && hasDigit ? end : -1;
  }

  private static Shape strong(String prefix, int least) {
    return new Shape(prefix, least, false, false);
  }

  private static Shape wordy(String prefix, int least) {
    return new Shape(prefix, least, false, true);
  }

  private static Shape exact(String prefix, int length) {
    return new Shape(prefix, length, true, false);
  }

  private static long[][] seconds() {
    long[][] seconds = new long[128][2];
    for (Shape shape : SHAPES) {
      char second = shape.prefix.charAt(1);
      seconds[shape.prefix.charAt(0)][second >> 6] |= 1L << (second & 63);
    }
    return seconds;
  }

  private static Shape[][] byFirst() {
    Shape[][] byFirst = new Shape[128][];
    for (char c = 0; c < byFirst.length; c++) {
      List<Shape> starting = new ArrayList<>();
      for (Shape shape : SHAPES) {
        if (shape.prefix.charAt(0) == c) {
          starting.add(shape);
        }
      }
      byFirst[c] = starting.toArray(new Shape[0]);
    }
    return byFirst;
  }
}
