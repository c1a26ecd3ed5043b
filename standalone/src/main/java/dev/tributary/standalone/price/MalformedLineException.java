package dev.tributary.standalone.price;

/** A line that is no call; the message says which field and what is allowed. */
final class MalformedLineException extends Exception {
  private static final long serialVersionUID = 1L;

  MalformedLineException(String problem) {
    super(problem);
  }
}
