package dev.tributary.normalize;

/** Bytes are not an OTLP trace request. The message is the reason code: never content. */
public final class MalformedOtlpException extends Exception {
  private static final long serialVersionUID = 1L;

  private final DeadLetterReason reason;

  MalformedOtlpException(DeadLetterReason reason) {
    super(reason.name());
    this.reason = reason;
  }

  /** Why. */
  public DeadLetterReason reason() {
    return reason;
  }
}
