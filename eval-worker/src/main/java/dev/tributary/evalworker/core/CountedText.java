package dev.tributary.evalworker.core;

/**
 * A text that a regular expression may look at only so often: one that tries every way to read a
 * long answer would keep its worker for ever. Counted, not timed, so that the same case ends in the
 * same way on any machine. For one use by one thread.
 */
final class CountedText implements CharSequence {
  /** Looks at characters; some seconds of a machine at most. */
  static final int MOST_LOOKS = 100_000_000;

  private final CharSequence text;
  private int looks;

  CountedText(CharSequence text) {
    this.text = text;
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
    looks++;
    if (looks > MOST_LOOKS) {
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
