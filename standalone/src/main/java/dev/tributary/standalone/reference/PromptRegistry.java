package dev.tributary.standalone.reference;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tributary.runtime.config.Settings;
import dev.tributary.schemas.Keys;
import dev.tributary.schemas.Reference;
import dev.tributary.schemas.ReferenceKind;
import dev.tributary.schemas.ReferenceRow;
import dev.tributary.standalone.platform.PlatformException;
import dev.tributary.standalone.platform.SqlClient;
import dev.tributary.standalone.platform.SqlLiteral;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Prompt versions, registered on {@code llm.ref} and discovered on spans, side by side. A version
 * that spans show is known from its first span on, whether or not anybody registered it.
 */
public final class PromptRegistry {
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * One version.
   *
   * @param state {@code registered}, {@code discovered} (seen, and never registered), {@code
   *     unused} (registered, and never seen) or {@code changed}: spans show another hash than the
   *     registered one, or several
   * @param author null: not registered, or not stated
   * @param firstSeen null: never seen
   * @param spans how many state it
   * @param hashes that spans state, comma between them
   */
  public record Version(
      String name,
      String version,
      String state,
      @Nullable String author,
      @Nullable String firstSeen,
      long spans,
      String hashes) {

    /** True where the text behind the name is not what it was. */
    public boolean isChanged() {
      return state.equals("changed");
    }
  }

  private PromptRegistry() {}

  /** All versions of a tenant, by name and version. */
  public static List<Version> read(Settings settings, SqlClient sql, String tenant)
      throws IOException, InterruptedException {
    Map<String, JsonNode> registered = new TreeMap<>();
    try (ReferenceLog log = ReferenceLog.open(settings)) {
      for (Reference reference : log.read(tenant).values()) {
        JsonNode stated = reference.getKind() == ReferenceKind.PROMPT ? inForce(reference) : null;
        if (stated != null) {
          registered.put(reference.getId(), stated);
        }
      }
    }
    return join(registered, seen(sql, tenant));
  }

  private static @Nullable JsonNode inForce(Reference reference) {
    JsonNode last = null;
    for (ReferenceRow row : reference.getTimeline()) {
      if (row.getWithdrawnIn() == null) {
        try {
          last = JSON.readTree(row.getPayloadJson());
        } catch (JsonProcessingException e) {
          throw new PlatformException("prompt " + reference.getId() + " on llm.ref is not JSON", e);
        }
      }
    }
    return last;
  }

  private static Map<String, List<String>> seen(SqlClient sql, String tenant)
      throws IOException, InterruptedException {
    if (!Keys.isTenant(tenant)) {
      throw new PlatformException("--tenant: no name of a tenant: " + tenant);
    }
    Map<String, List<String>> seen = new TreeMap<>();
    for (List<String> row :
        sql.rows(
            "SELECT prompt_name, prompt_version, toString(first_seen), spans,"
                + " arrayStringConcat(hashes, ',') FROM prompt_versions WHERE tenant = "
                + SqlLiteral.text(tenant))) {
      seen.put(row.get(0) + "|" + row.get(1), row);
    }
    return seen;
  }

  /**
   * Both lists as one.
   *
   * @param registered what was registered by {@code name|version}
   * @param seen name, version, first seen, spans, hashes by the same
   */
  static List<Version> join(Map<String, JsonNode> registered, Map<String, List<String>> seen) {
    Map<String, Version> all = new TreeMap<>();
    seen.forEach(
        (id, row) -> {
          JsonNode stated = registered.get(id);
          String hash = stated == null ? null : stated.path("hash").textValue();
          String hashes = row.get(4);
          boolean isChanged =
              hashes.contains(",") || (hash != null && !hashes.isEmpty() && !hashes.equals(hash));
          all.put(
              id,
              new Version(
                  row.get(0),
                  row.get(1),
                  isChanged ? "changed" : stated == null ? "discovered" : "registered",
                  stated == null ? null : stated.path("author").textValue(),
                  row.get(2),
                  Long.parseLong(row.get(3)),
                  hashes));
        });
    registered.forEach(
        (id, stated) ->
            all.putIfAbsent(
                id,
                new Version(
                    stated.path("name").asText(),
                    stated.path("version").asText(),
                    "unused",
                    stated.path("author").textValue(),
                    null,
                    0,
                    "")));
    return new ArrayList<>(all.values());
  }
}
