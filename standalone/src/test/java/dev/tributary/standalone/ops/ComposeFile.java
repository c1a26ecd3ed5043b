package dev.tributary.standalone.ops;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tributary.alertrouter.AlertRouterConfig;
import dev.tributary.alertrouter.AlertRouterMain;
import dev.tributary.console.ConsoleConfig;
import dev.tributary.console.ConsoleMain;
import dev.tributary.evalworker.EvalWorkerConfig;
import dev.tributary.evalworker.EvalWorkerMain;
import dev.tributary.normalize.NormalizeMain;
import dev.tributary.runtime.config.Setting;
import dev.tributary.runtime.config.Settings;
import dev.tributary.runtime.run.StreamsApp;
import dev.tributary.sink.clickhouse.SinkConfig;
import dev.tributary.sink.clickhouse.SinkMain;
import dev.tributary.standalone.TributaryMain;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
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
    return Settings.load(null, environment(service), new Properties(), known(mainClass(service)));
  }

  /** All settings that the application with this main class knows. */
  static List<Setting<?>> known(Class<?> mainClass) throws ReflectiveOperationException {
    if (mainClass == SinkMain.class) {
      return SinkConfig.allSettings();
    }
    if (mainClass == AlertRouterMain.class) {
      return AlertRouterConfig.allSettings();
    }
    if (mainClass == ConsoleMain.class) {
      return ConsoleConfig.allSettings();
    }
    if (mainClass == EvalWorkerMain.class) {
      return EvalWorkerConfig.allSettings();
    }
    if (mainClass == TributaryMain.class) {
      List<Setting<?>> all = new ArrayList<>(SinkConfig.allSettings());
      all.addAll(known(NormalizeMain.class));
      return all;
    }
    return ((StreamsApp) mainClass.getField("APP").get(null)).allSettings();
  }

  private static String withDefaults(String text) {
    Matcher matcher = VARIABLE.matcher(text);
    return matcher.replaceAll(found -> Matcher.quoteReplacement(found.group(1)));
  }
}
