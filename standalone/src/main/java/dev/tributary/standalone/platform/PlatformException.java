package dev.tributary.standalone.platform;

/** Why an instance cannot start or go on, in one line that a person can act on. */
public final class PlatformException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public PlatformException(String message) {
    super(message);
  }

  public PlatformException(String message, Throwable cause) {
    super(message, cause);
  }
}
