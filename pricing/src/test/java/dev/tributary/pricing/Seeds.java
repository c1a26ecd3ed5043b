package dev.tributary.pricing;

import java.util.stream.LongStream;

/** Seeds for property tests: fixed ones, or the single one of {@code -Dtributary.seed=}. */
final class Seeds {

  private Seeds() {}

  static LongStream all() {
    Long only = Long.getLong("tributary.seed");
    return only != null ? LongStream.of(only) : LongStream.rangeClosed(1, 200);
  }
}
