package dev.tributary.quality;

import java.util.stream.LongStream;

/** Seeds of property runs: many, or the one that {@code -Dtributary.seed} names. */
final class Seeds {
  private Seeds() {}

  static LongStream of(int count) {
    Long chosen = Long.getLong("tributary.seed");
    return chosen == null ? LongStream.rangeClosed(1, count) : LongStream.of(chosen);
  }

  /** The short form of a long run, or the length that {@code -Dtributary.quality.seeds} names. */
  static int runs(int shortForm) {
    return Integer.getInteger("tributary.quality.seeds", shortForm);
  }
}
