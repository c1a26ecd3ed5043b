package dev.tributary.alertrouter.core;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads what reference rows say about alerts: {@code silence}, {@code maintenance} and {@code
 * alert_routing} of kind POLICY, and {@code alert_routes} of ownership rules. Policies of other
 * types are others' affair.
 */
public final class PolicyJson {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Set<String> SILENCE =
      Set.of("id", "type", "match", "from", "until", "comment");
  private static final Set<String> MAINTENANCE =
      Set.of("id", "type", "match", "from", "until", "windows", "comment");
  private static final Set<String> WINDOW = Set.of("days", "from", "until", "zone");
  private static final Set<String> ROUTING =
      Set.of("id", "type", "team", "routes", "min_severity", "merge_window", "comment");

  private PolicyJson() {}

  /** What a row of kind POLICY says; at most one is there. */
  public record Policy(Optional<Silence> silence, Optional<TeamRouting> team) {
    public static final Policy NONE = new Policy(Optional.empty(), Optional.empty());
  }

  /**
   * Reads a policy.
   *
   * @param id name of the policy
   * @param from the row's begin; null: always. The policy's own wins
   * @param until the row's end; null: open
   * @throws IllegalArgumentException naming policy and field
   */
  public static Policy policy(
      String id, String json, @Nullable Instant from, @Nullable Instant until) {
    try {
      JsonNode node = JSON.readTree(json);
      return switch (node.path("type").asText()) {
        case "silence" -> silence(id, node, Silence.Kind.SILENCED, SILENCE, from, until);
        case "maintenance" -> silence(id, node, Silence.Kind.MAINTENANCE, MAINTENANCE, from, until);
        case "alert_routing" -> new Policy(Optional.empty(), Optional.of(routing(id, node)));
        default -> Policy.NONE;
      };
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("POLICY " + id + ": not JSON", e);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("POLICY " + id + ": " + e.getMessage(), e);
    }
  }

  private static Policy silence(
      String id,
      JsonNode node,
      Silence.Kind kind,
      Set<String> known,
      @Nullable Instant from,
      @Nullable Instant until) {
    check(node, known);
    Map<String, String> patterns = new TreeMap<>();
    node.path("match")
        .properties()
        .forEach(field -> patterns.put(field.getKey(), text(field.getValue(), field.getKey())));
    List<WeeklyWindow> windows = windows(node.path("windows"));
    Instant begins = node.has("from") ? time(node.path("from"), "from") : from;
    Instant ends = node.has("until") ? time(node.path("until"), "until") : until;
    return new Policy(
        Optional.of(
            new Silence(id, kind, new Matcher(new TreeMap<>(patterns)), begins, ends, windows)),
        Optional.empty());
  }

  /** One that is stated and holds no window would make it quiet at all times. */
  private static List<WeeklyWindow> windows(JsonNode node) {
    if (node.isMissingNode()) {
      return List.of();
    }
    if (!node.isArray() || node.isEmpty()) {
      throw new IllegalArgumentException("windows: a list of windows is expected");
    }
    List<WeeklyWindow> windows = new ArrayList<>();
    node.forEach(window -> windows.add(window(window)));
    return windows;
  }

  private static WeeklyWindow window(JsonNode node) {
    check(node, WINDOW);
    EnumSet<DayOfWeek> days = EnumSet.noneOf(DayOfWeek.class);
    node.path("days").forEach(day -> days.add(day(text(day, "days"))));
    return new WeeklyWindow(
        days,
        parsed(node.path("from"), "windows.from", "a time of day such as 08:00", LocalTime::parse),
        parsed(
            node.path("until"), "windows.until", "a time of day such as 23:59", LocalTime::parse),
        node.has("zone")
            ? parsed(node.path("zone"), "windows.zone", "a zone such as Europe/Berlin", ZoneId::of)
            : ZoneOffset.UTC);
  }

  private static DayOfWeek day(String text) {
    for (DayOfWeek day : DayOfWeek.values()) {
      if (day.name().startsWith(text.toUpperCase(Locale.ROOT)) && text.length() >= 3) {
        return day;
      }
    }
    throw new IllegalArgumentException("days: " + text + ": a day such as SAT is expected");
  }

  private static TeamRouting routing(String id, JsonNode node) {
    check(node, ROUTING);
    String least = node.path("min_severity").asText("");
    return new TeamRouting(
        id,
        text(node.path("team"), "team"),
        texts(node.path("routes"), "routes"),
        least.isEmpty() ? null : severity(least),
        node.path("merge_window").asText("").isEmpty()
            ? null
            : parsed(
                node.path("merge_window"),
                "merge_window",
                "a duration such as 10m, at most 1h",
                window -> Duration.parse("PT" + window.toUpperCase(Locale.ROOT))));
  }

  private static Severity severity(String text) {
    try {
      return Severity.of(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "min_severity: " + text + "; allowed: info, warning, critical", e);
    }
  }

  /**
   * Routes that an ownership rule gives to a team; null where it sets no team or no routes.
   *
   * @param id name of the rule
   * @throws IllegalArgumentException naming rule and field
   */
  public static RoutingTable.@Nullable Owner owner(
      String id, String json, @Nullable Instant from, @Nullable Instant until) {
    try {
      JsonNode node = JSON.readTree(json);
      String team = node.path("set").path("team").asText("");
      JsonNode stated = node.path("alert_routes");
      List<String> routes =
          stated.isTextual() ? List.of(stated.asText()) : texts(stated, "alert_routes");
      return team.isEmpty() || routes.isEmpty()
          ? null
          : new RoutingTable.Owner(team, routes, from, until);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("OWNERSHIP " + id + ": not JSON", e);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("OWNERSHIP " + id + ": " + e.getMessage(), e);
    }
  }

  private static void check(JsonNode node, Set<String> known) {
    node.fieldNames()
        .forEachRemaining(
            name -> {
              if (!known.contains(name)) {
                throw new IllegalArgumentException(
                    name + ": unknown field; known: " + new TreeSet<>(known));
              }
            });
  }

  private static List<String> texts(JsonNode node, String field) {
    if (node.isMissingNode()) {
      return List.of();
    }
    if (!node.isArray()) {
      throw new IllegalArgumentException(field + ": a list of texts is expected");
    }
    List<String> texts = new ArrayList<>();
    node.forEach(item -> texts.add(text(item, field)));
    return texts;
  }

  private static String text(JsonNode node, String field) {
    String text = node.isValueNode() ? node.asText() : "";
    if (text.isBlank()) {
      throw new IllegalArgumentException(field + ": a text is expected");
    }
    return text;
  }

  private static Instant time(JsonNode node, String field) {
    return parsed(
        node,
        field,
        "a time such as 2026-03-04T08:00:00Z",
        text -> OffsetDateTime.parse(text).toInstant());
  }

  /** The value of a text; {@code expected} is what a refusal says. */
  private static <T> T parsed(
      JsonNode node, String field, String expected, Function<String, T> parser) {
    String text = text(node, field);
    try {
      return parser.apply(text);
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(field + ": " + text + ": " + expected + " is expected", e);
    }
  }
}
