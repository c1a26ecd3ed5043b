package dev.tributary.embedded.registry;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.tributary.embedded.registry.SchemaStore.Version;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Confluent's REST paths on a {@link SchemaStore}; knows nothing of HTTP's wire. */
final class RegistryRoutes {

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final SchemaStore store;
  private final ObjectMapper mapper = new ObjectMapper();

  RegistryRoutes(SchemaStore store) {
    this.store = store;
  }

  /**
   * A request.
   *
   * @param path decoded segments, without empty ones
   * @param query decoded parameters; the last of a name wins
   */
  record Request(String method, List<String> path, Map<String, String> query, String body) {

    boolean flag(String name) {
      return Boolean.parseBoolean(query.get(name));
    }
  }

  /** The answer's JSON; throws {@link RegistryError} where the answer is no. */
  JsonNode answer(Request request) {
    List<String> path = request.path();
    if (path.isEmpty() && request.method().equals("GET")) {
      return JSON.objectNode();
    }
    return switch (path.isEmpty() ? "" : path.get(0)) {
      case "subjects" -> subjects(request, path.size());
      case "schemas" -> schemas(request, path.size());
      case "compatibility" -> compatibility(request, path.size());
      case "config" -> config(request, path.size());
      case "mode" -> mode(request, path.size());
      default -> throw noRoute(request);
    };
  }

  private JsonNode subjects(Request request, int depth) {
    List<String> path = request.path();
    boolean withDeleted = request.flag("deleted");
    if (depth >= 3 && !path.get(2).equals("versions")) {
      throw noRoute(request);
    }
    switch (request.method() + " " + depth) {
      case "GET 1" -> {
        String prefix = request.query().getOrDefault("subjectPrefix", "");
        return texts(
            store.subjects(withDeleted).stream().filter(s -> s.startsWith(prefix)).toList());
      }
      case "POST 2" -> {
        return version(store.lookup(path.get(1), schemaText(request), withDeleted));
      }
      case "DELETE 2" -> {
        return numbers(store.deleteSubject(path.get(1), request.flag("permanent")));
      }
      case "POST 3" -> {
        return JSON.objectNode().put("id", store.register(path.get(1), schemaText(request)));
      }
      case "GET 3" -> {
        List<Version> versions = store.versions(path.get(1), withDeleted);
        return numbers(versions.stream().map(Version::version).toList());
      }
      case "GET 4" -> {
        return version(store.version(path.get(1), path.get(3), withDeleted));
      }
      case "DELETE 4" -> {
        return JSON.numberNode(
            store.deleteVersion(path.get(1), path.get(3), request.flag("permanent")));
      }
      case "GET 5" -> {
        requireSegment(request, 4, "schema");
        return parsed(store.version(path.get(1), path.get(3), withDeleted).schema());
      }
      default -> throw noRoute(request);
    }
  }

  private JsonNode schemas(Request request, int depth) {
    List<String> path = request.path();
    requireMethod(request, "GET");
    if (depth == 2 && path.get(1).equals("types")) {
      return texts(List.of("AVRO"));
    }
    if (depth < 3 || depth > 4 || !path.get(1).equals("ids")) {
      throw noRoute(request);
    }
    int id = id(path.get(2));
    if (depth == 3) {
      return JSON.objectNode().put("schema", store.textById(id));
    }
    switch (path.get(3)) {
      case "schema" -> {
        return parsed(store.textById(id));
      }
      case "subjects" -> {
        return texts(store.versionsOfId(id).stream().map(Version::subject).distinct().toList());
      }
      case "versions" -> {
        ArrayNode versions = JSON.arrayNode();
        for (Version version : store.versionsOfId(id)) {
          versions.addObject().put("subject", version.subject()).put("version", version.version());
        }
        return versions;
      }
      default -> throw noRoute(request);
    }
  }

  private JsonNode compatibility(Request request, int depth) {
    List<String> path = request.path();
    requireMethod(request, "POST");
    requireSegment(request, 1, "subjects");
    requireSegment(request, 3, "versions");
    if (depth > 5) {
      throw noRoute(request);
    }
    String number = depth == 5 ? path.get(4) : null;
    List<String> objections = store.objections(path.get(2), schemaText(request), number);
    ObjectNode answer = JSON.objectNode().put("is_compatible", objections.isEmpty());
    if (request.flag("verbose")) {
      answer.set("messages", texts(objections));
    }
    return answer;
  }

