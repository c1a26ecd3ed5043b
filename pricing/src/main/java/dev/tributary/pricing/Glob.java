package dev.tributary.pricing;

/**
 * Globs of literals and {@code *}, anchored at both ends: {@code *} stands for any text, also none,
 * everything else for itself, with regard to case. The one meaning of a pattern in rate cards,
 * ownership rules, pools, alert matchers and evaluation filters.
 */
public final class Glob {

  private Glob() {}

  /**
   * Whether the whole text matches, in at most as many steps as the text has characters times the
   * longest literal: only the last star is ever tried again.
   */
  public static boolean matches(String glob, String text) {
    int g = 0;
    int t = 0;
    int star = -1;
    int resume = 0;
    while (t < text.length()) {
      if (g < glob.length() && glob.charAt(g) == '*') {
        star = g++;
        resume = t;
      } else if (g < glob.length() && glob.charAt(g) == text.charAt(t)) {
        g++;
        t++;
      } else if (star >= 0) {
        // The last star takes one character more; earlier ones never need to.
        g = star + 1;
        t = ++resume;
      } else {
        return false;
      }
    }
    while (g < glob.length() && glob.charAt(g) == '*') {
      g++;
    }
    return g == glob.length();
  }

  /** Whether some text matches both. */
  static boolean intersect(String a, String b) {
    // reachable[j]: some text is matched by the first i characters of a and by the first j of b.
    boolean[] reachable = new boolean[b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      boolean[] next = new boolean[b.length() + 1];
      boolean starA = i > 0 && a.charAt(i - 1) == '*';
      for (int j = 0; j <= b.length(); j++) {
        boolean starB = j > 0 && b.charAt(j - 1) == '*';
        if (i == 0 && j == 0) {
          next[j] = true;
        } else {
          // A star grows over whatever the other side consumed, or is empty.
          boolean byA = i > 0 && reachable[j] && (starA || (starB && a.charAt(i - 1) != '*'));
          boolean byB = j > 0 && next[j - 1] && (starB || starA);
          boolean equal =
              i > 0
                  && j > 0
                  && !starA
                  && !starB
                  && reachable[j - 1]
                  && a.charAt(i - 1) == b.charAt(j - 1);
          next[j] = byA || byB || equal;
        }
      }
      reachable = next;
    }
    return reachable[b.length()];
  }
}
