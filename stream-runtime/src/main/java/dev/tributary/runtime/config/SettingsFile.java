package dev.tributary.runtime.config;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/** Reads a configuration file: Java properties, or YAML whose nested names are joined by dots. */
final class SettingsFile {
  private static final char BYTE_ORDER_MARK = '\uFEFF';

  private SettingsFile() {}

  static Map<String, String> read(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new ConfigException("configuration file " + file + " does not exist");
    }
    String name = file.toString();
    try {
      return name.endsWith(".yaml") || name.endsWith(".yml") ? yaml(file) : properties(file);
    } catch (IOException | IllegalArgumentException e) {
      throw new ConfigException(
          "configuration file " + file + " cannot be read: " + firstLine(e), e);
    }
  }

  private static Map<String, String> properties(Path file) throws IOException {
    UniqueProperties properties = new UniqueProperties();
    try (Reader reader = reader(file)) {
      properties.load(reader);
    }
    Map<String, String> values = new TreeMap<>();
    properties.forEach((key, text) -> values.put((String) key, (String) text));
    return values;
  }

  private static Map<String, String> yaml(Path file) throws IOException {
    ObjectMapper mapper = new ObjectMapper(new YAMLFactory());
    mapper.enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);
    Map<String, String> values = new TreeMap<>();
    try (Reader reader = reader(file)) {
      JsonNode root = mapper.readTree(reader);
      if (root.isMissingNode() || root.isNull()) {
        return values;
      }
      if (!root.isObject()) {
        throw new IllegalArgumentException("not a mapping of keys to values");
      }
      flatten("", root, values);
    }
    return values;
  }

  /** Without the mark that some editors put at the beginning: it would be part of the first key. */
  private static Reader reader(Path file) throws IOException {
    BufferedReader reader = Files.newBufferedReader(file);
    reader.mark(1);
    if (reader.read() != BYTE_ORDER_MARK) {
      reader.reset();
    }
    return reader;
  }

  private static void flatten(String path, JsonNode node, Map<String, String> values) {
    for (Map.Entry<String, JsonNode> field : node.properties()) {
      String key = path.isEmpty() ? field.getKey() : path + "." + field.getKey();
      JsonNode value = field.getValue();
      if (value.isObject()) {
        flatten(key, value, values);
      } else if (values.put(key, text(key, value)) != null) {
        throw new IllegalArgumentException(key + " is given twice");
      }
    }
  }

  private static String text(String key, JsonNode value) {
    if (!value.isArray()) {
      return value.isNull() ? "" : value.asText();
    }
    List<String> items = new ArrayList<>();
    for (JsonNode item : value) {
      if (!item.isValueNode() || item.asText().contains(",")) {
        throw new IllegalArgumentException(key + " is a list of plain values without commas");
      }
      items.add(item.asText());
    }
    return String.join(",", items);
  }

  private static String firstLine(Exception e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
  }

  /** Plain properties let the last of two equal keys win in silence. */
  private static final class UniqueProperties extends Properties {
    @Override
    public synchronized Object put(Object key, Object value) {
      if (containsKey(key)) {
        throw new IllegalArgumentException(key + " is given twice");
      }
      super.put(key, value);
      return value;
    }
  }
}
