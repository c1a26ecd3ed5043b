package dev.tributary.anomaly;

import dev.tributary.anomaly.core.PolicyException;
import dev.tributary.anomaly.core.series.PolicyRow;
import dev.tributary.anomaly.core.series.RuleBook;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * Reads anomaly policies: YAML files with a list {@code policies}, and the single policy of a
 * reference row, which is the same mapping as JSON with {@code type: anomaly}. A file with any
 * error is refused whole.
 */
public final class PolicyReader {
  private static final String TYPE = "anomaly";

  private PolicyReader() {}

  /**
   * Reads a file.
   *
   * @param source name of the file, for messages
   * @throws PolicyException naming file, policy, key and what is allowed; also where policies
   *     contradict each other
   */
  public static List<PolicyRow> readFile(String source, String yaml) {
    if (!(load(source, yaml) instanceof Map<?, ?> root)
        || !(root.get("policies") instanceof List<?> list)
        || root.size() != 1) {
      throw new PolicyException(source + ": a list of policies is expected, and nothing beside it");
    }
    List<PolicyRow> rows = new ArrayList<>();
    for (Object item : list) {
      if (!(item instanceof Map<?, ?> mapping)) {
        throw new PolicyException(source + ": policies: each is a mapping of keys to values");
      }
      PolicyRow row = PolicyRow.read(source, mapping);
      if (rows.stream().anyMatch(other -> other.id().equals(row.id()))) {
        throw new PolicyException(source + ": id: a second policy of the name " + row.id());
      }
      rows.add(row);
    }
    new RuleBook(rows); // refuses what contradicts itself
    return rows;
  }

  /**
   * Reads one policy, as a reference row carries it.
   *
   * @return null where the row is a policy of another type
   * @throws PolicyException naming source, key and what is allowed
   */
  static @Nullable PolicyRow readRow(String source, String json) {
    if (!(load(source, json) instanceof Map<?, ?> mapping) || !TYPE.equals(mapping.get("type"))) {
      return null;
    }
    Map<Object, Object> fields = new java.util.HashMap<>(mapping);
    fields.remove("type");
    return PolicyRow.read(source, fields);
  }

  private static @Nullable Object load(String source, String text) {
    LoaderOptions options = new LoaderOptions();
    options.setAllowDuplicateKeys(false);
    options.setMaxAliasesForCollections(0);
    options.setCodePointLimit(1 << 20);
    try {
      return new Yaml(new SafeConstructor(options)).load(text);
    } catch (YAMLException e) {
      throw new PolicyException(source + ": not YAML: " + e.getMessage());
    }
  }
}
