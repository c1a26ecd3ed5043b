package dev.tributary.runtime.serde;

import java.util.Optional;

/**
 * The part of Confluent's schema registry API that serdes and start-up checks need. Schemas are
 * Avro, as JSON text. Thread-safe.
 *
 * <p>Every method throws {@link SchemaRegistryException} when the registry refuses and {@link
 * SchemaRegistryUnavailableException} when none answers.
 */
public interface SchemaRegistryClient extends AutoCloseable {

  /**
   * Registers a schema under a subject, or finds it there: the same schema has the same id in every
   * subject.
   *
   * @return the schema's id
   */
  int register(String subject, String schema);

  /** The id of a schema that is registered under the subject; empty where it is not. */
  Optional<Integer> lookup(String subject, String schema);

  /** True where any schema is registered under the subject. */
  boolean hasVersions(String subject);

  /** The schema of an id; empty where the registry does not know it. */
  Optional<String> schemaById(int id);

  /** True where the registry would accept the schema as the subject's next version. */
  boolean isCompatible(String subject, String schema);

  /** Sets what new versions of the subject must be able to do. */
  void setCompatibility(String subject, CompatibilityLevel level);

  @Override
  void close();
}
