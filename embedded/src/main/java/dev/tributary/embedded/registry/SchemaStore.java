package dev.tributary.embedded.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * The registry's content and its rules. Each change is an entry of the journal first, then in
 * memory; opening replays the journal, so ids and versions are the same after a restart.
 * Thread-safe.
 *
 * <p>An id belongs to a schema's text (as Avro prints it, documentation included), not to a
 * subject; it stays readable after its subjects are deleted, because records with it may still be
 * around.
 */
final class SchemaStore implements AutoCloseable {

  /** A version of a subject. */
  record Version(String subject, int version, int id, String schema, boolean isDeleted) {}

  private final Journal journal;
  private final Compatibility defaultLevel;
  private final Map<Integer, String> textById = new TreeMap<>();
  private final Map<String, Integer> idByText = new HashMap<>();
  private final NavigableMap<String, NavigableMap<Integer, Version>> subjects = new TreeMap<>();
  private final Map<String, Compatibility> levels = new HashMap<>();
  private @Nullable Compatibility globalLevel;

  SchemaStore(Journal journal, Compatibility defaultLevel) {
    this.journal = journal;
    this.defaultLevel = defaultLevel;
    journal.entries().forEach(this::apply);
  }

  synchronized int register(String subject, String text) {
    Schema schema = parse(text);
    String canonical = schema.toString();
    List<Version> live = live(subject);
    for (Version version : live) {
      if (version.schema().equals(canonical)) {
        return version.id();
      }
    }
    List<String> objections = level(subject).objections(schema, schemas(live));
    if (!objections.isEmpty()) {
      throw RegistryError.of(
          409,
          "Schema being registered is incompatible with an earlier schema for subject \""
              + subject
              + "\", details: "
              + objections);
    }
    Integer known = idByText.get(canonical);
    int id = known != null ? known : textById.size() + 1;
    NavigableMap<Integer, Version> all = subjects.get(subject);
    int version = all == null || all.isEmpty() ? 1 : all.lastKey() + 1;
    change(
        entry("register", subject).put("version", version).put("id", id).put("schema", canonical));
    return id;
  }

  synchronized Version lookup(String subject, String text, boolean withDeleted) {
    String canonical = parse(text).toString();
    List<Version> versions = versions(subject, withDeleted);
    return versions.stream()
        .filter(version -> version.schema().equals(canonical))
        .findFirst()
        .orElseThrow(RegistryError::schemaNotFound);
  }

  synchronized List<String> subjects(boolean withDeleted) {
    return subjects.entrySet().stream()
        .filter(s -> withDeleted ? !s.getValue().isEmpty() : !live(s.getKey()).isEmpty())
        .map(Map.Entry::getKey)
        .toList();
  }

  /** Versions of a subject, oldest first; never empty. */
  synchronized List<Version> versions(String subject, boolean withDeleted) {
    List<Version> found =
        withDeleted
            ? List.copyOf(subjects.getOrDefault(subject, Collections.emptyNavigableMap()).values())
            : live(subject);
    if (found.isEmpty()) {
      throw RegistryError.subjectNotFound(subject);
    }
    return found;
  }

  /** One version; {@code latest} is the highest live one. */
  synchronized Version version(String subject, String number, boolean withDeleted) {
    List<Version> versions = versions(subject, withDeleted);
    if (isLatest(number)) {
      return versions.get(versions.size() - 1);
    }
    int wanted = versionNumber(number);
    return versions.stream()
        .filter(version -> version.version() == wanted)
        .findFirst()
        .orElseThrow(() -> RegistryError.versionNotFound(wanted));
  }

  synchronized String textById(int id) {
    String text = textById.get(id);
    if (text == null) {
      throw RegistryError.of(40403, "Schema " + id + " not found");
    }
    return text;
  }

  synchronized List<Version> versionsOfId(int id) {
    textById(id);
    List<Version> found = new ArrayList<>();
    for (String subject : subjects.keySet()) {
      live(subject).stream().filter(version -> version.id() == id).forEach(found::add);
    }
    return found;
  }

  /** Objections to a schema; {@code number} null: against what the level asks for. */
  synchronized List<String> objections(String subject, String text, @Nullable String number) {
    Schema schema = parse(text);
    if (number == null || (isLatest(number) && live(subject).isEmpty())) {
      return level(subject).objections(schema, schemas(live(subject)));
    }
    Version against = version(subject, number, false);
    return level(subject).objections(schema, schemas(List.of(against)));
  }

  synchronized Compatibility globalLevel() {
    return globalLevel != null ? globalLevel : defaultLevel;
  }

  /** The subject's own level; null: it has none. */
  synchronized @Nullable Compatibility subjectLevel(String subject) {
    return levels.get(subject);
  }

