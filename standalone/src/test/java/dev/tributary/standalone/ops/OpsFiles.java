package dev.tributary.standalone.ops;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tributary.runtime.config.ProcessEnvironment;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The files below {@code ops}, and those of the stack beside it, as trees. */
final class OpsFiles {
  static final String RULES = "ops/prometheus/rules/tributary.yml";
  static final String RULE_TESTS = "ops/prometheus/tests/tributary.yml";
  static final String DASHBOARD = "ops/grafana/dashboards/tributary.json";

  private static final ObjectMapper JSON = new ObjectMapper();

  private OpsFiles() {}

  /** A file of the repository. */
  static Path path(String name) {
    String root = ProcessEnvironment.current().property("tributary.root");
    return Path.of(root == null ? ".." : root).resolve(name).toAbsolutePath().normalize();
  }

  /** YAML with merge keys resolved; a key that stands twice is an error. */
  static JsonNode yaml(String name) throws IOException {
    LoaderOptions options = new LoaderOptions();
    options.setAllowDuplicateKeys(false);
    try (InputStream in = Files.newInputStream(path(name))) {
      Object tree = new Yaml(new SafeConstructor(options)).load(in);
      return JSON.valueToTree(tree);
    }
  }

  static JsonNode json(String name) throws IOException {
    return JSON.readTree(path(name).toFile());
  }
}
