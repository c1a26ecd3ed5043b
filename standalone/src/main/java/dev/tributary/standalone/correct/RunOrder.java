package dev.tributary.standalone.correct;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tributary.schemas.CorrectionCommand;
import dev.tributary.schemas.EntryCause;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * What a run was asked to do. It stands in the record that opens the run, so that anybody can go on
 * with it.
 *
 * @param selection the lines it is about
 * @param referenceVersion version to price and attribute under; of a replay the one it ran under
 * @param replay id of the replay whose differences are posted; null: none
 */
public record RunOrder(
    Kind kind, Selection selection, long referenceVersion, @Nullable String replay) {

  /** The kinds of runs, each with its command and the cause its entries carry. */
  public enum Kind {
    /** Prices lines under another reference version. */
    PRICE(CorrectionCommand.REPRICE, EntryCause.REPRICE),
    /** Applies the ownership table of another reference version. */
    OWNER(CorrectionCommand.REATTRIBUTE, EntryCause.REATTRIBUTE),
    /** Books spans that came beyond memory. */
    LATE(CorrectionCommand.ADMIT, EntryCause.ADMITTED),
    /** Posts what a replay found to be different. */
    REPLAY(CorrectionCommand.REPLACE, EntryCause.REPLAY);

    private final CorrectionCommand command;
    private final EntryCause cause;

    Kind(CorrectionCommand command, EntryCause cause) {
      this.command = command;
      this.cause = cause;
    }

    CorrectionCommand command() {
      return command;
    }

    EntryCause cause() {
      return cause;
    }

    /** The name people see: lower case. */
    String wireName() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  private static final ObjectMapper JSON = new ObjectMapper();

  /** One line of JSON. */
  String print() {
    ObjectNode json = JSON.createObjectNode();
    json.put("kind", kind.wireName());
    json.put("from", time(selection.fromUs()));
    json.put("to", time(selection.untilUs()));
    put(json, "feature", selection.feature());
    put(json, "model", selection.model());
    json.put("reference_version", referenceVersion);
    put(json, "replay", replay);
    return json.toString();
  }

  private static void put(ObjectNode json, String name, @Nullable String value) {
    if (value != null) {
      json.put(name, value);
    }
  }

  /**
   * Reads what {@link #print} wrote.
   *
   * @return null where it is something else: the run was opened by another tool
   */
  static @Nullable RunOrder parse(String tenant, String text) {
    try {
      JsonNode json = JSON.readTree(text);
      if (json == null || !json.isObject()) {
        return null;
      }
      Kind kind = Kind.valueOf(json.path("kind").asText().toUpperCase(java.util.Locale.ROOT));
      Selection selection =
          new Selection(
              tenant,
              micros(json.path("from").asText()),
              micros(json.path("to").asText()),
              json.path("feature").textValue(),
              json.path("model").textValue());
      return new RunOrder(
          kind,
          selection,
          json.path("reference_version").asLong(),
          json.path("replay").textValue());
    } catch (JsonProcessingException
        | IllegalArgumentException
        | java.time.DateTimeException
        | dev.tributary.standalone.platform.PlatformException e) {
      return null;
    }
  }

  private static String time(long us) {
    return Instant.EPOCH.plus(us, ChronoUnit.MICROS).toString();
  }

  private static long micros(String time) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.parse(time));
  }

  /** For people: what, of which time, under which version. */
  String describe() {
    String filters =
        (selection.feature() == null ? "" : " feature " + selection.feature())
            + (selection.model() == null ? "" : " model " + selection.model());
    return "%s %s to %s%s, %s"
        .formatted(
            kind.wireName(),
            time(selection.fromUs()),
            time(selection.untilUs()),
            filters,
            replay == null ? "reference version " + referenceVersion : "replay " + replay);
  }
}
