package dev.tributary.standalone.correct;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tributary.pricing.allocation.Consumer;
import dev.tributary.schemas.Keys;
import dev.tributary.schemas.Provenance;
import dev.tributary.standalone.platform.PlatformException;
import dev.tributary.standalone.platform.SqlClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Rows of ClickHouse's audit that say whose they are. */
final class OwnerRows {
  /** The columns that say so, in the order in which they are read. */
  static final String COLUMNS =
      "environment, feature, team, workspace, cost_center, environment_provenance,"
          + " feature_provenance, team_provenance, workspace_provenance, cost_center_provenance";

  private static final ObjectMapper JSON = new ObjectMapper();

  /** What a tag is in ClickHouse where nobody knows it. */
  private static final String UNATTRIBUTED = "unattributed";

  private OwnerRows() {}

  /** Asks, and hands each row over as an array of its columns. */
  static void read(SqlClient sql, String query, java.util.function.Consumer<JsonNode> reader) {
    String answer;
    try {
      answer = sql.run(query, "JSONCompactEachRow");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PlatformException("interrupted while asking ClickHouse", e);
    }
    answer.lines().filter(line -> !line.isBlank()).forEach(line -> reader.accept(row(line)));
  }

  private static JsonNode row(String line) {
    try {
      return JSON.readTree(line);
    } catch (JsonProcessingException e) {
      throw new PlatformException("ClickHouse answered something else than rows: " + line, e);
    }
  }

  /** The name, if it may be one. */
  static String tenant(String name) {
    if (!Keys.isTenant(name)) {
      throw new PlatformException("--tenant: no name of a tenant: " + name);
    }
    return name;
  }

  /**
   * Whose a row is.
   *
   * @param at where {@link #COLUMNS} begin
   */
  static Consumer owner(JsonNode row, int at) {
    return new Consumer(tag(row, at), tag(row, at + 1), tag(row, at + 2), tag(row, at + 3));
  }

  /** Its cost centre; null: none. */
  static @Nullable String costCenter(JsonNode row, int at) {
    return tag(row, at + 4);
  }

  private static @Nullable String tag(JsonNode row, int column) {
    String text = row.get(column).asText();
    return text.equals(UNATTRIBUTED) ? null : text;
  }

  /** Where each tag came from. */
  static Map<OwnerPart.Tag, Provenance> provenance(JsonNode row, int at) {
    Map<OwnerPart.Tag, Provenance> found = new EnumMap<>(OwnerPart.Tag.class);
    int column = at + 5;
    for (OwnerPart.Tag tag : OwnerPart.Tag.values()) {
      found.put(tag, Provenance.valueOf(row.get(column++).asText()));
    }
    return found;
  }
}
