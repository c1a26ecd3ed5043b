package dev.tributary.standalone.episode;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tributary.standalone.platform.PlatformException;
import dev.tributary.standalone.platform.SqlClient;
import dev.tributary.standalone.platform.SqlLiteral;
import java.io.IOException;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;

/**
 * One episode in words: the sentence, the money, the split of the change, the slices that carry it,
 * what changed shortly before, and traces to open.
 */
public final class EpisodeReport {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long HOUR_US = 3_600_000_000L;

  /** Dimensions of episodes and slices that are columns of lines. */
  private static final Map<String, String> COLUMNS =
      Map.ofEntries(
          Map.entry("feature", "feature"),
          Map.entry("team", "team"),
          Map.entry("workspace", "workspace"),
          Map.entry("prompt_version", "prompt_version"),
          Map.entry("prompt_name", "prompt_name"),
          Map.entry("agent", "agent"),
          Map.entry("user_tier", "user_tier"),
          Map.entry("model", "model"),
          Map.entry("region", "region"),
          Map.entry("provider", "provider"),
          Map.entry("surface", "surface"),
          Map.entry("service", "service_name"));

  private final SqlClient sql;
  private final String tenant;

  /** Reports of a tenant's episodes. */
  public EpisodeReport(SqlClient sql, String tenant) {
    this.sql = sql;
    this.tenant = tenant;
  }

  /**
   * Prints an episode.
   *
   * @param idStart its id, or what it begins with
   * @throws PlatformException where none begins so, or several do
   */
  public void print(String idStart, PrintWriter out) throws IOException, InterruptedException {
    JsonNode episode = find(idStart);
    out.println(
        episode.path("sentence").asText().isEmpty()
            ? episode.path("metric").asText() + " of " + episode.path("series").asText()
            : episode.path("sentence").asText());
    out.println();
    head(episode, out);
    causes(episode, out);
    changes(episode, out);
    traces(episode, out);
    out.flush();
  }

  private JsonNode find(String idStart) throws IOException, InterruptedException {
    List<JsonNode> found =
        json(
            "SELECT *, toString(money_so_far) AS so_far, toString(money_per_hour) AS per_hour,"
                + " arrayMap(a -> ifNull(toString(a), ''), amounts) AS amount_texts,"
                + " toString(toUnixTimestamp64Micro(opened_at)) AS opened_us,"
                + " toString(toUnixTimestamp64Micro(greatest(opened_at, last_opened_at))) AS back_us,"
                + " toString(toUnixTimestamp64Micro(last_window_start)) AS last_us FROM episodes WHERE tenant = "
                + SqlLiteral.text(tenant)
                + " AND startsWith(episode_id, "
                + SqlLiteral.text(idStart)
                + ") ORDER BY opened_at DESC LIMIT 3");
    if (found.isEmpty()) {
      throw new PlatformException(
          "no episode of tenant " + tenant + " begins with " + idStart + "; see tributary alerts");
    }
    if (found.size() > 1 && !found.get(0).path("episode_id").asText().equals(idStart)) {
      throw new PlatformException("several episodes begin with " + idStart + "; give more of it");
    }
    return found.get(0);
  }

  private static void head(JsonNode episode, PrintWriter out) {
    line(out, "episode", episode.path("episode_id").asText());
    line(
        out,
        "state",
        episode.path("state").asText() + ", revision " + episode.path("revision").asText());
    line(out, "series", episode.path("series").asText());
    line(out, "environment", episode.path("environment").asText());
    line(out, "since", episode.path("opened_at").asText() + " UTC");
    if (!episode.path("back_us").asText().equals(episode.path("opened_us").asText())) {
      line(out, "back since", episode.path("last_opened_at").asText() + " UTC");
    }
    line(
        out,
        episode.path("metric").asText(),
        number(episode, "observed")
            + ", baseline "
            + number(episode, "baseline")
            + ", factor "
            + number(episode, "factor")
            + ", surprise "
            + number(episode, "score"));
    String money = money(episode.path("so_far").asText(""), episode.path("per_hour").asText(""));
    if (!money.isEmpty()) {
      line(out, "money", money);
    }
  }

  /**
   * What it cost; empty for a metric that is not about money.
   *
   * @param soFar in dollars; empty: unknown
   * @param perHour at its last window; empty: nothing is known of that, as of one that fell silent
   */
  static String money(String soFar, String perHour) {
    String rate = perHour.isEmpty() ? "" : ", " + SqlLiteral.money(perHour) + "/h";
    return soFar.isEmpty() ? "" : SqlLiteral.money(soFar) + " above baseline so far" + rate;
  }

  private static void line(PrintWriter out, String name, String text) {
    out.printf("%-16s %s%n", name, text);
  }

  private static String number(JsonNode episode, String field) {
    JsonNode value = episode.path(field);
    return value.isNumber()
        ? new BigDecimal(value.asDouble())
            .round(new MathContext(4))
            .stripTrailingZeros()
            .toPlainString()
        : "unknown";
  }

  private static void causes(JsonNode episode, PrintWriter out) {
    out.println();
    JsonNode drivers = episode.path("drivers");
    if (drivers.isEmpty()) {
      out.println("no cause: the change is not carried by any slice or factor beyond chance");
      return;
    }
    out.println("causes, largest first");
    for (int i = 0; i < drivers.size(); i++) {
      JsonNode share = episode.path("shares").path(i);
      String amount = episode.path("amount_texts").path(i).asText();
      out.printf(
          "  %-16s %6s  %10s  %s%s%n",
          drivers.get(i).asText(),
          share.isNumber() ? Math.round(share.asDouble() * 100) + " %" : "",
          amount.isEmpty() ? "" : SqlLiteral.money(amount),
          slice(episode.path("slices").path(i)),
          suffix(episode.path("evidence").path(i).asText()));
    }
  }

