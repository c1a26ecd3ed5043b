package dev.tributary.evalworker.core;

/**
 * A text that a regular expression may look at only so often: one that tries every way to read a
 * long answer would keep its worker for ever. Counted, not timed, so that the same case ends in the
 * same way on any machine. For one use by one thread.
 */
final class CountedText implements CharSequence {
  /** Looks at characters that any text may have: a second or so of a machine. */
  private static final long ALWAYS = 100_000_000;

  /** And for each pair of characters: {@code .*word} begins at each and reads to the end. */
  private static final long PER_PAIR = 4;

  /** Half a minute. */
  private static final long MOST = 2_000_000_000;

  private final CharSequence text;
  private long left;

  CountedText(CharSequence text) {
    this.text = text;
    this.left = Math.min(MOST, ALWAYS + PER_PAIR * text.length() * text.length());
  }

  @Override
  public int length() {
    return text.length();
  }

  /**
   * {@inheritDoc}
   *
   * @throws InvalidParametersException after too many looks
   */
  @Override
  public char charAt(int index) {
    left--;
    if (left < 0) {
      throw new InvalidParametersException("pattern: takes too long for such an answer", null);
    }
    return text.charAt(index);
  }

  @Override
  public CharSequence subSequence(int start, int end) {
    return text.subSequence(start, end);
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
