package dev.tributary.runtime.serde;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.Schema;
import org.apache.avro.SchemaParseException;
import org.apache.kafka.common.errors.SerializationException;
import org.jspecify.annotations.Nullable;

/**
 * Remembers what the registry said, so that it is asked once per subject and once per schema id.
 * Known ids keep working while the registry is away. Shared by all serdes of a {@link TopicSerdes};
 * thread-safe.
 */
final class SchemaIds {

  /** Garbage that looks framed names a new unknown id each time: bound what is remembered of it. */
  private static final int UNKNOWN_IDS_MAX = 1024;

  /** An id can be unknown only because a follower registry lags behind: ask again after this. */
  private static final long UNKNOWN_TTL_NS = 10_000_000_000L;

  private final SchemaRegistryClient registry;
  private final boolean autoRegister;
  private final @Nullable CompatibilityLevel compatibility;
  private final Map<String, Integer> idBySubjectAndSchema = new ConcurrentHashMap<>();
  private final Map<Integer, Schema> schemaById = new ConcurrentHashMap<>();
  private final Map<Integer, Long> unknownSinceNs = new ConcurrentHashMap<>();

  SchemaIds(
      SchemaRegistryClient registry,
      boolean autoRegister,
      @Nullable CompatibilityLevel compatibility) {
    this.registry = registry;
    this.autoRegister = autoRegister;
    this.compatibility = compatibility;
  }

  /** The id of the type's schema under the subject, registered where that is allowed. */
  int idOf(String subject, AvroType<?> type) {
    String key = subject + '\n' + type.schemaText();
    Integer known = idBySubjectAndSchema.get(key);
    if (known != null) {
      return known;
    }
    int id = autoRegister ? register(subject, type) : find(subject, type);
    idBySubjectAndSchema.put(key, id);
    return id;
  }

  private int register(String subject, AvroType<?> type) {
    // Before the first version: the server's default level differs between products. Afterwards it
    // is the operator's, who may have changed it.
    if (compatibility != null && !registry.hasVersions(subject)) {
      registry.setCompatibility(subject, compatibility);
    }
    return registry.register(subject, type.schemaText());
  }

  private int find(String subject, AvroType<?> type) {
    return registry
        .lookup(subject, type.schemaText())
        .orElseThrow(
            () ->
                new SerializationException(
                    "schema "
                        + type.fullName()
                        + " is not registered under subject "
                        + subject
                        + " and auto-register is off: register it, or switch auto-register on"));
  }

  /**
   * The schema of an id.
   *
   * @throws SerializationException where the registry does not know the id
   */
  Schema byId(int id) {
    Schema known = schemaById.get(id);
    if (known != null) {
      return known;
    }
    Long since = unknownSinceNs.get(id);
    if (since != null && System.nanoTime() - since < UNKNOWN_TTL_NS) {
      throw unknown(id);
    }
    Optional<String> text = registry.schemaById(id);
    if (text.isEmpty()) {
      if (unknownSinceNs.size() >= UNKNOWN_IDS_MAX) {
        unknownSinceNs.clear();
      }
      unknownSinceNs.put(id, System.nanoTime());
      throw unknown(id);
    }
    Schema schema = parse(id, text.get());
    schemaById.put(id, schema);
    return schema;
  }

  private static Schema parse(int id, String text) {
    try {
      return new Schema.Parser().setValidateDefaults(false).parse(text);
    } catch (SchemaParseException e) {
      throw new SerializationException("schema id " + id + " is not an Avro schema", e);
    }
  }

  private static SerializationException unknown(int id) {
    return new SerializationException("schema id " + id + " is unknown to the registry");
  }
}
