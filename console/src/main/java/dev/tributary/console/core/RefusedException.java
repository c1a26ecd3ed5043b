package dev.tributary.console.core;

/** A question that is not allowed; the message names the key, its value and what is allowed. */
public final class RefusedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** A refusal of a parameter's value. */
  public RefusedException(String key, String value, String allowed) {
    super(key + " = \"" + value + "\" is not allowed; allowed: " + allowed);
  }

  /** A refusal in words of its own. */
  public RefusedException(String message) {
    super(message);
  }
}
