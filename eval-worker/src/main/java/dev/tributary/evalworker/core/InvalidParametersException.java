package dev.tributary.evalworker.core;

import org.jspecify.annotations.Nullable;

/** The policy's parameters do not fit the evaluator; the message names the parameter. */
final class InvalidParametersException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  InvalidParametersException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
