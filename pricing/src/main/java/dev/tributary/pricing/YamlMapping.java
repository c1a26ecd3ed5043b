package dev.tributary.pricing;

import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The fields of a YAML mapping and the place it stands at. */
public record YamlMapping(YamlFields place, Map<String, YamlFields> fields) {

  /** A field that must stand here. */
  public YamlFields need(String name) {
    YamlFields field = fields.get(name);
    if (field == null) {
      throw place.refuse("'" + name + "' is missing");
    }
    return field;
  }

  /** A field that may be left out. */
  public Optional<YamlFields> find(String name) {
    return Optional.ofNullable(fields.get(name));
  }

  /** The text of a field; null: left out. */
  public @Nullable String optionalText(String name) {
    YamlFields field = fields.get(name);
    return field == null ? null : field.text();
  }
}
