package dev.tributary.standalone.backtest;

/** Why a row was not used, or not all of it. */
enum Refusal {
  UNREADABLE_TIME("unreadable timestamp"),
  MISSING_COLUMN("too few columns"),
  EMPTY_VALUE("empty value, taken as a gap"),
  NOT_A_NUMBER("value is not a finite number, taken as a gap"),
  TOO_LARGE("value beyond 1e100, taken as a gap"),
  NEGATIVE("negative value in a series of amounts, taken as a gap"),
  NO_SHARE("value above 1 in a series of shares, taken as a gap"),
  NO_COUNT("n is no number from 0 to 1e100, taken as unknown"),
  DUPLICATE("timestamp given before"),
  CLOCK_BEHIND("timestamp far before that of all other rows"),
  CLOCK_AHEAD("timestamp far ahead of that of all other rows");

  private final String words;

  Refusal(String words) {
    this.words = words;
  }

  String words() {
    return words;
  }

  /** Whether it was said when the row was read. */
  boolean isToldOnReading() {
    return this == UNREADABLE_TIME || this == MISSING_COLUMN;
  }

  /** Whether the row has a time that can be believed. */
  boolean hasPlace() {
    return !isToldOnReading() && this != CLOCK_BEHIND && this != CLOCK_AHEAD;
  }
}
