package dev.tributary.standalone.ops;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tributary.runtime.config.Settings;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code docker-compose.yml}. */
final class ComposeFile {
  static final String NAME = "docker-compose.yml";

  /** {@code ${NAME:-default}}: what compose puts there when the variable is not set. */
  private static final Pattern VARIABLE = Pattern.compile("\\$\\{[A-Z_]+:-([^}]*)}");

  private final JsonNode root;

  private ComposeFile(JsonNode root) {
    this.root = root;
  }

  static ComposeFile read() throws IOException {
    return new ComposeFile(OpsFiles.yaml(NAME));
  }

  JsonNode root() {
    return root;
  }

  Map<String, JsonNode> services() {
    Map<String, JsonNode> services = new TreeMap<>();
    root.path("services").properties().forEach(e -> services.put(e.getKey(), e.getValue()));
    return services;
  }

  /** Services that run the image built here. */
  Map<String, JsonNode> applications() {
    Map<String, JsonNode> own = services();
    own.values().removeIf(service -> !service.has("build"));
    return own;
  }

  /** Those that run until they are stopped. */
  Map<String, JsonNode> lastingApplications() {
    Map<String, JsonNode> own = applications();
    own.values().removeIf(service -> "no".equals(service.path("restart").asText()));
    return own;
  }

  static Class<?> mainClass(JsonNode service) throws ClassNotFoundException {
    JsonNode entrypoint = service.path("entrypoint");
    return Class.forName(
        entrypoint.isArray()
            ? entrypoint.path(entrypoint.size() - 1).asText()
            : service.path("command").path(0).asText());
  }

  static Map<String, String> environment(JsonNode service) {
    Map<String, String> environment = new HashMap<>();
    service
        .path("environment")
        .properties()
        .forEach(e -> environment.put(e.getKey(), withDefaults(e.getValue().asText())));
    return environment;
  }

  /** The service's settings, read as its process would read them. */
  static Settings settings(JsonNode service) throws ReflectiveOperationException {
    return Applications.settings(mainClass(service), environment(service));
  }

  private static String withDefaults(String text) {
    Matcher matcher = VARIABLE.matcher(text);
    return matcher.replaceAll(found -> Matcher.quoteReplacement(found.group(1)));
  }
}
