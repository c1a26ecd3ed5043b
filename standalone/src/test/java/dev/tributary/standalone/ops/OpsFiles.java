package dev.tributary.standalone.ops;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tributary.runtime.config.ProcessEnvironment;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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

  /** A path that a file in a folder states, from the repository's root. */
  static String relative(String folder, String stated) {
    return Path.of(folder).resolve(stated).normalize().toString().replace('\\', '/');
  }

  /** YAML with merge keys resolved; a key that stands twice is an error. */
  static JsonNode yaml(String name) throws IOException {
    try (InputStream in = Files.newInputStream(path(name))) {
      Object tree = parser().load(in);
      return JSON.valueToTree(tree);
    }
  }

  /** The same of a file with several documents. */
  static List<JsonNode> yamlDocuments(String name) throws IOException {
    return documents(Files.readString(path(name)));
  }

  /** The same of a text. */
  static List<JsonNode> documents(String text) {
    List<JsonNode> trees = new ArrayList<>();
    parser().loadAll(text).forEach(tree -> trees.add(JSON.valueToTree(tree)));
    return trees;
  }

  private static Yaml parser() {
    LoaderOptions options = new LoaderOptions();
    options.setAllowDuplicateKeys(false);
    return new Yaml(new SafeConstructor(options));
  }

  static JsonNode json(String name) throws IOException {
    return JSON.readTree(path(name).toFile());
  }
}
