package dev.tributary.standalone.otlp;

/** A request that is refused, with the HTTP status and a message without content. */
final class RefusedRequestException extends Exception {
  private static final long serialVersionUID = 1L;

  private static final int TOO_MANY_REQUESTS = 429;

  private final int status;

  RefusedRequestException(int status, String message) {
    super(message);
    this.status = status;
  }

  /** A refusal of what will be taken as soon as others are done. */
  static RefusedRequestException tryAgain(String message) {
    return new RefusedRequestException(TOO_MANY_REQUESTS, message);
  }

  boolean isTryAgain() {
    return status == TOO_MANY_REQUESTS;
  }

  int status() {
    return status;
  }

  @Override
  public String getMessage() {
    return String.valueOf(super.getMessage());
  }
}
