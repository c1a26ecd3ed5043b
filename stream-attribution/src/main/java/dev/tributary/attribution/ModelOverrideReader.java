package dev.tributary.attribution;

import dev.tributary.pricing.ModelOverride;
import dev.tributary.runtime.reference.FieldReader;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.Node;

/**
 * A tenant's names of models in reference rows: policies of type {@code model_override}; policies
 * of other types are others' affair.
 */
public final class ModelOverrideReader {

  /** What such a row says of itself. */
  public static final String TYPE = "model_override";

  private static final Set<String> FIELDS = Set.of("type", "surface", "name", "model");

  private ModelOverrideReader() {}

  /**
   * Reads a row.
   *
   * @param id of the timeline
   * @return null where the row is a policy of another type
   * @throws IllegalArgumentException naming row and field
   */
  static @Nullable ModelOverride read(String id, String json) {
    FieldReader reader = new FieldReader("POLICY " + id);
    Node row = reader.compose(json);
    Map<String, Node> fields = reader.mapping(row, "policy", null);
    if (!TYPE.equals(reader.optionalText(fields, "type", ""))) {
      return null;
    }
    reader.mapping(row, "policy", FIELDS);
    return new ModelOverride(
        reader.text(reader.need(row, fields, "surface"), "surface"),
        reader.text(reader.need(row, fields, "name"), "name"),
        reader.text(reader.need(row, fields, "model"), "model"));
  }
}
