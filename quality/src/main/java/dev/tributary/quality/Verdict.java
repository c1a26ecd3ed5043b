package dev.tributary.quality;

import java.util.Locale;

/** What may be said of a candidate in one dimension. */
public enum Verdict {
  BETTER,
  WORSE,
  /** Shown to differ, where neither way is better. */
  DIFFERENT,
  /** Enough was looked at, and no difference was shown; the interval says how large it may be. */
  NO_DIFFERENCE_SHOWN,
  /** Enough calls, but of other traffic in each arm: no more of the same would say anything. */
  NOTHING_IN_COMMON,
  TOO_LITTLE_DATA;

  /** For people and on the wire: lower case, words apart. */
  public String words() {
    return name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
