package dev.tributary.attribution;

import dev.tributary.attribution.core.OpenTracePolicy;
import dev.tributary.runtime.reference.FieldReader;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.Node;

/**
 * Reads policies on open traces from reference rows; policies of other types are others' affair.
 */
public final class OpenTracePolicyReader {

  /** What such a row says of itself. */
  public static final String TYPE = "open_trace";

  private static final Set<String> FIELDS =
      new TreeSet<>(
          Set.of(
              "type",
              "id",
              "feature",
              "environment",
              "priority",
              "runaway_cost",
              "tool_loop",
              "stalled_handoff"));

  private OpenTracePolicyReader() {}

  /**
   * Checks a file with a list {@code policies}, each with an {@code id} of its own.
   *
   * @return their ids, in order
   * @throws IllegalArgumentException naming file, policy and field
   */
  public static List<String> readFile(String source, String yaml) {
    FieldReader reader = new FieldReader(source);
    return reader.list(yaml, "policies", node -> check(reader, node), id -> id);
  }

  private static String check(FieldReader reader, Node node) {
    Map<String, Node> fields = reader.mapping(node, "policy", FIELDS);
    String id = reader.text(reader.need(node, fields, "id"), "id");
    Map<String, String> texts = new LinkedHashMap<>();
    fields.forEach((name, value) -> texts.put(name, reader.text(value, name)));
    try {
      policy(id, texts);
    } catch (IllegalArgumentException e) {
      throw reader.refuse(node, id, String.valueOf(e.getMessage()));
    }
    return id;
  }

  /**
   * Reads a row.
   *
   * @param id of the timeline, the policy's name
   * @return null where the row is a policy of another type
   * @throws IllegalArgumentException naming row and field
   */
  static @Nullable OpenTracePolicy read(String id, String json) {
    Object root;
    try {
      root = new Yaml(new SafeConstructor(new LoaderOptions())).load(json);
    } catch (YAMLException e) {
      throw new IllegalArgumentException("POLICY " + id + ": cannot be read", e);
    }
    if (!(root instanceof Map<?, ?> fields) || !TYPE.equals(fields.get("type"))) {
      return null;
    }
    for (Object name : fields.keySet()) {
      if (!FIELDS.contains(String.valueOf(name))) {
        throw new IllegalArgumentException(
            "POLICY " + id + ": " + name + ": unknown field; known: " + FIELDS);
      }
    }
    return policy(id, fields);
  }

  private static OpenTracePolicy policy(String id, Map<?, ?> fields) {
    String priority = text(fields, "priority");
    String cost = text(fields, "runaway_cost");
    String loop = text(fields, "tool_loop");
    String stalled = text(fields, "stalled_handoff");
    try {
      return new OpenTracePolicy(
          id,
          priority == null ? 0 : Integer.parseInt(priority),
          text(fields, "feature"),
          text(fields, "environment"),
          cost == null ? null : new BigDecimal(cost),
          loop == null ? null : Long.valueOf(loop),
          stalled == null ? null : micros(stalled));
    } catch (IllegalArgumentException | DateTimeParseException | ArithmeticException e) {
      throw new IllegalArgumentException("POLICY " + id + ": " + e.getMessage(), e);
    }
  }

  private static @Nullable String text(Map<?, ?> fields, String name) {
    Object value = fields.get(name);
    return value == null ? null : String.valueOf(value);
  }

  /** As {@code 45s}, {@code 10m} or {@code 2h}. */
  private static long micros(String text) {
    Duration duration = Duration.parse("PT" + text.toUpperCase(Locale.ROOT));
    return TimeUnit.NANOSECONDS.toMicros(duration.toNanos());
  }
}
