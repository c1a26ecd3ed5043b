package dev.tributary.runtime.serde;

import org.apache.kafka.common.errors.RetriableException;

/**
 * No registry address answered within the retry time. Says nothing about the record at hand, so an
 * error route must not treat it as undecodable: stop and start again from the last commit.
 */
public final class SchemaRegistryUnavailableException extends RetriableException {

  /** For a registry of any kind. */
  public SchemaRegistryUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }
}
