package dev.tributary.runtime.errors;

/**
 * An input record cannot be understood at all, so it belongs in the dead-letter topic.
 *
 * <p>A processor throws it before it has touched any state and before it has forwarded anything:
 * what happened up to the throw is committed with the rest of the transaction. Every other
 * exception from a processor stops the application.
 */
public final class UndecodableRecordException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String reason;

  /**
   * An undecodable record.
   *
   * @param reason a code such as {@code OTLP_TRUNCATED}; never text from the record, because it is
   *     logged and put into a header
   */
  public UndecodableRecordException(String reason) {
    super(reason);
    this.reason = reason;
  }

  /**
   * An undecodable record.
   *
   * @param reason a code, as above
   * @param cause for the stack; its message is never shown, since it may quote the record
   */
  public UndecodableRecordException(String reason, Throwable cause) {
    super(reason, cause);
    this.reason = reason;
  }

  /** The reason code. */
  public String reason() {
    return reason;
  }
}
