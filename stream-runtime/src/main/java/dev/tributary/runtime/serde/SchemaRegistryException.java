package dev.tributary.runtime.serde;

import org.apache.kafka.common.KafkaException;

/**
 * The registry answered, and the answer is no: an incompatible schema, an unknown subject or id,
 * wrong credentials. Asking again does not help.
 */
public final class SchemaRegistryException extends KafkaException {

  private final int status;
  private final int errorCode;

  SchemaRegistryException(int status, int errorCode, String message) {
    super(message);
    this.status = status;
    this.errorCode = errorCode;
  }

  /** HTTP status, such as 409 for an incompatible schema. */
  public int status() {
    return status;
  }

  /**
   * The registry's own code, such as 40403 for an unknown schema id; the status where it gave none.
   */
  public int errorCode() {
    return errorCode;
  }
}