  private JsonNode config(Request request, int depth) {
    if (depth > 2) {
      throw noRoute(request);
    }
    String subject = depth == 2 ? request.path().get(1) : null;
    switch (request.method()) {
      case "GET" -> {
        return JSON.objectNode().put("compatibilityLevel", level(request, subject).name());
      }
      case "PUT" -> {
        Compatibility level = parseLevel(body(request).path("compatibility").asText());
        store.setLevel(subject, level);
        return JSON.objectNode().put("compatibility", level.name());
      }
      case "DELETE" -> {
        if (subject == null) {
          throw noRoute(request);
        }
        return JSON.objectNode().put("compatibility", store.removeLevel(subject).name());
      }
      default -> throw noRoute(request);
    }
  }

  private Compatibility level(Request request, @Nullable String subject) {
    if (subject == null) {
      return store.globalLevel();
    }
    Compatibility own = store.subjectLevel(subject);
    if (own != null) {
      return own;
    }
    if (request.flag("defaultToGlobal")) {
      return store.globalLevel();
    }
    throw RegistryError.of(
        40408, "Subject '" + subject + "' does not have subject-level compatibility configured");
  }

  private static JsonNode mode(Request request, int depth) {
    requireMethod(request, "GET");
    if (depth == 2 && !request.flag("defaultToGlobal")) {
      throw RegistryError.of(
          40409,
          "Subject '" + request.path().get(1) + "' does not have subject-level mode configured");
    }
    if (depth > 2) {
      throw noRoute(request);
    }
    return JSON.objectNode().put("mode", "READWRITE");
  }

  private String schemaText(Request request) {
    JsonNode body = body(request);
    String type = body.path("schemaType").asText("AVRO");
    if (!type.equals("AVRO")) {
      throw RegistryError.invalidSchema("type " + type + " is not supported, only AVRO");
    }
    if (!body.path("references").isEmpty()) {
      throw RegistryError.invalidSchema("references are not supported");
    }
    JsonNode schema = body.path("schema");
    if (!schema.isTextual()) {
      throw RegistryError.invalidSchema("the request has no 'schema'");
    }
    return schema.asText();
  }

  private JsonNode body(Request request) {
    try {
      JsonNode body = mapper.readTree(request.body());
      if (body.isObject()) {
        return body;
      }
    } catch (JsonProcessingException e) {
      throw RegistryError.of(400, "the request's body is not JSON: " + e.getOriginalMessage());
    }
    throw RegistryError.of(400, "the request's body is not a JSON object");
  }

  /** A schema as JSON of its own, not as text inside JSON. */
  private JsonNode parsed(String schema) {
    try {
      return mapper.readTree(schema);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("stored schema is not JSON", e);
    }
  }

  private static Compatibility parseLevel(String name) {
    return Arrays.stream(Compatibility.values())
        .filter(level -> level.name().equals(name.toUpperCase(Locale.ROOT)))
        .findFirst()
        .orElseThrow(
            () ->
                RegistryError.of(
                    42203,
                    "Invalid compatibility level '"
                        + name
                        + "'. Valid values are "
                        + Arrays.toString(Compatibility.values())));
  }

  private static int id(String text) {
    if (!text.matches("\\d{1,9}")) {
      throw RegistryError.of(40403, "Schema " + text + " not found");
    }
    return Integer.parseInt(text);
  }

  private static ObjectNode version(Version version) {
    return JSON.objectNode()
        .put("subject", version.subject())
        .put("version", version.version())
        .put("id", version.id())
        .put("schema", version.schema());
  }

  private static ArrayNode texts(List<String> values) {
    return JSON.arrayNode().addAll(values.stream().map(TextNode::valueOf).toList());
  }

  private static ArrayNode numbers(List<Integer> values) {
    return JSON.arrayNode().addAll(values.stream().map(JSON::numberNode).toList());
  }

  private static void requireMethod(Request request, String method) {
    if (!request.method().equals(method)) {
      throw RegistryError.of(405, "HTTP 405 Method Not Allowed");
    }
  }

  private static void requireSegment(Request request, int index, String segment) {
    if (request.path().size() <= index || !request.path().get(index).equals(segment)) {
      throw noRoute(request);
    }
  }

  private static RegistryError noRoute(Request request) {
    return RegistryError.of(
        404, "HTTP 404 Not Found: " + request.method() + " /" + String.join("/", request.path()));
  }
}
