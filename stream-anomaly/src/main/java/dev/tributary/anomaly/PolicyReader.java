package dev.tributary.anomaly;

import dev.tributary.anomaly.core.PolicyException;
import dev.tributary.anomaly.core.series.PolicyRow;
import dev.tributary.anomaly.core.series.RuleBook;
import dev.tributary.anomaly.core.watch.QueuePolicy;
import dev.tributary.anomaly.core.watch.QueueRules;
import java.util.ArrayList;
import java.util.HashMap;
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
   * Reads of a file the policies for series; {@link #readQueues} reads the others.
   *
   * @param source name of the file, for messages
   * @throws PolicyException naming file, policy, key and what is allowed; also where policies
   *     contradict each other
   */
  public static List<PolicyRow> readFile(String source, String yaml) {
    List<PolicyRow> rows = new ArrayList<>();
    for (Map<?, ?> mapping : policies(source, yaml)) {
      if (!QueuePolicy.is(mapping)) {
        PolicyRow row = PolicyRow.read(source, mapping);
        if (rows.stream().anyMatch(other -> other.id().equals(row.id()))) {
          throw new PolicyException(source + ": id: a second policy of the name " + row.id());
        }
        rows.add(row);
      }
    }
    new RuleBook(rows); // refuses what contradicts itself
    return rows;
  }

  /**
   * Reads of a file the policies for queues of evaluations.
   *
   * @param source name of the file, for messages
   * @throws PolicyException naming file, policy, key and what is allowed; also where policies
   *     contradict each other
   */
  public static List<QueuePolicy> readQueues(String source, String yaml) {
    List<QueuePolicy> rows = new ArrayList<>();
    for (Map<?, ?> mapping : policies(source, yaml)) {
      if (QueuePolicy.is(mapping)) {
        QueuePolicy row = QueuePolicy.read(source, mapping);
        if (rows.stream().anyMatch(other -> other.id().equals(row.id()))) {
          throw new PolicyException(source + ": id: a second policy of the name " + row.id());
        }
        rows.add(row);
      }
    }
    new QueueRules(rows); // refuses what contradicts itself
    return rows;
  }

  private static List<Map<?, ?>> policies(String source, String yaml) {
    if (!(load(source, yaml) instanceof Map<?, ?> root)
        || !(root.get("policies") instanceof List<?> list)
        || root.size() != 1) {
      throw new PolicyException(source + ": a list of policies is expected, and nothing beside it");
    }
    List<Map<?, ?>> policies = new ArrayList<>();
    for (Object item : list) {
      if (!(item instanceof Map<?, ?> mapping)) {
        throw new PolicyException(source + ": policies: each is a mapping of keys to values");
      }
      policies.add(mapping);
    }
    return policies;
  }

  /**
   * Reads one policy, as a reference row carries it.
   *
   * @return null where the row is a policy of another type
   * @throws PolicyException naming source, key and what is allowed
   */
  static @Nullable PolicyRow readRow(String source, String json) {
    Map<?, ?> fields = fields(source, json);
    return fields == null || QueuePolicy.is(fields) ? null : PolicyRow.read(source, fields);
  }

  /**
   * Reads one policy for queues of evaluations, as a reference row carries it.
   *
   * @return null where the row is another policy
   * @throws PolicyException naming source, key and what is allowed
   */
  static @Nullable QueuePolicy readQueueRow(String source, String json) {
    Map<?, ?> fields = fields(source, json);
    return fields != null && QueuePolicy.is(fields) ? QueuePolicy.read(source, fields) : null;
  }

  /** The fields of a row; null: it is a policy of another type. */
  private static @Nullable Map<?, ?> fields(String source, String json) {
    if (!(load(source, json) instanceof Map<?, ?> mapping) || !TYPE.equals(mapping.get("type"))) {
      return null;
    }
    Map<Object, Object> fields = new HashMap<>(mapping);
    fields.remove("type");
    return fields;
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