  /** Sets a level; subject null: the global one. Nothing is written where it is so already. */
  synchronized void setLevel(@Nullable String subject, Compatibility level) {
    Compatibility now = subject == null ? globalLevel : levels.get(subject);
    if (level != now) {
      change(entry("level", subject).put("level", level.name()));
    }
  }

  /** Removes a subject's own level and returns it. */
  synchronized Compatibility removeLevel(String subject) {
    Compatibility level = levels.get(subject);
    if (level == null) {
      throw RegistryError.subjectNotFound(subject);
    }
    change(entry("level-removed", subject));
    return level;
  }

  /** Deletes all versions, softly first; returns their numbers. */
  synchronized List<Integer> deleteSubject(String subject, boolean isPermanent) {
    List<Version> all = versions(subject, true);
    List<Version> live = live(subject);
    if (isPermanent && !live.isEmpty()) {
      throw RegistryError.of(
          40405,
          "Subject '" + subject + "' was not deleted first before being permanently deleted");
    }
    if (!isPermanent && live.isEmpty()) {
      throw RegistryError.of(
          40404,
          "Subject '" + subject + "' was soft deleted. Set permanent=true to delete permanently");
    }
    List<Integer> numbers = (isPermanent ? all : live).stream().map(Version::version).toList();
    numbers.forEach(number -> delete(subject, number, isPermanent));
    return numbers;
  }

  /** Deletes one version, softly first; returns its number. */
  synchronized int deleteVersion(String subject, String number, boolean isPermanent) {
    Version version = version(subject, number, true);
    if (isPermanent != version.isDeleted()) {
      String what = "Subject '" + subject + "' Version " + version.version();
      throw isPermanent
          ? RegistryError.of(
              40407, what + " was not deleted first before being permanently deleted")
          : RegistryError.of(
              40406, what + " was soft deleted. Set permanent=true to delete permanently");
    }
    delete(subject, version.version(), isPermanent);
    return version.version();
  }

  @Override
  public synchronized void close() throws IOException {
    journal.close();
  }

  private void delete(String subject, int version, boolean isPermanent) {
    change(entry(isPermanent ? "purge" : "delete", subject).put("version", version));
  }

  private void change(ObjectNode entry) {
    try {
      journal.append(entry);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write the registry's journal", e);
    }
    apply(entry);
  }

  private void apply(JsonNode entry) {
    String subject = entry.path("subject").asText("");
    int number = entry.path("version").asInt();
    switch (entry.path("op").asText()) {
      case "register" -> add(subject, number, entry);
      case "delete" ->
          versionMap(subject)
              .computeIfPresent(
                  number, (n, v) -> new Version(v.subject(), n, v.id(), v.schema(), true));
      case "purge" -> versionMap(subject).remove(number);
      case "level-removed" -> levels.remove(subject);
      case "level" -> {
        Compatibility level = Compatibility.valueOf(entry.path("level").asText());
        if (entry.hasNonNull("subject")) {
          levels.put(subject, level);
        } else {
          globalLevel = level;
        }
      }
      default ->
          throw new IllegalStateException("unknown entry in the registry's journal: " + entry);
    }
  }

  private void add(String subject, int number, JsonNode entry) {
    int id = entry.path("id").asInt();
    String text = entry.path("schema").asText();
    textById.put(id, text);
    idByText.put(text, id);
    versionMap(subject).put(number, new Version(subject, number, id, text, false));
  }

  private NavigableMap<Integer, Version> versionMap(String subject) {
    return subjects.computeIfAbsent(subject, s -> new TreeMap<>());
  }

  private List<Version> live(String subject) {
    return subjects.getOrDefault(subject, Collections.emptyNavigableMap()).values().stream()
        .filter(version -> !version.isDeleted())
        .toList();
  }

  private Compatibility level(String subject) {
    return levels.getOrDefault(subject, globalLevel());
  }

  private static List<Schema> schemas(List<Version> versions) {
    return versions.stream().map(version -> parse(version.schema())).toList();
  }

  private static boolean isLatest(String number) {
    return number.equals("latest") || number.equals("-1");
  }

  private static int versionNumber(String number) {
    if (!number.matches("[1-9]\\d{0,8}")) {
      throw RegistryError.of(
          42202,
          "The specified version '"
              + number
              + "' is not a valid version id. Allowed values are between [1, 2^31-1] and the"
              + " string \"latest\"");
    }
    return Integer.parseInt(number);
  }

  private static ObjectNode entry(String op, @Nullable String subject) {
    ObjectNode entry = JsonNodeFactory.instance.objectNode().put("op", op);
    return subject == null ? entry : entry.put("subject", subject);
  }

  private static Schema parse(String text) {
    try {
      return new Schema.Parser().parse(text);
    } catch (AvroRuntimeException e) {
      throw RegistryError.invalidSchema(String.valueOf(e.getMessage()));
    }
  }
}
