package dev.tributary.standalone.reference;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tributary.pricing.YamlFields;
import dev.tributary.pricing.YamlMapping;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads registrations of prompt versions from YAML; refuses with file, line and field. */
public final class PromptFile {
  private static final Set<String> FIELDS =
      Set.of("name", "version", "hash", "author", "note", "deployed_at");

  /**
   * A registered version.
   *
   * @param hash hash of the template as spans state it; null: not known
   * @param author who wrote it; null: not stated
   * @param note what it is for; null: none
   * @param deployedAt since when it is in use; null: not stated
   */
  public record Prompt(
      String name,
      String version,
      @Nullable String hash,
      @Nullable String author,
      @Nullable String note,
      @Nullable Instant deployedAt) {

    /** Id of its timeline. */
    String id() {
      return name + "|" + version;
    }

    /** As on {@code llm.ref}. */
    String json() {
      ObjectNode json = new ObjectMapper().createObjectNode();
      json.put("name", name);
      json.put("version", version);
      put(json, "hash", hash);
      put(json, "author", author);
      put(json, "note", note);
      put(json, "deployed_at", deployedAt == null ? null : deployedAt.toString());
      return json.toString();
    }

    private static void put(ObjectNode json, String name, @Nullable String value) {
      if (value != null) {
        json.put(name, value);
      }
    }
  }

  private PromptFile() {}

  /** The versions in the order written. */
  public static List<Prompt> parse(String sourceName, String text) {
    YamlFields root = YamlFields.parse(sourceName, text);
    List<Prompt> prompts = new ArrayList<>();
    Set<String> ids = new HashSet<>();
    for (YamlFields item : root.mapping(Set.of("prompts")).need("prompts").items()) {
      YamlMapping fields = item.mapping(FIELDS);
      Prompt prompt =
          new Prompt(
              part(fields.need("name")),
              part(fields.need("version")),
              fields.optionalText("hash"),
              fields.optionalText("author"),
              fields.optionalText("note"),
              fields
                  .find("deployed_at")
                  .map(field -> field.convert("a time as 2026-03-01T00:00:00Z", Instant::parse))
                  .orElse(null));
      if (!ids.add(prompt.id())) {
        throw item.refuse(prompt.name() + " " + prompt.version() + " stands twice");
      }
      prompts.add(prompt);
    }
    return List.copyOf(prompts);
  }

  /** Names are joined by a bar on the topic. */
  private static String part(YamlFields field) {
    return field.convert("a text without '|'", text -> text.contains("|") ? null : text);
  }
}
