package dev.tributary.embedded.kafka;

import org.jspecify.annotations.Nullable;

/**
 * The embedded broker cannot start or was misconfigured; the message says which directory or port.
 */
public final class EmbeddedBrokerException extends RuntimeException {

  EmbeddedBrokerException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
