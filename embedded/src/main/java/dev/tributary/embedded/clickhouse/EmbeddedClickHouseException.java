package dev.tributary.embedded.clickhouse;

import org.jspecify.annotations.Nullable;

/**
 * The embedded ClickHouse cannot start or run; the message is one line that a person can act on.
 */
public final class EmbeddedClickHouseException extends RuntimeException {

  EmbeddedClickHouseException(String message) {
    super(message);
  }

  EmbeddedClickHouseException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