  private static String slice(JsonNode slice) {
    if (slice.isEmpty()) {
      return "everywhere";
    }
    StringJoiner text = new StringJoiner(", ");
    slice.properties().forEach(field -> text.add(field.getKey() + "=" + field.getValue().asText()));
    return text.toString();
  }

  private static String suffix(String evidence) {
    return evidence.isEmpty() ? "" : "; " + evidence;
  }

  /** What was new in the hour before it opened; of one that came back, before it did. */
  private void changes(JsonNode episode, PrintWriter out) throws IOException, InterruptedException {
    long opened = episode.path("back_us").asLong();
    List<JsonNode> events =
        json(
            "SELECT formatDateTime(event_time, '%H:%i:%S') AS at, kind, subject, detail FROM events WHERE tenant = "
                + SqlLiteral.text(tenant)
                + " AND (environment IS NULL OR environment = "
                + SqlLiteral.text(episode.path("environment").asText())
                + ") AND event_time BETWEEN "
                + SqlLiteral.time(opened - HOUR_US)
                + " AND "
                + SqlLiteral.time(opened + HOUR_US / 12)
                + " ORDER BY event_time DESC LIMIT 10");
    out.println();
    out.println(events.isEmpty() ? "no change was noticed in the hour before" : "changed before");
    for (JsonNode event : events) {
      out.printf(
          "  %s  %-22s %s %s%n",
          event.path("at").asText(),
          event.path("kind").asText(),
          event.path("subject").asText(),
          event.path("detail").isEmpty() ? "" : slice(event.path("detail")));
    }
  }

  /**
   * The dearest since it opened; and those nearest to the median cost, before it did and since
   * then, of one that came back since it did.
   */
  private void traces(JsonNode episode, PrintWriter out) throws IOException, InterruptedException {
    long opened = episode.path("opened_us").asLong();
    long end = Math.max(opened, episode.path("last_us").asLong()) + HOUR_US / 12;
    String where = where(episode);
    out.println();
    out.println("traces to open");
    String after = perTrace(where, SqlLiteral.time(opened), SqlLiteral.time(end));
    String before = perTrace(where, SqlLiteral.time(opened - HOUR_US), SqlLiteral.time(opened));
    String since = SqlLiteral.time(episode.path("back_us").asLong());
    String lately = perTrace(where, since, SqlLiteral.time(end));
    String near = "(SELECT quantileExactLow(0.5)(amount) FROM (%s))";
    trace(out, "dearest", after + " ORDER BY amount DESC, source LIMIT 1");
    trace(
        out,
        "typical before",
        before + " ORDER BY abs(amount - " + near.formatted(before) + "), source LIMIT 1");
    trace(
        out,
        "typical after",
        lately + " ORDER BY abs(amount - " + near.formatted(lately) + "), source LIMIT 1");
    for (JsonNode id : episode.path("example_trace_ids")) {
      out.printf("  %-16s %s%n", "in the alert", id.asText());
    }
  }

  private String perTrace(String where, String from, String to) {
    return "SELECT source, sum(cost) AS amount, sum(calls) AS n FROM lines_net WHERE "
        + where
        + " AND cost IS NOT NULL AND event_time >= "
        + from
        + " AND event_time < "
        + to
        + " GROUP BY source";
  }

  private void trace(PrintWriter out, String name, String query)
      throws IOException, InterruptedException {
    List<JsonNode> rows =
        json(
            "SELECT source, toString(amount) AS cost_text, toString(n) AS n_text FROM ("
                + query
                + ")");
    if (rows.isEmpty()) {
      out.printf("  %-16s none with a price%n", name);
    } else {
      JsonNode row = rows.get(0);
      out.printf(
          "  %-16s %s  %s, %s calls%n",
          name,
          row.path("source").asText(),
          SqlLiteral.money(row.path("cost_text").asText()),
          row.path("n_text").asText());
    }
  }

  /** Lines of the episode's series, and of its first cause's slice where columns can say it. */
  private String where(JsonNode episode) {
    Map<String, String> wanted = new LinkedHashMap<>();
    episode
        .path("dimensions")
        .properties()
        .forEach(field -> wanted.put(field.getKey(), field.getValue().asText()));
    episode
        .path("slices")
        .path(0)
        .properties()
        .forEach(field -> wanted.put(field.getKey(), field.getValue().asText()));
    StringBuilder where = new StringBuilder("tenant = ").append(SqlLiteral.text(tenant));
    where
        .append(" AND environment = ")
        .append(SqlLiteral.text(episode.path("environment").asText()));
    wanted.forEach(
        (name, value) -> {
          String column = COLUMNS.get(name);
          if (column != null && !value.equals("other")) {
            where.append(" AND ").append(column).append(" = ").append(SqlLiteral.text(value));
          }
        });
    return where.toString();
  }

  private List<JsonNode> json(String query) throws IOException, InterruptedException {
    List<JsonNode> rows = new ArrayList<>();
    for (String line : sql.run(query, "JSONEachRow").lines().toList()) {
      rows.add(JSON.readTree(line));
    }
    return rows;
  }
}
