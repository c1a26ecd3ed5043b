package dev.tributary.runtime.serde;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;
import org.apache.avro.SchemaParseException;

/** A registry in this process's memory, with the rules of a real one: for tests and dry runs. */
public final class InMemoryRegistry implements SchemaRegistryClient {

  private static final Map<String, InMemoryRegistry> SCOPES = new ConcurrentHashMap<>();

  /** By id - 1. A schema is its text: one with other documentation is another schema. */
  private final List<String> texts = new ArrayList<>();

  private final Map<String, List<Schema>> versionsBySubject = new HashMap<>();
  private final Map<String, CompatibilityLevel> levels = new HashMap<>();

  /** An empty registry of its own. */
  public InMemoryRegistry() {}

  /** The registry that all of this process share under the name, as {@code mock://name} does. */
  public static InMemoryRegistry shared(String scope) {
    return SCOPES.computeIfAbsent(scope, name -> new InMemoryRegistry());
  }

  @Override
  public synchronized int register(String subject, String schema) {
    Schema parsed = parse(schema);
    List<Schema> versions = versionsBySubject.computeIfAbsent(subject, s -> new ArrayList<>());
    if (!contains(versions, parsed)) {
      if (!isCompatible(parsed, versions, level(subject))) {
        throw new SchemaRegistryException(
            409, 409, "schema " + parsed.getFullName() + " is incompatible with " + subject);
      }
      versions.add(parsed);
    }
    String text = parsed.toString();
    if (!texts.contains(text)) {
      texts.add(text);
    }
    return texts.indexOf(text) + 1;
  }

  @Override
  public synchronized Optional<Integer> lookup(String subject, String schema) {
    Schema parsed = parse(schema);
    return contains(versionsBySubject.getOrDefault(subject, List.of()), parsed)
        ? Optional.of(texts.indexOf(parsed.toString()) + 1)
        : Optional.empty();
  }

  @Override
  public synchronized boolean hasVersions(String subject) {
    return !versionsBySubject.getOrDefault(subject, List.of()).isEmpty();
  }

  @Override
  public synchronized Optional<String> schemaById(int id) {
    return id >= 1 && id <= texts.size() ? Optional.of(texts.get(id - 1)) : Optional.empty();
  }

  @Override
  public synchronized boolean isCompatible(String subject, String schema) {
    return isCompatible(
        parse(schema), versionsBySubject.getOrDefault(subject, List.of()), level(subject));
  }

  @Override
  public synchronized void setCompatibility(String subject, CompatibilityLevel level) {
    levels.put(subject, level);
  }

  /** Keeps its content: a shared registry outlives its users. */
  @Override
  public void close() {}

  private CompatibilityLevel level(String subject) {
    return levels.getOrDefault(subject, CompatibilityLevel.FULL);
  }

  private static boolean contains(List<Schema> versions, Schema schema) {
    return versions.stream().anyMatch(version -> version.toString().equals(schema.toString()));
  }

  private static boolean isCompatible(
      Schema next, List<Schema> versions, CompatibilityLevel level) {
    int first = level.isTransitive() ? 0 : Math.max(0, versions.size() - 1);
    return versions.subList(first, versions.size()).stream()
        .allMatch(
            old ->
                (!level.newReadsOld() || reads(next, old))
                    && (!level.oldReadsNew() || reads(old, next)));
  }

  private static boolean reads(Schema reader, Schema writer) {
    return SchemaCompatibility.checkReaderWriterCompatibility(reader, writer).getType()
        == SchemaCompatibilityType.COMPATIBLE;
  }

  private static Schema parse(String schema) {
    try {
      return new Schema.Parser().parse(schema);
    } catch (SchemaParseException e) {
      throw new SchemaRegistryException(422, 42201, "not an Avro schema: " + e.getMessage());
    }
  }
}
